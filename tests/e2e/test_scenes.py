"""What a person does, from the first drop to the file: with real mouse and key events."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.edit import Owner
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import centre
from cropcore.geometry.refit import pixel_ratio
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo
from tests.cropcore.helpers.rotated import inside_rotated

OWN_BOX = (0.3, 0.3, 0.7, 0.7)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("Cropsight/*"))


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)], ids=["large", "small"])
def test_first_crop_from_drop_to_file(
    make_desk: Callable[..., Desk],
    big_photo: Path,
    tmp_path: Path,
    size: tuple[int, int],
    dark: bool,
) -> None:
    source = tmp_path / "IMG_0412.jpg"
    source.write_bytes(big_photo.read_bytes())
    before = hashlib.sha256(source.read_bytes()).digest()
    desk = make_desk(size, dark)
    window = desk.window
    assert (window.width(), window.height()) == size

    desk.open(source)
    desk.deliver()
    assert desk.photo.edit.owner is Owner.PROPOSED
    desk.click(window.parts.aspect_panel.chips["4:5"])
    desk.deliver()
    assert desk.crop == candidate_crops(Aspect.parse("4:5"), desk.photo.photo)[0]
    with desk.qtbot.waitSignal(window.parts.exporter.finished):
        desk.click(window.parts.export_controls.button.main)

    (written,) = files(tmp_path)
    with Image.open(source) as old, Image.open(written) as new:
        assert abs(new.width * 5 / 4 - new.height) <= 1
        assert new.info["icc_profile"] == old.info["icc_profile"]
        assert new.getexif()[0x010F] == "Cropsight tests"
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert desk.photo.edit.owner is Owner.MINE
    shown = window.parts.notices.notices[-1]
    assert written.name in shown.text


def test_the_window_is_shown_before_torch_is_imported() -> None:
    code = """
import sys
from PySide6.QtCore import QTimer
from app import main
from app.shell import startup
seen = []
class Window(startup.MainWindow):
    def start_engine(self):
        seen.append((self.isVisible(), "torch" in sys.modules))
        self.parts.engine._load = lambda: None.nothing
        QTimer.singleShot(0, self.close)
startup.MainWindow = Window
main.main([])
assert seen == [(True, False)], seen
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_late_answer_in_mid_drag(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    start, stop = desk.place(0.2, 0.2), desk.place(0.8, 0.8)
    desk.press(start)
    desk.move(start + (stop - start) / 2)
    desk.move(stop)
    dragged = desk.window.parts.canvas.crop
    desk.deliver()
    assert desk.window.parts.canvas.crop == dragged
    desk.release(stop)

    assert desk.crop == dragged
    assert desk.photo.edit.owner is Owner.MINE
    desk.until(lambda: desk.painted == 10)
    assert desk.undo_count == 1
    assert desk.crop == dragged


def test_late_answer_after_the_own_crop(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    own = desk.draw_crop(OWN_BOX)
    desk.deliver()
    assert desk.crop == own
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
    square = desk.crop
    desk.deliver()

    assert desk.crop == square
    assert pixel_ratio(square, 6000, 4000) == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(centre(square.box), centre(own.box), atol=1e-9)
    assert desk.painted == 10


def test_slider_and_back(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    desk.deliver()
    own = desk.draw_crop((0.0, 0.55, 0.4, 0.999))
    edge = desk.draw_crop((0.0, 0.55, 0.4, 0.999))
    assert edge == desk.crop
    own, steps = desk.crop, desk.undo_count
    slider = desk.window.parts.aspect_panel.slider
    begun = len(desk.engine.asked)

    def at(ratio: float) -> QPoint:
        return QPoint(round(slider.x_of(ratio)), 11)

    home = at(slider.ratio)
    QTest.mousePress(slider, LEFT, NO_KEY, home)
    ratios = [*np.geomspace(1.5, 16 / 9, 6), *np.geomspace(16 / 9, 0.5, 20)]
    for ratio in [*ratios, *reversed(ratios)]:
        QTest.mouseMove(slider, at(ratio))
        assert desk.photo.edit.owner is Owner.MINE
    desk.until(lambda: desk.engine.running)
    assert desk.crop != own or slider.ratio == pytest.approx(1.5, rel=0.02)
    QTest.mouseMove(slider, home)
    QTest.mouseRelease(slider, LEFT, NO_KEY, home)

    np.testing.assert_allclose(desk.crop.box, own.box, atol=1e-6)
    assert desk.undo_count <= steps + 1
    assert desk.engine.most_running == 1
    # Fifty questions were asked while the first was held: at most that one and one more begin.
    desk.engine.let_all_go()
    desk.until(lambda: not desk.engine.running)
    assert len(desk.engine.asked) - begun <= 2


def test_the_slider_is_one_step_and_proposals_follow(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    desk.deliver()
    first = desk.photo.edit
    slider = desk.window.parts.aspect_panel.slider
    start = QPoint(round(slider.x_of(slider.ratio)), 11)
    stop = QPoint(round(slider.x_of(1.0)), 11)
    QTest.mousePress(slider, LEFT, NO_KEY, start)
    QTest.mouseMove(slider, stop)
    desk.deliver()
    assert desk.crop != candidate_crops(Aspect.parse("1:1"), desk.photo.photo)[0]
    QTest.mouseRelease(slider, LEFT, NO_KEY, stop)

    assert desk.crop == candidate_crops(Aspect.parse("1:1"), desk.photo.photo)[0]
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert desk.undo_count == 1
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.photo.edit == first


def test_hover_changes_nothing_and_a_pill_takes(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    desk.deliver()
    proposed = desk.photo.edit
    window = desk.window
    desk.hover(window.parts.strip.cards[2])
    assert window.parts.canvas.state.preview == 3
    desk.leave()
    desk.until(lambda: window.parts.canvas.state.preview is None)
    assert desk.photo.edit == proposed
    assert desk.undo_count == 0

    pill = next(p for p in window.parts.canvas.pills() if p.rank == 3)
    at = pill.rect.center().toPoint()
    desk.press(at)
    desk.release(at)
    assert desk.crop == candidate_crops(Aspect("original"), desk.photo.photo)[2]
    assert desk.photo.edit.owner is Owner.MINE
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.photo.edit == proposed


HANDLES = {
    (0, 0): (-1, -1), (1, 0): (0, -1), (2, 0): (1, -1), (2, 1): (1, 0),
    (2, 2): (1, 1), (1, 2): (0, 1), (0, 2): (-1, 1), (0, 1): (-1, 0),
}  # fmt: skip


@pytest.mark.parametrize("locked", [False, True], ids=["free", "locked"])
@pytest.mark.parametrize("shift", [False, True], ids=["", "shift"])
@pytest.mark.parametrize("control", [False, True], ids=["", "ctrl"])
def test_every_handle_past_the_border(
    make_desk: Callable[..., Desk], big_photo: Path, locked: bool, shift: bool, control: bool
) -> None:
    desk = make_desk(held=False)
    desk.open(big_photo)
    desk.until(lambda: desk.answers)
    # Numbers of candidates take the clicks where they lie over a handle.
    desk.key(Qt.Key.Key_H)
    for place, away in HANDLES.items():
        drag_handle(desk, place, away, locked, shift, control)


def drag_handle(
    desk: Desk,
    place: tuple[int, int],
    away: tuple[int, int],
    locked: bool,
    shift: bool,
    control: bool,
) -> None:
    desk.key(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    desk.key(Qt.Key.Key_F)
    own = desk.draw_crop((0.35, 0.3, 0.65, 0.6))
    if locked:
        desk.key(Qt.Key.Key_L)
    before, steps = desk.photo.edit, desk.undo_count
    left, top, right, bottom = own.box
    columns, rows = (left, (left + right) / 2, right), (top, (top + bottom) / 2, bottom)
    start = desk.place(columns[place[0]], rows[place[1]])
    stop = start + QPoint(away[0] * 2000, away[1] * 2000)
    viewport = desk.window.parts.canvas.viewport()
    desk.press(start)
    if shift:
        QTest.keyPress(desk.window.parts.canvas, Qt.Key.Key_Shift)
    if control:
        QTest.keyPress(desk.window.parts.canvas, Qt.Key.Key_Control)
    QTest.mouseMove(viewport, start + QPoint(away[0] * 30, away[1] * 30))
    QTest.mouseMove(viewport, stop)
    keys = Qt.KeyboardModifier.ShiftModifier if shift else NO_KEY
    if control:
        keys |= Qt.KeyboardModifier.ControlModifier
    QTest.mouseRelease(viewport, LEFT, keys, stop)
    for key, held in ((Qt.Key.Key_Shift, shift), (Qt.Key.Key_Control, control)):
        if held:
            QTest.keyRelease(desk.window.parts.canvas, key)

    box = desk.crop.box
    assert desk.undo_count == steps + 1
    assert min(box) >= -1e-9
    assert max(box) <= 1 + 1e-9
    if locked != shift:
        wide, high = (box[2] - box[0]) * 6000, (box[3] - box[1]) * 4000
        wanted = pixel_ratio(own, 6000, 4000)
        assert abs(wide - high * wanted) <= max(1.0, wanted)
    old_centre, new_centre = centre(own.box), centre(box)
    for axis in (0, 1):
        if control:
            assert new_centre[axis] == pytest.approx(old_centre[axis], abs=1e-6)
        elif away[axis]:
            fixed = axis + (2 if away[axis] < 0 else 0)
            assert box[fixed] == pytest.approx(own.box[fixed], abs=1e-6)
        elif locked != shift:
            assert new_centre[axis] == pytest.approx(old_centre[axis], abs=1e-6)
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.photo.edit == before


def test_circle(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk()
    desk.open(write_photo(tmp_path / "round.jpg", 1500, 1000))
    desk.deliver()
    window = desk.window
    desk.click(window.parts.aspect_panel.chips["4:5"])
    desk.deliver()
    desk.key(Qt.Key.Key_C)
    desk.deliver()
    assert desk.crop.shape == "circle"
    _, _, right, bottom = desk.crop.box
    corner = desk.place(right, bottom)
    desk.drag(corner, corner - QPoint(60, 60))
    smaller = desk.crop
    assert smaller.box[2] < right
    assert smaller.shape == "circle"
    assert pixel_ratio(smaller, 1500, 1000) == pytest.approx(1.0, abs=1e-6)

    window.parts.export_controls.panel.format.setCurrentIndex(
        window.parts.export_controls.panel.format.findData("png")
    )
    with desk.qtbot.waitSignal(window.parts.exporter.finished):
        desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    window.parts.export_controls.panel.format.setCurrentIndex(
        window.parts.export_controls.panel.format.findData("jpeg")
    )
    with desk.qtbot.waitSignal(window.parts.exporter.finished):
        desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    jpeg, png = files(tmp_path)
    with Image.open(png) as image:
        assert image.getpixel((0, 0))[3] == 0
        assert image.getpixel((image.width // 2, image.height // 2))[3] == 255
    with Image.open(jpeg) as image:
        assert min(image.getpixel((1, 1))) > 245

    desk.key(Qt.Key.Key_C)
    assert desk.photo.edit.aspect == Aspect.parse("4:5")


def test_straighten_by_a_line_and_back(desk: Desk, big_photo: Path) -> None:
    desk.open(big_photo)
    desk.deliver()
    own = desk.draw_crop((0.02, 0.1, 0.7, 0.98))
    window, asked = desk.window, len(desk.engine.asked)
    photo = desk.photo.photo
    desk.key(Qt.Key.Key_S)
    start = desk.place(0.1, 0.5)
    stop = start + QPoint(600, round(600 * np.tan(np.radians(3))))
    desk.press(start)
    for share in (0.3, 0.7, 1.0):
        desk.move(start + (stop - start) * share)
        assert desk.crop == own
    desk.release(stop)
    steps = desk.undo_count
    assert desk.crop.angle == pytest.approx(-3, abs=0.05)
    assert inside_rotated(desk.crop.box, 6000, 4000, desk.crop.angle)
    slider = window.parts.straighten_panel.slider

    def at(angle: float) -> QPoint:
        return QPoint(round(slider.x_of(angle)), 11)

    QTest.mousePress(slider, LEFT, NO_KEY, at(slider.angle))
    for angle in (-8, -30, -45, -12, 3, 20, 6, 1):
        QTest.mouseMove(slider, at(angle))
        assert inside_rotated(desk.crop.box, 6000, 4000, desk.crop.angle)
        assert window.parts.canvas.crop == desk.crop
    assert len(desk.engine.asked) == asked
    QTest.mouseMove(slider, at(0))
    QTest.mouseRelease(slider, LEFT, NO_KEY, at(0))
    desk.key(Qt.Key.Key_Return)

    assert desk.crop == own
    assert desk.undo_count == steps + 1
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.crop.angle == pytest.approx(-3, abs=0.05)
    desk.until(lambda: desk.engine.running)
    desk.deliver()
    asked_photo, seen = desk.engine.encoded[-1]
    assert asked_photo is photo
    assert seen is not None
    assert desk.photo.edit.owner is Owner.MINE
    assert inside_rotated(desk.crop.box, 6000, 4000, desk.crop.angle)


def test_map_readout_and_a_clean_file(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    source = write_photo(tmp_path / "map.png.jpg", 1200, 800)
    desk = make_desk(held=False)
    desk.open(source)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    window = desk.window
    desk.key(Qt.Key.Key_M)
    desk.until(lambda: window.parts.editor.suggester.map is not None)
    values = window.parts.editor.suggester.map.values
    with desk.qtbot.waitSignal(window.parts.canvas.map_hovered):
        desk.move(desk.place(0.75, 0.5))
    at = window.parts.canvas.to_scene(desk.place(0.75, 0.5).toPointF())
    expected = values[round(at.y() / 800 * 64 - 0.5), round(at.x() / 1200 * 96 - 0.5)]
    shown = float(window.parts.maps_panel.readout.text().rsplit(" ", 1)[1])
    assert shown == pytest.approx(float(expected), abs=0.02)

    left, top, right, bottom = desk.crop.box
    middle = desk.place((left + right) / 2, (top + bottom) / 2)
    desk.drag(middle, middle + QPoint(20, 10))
    window.parts.export_controls.panel.format.setCurrentIndex(
        window.parts.export_controls.panel.format.findData("png")
    )
    with desk.qtbot.waitSignal(window.parts.exporter.finished):
        desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (written,) = files(tmp_path)
    box = np.round(np.array(desk.crop.box) * [1200, 800, 1200, 800]).astype(int)
    with Image.open(source) as old, Image.open(written) as new:
        x, y = new.width // 3, new.height // 3
        original = np.array(old.convert("RGB").getpixel((int(box[0]) + x, int(box[1]) + y)), int)
        assert np.abs(np.array(new.convert("RGB").getpixel((x, y)), int) - original).max() <= 3


def test_good_and_bad_files_together(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    good = write_photo(tmp_path / "a good.jpg", 900, 600)
    torn = tmp_path / "b torn.jpg"
    torn.write_bytes(good.read_bytes()[:300])
    empty = tmp_path / "c empty.jpg"
    empty.touch()
    text = tmp_path / "d text.jpg"
    text.write_text("not a photo")
    last = write_photo(tmp_path / "e good ü.jpg", 900, 600)
    desk = make_desk(held=False)
    desk.open(good, torn, empty, text, last)
    desk.until(lambda: len(desk.notices()) == 3)

    for bad in (torn, empty, text):
        (notice,) = [n for n in desk.notices() if n.startswith(bad.name)]
        assert len(notice) > len(bad.name) + 10
    assert desk.window.isActiveWindow()
    assert not [w for w in desk.window.children() if w.isWidgetType() and w.isModal()]
    failed = [p.path for p in desk.window.parts.document.photos if p.failure]
    assert failed == [torn, empty, text]
    with desk.qtbot.waitSignal(desk.window.parts.exporter.finished) as done:
        desk.window.parts.actions["export_photos"].trigger()
    assert done.args == [2]
    assert [p.name.split("_")[0] for p in files(tmp_path)] == [good.stem, last.stem]
