"""The list of keys as a person uses it: groups, searching, and Esc."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.actions import specs
from app.shell.shortcuts_page import ShortcutsPage
from tests.app.helpers.gui import Desk

K = Qt.Key


@pytest.fixture
def page(quick: Desk) -> ShortcutsPage:
    quick.key(K.Key_F1)
    return quick.window.parts.program_pages.keys


def listed(page: ShortcutsPage) -> dict[str, list[tuple[str, str]]]:
    """What is to be seen: the rows of each group."""
    return {
        section.group.title: [
            (keys.text(), text.text()) for keys, text in section.rows if keys.isVisible()
        ]
        for section in page.sections
        if section.isVisible()
    }


def test_every_key_stands_in_its_group_and_the_field_has_the_focus(page: ShortcutsPage) -> None:
    assert page.field.hasFocus()
    groups = listed(page)
    assert list(groups) == ["On the photo", "File", "Edit", "Photo", "View", "Method", "Help"]
    assert ("Ctrl+E", "Export") in groups["File"]
    assert ("Ctrl+L", "Lights out") in groups["View"]
    rows = [row for group in list(groups.values())[1:] for row in group]
    assert len(rows) == sum(bool(spec.keys) for spec in specs())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lights", [("Ctrl+L", "Lights out")]),
        ("F11", [("F11", "Full screen")]),
        ("FLIP vert", [("Shift+V", "Flip vertically")]),
        ("help f1 meth", [("Shift+F1", "About the methods")]),
    ],
)
def test_what_is_typed_is_found_by_key_word_and_group(
    page: ShortcutsPage, typed: str, found: list[tuple[str, str]]
) -> None:
    QTest.keyClicks(page.field, typed)
    assert [row for group in listed(page).values() for row in group] == found
    assert not page.nothing.isVisible()


def test_nothing_found_is_said_and_escape_empties_the_field_then_closes(
    page: ShortcutsPage, quick: Desk
) -> None:
    QTest.keyClicks(page.field, "<b>b</b>")
    assert listed(page) == {}
    assert page.nothing.isVisible()
    assert page.nothing.textFormat() is Qt.TextFormat.PlainText
    assert "“<b>b</b>”" in page.nothing.text()
    quick.key(K.Key_Escape)
    assert page.isVisible()
    assert page.field.text() == ""
    assert len(listed(page)) == 7
    quick.key(K.Key_Escape)
    assert not page.isVisible()
    assert quick.window.parts.canvas.hasFocus()


def test_it_begins_whole_each_time(page: ShortcutsPage, quick: Desk) -> None:
    QTest.keyClicks(page.field, "lights")
    quick.key(K.Key_F1)
    assert not page.isVisible()
    quick.key(K.Key_F1)
    assert page.field.text() == ""
    assert page.field.hasFocus()
    assert len(listed(page)) == 7


def test_arrows_scroll_the_list_and_leave_the_photo_alone(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk((960, 600))
    desk.key(K.Key_F1)
    page = desk.window.parts.program_pages.keys
    section = page.sections[0]
    desk.until(lambda: section.visibleRegion().boundingRect().height() > 0)
    before = section.mapTo(page, section.rect().topLeft()).y()
    desk.key(K.Key_PageDown)
    assert section.mapTo(page, section.rect().topLeft()).y() < before
    for _ in range(3):
        desk.key(K.Key_PageUp)
    assert section.mapTo(page, section.rect().topLeft()).y() == before
