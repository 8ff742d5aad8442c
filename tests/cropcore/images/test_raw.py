"""Raw files: the default crop to the pixel, previews that show it, and a reader that may die."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.export.export import DEVELOPED, ExportOptions, export_crop
from cropcore.files import photo_scan
from cropcore.files.photo_scan import PhotoWalk, gather
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT, UPRIGHT, Orientation
from cropcore.images import raw
from cropcore.images.photo import decode, decode_16_bit, net_pixels, read_photo, srgb_preview
from cropcore.images.raw import end_raw_processes, raw_pixels, raw_preview, read_raw_header
from cropcore.metadata import exif
from cropcore.metadata.metadata import read_metadata, time_taken
from tests.cropcore.helpers.foreign_maker import grid
from tests.cropcore.helpers.raw_maker import letterboxed, write_dng

pytest.importorskip("rawpy")


@pytest.fixture(autouse=True, scope="module")
def _no_process_is_left() -> None:  # type: ignore[misc]
    yield  # type: ignore[misc]
    end_raw_processes()


class TestTheArea:
    def test_a_photo_is_its_default_crop(self, tmp_path: Path) -> None:
        photo = read_photo(write_dng(tmp_path / "a.dng"))
        assert (photo.width, photo.height, photo.format, photo.bits) == (592, 392, "RAW", 16)
        assert decode(photo).size == (592, 392)
        assert decode_16_bit(photo).shape == (392, 592, 3)

    def test_without_one_it_is_the_active_area(self, tmp_path: Path) -> None:
        photo = read_photo(write_dng(tmp_path / "a.dng", default_crop=None))
        assert (photo.width, photo.height) == (600, 400)

    def test_masked_pixels_shift_it(self, tmp_path: Path) -> None:
        """darktable 4.2.1 shows red and green alike at these places of the very same file."""
        path = write_dng(tmp_path / "a.dng", masked=(16, 8), default_crop=(20, 10, 500, 300))
        header = read_raw_header(path)
        assert header.crop == (20, 10, 500, 300)
        pixels = raw_pixels(path, header).astype(int)
        assert pixels.shape == (300, 500, 3)
        for row, column in ((60, 85), (150, 219), (250, 369)):
            alike = int(np.argmin(np.abs(pixels[row, :, 0] - pixels[row, :, 1])))
            assert abs(alike - column) <= 2

    @pytest.mark.parametrize("exif", range(1, 9))
    def test_it_lies_as_the_file_says(self, tmp_path: Path, exif: int) -> None:
        photo = read_photo(write_dng(tmp_path / "a.dng", orientation=exif))
        orientation = Orientation.of_exif(exif)
        assert photo.exif == orientation
        size = (392, 592) if orientation.swaps_sides else (592, 392)
        assert (photo.width, photo.height) == size
        # Blue is even; the stored upper left corner is the darkest, wherever it comes to lie.
        pixels = np.asarray(decode(photo)).astype(int)
        corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1], :2].sum(-1)
        x1, y1 = orientation.boxes((0.0, 0.0, 0.1, 0.1))[:2]
        assert int(np.argmin(corners)) == (2 if y1 > 0.5 else 0) + (1 if x1 > 0.5 else 0)

    def test_a_turn_of_the_persons_comes_on_top(self, tmp_path: Path) -> None:
        photo = read_photo(write_dng(tmp_path / "a.dng", orientation=6)).turned(TURN_RIGHT)
        assert (photo.width, photo.height) == (592, 392)
        assert np.array_equal(
            np.asarray(decode(photo)),
            np.asarray(decode(read_photo(write_dng(tmp_path / "b.dng", orientation=3)))),
        )
        assert decode_16_bit(photo).shape == (392, 592, 3)


class TestPreviews:
    def test_the_cameras_is_shown_where_it_is_large_enough(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng", preview=Image.new("RGB", (592, 392), (10, 200, 30)))
        shown = srgb_preview(read_photo(path), 500)
        assert shown.shape == (331, 500, 4)
        assert np.abs(shown[100, 100, :3].astype(int) - (10, 200, 30)).max() <= 4

    def test_it_is_turned_with_the_photo(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng", orientation=6, preview=grid(592, 392))
        shown = srgb_preview(read_photo(path), 592).astype(int)
        assert shown.shape == (592, 392, 4)
        assert shown[5, -5, :2].max() < 12  # the stored upper left corner, now at the right

    def test_bars_are_cut_off(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng", preview=letterboxed())
        shown = raw_preview(path, read_raw_header(path), 500)
        assert shown is not None
        assert abs(shown.width / shown.height - 592 / 392) < 0.02
        assert np.asarray(shown)[2, -3, 0] > 200  # no bar

    def test_another_area_is_not_taken_for_the_photo(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng", preview=grid(600, 600))
        assert raw_preview(path, read_raw_header(path), 100) is None
        shown = srgb_preview(read_photo(path), 500)
        assert shown.shape == (331, 500, 4)

    @pytest.mark.parametrize("preview", [None, Image.new("RGB", (60, 40))])
    def test_without_a_useful_one_libraw_renders(
        self, tmp_path: Path, preview: Image.Image | None
    ) -> None:
        photo = read_photo(write_dng(tmp_path / "a.dng", preview=preview))
        shown = srgb_preview(photo, 250).astype(int)
        assert shown.shape == (166, 250, 4)
        assert shown[3, 3, 0] < 60
        assert shown[3, -3, 0] > 200
        assert net_pixels(photo).shape == (256, 387, 3)

    def test_a_damaged_one_is_none(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng", preview=grid(592, 392))
        data = path.read_bytes()
        start = data.index(b"\xff\xd8")
        path.write_bytes(data[: start + 30] + bytes(500) + data[start + 530 :])
        assert srgb_preview(read_photo(path), 250).shape == (166, 250, 4)


@pytest.mark.parametrize(("kind", "depth"), [("keep", 8), ("jpeg", 8), ("tiff", 16)])
def test_exports_are_developed_plainly(tmp_path: Path, kind: str, depth: int) -> None:
    photo = read_photo(write_dng(tmp_path / "a.dng", orientation=6))
    options = ExportOptions(format=kind, folder=tmp_path)
    done = export_crop(photo, Crop((0.25, 0.25, 0.75, 0.75)), Aspect("free"), options)
    assert DEVELOPED in done.warnings
    made = read_photo(done.path)
    assert (made.width, made.height, made.bits) == (196, 296, depth)
    assert made.exif == UPRIGHT
    assert time_taken(done.path) == "2024:05:17 08:09:10"


def test_metadata_by_the_same_rules(tmp_path: Path) -> None:
    path = write_dng(tmp_path / "a.dng", orientation=6)
    assert time_taken(path) == "2024:05:17 08:09:10"
    block = read_metadata(path).exif
    tags = {entry[0] for entry in exif.metadata_entries(block)}
    assert {271, 272, 274, 306} <= tags
    assert not {tag for tag in tags if tag >= 50706 or tag in (330, 33421)}


class TestWhatGoesWrong:
    def test_a_file_of_another_kind(self, tmp_path: Path) -> None:
        (tmp_path / "a.nef").write_bytes(b"no raw file" * 50)
        with pytest.raises(PhotoError, match=r"^a\.nef: is of a kind that LibRaw does not read"):
            read_photo(tmp_path / "a.nef")

    def test_a_cut_file(self, tmp_path: Path) -> None:
        path = write_dng(tmp_path / "a.dng")
        path.write_bytes(path.read_bytes()[:900])
        with pytest.raises(PhotoError, match=r"^a\.dng: "):
            read_photo(path)

    @pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: None])
    def test_what_is_no_file(self, tmp_path: Path, make: object) -> None:
        make(tmp_path / "a.dng")  # type: ignore[operator]
        with pytest.raises(PhotoError, match=r"a folder|is empty|is not there"):
            read_photo(tmp_path / "a.dng")

    def test_a_file_that_ends_the_reader_ends_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write_dng(tmp_path / "a.dng")
        read_photo(path)
        asked = raw._Child.ask

        def killed(self: raw._Child, request: dict[str, object]) -> object:
            os.kill(self._process.pid, signal.SIGSEGV)
            return asked(self, request)

        with monkeypatch.context() as patch:
            patch.setattr(raw._Child, "ask", killed)
            with pytest.raises(PhotoError, match="ended the reader of raw files"):
                read_photo(path)
        assert read_photo(path).width == 592

    def test_a_file_that_takes_too_long(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write_dng(tmp_path / "a.dng")
        end_raw_processes()
        monkeypatch.setattr(raw, "_SECONDS", 0.0)
        with pytest.raises(PhotoError, match="ended the reader of raw files"):
            read_photo(path)

    def test_several_threads_read_at_once(self, tmp_path: Path) -> None:
        paths = [write_dng(tmp_path / f"{i}.dng", width=600 + 2 * i) for i in range(4)]
        found: dict[Path, int] = {}

        def read(path: Path) -> None:
            found[path] = raw_pixels(path, read_raw_header(path)).shape[1]

        threads = [threading.Thread(target=read, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == dict.fromkeys(paths, 592)


class TestFolders:
    def test_raw_files_are_photos(self, tmp_path: Path) -> None:
        write_dng(tmp_path / "a.dng")
        (tmp_path / "b.jpg").touch()
        assert [p.name for p, _ in PhotoWalk().photos(tmp_path)] == ["a.dng", "b.jpg"]

    def test_a_pair_is_one_photo(self, tmp_path: Path) -> None:
        for name in ("a.NEF", "a.jpg", "a.png", "b.jpg"):
            (tmp_path / name).touch()
        assert [p.name for p, _ in PhotoWalk().photos(tmp_path)] == ["a.NEF", "a.png", "b.jpg"]
        assert [p.name for p, _ in PhotoWalk(pairs=False).photos(tmp_path)] == [
            "a.jpg", "a.NEF", "a.png", "b.jpg",
        ]  # fmt: skip

    def test_without_the_extra_they_are_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("a.NEF", "a.jpg", "b.cr3", "notes.txt"):
            (tmp_path / name).touch()
        monkeypatch.setattr(photo_scan.importlib.util, "find_spec", lambda name: None)
        found = gather([tmp_path], tmp_path / "out")
        assert [p.name for p in found.photos] == ["a.jpg"]
        assert (found.raw_left_out, found.left_out) == (2, 3)

    def test_without_the_extra_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write_dng(tmp_path / "a.dng")
        monkeypatch.setattr(photo_scan.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(PhotoError) as caught:
            read_photo(path)
        assert str(caught.value) == (
            "a.dng: is a raw file, which needs the package rawpy. "
            "Install it with: pip install 'cropsight[raw]'"
        )
