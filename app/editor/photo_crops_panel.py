"""Panel that lists the crops of the current photo."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.style import theme
from app.widgets.controls import caption, column, icon_button, row, separator
from cropcore.geometry.crop import Shape

_GLYPH = 14
_FIGURES = 26


@dataclass(frozen=True, slots=True)
class CropLine:
    """What one line says: the crop's id, its shape and pixel ratio for the glyph, and three texts."""

    id: str
    shape: Shape
    ratio: float
    aspect: str
    size: str
    score: str


class PhotoCropsPanel(QWidget):
    """One line for each crop; hidden while there is only one.

    Signals: ``chosen`` and ``removed`` (a crop's id), ``begun``.
    """

    chosen = Signal(str)
    removed = Signal(str)
    begun = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.new_button = icon_button("add", self.tr("Keep this crop and begin another (N)"))
        self.new_button.clicked.connect(self.begun)
        self.rows: list[CropRow] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        layout = column(self, theme.GAP_XS)
        layout.addWidget(separator())
        layout.addSpacing(theme.GAP_XS)
        layout.addLayout(row(caption(self.tr("Crops")), 1, self.new_button))
        layout.addLayout(self._lines)
        self.hide()

    def show_lines(self, lines: tuple[CropLine, ...], in_hand: str) -> None:
        """Show these crops, none of which hides the group."""
        while len(self.rows) > len(lines):
            self._lines.removeWidget(gone := self.rows.pop())
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            fresh = CropRow()
            fresh.button.clicked.connect(lambda _=False, r=fresh: self.chosen.emit(r.crop_id))
            fresh.remove.clicked.connect(lambda _=False, r=fresh: self.removed.emit(r.crop_id))
            self.rows.append(fresh)
            self._lines.addWidget(fresh)
        for shown, line in zip(self.rows, lines, strict=True):
            shown.show_line(line, line.id == in_hand)
        self.setVisible(bool(lines))


class CropRow(QWidget):
    """One crop: a button that takes it in hand and one that removes it."""

    def __init__(self) -> None:
        super().__init__()
        self.crop_id = ""
        self.button = _LineButton()
        self.remove = icon_button("close", self.tr("Remove this crop"))
        layout = row(self.button, self.remove, spacing=2)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_line(self, line: CropLine, in_hand: bool) -> None:
        """Show a crop."""
        self.crop_id = line.id
        self.button.show_line(line, in_hand)
        name = self.tr("Remove the crop {0}, {1}").format(line.aspect, line.size)
        self.remove.setAccessibleName(name)


class _LineButton(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self._line: CropLine | None = None
        self.setCheckable(True)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """The size that it likes to have."""
        return QSize(160, theme.CONTROL_HEIGHT)

    def show_line(self, line: CropLine, in_hand: bool) -> None:
        self.setChecked(in_hand)
        if line == self._line:
            return
        self._line = line
        words = [line.aspect, line.size]
        if line.score:
            words.append(self.tr("score {0}").format(line.score))
        self.setAccessibleName(", ".join(words))
        self.setToolTip(self.tr("Take this crop in hand (Shift+N: the next)"))
        self.update()

    def nextCheckState(self) -> None:
        """A click alone does not change which crop is in hand."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Glyph, ratio, pixels and score in columns."""
        if (line := self._line) is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ground = theme.mixed(colours.control, colours.accent, 0.22) if on else colours.panel
        if self.underMouse() and not on:
            ground = theme.mixed(colours.panel, colours.text, 0.08)
        painter.setPen(colours.accent if on or self.hasFocus() else Qt.GlobalColor.transparent)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        self._paint_glyph(painter, line)
        painter.setFont(theme.font(theme.SMALL, bold=on))
        room = QRectF(self.rect()).adjusted(8 + _GLYPH + 8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.text)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, line.aspect)
        painter.setFont(theme.font(theme.SMALL))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, line.score)
        painter.setPen(colours.text if on else colours.secondary)
        room.adjust(0, 0, -_FIGURES, 0)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, line.size)

    def _paint_glyph(self, painter: QPainter, line: CropLine) -> None:
        wide = _GLYPH if line.ratio >= 1 else max(_GLYPH * line.ratio, 4)
        high = _GLYPH if line.ratio <= 1 else max(_GLYPH / line.ratio, 4)
        x, y = 8 + (_GLYPH - wide) / 2, (self.height() - high) / 2
        painter.setPen(QPen(theme.current().text, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shape = QRectF(x, y, wide, high)
        if line.shape == "circle":
            painter.drawEllipse(shape)
        else:
            painter.drawRoundedRect(shape, 1, 1)
