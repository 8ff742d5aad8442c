"""Paints one photo of the filmstrip or the contact sheet: thumbnail, crop, name, flags."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.canvas.paint_context import BLACK, WHITE, with_alpha
from app.document.open_photo import OpenPhoto
from app.document.photo_order import PhotoStatus, status_of
from app.style import theme
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation

NAME_HEIGHT = 20
"""Room below the picture for the name."""
_NARROW = 80
_MARK = 12
_DOT = "dot"
_FADED = 0.35
_DIM = with_alpha(BLACK, 0.55)
_EDGE = with_alpha(WHITE, 0.82)


@dataclass(frozen=True, slots=True)
class CellState:
    """What a view says of a cell: whether its photo is the shown one, selected, under the pointer."""

    current: bool = False
    selected: bool = False
    hovered: bool = False
    stack: int = 0
    """How many photos a folded stack has; 1 for one of an unfolded stack, 0 for any other photo."""


def paint_photo(
    painter: QPainter, cell: QRectF, photo: OpenPhoto, image: QImage | None, state: CellState
) -> None:
    """Paint a photo into a cell; the shown one has a border, the selected ones a ground.

    ``image`` is its thumbnail, None while there is none.
    """
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state.selected or state.hovered:
        share = 0.24 if state.current else 0.14
        ground = theme.mixed(colours.panel, colours.accent, share if state.selected else 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mixed(ground, colours.text, 0.08 if state.hovered else 0.0))
        painter.drawRoundedRect(cell, 4, 4)
    room = picture_room(cell)
    mark, colour = _mark_of(photo, colours)
    narrow = cell.width() < _NARROW
    place = room
    if image is None:
        _paint_empty(painter, room, photo, colours)
    else:
        place = _paint_picture(painter, room, photo, image, colours)
    if state.stack:
        _paint_stack(painter, cell, state.stack, colours)
    says_so_itself = bool(photo.failure) and image is None
    if mark and narrow and not says_so_itself:
        # Beside it there would be no room for the name.
        corner = place.bottomRight() - QPointF(_MARK + 6, _MARK + 6)
        _paint_badge(painter, corner, mark, colour, colours)
    edge = 2 if narrow else 5
    line = QRectF(cell.left() + edge, cell.bottom() - 18, cell.width() - 2 * edge, 16)
    if mark and not narrow:
        _paint_mark(painter, QPointF(line.right() - _MARK + 1, line.top() + 2), mark, colour)
        line.setRight(line.right() - _MARK - 3)
    painter.setFont(theme.font(theme.SMALL))
    painter.setPen(colours.text if state.current else colours.secondary)
    # Names of one camera differ at their ends.
    side = Qt.TextElideMode.ElideLeft if narrow else Qt.TextElideMode.ElideMiddle
    text = painter.fontMetrics().elidedText(photo.path.stem, side, int(line.width()))
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    if state.current:
        painter.setPen(QPen(colours.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 4, 4)
    painter.restore()


def picture_room(cell: QRectF) -> QRectF:
    """Where in a cell its picture lies, which fills the width or the height of that."""
    return cell.adjusted(5, 5, -5, -NAME_HEIGHT - 1)


def stack_badge(cell: QRectF, photos: int) -> QRectF:
    """Where the badge of a stack is in a cell; a click on it unfolds the stack, or folds it."""
    room = picture_room(cell)
    wide = _MARK + 8 + (8 * len(str(photos)) if photos > 1 else 0)
    return QRectF(room.left() + 2, room.bottom() - _MARK - 8, wide, _MARK + 6)


def _paint_stack(painter: QPainter, cell: QRectF, photos: int, colours: theme.Palette) -> None:
    """The badge of a stack: how many photos stand behind this one."""
    place = stack_badge(cell, photos)
    ground = QColor(colours.panel)
    ground.setAlpha(230)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, 3, 3)
    colour = colours.text if photos > 1 else colours.secondary
    _paint_mark(painter, place.topLeft() + QPointF(3, 3), "photos", colour)
    if photos > 1:
        painter.setFont(theme.font(theme.SMALL, bold=True))
        painter.setPen(colour)
        figures = place.adjusted(_MARK + 4, 0, -2, 0)
        painter.drawText(figures, Qt.AlignmentFlag.AlignCenter, str(photos))


def _paint_picture(
    painter: QPainter, room: QRectF, photo: OpenPhoto, image: QImage, colours: theme.Palette
) -> QRectF:
    """Paint the thumbnail with what belongs on it; returns where it is."""
    edit = photo.edit
    image = _turned(image, edit.orientation)
    size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(room.center())
    place.moveTo(round(place.x()), round(place.y()))
    painter.setOpacity(_FADED if edit.rejected or photo.failure else 1.0)
    _paint_scaled(painter, place, image)
    if edit.crop != Crop():
        _paint_crop(painter, place, edit.crop)
    painter.setOpacity(1.0)
    if edit.starred:
        at = place.topLeft() + QPointF(2, 2)
        _paint_badge(painter, at, "star", colours.accent, colours)
    if edit.others:
        at = place.topRight() + QPointF(-_MARK - 6, 2)
        _paint_badge(painter, at, str(len(edit.others) + 1), colours.text, colours)
    return place


def _paint_scaled(painter: QPainter, place: QRectF, image: QImage) -> None:
    """The image at the device's own pixels; a painter that scales down far would skip some of them."""
    scale = painter.device().devicePixelRatioF()
    fitted = image.scaled(
        round(place.width() * scale),
        round(place.height() * scale),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    fitted.setDevicePixelRatio(scale)
    painter.drawImage(place.topLeft(), fitted)


def _turned(image: QImage, orientation: Orientation) -> QImage:
    if orientation == UPRIGHT:
        return image
    turn = QTransform().rotate(orientation.rotation)
    return image.transformed(turn.scale(-1, 1) if orientation.mirrored else turn)


def _mark_of(photo: OpenPhoto, colours: theme.Palette) -> tuple[str, QColor]:
    """The one mark of a photo, what needs care first: an icon, a dot, or none."""
    if photo.failure:
        return "warning", colours.error
    if photo.edit.rejected:
        return "reject", colours.error
    status = status_of(photo)
    if status is PhotoStatus.ACCEPTED:
        return "check", colours.accent
    return _DOT if status is PhotoStatus.TO_REVIEW else "", colours.accent


def _paint_empty(painter: QPainter, room: QRectF, photo: OpenPhoto, colours: theme.Palette) -> None:
    """A photo whose picture is on its way, or never comes."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mixed(colours.panel, colours.text, 0.06))
    painter.drawRoundedRect(room, 3, 3)
    if photo.failure:
        scale = painter.device().devicePixelRatioF()
        at = room.center() - QPointF(theme.ICON_SIZE / 2, theme.ICON_SIZE / 2)
        painter.drawPixmap(at, theme.pixmap("warning", colours.secondary, theme.ICON_SIZE, scale))


def _paint_crop(painter: QPainter, place: QRectF, crop: Crop) -> None:
    """Dim what the crop leaves out, and draw a fine edge around what it keeps."""
    # The box lies in the canvas that holds the straightened photo; here the photo stays as it is.
    wide, high = rotated_size(place.width(), place.height(), crop.angle)
    left, top, right, bottom = crop.box
    kept = QRectF(
        (left - 0.5) * wide, (top - 0.5) * high, (right - left) * wide, (bottom - top) * high
    )
    shape = QPainterPath()
    if crop.shape == "circle":
        shape.addEllipse(kept)
    else:
        shape.addRect(kept)
    centre = place.center()
    inside = QTransform.fromTranslate(centre.x(), centre.y()).rotate(-crop.angle).map(shape)
    outside = QPainterPath()
    outside.addRect(place)
    painter.fillPath(outside.subtracted(inside), _DIM)
    painter.setPen(QPen(_EDGE, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(inside)


def _paint_badge(
    painter: QPainter, at: QPointF, mark: str, colour: QColor, colours: theme.Palette
) -> None:
    """A mark on the picture, on a ground that keeps it readable on any photo."""
    ground = QColor(colours.panel)
    ground.setAlpha(215)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(at.x(), at.y(), _MARK + 4, _MARK + 4), 3, 3)
    _paint_mark(painter, at + QPointF(2, 2), mark, colour)


def _paint_mark(painter: QPainter, at: QPointF, mark: str, colour: QColor) -> None:
    """An icon, a dot or a number, ``_MARK`` wide and high."""
    if mark == _DOT:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(at + QPointF(_MARK / 2, _MARK / 2), 3, 3)
    elif mark.isdecimal():
        painter.setFont(theme.font(theme.SMALL - 1, bold=True))
        painter.setPen(colour)
        painter.drawText(QRectF(at.x(), at.y(), _MARK, _MARK), Qt.AlignmentFlag.AlignCenter, mark)
    else:
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(at, theme.pixmap(mark, colour, _MARK, scale))
