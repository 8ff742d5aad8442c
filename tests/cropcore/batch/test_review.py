"""Reviews: the order, and the files of accepted crops, of which none is lost, doubled or halved."""

from __future__ import annotations

import errno
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cropcore.batch.preset import Preset
from cropcore.batch.review import AcceptedCrop, FoundCrop, least_sure_first, write_accepted
from cropcore.export import export
from cropcore.files import atomic_write
from cropcore.files.natural_order import natural
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Suggestions
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.job_control import JobControl
from tests.cropcore.helpers import photo_maker as maker

SQUARE, PORTRAIT = Aspect.parse("1:1"), Aspect.parse("4:5")
PRESET = Preset("p", (PORTRAIT, SQUARE), format="png")
MIDDLE = Crop((0.3, 0.3, 0.6, 0.8625))


def found(name: str, confidence: float, aspect: Aspect = SQUARE, folder: str = "") -> FoundCrop:
    photo = Photo(Path(folder, name), 400, 300, "JPEG", "RGB")
    return FoundCrop(photo.path, photo, aspect, Suggestions(aspect, "gaic", confidence, ()))


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> list[Photo]:
    folder = tmp_path / "photos"
    return [
        read_photo(make_photo(f"{i}.jpg", size=(160 + 8 * i, 100), folder=folder)) for i in range(6)
    ]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def accepted(photos: list[Photo]) -> list[AcceptedCrop]:
    return [AcceptedCrop(photo, MIDDLE, PORTRAIT, 1, n) for n, photo in enumerate(photos, 1)]


# --- the order ----------------------------------------------------------------------------------


def test_the_least_sure_come_first_and_equals_by_name() -> None:
    wanted = [
        found("z.jpg", 0.1),
        found("a.jpg", 0.5, PORTRAIT),
        found("a.jpg", 0.5, SQUARE),
        found("B.jpg", 0.5, folder="1"),
        found("B.jpg", 0.5, folder="0"),
        found("c9.jpg", 0.5),
        found("c10.jpg", 0.5),
        found("a.jpg", 0.9),
    ]
    assert least_sure_first(wanted) == wanted
    moved = wanted[:]
    random.Random(3).shuffle(moved)
    keys = [(f.suggestions.confidence, natural(f.path.name)) for f in least_sure_first(moved)]
    assert keys == sorted(keys)
    # Of equals those that came first stay first.
    assert least_sure_first(list(reversed(wanted)))[3:5] == [wanted[4], wanted[3]]


# --- the files ----------------------------------------------------------------------------------


def test_files_are_as_the_preset_says(tmp_path: Path, out: Path) -> None:
    photo = read_photo(maker.full_jpeg(tmp_path / "full.jpg", orientation=6))
    preset = Preset(
        "two",
        (PORTRAIT, SQUARE),
        sizes=(Size(80, 100), None),
        template="{name} {aspect} {rank} {n:02} {width}",
        metadata="no-location",
    )
    box = (0.0, 0.0, 1.0, photo.width * 1.25 / photo.height)
    first = AcceptedCrop(photo, Crop(box), PORTRAIT, rank=2, n=7)
    second = AcceptedCrop(photo, Crop((0, 0, 1, photo.width / photo.height)), SQUARE, n=8)
    before = photo.path.read_bytes()
    outcomes = list(write_accepted([first, second], preset, out))
    assert [o.accepted for o in outcomes] == [first, second]
    assert [o.exported.path.name for o in outcomes if o.exported] == [
        "full 4x5 2 07 80.jpg",
        f"full 1x1 1 08 {photo.width}.jpg",
    ]
    with Image.open(out / "full 4x5 2 07 80.jpg") as written:
        assert written.size == (80, 100)
        assert written.info["icc_profile"] == maker.icc_profile()
        assert written.getexif()[0x010F] == "Cam"
        assert not written.getexif().get_ifd(0x8825)
    with Image.open(out / f"full 1x1 1 08 {photo.width}.jpg") as written:
        assert written.size == (photo.width, photo.width)
    assert photo.path.read_bytes() == before


def test_writing_again_gives_new_names(photos: list[Photo], out: Path) -> None:
    for _ in range(2):
        done = list(write_accepted(accepted(photos), PRESET, out))
        assert all(o.exported for o in done)
    stems = [f"{i}_4x5_1" for i in range(6)]
    assert names(out) == sorted(f"{stem}{more}.png" for stem in stems for more in ("", " (2)"))
    first = [p.read_bytes() for p in sorted(out.glob("*_1.png"))]
    assert first == [p.read_bytes() for p in sorted(out.glob("* (2).png"))]


def test_files_are_written_in_the_order_of_the_batch(photos: list[Photo], out: Path) -> None:
    preset = replace(PRESET, template="same")
    jobs = accepted(photos)
    done = list(write_accepted(list(reversed(jobs)), preset, out))
    assert [o.accepted for o in done] == jobs
    wanted = ["same.png", *(f"same ({i}).png" for i in range(2, 7))]
    assert [o.exported.path.name for o in done if o.exported] == wanted


def test_every_bad_one_is_named_and_the_rest_goes_on(photos: list[Photo], out: Path) -> None:
    jobs = [*accepted(photos), AcceptedCrop(photos[2], Crop(), SQUARE, n=7)]
    torn = photos[1].path
    torn.write_bytes(torn.read_bytes()[:300])
    photos[3].path.unlink()
    done = list(write_accepted(jobs, PRESET, out))
    bad = {o.accepted.photo.path.name: str(o.error) for o in done if o.error}
    assert list(bad) == ["1.jpg", "3.jpg"]
    assert "1.jpg: is damaged" in bad["1.jpg"]
    assert "is not there" in bad["3.jpg"]
    assert names(out) == ["0_4x5_1.png", "2_1x1_1.png", "2_4x5_1.png", "4_4x5_1.png", "5_4x5_1.png"]


def test_one_crop_may_fail_where_its_neighbours_do_not(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        AcceptedCrop(photos[0], Crop(), SQUARE, 1, 1),
        AcceptedCrop(photos[0], MIDDLE, PORTRAIT, 1, 2),
        AcceptedCrop(photos[0], Crop(), Aspect.parse("3:2"), 1, 3),
    ]
    sizes = (None, Size(20_000, 25_000))
    preset = Preset("w", (SQUARE, PORTRAIT), sizes=sizes, format="webp")
    done = list(write_accepted(jobs, preset, out))
    assert [o.error is None for o in done] == [True, False, True]
    assert "more than a WEBP file can hold" in str(done[1].error)
    assert names(out) == ["0_1x1_1.webp", "0_3x2_1.webp"]

    def unlucky(*_: object) -> None:
        raise KeyError("a decoder may raise anything")

    monkeypatch.setattr(export, "finish", unlucky)
    (failed,) = write_accepted(jobs[:1], preset, out)
    assert "could not be made into a WEBP file" in str(failed.error)


def test_a_full_disk_is_named_and_nothing_half_is_left(
    photos: list[Photo], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, left = atomic_write._publish, [2]

    def filling(temporary: Path, target: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        publish(temporary, target)

    monkeypatch.setattr(atomic_write, "_publish", filling)
    done = list(write_accepted(accepted(photos), PRESET, out))
    assert [o.error is None for o in done] == [True, True, False, False, False, False]
    assert "The disk is full" in str(done[2].error)
    assert len(list(os.scandir(out))) == 2


def test_cancel_ends_after_the_file_in_work(photos: list[Photo], out: Path) -> None:
    control, told = JobControl(), []
    writing = write_accepted(
        accepted(photos), PRESET, out, control, lambda p, path: told.append((p.done, p.total, path))
    )
    done = [next(writing), next(writing)]
    control.cancel()
    done += writing
    assert names(out) == ["0_4x5_1.png", "1_4x5_1.png"]
    assert len(done) == 2
    assert told == [(1, 6, photos[0].path), (2, 6, photos[1].path)]
