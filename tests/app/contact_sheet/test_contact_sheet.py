"""The contact sheet: a grid of the open photos that shares order, selection and keys with the filmstrip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, QProcess, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QDrag, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.contact_sheet.sheet_view import SheetView
from app.document.edit import Owner
from app.document.photo_order import Show
from app.filmstrip import cell_pictures
from app.filmstrip.photo_cell import paint_photo
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo

K, M = Qt.Key, Qt.KeyboardModifier
NAMES = "abcdefghijklmnopqrst"


@pytest.fixture
def sheet(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Twenty small photos, a to t, on the contact sheet."""
    desk = make_desk(held=False)
    first = write_photo(tmp_path / "a.jpg", 300, 200)
    for name in NAMES[1:]:
        (tmp_path / f"{name}.jpg").write_bytes(first.read_bytes())
    desk.open(*(tmp_path / f"{name}.jpg" for name in NAMES))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.key(K.Key_G)
    return desk


def view_of(desk: Desk) -> SheetView:
    return desk.window.parts.contact_sheet.view


def place(desk: Desk, name: str) -> QPoint:
    view = view_of(desk)
    rows = desk.window.parts.filmstrip.model.rows
    index = view.model().index([photo.path.stem for photo in rows].index(name), 0)
    view.scrollTo(index)
    return view.visualRect(index).center()


def click(desk: Desk, name: str, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(view_of(desk).viewport(), LEFT, modifier, place(desk, name))


def selected(desk: Desk) -> str:
    return "".join(photo.path.stem for photo in desk.window.parts.filmstrip.selected())


def shown(desk: Desk) -> str:
    return "".join(photo.path.stem for photo in desk.window.parts.filmstrip.model.rows)


def test_the_sheet_takes_the_canvas_s_place_and_gives_it_back(sheet: Desk) -> None:
    parts = sheet.window.parts
    assert view_of(sheet).isVisible()
    assert not parts.filmstrip.isVisible()
    assert not parts.strip.isVisible()
    assert view_of(sheet).hasFocus()
    before = sheet.crop
    sheet.key(K.Key_2)
    assert sheet.crop == before, "no candidate is seen that a digit could mean"
    click(sheet, "c")
    assert sheet.photo.path.stem == "c"
    assert view_of(sheet).isVisible()
    for leave in (
        lambda: sheet.key(K.Key_Return),
        lambda: sheet.key(K.Key_G),
        lambda: sheet.key(K.Key_Escape),
        lambda: sheet.key(K.Key_V),
        lambda: QTest.mouseDClick(view_of(sheet).viewport(), LEFT, NO_KEY, place(sheet, "c")),
    ):
        leave()
        assert parts.canvas.isVisible()
        assert parts.canvas.hasFocus()
        assert parts.filmstrip.isVisible()
        sheet.key(K.Key_G)
        assert view_of(sheet).isVisible()


def test_mouse_and_keys_select_as_in_the_strip(sheet: Desk) -> None:
    view = view_of(sheet)
    columns = view.columns
    assert 1 < columns < 10
    click(sheet, "c")
    click(sheet, "e", M.ShiftModifier)
    assert selected(sheet) == "cde"
    click(sheet, "g", M.ControlModifier)
    click(sheet, "d", M.ControlModifier)
    assert selected(sheet) == "ceg"
    below = NAMES[columns]
    click(sheet, "b")
    click(sheet, below, M.ShiftModifier)  # at the left end of the next line
    assert selected(sheet) == NAMES[1 : columns + 1]
    click(sheet, below)
    click(sheet, "b", M.ShiftModifier)
    assert selected(sheet) == NAMES[1 : columns + 1]
    click(sheet, "a")
    sheet.key(K.Key_Down)
    sheet.key(K.Key_Right, M.ShiftModifier)
    assert selected(sheet) == NAMES[columns : columns + 2]
    sheet.key(K.Key_End)
    assert sheet.photo.path.stem == "t"
    sheet.key(K.Key_Home)
    sheet.key(K.Key_PageDown)
    assert sheet.photo.path.stem not in "ab", "a page of the grid, not the next photo"
    sheet.key(K.Key_PageUp)
    assert sheet.photo.path.stem == "a"
    sheet.key(K.Key_A, M.ControlModifier)
    assert selected(sheet) == NAMES


def test_flags_and_filters(sheet: Desk) -> None:
    click(sheet, "c")
    click(sheet, "d", M.ShiftModifier)
    sheet.key(K.Key_Delete)
    strip = sheet.window.parts.filmstrip
    strip.choose(strip.model.order, False, Show.REJECTED)
    assert shown(sheet) == "cd"
    assert sheet.window.parts.contact_sheet.header.count.text() == "2 of 20"


def test_a_name_is_searched_for(sheet: Desk) -> None:
    field = sheet.window.parts.contact_sheet.header.field
    sheet.key(K.Key_G)
    sheet.key(K.Key_F, M.ControlModifier)
    assert view_of(sheet).isVisible()
    QTest.keyClicks(field, "K.JP")
    QTest.keyClick(field, K.Key_Return)
    sheet.until(lambda: shown(sheet) == "k")
    assert sheet.photo.path.stem == "k"
    assert view_of(sheet).hasFocus()
    sheet.key(K.Key_F, M.ControlModifier)
    QTest.keyClick(field, K.Key_Escape)
    assert shown(sheet) == NAMES
    assert sheet.photo.path.stem == "k"


def test_a_cell_shows_the_crop_and_what_is_left_out_dark(sheet: Desk) -> None:
    view, photo = view_of(sheet), sheet.photo
    sheet.until(lambda: sheet.window.parts.opener.thumbnails.picture(photo.key) is not None)
    edit = photo.edit.mine(Crop((0.5, 0.0, 1.0, 1.0)))
    at = place(sheet, "a")
    left, right = at - QPoint(30, 10), at + QPoint(30, -10)

    def light(point: QPoint) -> int:
        return view.viewport().grab().toImage().pixelColor(point).value()

    whole = replace(edit, crop=Crop())
    sheet.window.parts.document.amend(photo, whole)
    sheet.until(lambda: light(left) > 60 and light(right) > 60)
    before = light(left), light(right)
    sheet.window.parts.document.amend(photo, edit)
    sheet.until(lambda: light(left) < before[0] * 0.6)
    assert light(right) == before[1]


def test_the_size_of_cells_is_chosen_and_remembered(sheet: Desk) -> None:
    view, slider = view_of(sheet), sheet.window.parts.contact_sheet.header.slider
    columns = view.columns
    slider.setFocus()
    sheet.key(K.Key_End)
    assert view.columns < columns
    assert sheet.window.parts.settings.sheet_cell_width == slider.maximum()
    view.setFocus()
    for _ in range(6):
        sheet.key(K.Key_Minus)
    assert slider.value() == view.cell_width < slider.maximum()
    current = view.visualRect(view.currentIndex())
    assert view.viewport().rect().intersects(current), "the shown photo stays in view"


def test_selected_photos_are_accepted_in_one_step(sheet: Desk) -> None:
    photos = sheet.window.parts.document.photos
    for name in "cb":
        click(sheet, name)
        sheet.until(lambda: sheet.photo.edit.owner is Owner.PROPOSED)
    click(sheet, "d", M.ShiftModifier)
    sheet.until(lambda: sheet.photo.edit.owner is Owner.PROPOSED)
    sheet.key(K.Key_Return, M.ControlModifier)
    assert [photo.edit.owner is Owner.MINE for photo in photos[:5]] == [
        False,
        True,
        True,
        True,
        False,
    ]
    sheet.key(K.Key_Z, M.ControlModifier)
    assert not any(photo.edit.owner is Owner.MINE for photo in photos)


def test_after_a_reject_the_next_photo_is_shown_where_that_is_wanted(sheet: Desk) -> None:
    click(sheet, "b")
    sheet.key(K.Key_Delete)
    assert sheet.photo.path.stem == "b"
    sheet.key(K.Key_Delete)
    sheet.window.parts.settings.advance_after_reject = True
    sheet.key(K.Key_Delete)
    assert sheet.photo.path.stem == "c"
    click(sheet, "e", M.ShiftModifier)
    sheet.key(K.Key_Delete)
    assert sheet.photo.path.stem == "f", "behind all that were rejected"
    rejected = [p.path.stem for p in sheet.window.parts.document.photos if p.edit.rejected]
    assert rejected == list("bcde")


@pytest.mark.parametrize("in_sheet", [True, False])
def test_the_context_menu_and_dragging_out_take_the_selected_photos(
    sheet: Desk, monkeypatch: pytest.MonkeyPatch, in_sheet: bool
) -> None:
    parts = sheet.window.parts
    if not in_sheet:
        sheet.key(K.Key_G)
    view = view_of(sheet) if in_sheet else parts.filmstrip.view
    index = view.model().index(1, 0)
    view.scrollTo(index)
    at = view.visualRect(index).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, NO_KEY, at)
    assert sheet.photo.path.stem == "b"
    QApplication.sendEvent(view.viewport(), event)
    assert parts.photo_menu.isVisible()
    assert parts.actions["reveal"] in parts.photo_menu.actions()
    parts.photo_menu.close()

    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.fileName()))
    parts.actions["open_elsewhere"].trigger()
    assert opened == ["b.jpg"]
    assert any("No program" in text for text in sheet.notices()), "None is no success"

    dragged: list[list[str]] = []

    def drop(drag: QDrag, *_: object) -> Qt.DropAction:
        dragged.append([url.fileName() for url in drag.mimeData().urls()])
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", drop)
    parts.filmstrip.view.selectionModel().select(
        parts.filmstrip.view.model().index(3, 0), QItemSelectionModel.SelectionFlag.Select
    )
    QTest.mousePress(view.viewport(), LEFT, NO_KEY, at)
    for step in (8, 40):
        QTest.mouseMove(view.viewport(), at + QPoint(step, 0))
    QTest.mouseRelease(view.viewport(), LEFT, NO_KEY, at + QPoint(40, 0))
    assert dragged == [["b.jpg", "d.jpg"]]


def test_a_program_of_one_s_own_opens_the_selected_photos(
    sheet: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, list[str]]] = []

    def start(program: str, files: list[str]) -> tuple[bool, int]:
        started.append((program, [Path(name).name for name in files]))
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/usr/bin/editor", ""))
    click(sheet, "b")
    click(sheet, "c", M.ShiftModifier)
    sheet.window.parts.actions["choose_program"].trigger()
    sheet.window.parts.actions["open_elsewhere"].trigger()
    assert started == [("/usr/bin/editor", ["b.jpg", "c.jpg"])] * 2


def test_what_did_not_change_is_not_painted_again(
    sheet: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, view = sheet.window.parts, view_of(sheet)
    keys = [photo.key for photo in parts.document.photos]
    sheet.until(lambda: all(parts.opener.thumbnails.picture(key) for key in keys))
    painted: list[str] = []

    def count(*args: object) -> None:
        painted.append(args[2].path.stem)  # type: ignore[attr-defined]
        paint_photo(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(cell_pictures, "paint_photo", count)
    for photos in (view, parts.filmstrip.view):
        click(sheet, "b") if photos is view else sheet.key(K.Key_G)
        sheet.until(lambda v=photos: v.isVisible() and painted)
        sheet.until(lambda: all(p.edit.owner is Owner.PROPOSED for p in parts.document.photos[:2]))

        port = photos.viewport()

        def nothing_is_painted(port: QWidget = port) -> bool:
            painted.clear()
            port.repaint()
            return not painted

        sheet.until(nothing_is_painted)
    sheet.key(K.Key_G)
    click(sheet, "c")
    sheet.until(lambda: sheet.photo.edit.owner is Owner.PROPOSED)
    view.viewport().repaint()
    areas: list[QRegion] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if isinstance(event, QPaintEvent):
                areas.append(event.region())
            return False

    watch = Watch()
    view.viewport().installEventFilter(watch)
    click(sheet, "h", M.ControlModifier | M.ShiftModifier)
    sheet.until(lambda: areas)
    view.viewport().removeEventFilter(watch)
    first = view.visualRect(view.model().index(0, 0))
    assert not any(area.intersects(first) for area in areas), "the cell of a is as it was"
