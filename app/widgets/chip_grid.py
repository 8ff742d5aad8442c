"""A grid of chips: as many columns as fit the width, rows as evenly filled as they can be."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QToolButton, QWidget

from app.style import theme

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_GAP = theme.GAP_XS
_MARGIN = 4
"""Left and right of a chip's text, its frame included."""


class Chip(QToolButton):
    """A small button that stays on or off; ``tip`` is its tooltip and its name for screen readers.

    It takes focus by key only, so that the canvas keeps the arrow keys after a click.
    """

    def __init__(self, text: str, tip: str, icon: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        self.setText(text)
        self.setCheckable(True)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_tip(tip)
        if icon:
            theme.set_icon(self, icon)

    def set_tip(self, tip: str) -> None:
        """Change tooltip and accessible name."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the text in bold, as it is once the chip is on: then nothing moves."""
        text = QFontMetrics(theme.font(theme.SMALL, bold=True)).horizontalAdvance(self.text())
        return QSize(max(text, theme.ICON_SIZE) + 2 * _MARGIN, theme.CONTROL_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the grid."""
        if event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Cell(NamedTuple):
    widget: QWidget
    row: int
    column: int
    span: int


class ChipGrid(QWidget):
    """Lays out chips and other low widgets in the order in which they are added.

    As few rows as the width allows, and no more columns than these rows need; where the last row
    lacks one column, its last member fills it. Arrow keys move the focus to the neighbour.
    """

    def __init__(self) -> None:
        super().__init__()
        self._members: list[tuple[QWidget, int]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget, span: int = 1) -> None:
        """Append a widget that is ``span`` columns wide; in a grid in sight, :meth:`arrange` it then."""
        widget.setParent(self)
        self._members.append((widget, span))

    def remove(self, widget: QWidget) -> None:
        """Take a widget out and delete it; :meth:`arrange` then."""
        self._members = [member for member in self._members if member[0] is not widget]
        widget.hide()
        widget.deleteLater()

    def bring_to_end(self, widget: QWidget) -> None:
        """Have a widget follow all others; :meth:`arrange` then."""
        self._members.sort(key=lambda member: member[0] is widget)

    def arrange(self) -> None:
        """Lay out anew; to be called when a member was shown or hidden, or its text changed."""
        columns = self._columns(self.width())
        step = (self.width() + _GAP) / columns
        for widget, row, column, span in self._cells(columns):
            left, right = round(column * step), round((column + span) * step) - _GAP
            top = row * (theme.CONTROL_HEIGHT + _GAP)
            place = QRect(left, top, right - left, theme.CONTROL_HEIGHT)
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """The height of all rows at a width."""
        rows = self._rows(self._columns(width))
        return rows * (theme.CONTROL_HEIGHT + _GAP) - _GAP if rows else 0

    def sizeHint(self) -> QSize:
        """As high as the width that there is asks for."""
        return QSize(self.minimumSizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """One column; the height follows from the width."""
        spans = [span for _, span in self._shown()]
        columns = max(spans, default=1)
        return QSize(columns * (self._cell_width() + _GAP) - _GAP, theme.CONTROL_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus by arrow; at the edge it stays, and nothing else hears of the key."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in _ARROWS or not plain:
            super().keyPressEvent(event)
            return
        back = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            back ^= self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            target = self._beside(back)
        else:
            target = self._above(back)
        if target is not None:
            reason = Qt.FocusReason
            target.setFocus(reason.BacktabFocusReason if back else reason.TabFocusReason)

    def _beside(self, back: bool) -> QWidget | None:
        """The next widget in the order of reading, or the one before."""
        cells = self._cells(self._columns(self.width()))
        if back:
            cells.reverse()
        places = [cell.widget.hasFocus() for cell in cells]
        after = cells[places.index(True) + 1 :] if any(places) else []
        return next((cell.widget for cell in after if cell.widget.isEnabled()), None)

    def _above(self, back: bool) -> QWidget | None:
        """The nearest widget of the next row above or below that has one."""
        cells = self._cells(self._columns(self.width()))
        here = next((cell for cell in cells if cell.widget.hasFocus()), None)
        if here is None:
            return None
        sign = -1 if back else 1
        beyond = [c for c in cells if sign * (c.row - here.row) > 0 and c.widget.isEnabled()]
        middle = here.column + here.span / 2
        beyond.sort(key=lambda c: (sign * (c.row - here.row), abs(c.column + c.span / 2 - middle)))
        return beyond[0].widget if beyond else None

    def _shown(self) -> list[tuple[QWidget, int]]:
        return [(widget, span) for widget, span in self._members if not widget.isHidden()]

    def _cell_width(self) -> int:
        """What the widest member needs of one column."""
        needs = [(_least_width(widget) + _GAP, span) for widget, span in self._shown()]
        return max((-(-need // span) for need, span in needs), default=1) - _GAP

    def _columns(self, width: int) -> int:
        least = max((span for _, span in self._shown()), default=1)
        most = max((width + _GAP) // (self._cell_width() + _GAP), least)
        columns = min(most, max(sum(span for _, span in self._shown()), 1))
        rows = self._rows(columns)
        while columns > least and self._rows(columns - 1) == rows:
            columns -= 1
        return columns

    def _rows(self, columns: int) -> int:
        cells = self._cells(columns)
        return cells[-1].row + 1 if cells else 0

    def _cells(self, columns: int) -> list[_Cell]:
        cells, row, column = [], 0, 0
        for widget, span in self._shown():
            if column + span > columns:
                row, column = row + 1, 0
            cells.append(_Cell(widget, row, column, span))
            column += span
        if cells and column + 1 == columns:
            cells[-1] = cells[-1]._replace(span=cells[-1].span + 1)
        return cells


def _least_width(widget: QWidget) -> int:
    return max(widget.minimumWidth(), widget.minimumSizeHint().width())
