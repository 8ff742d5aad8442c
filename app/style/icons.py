"""Icons drawn from SVG in the theme's colours, at the sizes in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.style.resources import resource

ColourOf = Callable[[QIcon.Mode, QIcon.State], QColor]

_KEPT = 256


class DrawnIcon(QIconEngine):
    """Draws the icon ``name`` when it is first seen, in the colour for the state it is seen in."""

    def __init__(self, name: str, colour_of: ColourOf) -> None:
        super().__init__()
        self._name, self._colour_of = name, colour_of

    def clone(self) -> QIconEngine:
        """As Qt asks for a copy."""
        return DrawnIcon(self._name, self._colour_of)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon, ``size`` in pixels of the device."""
        return drawn(self._name, self._colour_of(mode, state), min(size.width(), size.height()))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """The icon in the middle of ``rect``."""
        scale = painter.device().devicePixelRatio()
        picture = self.pixmap(rect.size() * scale, mode, state)
        place = QRect(QPoint(0, 0), picture.size() / scale)
        place.moveCenter(rect.center())
        painter.drawPixmap(place, picture)


def drawn(name: str, colour: QColor, pixels: int) -> QPixmap:
    """The icon ``name`` in one colour, ``pixels`` of the device wide and high."""
    return _drawn(name, colour.name(), pixels)


@lru_cache(_KEPT)
def _drawn(name: str, colour: str, pixels: int) -> QPixmap:
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    coloured = _source(name).replace("currentColor", colour)
    QSvgRenderer(QByteArray(coloured.encode())).render(painter)
    painter.end()
    return picture


@cache
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")
