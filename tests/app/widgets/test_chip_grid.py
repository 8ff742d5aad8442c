"""Chips flow into rows, and arrow keys move among them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.style import theme
from app.widgets.chip_grid import Chip, ChipGrid
from app.widgets.controls import secondary
from app.widgets.ratio_chips import RatioChips
from tests.app.helpers.gui import LEFT

K = Qt.Key
WIDTHS = (120, 216, 240, 256, 280, 320, 396, 420, 700)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp, theme.Mode.DARK)


@pytest.fixture
def scrolled(qtbot: Any) -> Callable[[QWidget], tuple[QScrollArea, QWidget]]:
    """Puts a widget and a line of text into a scroll area, as panels have them."""
    areas: list[QScrollArea] = []

    def put(widget: QWidget) -> tuple[QScrollArea, QWidget]:
        area, content, after = QScrollArea(), QWidget(), secondary("What follows")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(widget)
        column.addWidget(after)
        column.addStretch(1)
        area.setFrameShape(area.Shape.NoFrame)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(content)
        qtbot.addWidget(area)
        area.resize(280, 500)
        area.show()
        areas.append(area)
        return area, after

    return put


def shown(grid: QWidget) -> list[QWidget]:
    return [w for w in grid.children() if isinstance(w, QWidget) and w.isVisible()]


def check_fit(grid: QWidget, after: QWidget) -> None:
    """No member is cut, none covers another, and nothing is left free below."""
    members = shown(grid)
    for member in members:
        assert grid.rect().contains(member.geometry())
        if isinstance(member, Chip):
            room = member.contentsRect().width() - 2
            assert member.fontMetrics().horizontalAdvance(member.text()) <= room
    for one, other in combinations(members, 2):
        assert not one.geometry().intersects(other.geometry())
    assert grid.height() == max(m.geometry().bottom() for m in members) + 1
    assert after.y() == grid.geometry().bottom() + 1


def rows(grid: QWidget) -> list[list[QRect]]:
    by_top: dict[int, list[QRect]] = {}
    for member in shown(grid):
        by_top.setdefault(member.y(), []).append(member.geometry())
    return list(by_top.values())


@pytest.mark.parametrize("open_all", [False, True])
def test_chips_flow_at_every_width(qtbot: Any, scrolled: Any, open_all: bool) -> None:
    chips = RatioChips("batch", "{0}")
    chips.add(QLineEdit(), 2)
    area, after = scrolled(chips)
    if open_all:
        QTest.mouseClick(chips.more, LEFT)
        assert all(chip.isVisible() for chip in chips.chips.values())
    heights = []
    for width in WIDTHS:
        area.resize(width, 500)
        qtbot.waitUntil(lambda w=width: chips.width() == w)
        qtbot.waitUntil(lambda: after.y() == chips.heightForWidth(chips.width()))
        check_fit(chips, after)
        heights.append(chips.height())
        lines = rows(chips)
        assert {r.left() for line in lines[1:] for r in line} <= {r.left() for r in lines[0]}
        assert all(line[0].left() == 0 for line in lines)
        assert lines[0][-1].right() == width - 1, "rows are as wide as the panel"
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) > 2


def test_the_height_follows_what_is_unfolded(qtbot: Any, scrolled: Any) -> None:
    chips = RatioChips("nested", "{0}")
    _, after = scrolled(chips)
    folded = chips.height()
    QTest.mouseClick(chips.more, LEFT)
    qtbot.waitUntil(lambda: after.y() > folded)
    check_fit(chips, after)
    QTest.mouseClick(chips.more, LEFT)
    qtbot.waitUntil(lambda: after.y() == folded)
    check_fit(chips, after)


def test_a_chip_that_is_switched_on_moves_nothing(qtbot: Any, scrolled: Any) -> None:
    chips = RatioChips("export", "{0}")
    scrolled(chips)
    before = rows(chips)
    for chip in chips.chips.values():
        if chip.isVisible():
            QTest.mouseClick(chip, LEFT)
    assert len(chips.chosen) == 7
    assert rows(chips) == before


@pytest.fixture
def six(qtbot: Any) -> ChipGrid:
    """Two rows of three."""
    grid = ChipGrid()
    for name in "abcdef":
        grid.add(Chip(name, name))
    qtbot.addWidget(grid)
    grid.resize(grid.minimumSizeHint().width() * 3 + 2 * theme.GAP_XS, 100)
    grid.show()
    grid.activateWindow()
    qtbot.waitUntil(grid.isActiveWindow)
    assert [len(row) for row in rows(grid)] == [3, 3]
    return grid


def walk(grid: ChipGrid, *keys: Qt.Key) -> str:
    for key in keys:
        QTest.keyClick(grid.focusWidget(), key)
    focused = grid.focusWidget()
    assert isinstance(focused, Chip)
    return focused.accessibleName()


def test_arrows_move_the_focus(six: ChipGrid) -> None:
    shown(six)[0].setFocus()
    assert walk(six, K.Key_Right) == "b"
    assert walk(six, K.Key_Down) == "e"
    assert walk(six, K.Key_Left, K.Key_Left) == "c"
    assert walk(six, K.Key_Up) == "c", "it stays at the edge"
    assert walk(six, K.Key_Down, K.Key_Right) == "f"
    assert walk(six, K.Key_Up, K.Key_Left, K.Key_Left, K.Key_Left) == "a"
    assert walk(six, K.Key_Tab, K.Key_Tab) == "c"


def test_arrows_pass_over_what_is_disabled_or_hidden(six: ChipGrid) -> None:
    chips = shown(six)
    chips[1].setEnabled(False)
    chips[4].hide()
    six.arrange()
    chips[0].setFocus()
    assert walk(six, K.Key_Right) == "c"
    assert walk(six, K.Key_Right, K.Key_Right) == "f"


def test_from_right_to_left_all_is_mirrored(six: ChipGrid) -> None:
    six.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    six.arrange()
    chips = shown(six)
    for before, after in pairwise(chips[:3]):
        assert after.x() < before.x()
    chips[0].setFocus()
    assert walk(six, K.Key_Left) == "b"


def test_a_field_among_chips_keeps_its_caret(qtbot: Any, six: ChipGrid) -> None:
    field = QLineEdit("12")
    six.add(field)
    field.show()
    six.arrange()
    shown(six)[5].setFocus()
    QTest.keyClick(six.focusWidget(), K.Key_Right)
    assert field.hasFocus()
    QTest.keyClick(field, K.Key_Left)
    assert field.hasFocus()
    QTest.keyClick(field, K.Key_Up)
    assert not field.hasFocus()
