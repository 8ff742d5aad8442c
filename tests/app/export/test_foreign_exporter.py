"""Crops for other editors, written from the window: what is asked, what is counted, what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.batch.batch_order import BatchOrder
from app.batch.batch_thread import BatchResult
from app.document.edit import Owner
from app.export.foreign_job import ForeignJob, ForeignTask
from app.shell.connections import batch_crops
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT
from cropcore.images.photo import read_photo
from cropcore.interop.embedded_xmp import read_embedded
from cropcore.interop.foreign_options import ForeignOptions
from cropcore.interop.xmp_sidecar import read_xmp, write_xmp
from tests.app.export.test_export_job import SilentEngine
from tests.app.helpers.gui import Desk
from tests.app.helpers.notice_buttons import button_in_notice
from tests.cropcore.helpers.foreign_maker import darktable_history, grid_photo

FREE = Aspect("free")
CROP = Crop((0.25, 0.125, 0.75, 0.5))
OTHER = Crop((0.1, 0.1, 0.9, 0.9))


def press(desk: Desk, text: str) -> None:
    desk.until(lambda: button_in_notice(desk.window, text))
    button = button_in_notice(desk.window, text)
    assert button is not None
    button.click()


def test_from_the_menu_to_the_sidecars_and_copies(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    paths = [grid_photo(tmp_path / f"{n}.jpg").path for n in "ab"]
    steps = [("exposure", True, b"\0" * 8)]
    (tmp_path / "b.jpg.xmp").write_bytes(darktable_history(steps))
    desk = make_desk(held=False)
    desk.open(*paths)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    drawn = desk.crop
    parts = desk.window.parts
    parts.actions["export_foreign"].trigger()
    panel = parts.export_controls.panel
    assert not panel.format.isVisible()
    assert parts.export_controls.button.main.text() == "Write 1 sidecar"
    panel.choose_scope("photos")
    assert parts.export_controls.button.main.text() == "Write 2 sidecars"
    parts.export_controls.button.main.click()
    press(desk, "Write")  # behind what is said of Lightroom
    desk.until(lambda: any("2 sidecars written." in text for text in desk.notices()))
    (told,) = [text for text in desk.notices() if "sidecars written" in text]
    assert "2 of them Lightroom reads from a copy only" in told
    assert "1 photo developed in darktable already" in told
    found = read_xmp(read_photo(paths[0])).crop
    assert found is not None
    assert found.crop.box == pytest.approx(drawn.box, abs=1e-5)
    # What was written is the person's own now, and what they were told once is not told again.
    assert desk.photo.edit.owner is Owner.MINE
    press(desk, "Make copies")
    copy = tmp_path / "Cropsight" / "a.jpg"
    desk.until(lambda: any("Copies for Lightroom" in text for text in desk.notices()))
    inside = read_embedded(read_photo(copy)).crop
    assert inside is not None
    assert inside.crop.box == pytest.approx(drawn.box, abs=1e-5)
    parts.export_controls.button.main.click()
    desk.until(lambda: any("2 held the crop already" in text for text in desk.notices()))
    assert sorted(p.name for p in tmp_path.glob("*.xmp")) == ["a.xmp", "b.jpg.xmp", "b.xmp"]


def test_a_crop_made_there_is_replaced_when_asked(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    write_xmp(photo, OTHER)
    desk = make_desk(held=False)
    desk.window.parts.settings.lightroom_danger_told = True
    foreign = desk.window.parts.foreign_exporter
    foreign.write([ForeignTask(photo.path, CROP, FREE, photo)])
    desk.until(lambda: any("keep another crop" in text for text in desk.notices()))
    found = read_xmp(photo).crop
    assert found is not None
    assert found.crop.box == pytest.approx(OTHER.box, abs=1e-5)
    press(desk, "Replace")
    desk.until(lambda: any("1 sidecar written." in text for text in desk.notices()))
    found = read_xmp(photo).crop
    assert found is not None
    assert found.crop.box == pytest.approx(CROP.box, abs=1e-5)


def test_after_a_batch_the_crops_go_where_the_person_says(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    photo = grid_photo(tmp_path / "a.jpg", 6)
    order = BatchOrder(
        Preset.of_aspect(FREE),
        (photo.path,),
        tmp_path,
        prior_edits={photo.path: PriorEdits(TURN_RIGHT)},
    )
    desk = make_desk(held=False)
    desk.window.parts.foreign_exporter.offer(
        batch_crops(BatchResult(order, 1, crops=((photo.path, CROP, FREE),)))
    )
    press(desk, "RawTherapee")
    desk.until(lambda: (tmp_path / "a.jpg.pp3").exists())
    desk.window.parts.foreign_exporter.offer(
        batch_crops(BatchResult(order, 1, crops=((photo.path, CROP, FREE),)))
    )
    press(desk, "Lightroom, darktable")
    press(desk, "Write")
    desk.until(lambda: (tmp_path / "a.xmp").exists())
    found = read_xmp(photo).crop
    assert found is not None
    assert found.turn == TURN_RIGHT
    assert found.crop.box == pytest.approx(CROP.box, abs=1e-5)


@pytest.fixture
def run(qtbot: Any) -> Callable[..., Any]:
    def run(tasks: list[ForeignTask], options: ForeignOptions) -> tuple[ForeignJob, list[str]]:
        job = ForeignJob(tasks, options, None, SilentEngine())
        failed: list[str] = []
        job.failed.connect(failed.append)
        with qtbot.waitSignal(job.finished):
            job.start()
        job.wait()
        job.signals.deliver()
        return job, failed

    return run


def test_one_that_fails_takes_none_along(run: Callable[..., Any], tmp_path: Path) -> None:
    photos = [grid_photo(tmp_path / f"{n}.jpg") for n in "abc"]
    (tmp_path / "b.xmp").write_bytes(b"<broken")
    tasks = [ForeignTask(photo.path, CROP, FREE, photo) for photo in photos]
    job, failed = run(tasks, ForeignOptions())
    assert job.counts["made"] == 2
    assert len(failed) == 1
    assert "b.xmp" in failed[0]
    assert (tmp_path / "b.xmp").read_bytes() == b"<broken"


@pytest.mark.parametrize(
    ("there", "rating", "stars", "expected"),
    [
        (None, 1, True, 1),
        (4, 1, True, 4),
        (4, 0, True, 4),
        (-1, 0, True, 0),
        (4, -1, True, -1),
        (None, 0, True, None),
        (4, -1, False, 4),
    ],
)
def test_stars_go_along_when_wanted(
    run: Callable[..., Any],
    tmp_path: Path,
    there: int | None,
    rating: int,
    stars: bool,
    expected: int | None,
) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    if there is not None:
        write_xmp(photo, None, rating=there)
    run([ForeignTask(photo.path, CROP, FREE, photo, rating=rating)], ForeignOptions(stars=stars))
    found = read_xmp(photo)
    assert found.crop is not None
    assert found.rating == expected


def test_settings_remember_what_was_chosen(settings: Any) -> None:
    wanted = ForeignOptions("pp3", replace=True, new_pp3=True, stars=True)
    settings.foreign = wanted
    assert settings.foreign == wanted
    settings.set_text("foreign", '{"kind": "else"}')
    assert settings.foreign == replace(
        wanted, kind="xmp", replace=False, new_pp3=False, stars=False
    )
