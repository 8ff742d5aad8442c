"""Candidates painted on the photo: corner brackets for the best three, a numbered pill for each.

Interiors belong to the crop in hand; only pills take clicks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from app.canvas.paint_context import (
    BLACK,
    WHITE,
    PaintContext,
    corner_bars,
    frame_bars,
    paint_bars,
    with_alpha,
)
from app.style import theme
from cropcore.geometry.crop import Candidate, Crop

PILL = 20.0
PILL_WIDE = 28.0
"""Width of a pill with two figures."""
HIT = float(theme.HIT_SIZE)
BRACKETED = 3
"""Ranks that get brackets."""
_BRACKET_LONG, _BRACKET_THICK = 16, 2
_GAP = HIT - PILL
_EDGE_INSET = 20.0
_OWN_ROWS = 3
_RIM = 4
_MORE = 1e-6


@dataclass(frozen=True, slots=True)
class Pill:
    """A candidate's number on screen (viewport coordinates)."""

    rank: int
    rect: QRectF

    @property
    def hit(self) -> QRectF:
        """Where it takes the pointer: at least 24 px each way."""
        grow = _GAP / 2
        return self.rect.adjusted(-grow, -grow, grow, grow)


def place_pills(
    edges: Sequence[tuple[int, QRectF]], room: QRectF, obstacles: Iterable[QRectF] = ()
) -> tuple[Pill, ...]:
    """Put a pill on each crop's top edge so that none covers another or an obstacle.

    Args:
        edges: (rank, crop's rectangle in the viewport), best first; the best keep the best places.
        room: where pills must lie.
        obstacles: places that belong to something else, such as the handles of the crop in hand.

    A pill starts near the left end of its crop's top edge and slides to the right along it; where
    that edge is full it goes on in the rows below, then to wherever there is room at that height
    or lower, and with no place left at all it is left out.
    """
    taken = list(obstacles)
    pills: list[Pill] = []
    for rank, crop in edges:
        pill = _free_place(rank, crop, room, taken)
        if pill is not None:
            pills.append(pill)
            taken.append(pill.hit)
    return tuple(pills)


def pill_at(pills: Iterable[Pill], at: QPointF) -> int | None:
    """Rank of the pill under ``at`` (viewport)."""
    return next((pill.rank for pill in pills if pill.hit.contains(at)), None)


def paint_brackets(
    context: PaintContext, candidates: Sequence[Candidate], in_hand: Crop | None, opacity: float
) -> None:
    """Corner brackets of the best three, except where the crop in hand lies on them already."""
    covered = context.rect(in_hand.box) if in_hand is not None else QRect()
    for candidate in reversed(candidates):
        if candidate.rank > BRACKETED or context.rect(candidate.crop.box) == covered:
            continue
        _paint_bracket(context, context.rect(candidate.crop.box), opacity)


def paint_outline(context: PaintContext, crop: Crop) -> None:
    """One full outline of a candidate under the pointer."""
    rect = context.rect(crop.box)
    thick = context.px(_BRACKET_THICK)
    painter = context.painter
    if crop.shape == "circle":
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, colour in (
            (thick + 2, with_alpha(BLACK, 0.4)),
            (thick, context.on_photo.accent),
        ):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(QRectF(rect).adjusted(1, 1, -1, -1))
        return
    for bar in frame_bars(rect, thick + 2, outset=1):
        painter.fillRect(bar, with_alpha(BLACK, 0.4))
    for bar in frame_bars(rect, thick):
        painter.fillRect(bar, context.on_photo.accent)


def paint_pills(
    context: PaintContext,
    pills: Sequence[Pill],
    hovered: int | None,
    in_hand: int | None,
    opacity: float,
) -> None:
    """The numbers; the one hovered and the one in hand (rank) stand out."""
    painter = context.painter
    painter.save()
    painter.setOpacity(opacity)
    origin = QPointF(context.viewport.topLeft())
    for pill in pills:
        where = QRectF(
            origin + pill.rect.topLeft() * context.unit, pill.rect.size() * context.unit
        ).toAlignedRect()
        look = (pill.rank, where.width(), where.height(), context.unit)
        painter.drawImage(
            where.topLeft() - QPoint(_RIM, _RIM),
            _pill_image(*look, pill.rank == hovered, pill.rank == in_hand),
        )
    painter.restore()


def _free_place(rank: int, crop: QRectF, room: QRectF, taken: Sequence[QRectF]) -> Pill | None:
    size = QSizeF(PILL if rank < 10 else PILL_WIDE, PILL)
    inner = room.adjusted(_GAP / 2, _GAP / 2, -_GAP / 2 - size.width(), -_GAP / 2 - PILL)
    if inner.width() < 0 or inner.height() < 0:
        return None
    first = min(max(crop.left() + _EDGE_INSET, inner.left()), inner.right())
    last = max(first, min(crop.right() - _EDGE_INSET - size.width(), inner.right()))
    top = min(max(crop.top() - PILL / 2, inner.top()), inner.bottom())
    rows = [top + row * HIT for row in range(int((inner.bottom() - top) // HIT) + 1)]
    runs = [(y, first, last) for y in rows[:_OWN_ROWS]]
    runs += [(y, inner.left(), inner.right()) for y in rows]
    for y, start, end in runs:
        x = start
        while x <= end:
            pill = Pill(rank, QRectF(QPointF(x, y), size))
            blocked = [t.right() for t in taken if t.intersects(pill.hit)]
            if not blocked:
                return pill
            # The more is for rounding: beside a right end of many digits it would stand still.
            x = max(blocked) + _GAP / 2 + _MORE
    return None


def _paint_bracket(context: PaintContext, rect: QRect, opacity: float) -> None:
    thick = context.px(_BRACKET_THICK)
    long = min(context.px(_BRACKET_LONG), rect.width() // 2, rect.height() // 2)
    bars = corner_bars(rect, long, thick)
    accent = with_alpha(context.on_photo.accent, opacity)
    paint_bars(context.painter, bars, accent, with_alpha(BLACK, 0.4 * opacity))


@lru_cache(128)
def _pill_image(
    rank: int, wide: int, high: int, unit: float, hovered: bool, in_hand: bool
) -> QImage:
    """One number, painted once for each of its looks: it is drawn at every move of a drag."""
    colours = theme.palette(dark=True)
    best = rank <= BRACKETED
    fill = colours.accent if best or hovered else with_alpha(BLACK, 0.66)
    text = colours.on_accent if best or hovered else WHITE
    rim = WHITE if hovered or in_hand else with_alpha(BLACK if best else WHITE, 0.35)
    image = QImage(wide + 2 * _RIM, high + 2 * _RIM, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    where = QRect(_RIM, _RIM, wide, high)
    body = QRectF(where).adjusted(0.5, 0.5, -0.5, -0.5)
    radius = body.height() / 2
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(rim, max(1, round(2 * unit)) if in_hand or hovered else 1.0))
    painter.setBrush(fill)
    painter.drawRoundedRect(body, radius, radius)
    painter.setFont(theme.font(max(1, round(theme.SMALL * unit)), bold=True))
    painter.setPen(text)
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(rank))
    painter.end()
    return image
