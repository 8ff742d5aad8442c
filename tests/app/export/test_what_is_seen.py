"""What an export writes is told before: mixed ratios, the name of the file, what a size trims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.document.edit import Owner
from app.export.export_plan import keeping_another
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo
from tests.app.helpers.notice_buttons import button_in_notice

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key
SIZES = {"a": (600, 400), "b": (600, 400), "c": (400, 600)}
QUESTION = "2 photos kept in another ratio: use 1:1 for all?"


@pytest.fixture
def three(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Three photos, of which the first was made 1:1 and the others were never shown."""
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", *size) for name, size in SIZES.items()))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
    desk.until(lambda: desk.photo.current_suggestions)
    return desk


def written(folder: Path) -> dict[str, tuple[int, int]]:
    sizes = {}
    for path in sorted(folder.glob("Cropsight/*")):
        with Image.open(path) as image:
            sizes[path.name] = image.size
    return sizes


def ask(desk: Desk) -> None:
    desk.window.parts.actions["export_photos"].trigger()
    desk.until(lambda: QUESTION in desk.notices())


@pytest.mark.parametrize(("answer", "squares"), [("Use 1:1", "abc"), ("Keep", "a"), ("Cancel", "")])
def test_mixed_ratios_are_asked_about_before_all_photos_are_exported(
    three: Desk, tmp_path: Path, answer: str, squares: str
) -> None:
    ask(three)
    exporter = three.window.parts.exporter
    assert not exporter.is_running
    assert written(tmp_path) == {}
    button = button_in_notice(three.window, answer)
    assert button is not None
    if answer == "Cancel":
        three.click(button)
        assert not exporter.is_running
    else:
        with three.qtbot.waitSignal(exporter.finished) as done:
            three.click(button)
        assert done.args == [3]
    files = written(tmp_path)
    assert "".join(name[0] for name, (wide, high) in files.items() if wide == high) == squares
    assert all(("1x1" in name) == (wide == high) for name, (wide, high) in files.items())
    assert QUESTION not in three.notices()


def test_photos_of_the_chosen_ratio_are_exported_without_a_question(three: Desk) -> None:
    three.key(K.Key_C, CTRL)
    three.key(K.Key_A, CTRL)
    with three.qtbot.waitSignal(three.window.parts.copy_paste.finished):
        three.key(K.Key_V, CTRL | SHIFT)
    with three.qtbot.waitSignal(three.window.parts.exporter.finished) as done:
        three.window.parts.actions["export_photos"].trigger()
    assert done.args == [3]


@pytest.mark.parametrize(
    ("chosen", "others"),
    [("3:2", "ac"), ("original", "a"), ("circle", "abc"), ("1:1", "bc"), ("free", "")],
)
def test_which_photos_keep_another_ratio(three: Desk, chosen: str, others: str) -> None:
    """An original ratio of 3:2 is 3:2; a circle is no square; where any will do, there is none."""
    photos = three.window.parts.document.photos
    three.window.parts.opener.read_headers(photos, lambda: None)
    three.until(lambda: all(photo.header for photo in photos))
    found = keeping_another(photos, Aspect.parse(chosen))
    assert "".join(photo.path.stem for photo in found) == others


def dated(path: Path, day: str) -> Path:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"{day} 10:00:00"
    Image.new("RGB", (300, 200), "teal").save(path, exif=exif)
    return path


def test_the_name_that_is_shown_is_the_name_that_is_written(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    """With the day on which the photo was taken, the ending of the format, and the number it needs."""
    desk = make_desk(held=False)
    desk.open(dated(tmp_path / "a.JPEG", "2019:03:04"))
    desk.key(K.Key_E, CTRL | SHIFT)
    page = desk.window.parts.export_controls.panel
    page.template.clear()
    QTest.keyClicks(page.template, "{date}_{name}")
    for wanted, text in ((None, "2019-03-04_a.jpeg"), ("png", "2019-03-04_a.png")):
        if wanted is not None:
            page.format.setCurrentIndex(page.format.findData(wanted))
        desk.until(lambda text=text: page._example.full_text == text)
        with desk.qtbot.waitSignal(desk.window.parts.exporter.finished):
            desk.key(K.Key_E, CTRL)
        assert text in written(tmp_path)
    desk.until(lambda: page._example.full_text == "2019-03-04_a (2).png")


def test_an_exact_size_of_another_ratio_is_drawn_before_it_trims(quick: Desk) -> None:
    canvas, settings = quick.window.parts.canvas, quick.window.parts.settings
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    quick.until(lambda: quick.photo.current_suggestions and quick.crop.box[0] > 0)
    assert canvas.state.trimmed is None
    plain = canvas.grab().toImage()
    quick.key(K.Key_E, CTRL | SHIFT)
    page = quick.window.parts.export_controls.panel
    page.sizes.size_kind.setCurrentIndex(page.sizes.size_kind.findData("exact"))
    for field, number in ((page.sizes.wide, "200"), (page.sizes.high, "100")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, number)
        QTest.keyClick(field, K.Key_Return)
    assert settings.export.size == Size(200, 100)
    assert canvas.state.trimmed is not None
    label, left = canvas.state.trimmed
    assert "200 × 100" in label
    assert "50 % of it are trimmed" in page.sizes.warned.text()
    box, whole = left.box, quick.crop.box
    assert (box[0], box[2]) == pytest.approx((whole[0], whole[2]))
    assert box[3] - box[1] == pytest.approx((whole[3] - whole[1]) / 2)
    quick.until(lambda: canvas.grab().toImage() != plain)
    drawn, at = canvas.grab().toImage(), quick.place((whole[0] + whole[2]) / 2, whole[1] + 0.03)
    assert drawn.pixelColor(at).value() < plain.pixelColor(at).value()
    # It follows a drag, and is gone with the size.
    middle = quick.place((whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2)
    quick.press(middle)
    quick.move(middle - quick.place(0.05, 0) + quick.place(0, 0))
    quick.until(lambda: canvas.state.trimmed and canvas.state.trimmed[1].box[0] < box[0])
    quick.release(middle - quick.place(0.05, 0) + quick.place(0, 0))
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    page.sizes.size_kind.setCurrentIndex(page.sizes.size_kind.findData("full"))
    assert canvas.state.trimmed is None


def test_a_crop_of_the_ratio_of_the_size_is_not_marked(quick: Desk) -> None:
    quick.window.parts.settings.export = replace(ExportOptions(), size=Size(300, 200))
    quick.window.parts.export_marks.follow()
    assert quick.window.parts.canvas.state.trimmed is None
    quick.click(quick.window.parts.aspect_panel.chips["16:9"])
    assert quick.window.parts.canvas.state.trimmed is not None
    QTest.mouseClick(quick.window.parts.aspect_panel.chips["3:2"], LEFT, NO_KEY)
    assert quick.window.parts.canvas.state.trimmed is None
