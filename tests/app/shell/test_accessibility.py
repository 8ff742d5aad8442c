"""What a screen reader is told in every window, and that every control is reached by Tab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from tests.app.helpers.gui import Desk, write_photo
from tests.app.helpers.review_hand import PRESET
from tests.app.helpers.review_maker import results

Role, Text, K = QAccessible.Role, QAccessible.Text, Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SENSIBLE = {
    Role.Button, Role.ButtonMenu, Role.Canvas, Role.CheckBox, Role.ComboBox, Role.Dialog,
    Role.EditableText, Role.Grouping, Role.List, Role.ListItem, Role.RadioButton, Role.Slider, Role.SpinBox,
    Role.StaticText,
}  # fmt: skip
"""What a control can be to a person; Client, Border and the like say nothing."""

PAGES: dict[str, Callable[[Desk], QWidget]] = {
    "photo": lambda desk: desk.window,
    "contact_sheet": lambda desk: desk.window,
    "preferences": lambda desk: desk.window.parts.program_pages.preferences,
    "about": lambda desk: desk.window.parts.program_pages.about,
    "keys": lambda desk: desk.window.parts.program_pages.keys,
    "methods": lambda desk: desk.window.parts.compare.methods,
    "compare": lambda desk: desk.window.parts.compare.page,
    "why": lambda desk: desk.window,
    "export_with": lambda desk: desk.window,
    "export_foreign": lambda desk: desk.window,
    "batch": lambda desk: desk.window.parts.batch_controller.page,
    "review": lambda desk: desk.window,
    "start": lambda desk: desk.window,
}
"""Every page, and the widget that holds it."""


def show(desk: Desk, page: str, folder: Path) -> QWidget:
    """Bring a page on the screen, with all that can be unfolded on it."""
    parts = desk.window.parts
    if page == "review":
        parts.review_mode.begin(results(folder / "photos", 2), PRESET, folder / "out")
        desk.until(lambda: parts.review_mode.can_decide)
    elif page == "start":
        while parts.document.photos:
            parts.actions["close"].trigger()
    elif page == "photo":
        for section in parts.side_panel.findChildren(QWidget):
            if hasattr(section, "set_open"):
                section.set_open(True)
        parts.notices.add("A notice", details="Details of it")
        parts.notices.notices[0].toggle_details()
    else:
        parts.actions[page].trigger()
    if page == "compare":
        cards = parts.compare.page.cards.values
        desk.until(lambda: cards() and all(card.picture.has_picture for card in cards()))
    return PAGES[page](desk)


def controls(window: QWidget) -> list[QWidget]:
    """The visible widgets that take the focus, by Tab or a click."""
    return [
        widget
        for widget in (window, *window.findChildren(QWidget))
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
    ]


def told(widget: QWidget) -> QAccessibleInterface:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def name(widget: QWidget) -> str:
    return told(widget).text(Text.Name).strip()


def items(interface: QAccessibleInterface) -> list[QAccessibleInterface]:
    children = (interface.child(place) for place in range(interface.childCount()))
    return [child for child in children if child is not None and child.role() == Role.ListItem]


@pytest.fixture
def two(quick: Desk, tmp_path: Path) -> Desk:
    quick.drop(write_photo(tmp_path / "second.jpg", 600, 400))
    quick.until(lambda: len(quick.window.parts.document.photos) == 2 and quick.painted > 2)
    return quick


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name_and_a_role_and_is_reached_by_tab(
    two: Desk, page: str, tmp_path: Path
) -> None:
    window = show(two, page, tmp_path)
    two.until(window.isVisible)
    window.window().activateWindow()
    two.until(window.window().isActiveWindow)
    lacking = [
        f"{type(widget).__name__} {widget.objectName()} {name(widget)!r} {told(widget).role().name}"
        for widget in controls(window)
        if not name(widget) or told(widget).role() not in SENSIBLE
    ]
    assert lacking == []
    for box in window.findChildren(QComboBox):
        assert (name(box), told(box).text(Text.Value)) == (box.accessibleName(), box.currentText())
    wanted = [w for w in controls(window) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert wanted
    wanted[0].setFocus()
    reached: set[QWidget] = set()
    for _ in range(2 * len(controls(window.window())) + 20):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        two.qtbot.keyClick(focused, K.Key_Tab)
    missing = [f"{type(w).__name__} {name(w)!r}" for w in wanted if w not in reached]
    assert missing == []


def test_the_canvas_tells_the_crop_in_words(two: Desk) -> None:
    canvas = told(two.window.parts.canvas)
    assert canvas.role() == Role.Canvas
    assert canvas.text(Text.Name) == "Photo and crop"
    assert canvas.text(Text.Value) == two.window.parts.editor.suggester.label()
    assert "×" in canvas.text(Text.Value)


def test_sliders_tell_their_numbers_and_take_others(two: Desk) -> None:
    parts = two.window.parts
    ratio = told(parts.aspect_panel.slider)
    numbers = ratio.valueInterface()
    assert (numbers.minimumValue(), numbers.maximumValue()) == (0.5, 2.0)
    assert numbers.currentValue() == pytest.approx(parts.aspect_panel.slider.ratio)
    steps = two.undo_count
    numbers.setCurrentValue(1.0)
    assert str(two.photo.edit.aspect) == "1:1"
    assert two.undo_count == steps + 1
    assert ratio.text(Text.Value) == "1.000"
    two.key(K.Key_S)
    angle = told(parts.straighten_panel.slider)
    angle.valueInterface().setCurrentValue(-4.0)
    assert two.crop.angle == pytest.approx(-4.0, abs=0.2)
    assert angle.text(Text.Value) == f"{two.crop.angle:.1f}"


def test_candidates_are_items_of_a_list_and_can_be_pressed(two: Desk) -> None:
    strip = told(two.window.parts.strip)
    assert (strip.role(), strip.text(Text.Name)) == (Role.List, "Candidates")
    cards = [item for item in items(strip) if item.text(Text.Name)]
    assert len(cards) == two.painted
    assert cards[0].text(Text.Name).startswith("Candidate 1, score ")
    assert [bool(card.state().selected) for card in cards[:2]] == [True, False]
    press = cards[1].actionInterface()
    press.doAction(press.pressAction())
    assert two.crop == two.window.parts.strip.cards[1].candidate.crop
    assert [bool(card.state().selected) for card in cards[:2]] == [False, True]


def test_photos_are_items_of_the_filmstrip_and_of_the_contact_sheet(two: Desk) -> None:
    parts = two.window.parts
    film = told(parts.filmstrip.view)
    names = [item.text(Text.Name) for item in items(film)]
    assert [text.split(",")[0] for text in names] == ["small.jpg", "second.jpg"]
    two.key(K.Key_G)
    view = parts.contact_sheet.view
    sheet = told(view)
    assert sheet.role() == Role.List
    cells = items(sheet)
    assert [cell.text(Text.Name) for cell in cells] == names
    assert [bool(cell.state().selected) for cell in cells] == [
        view.selectionModel().isSelected(view.model().index(row, 0)) for row in range(2)
    ]
    second = cells[1].rect()
    assert second.topLeft() == view.viewport().mapToGlobal(
        view.visualRect(view.model().index(1, 0)).topLeft()
    )
    found = sheet.childAt(second.center().x(), second.center().y())
    assert found is not None
    assert found.text(Text.Name) == names[1]
    assert sheet.indexOfChild(cells[1]) == 1
    assert cells[1].parent().text(Text.Name) == sheet.text(Text.Name)
