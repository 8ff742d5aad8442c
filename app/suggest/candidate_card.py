"""Card of one candidate in the strip: thumbnail, rank and score."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.i18n.idea_texts import cuts_text, idea_text
from app.runtime.accessibility import ButtonInList, provide_interface
from app.style import theme
from cropcore.geometry.crop import Candidate

_CAPTION_HEIGHT, _IDEA_HEIGHT = 18, 14
_FIGURE_ROOM = 22
_DIMMED = 0.4
"""Opacity of a candidate that cannot be taken."""


class CandidateCard(QAbstractButton):
    """One candidate: its picture, its rank and its score.

    Signals: ``hovered`` (rank, an int, or None when the pointer or the focus leaves).
    """

    hovered = Signal(object)

    def __init__(self, rank: int) -> None:
        super().__init__()
        self.rank = rank
        self.candidate: Candidate | None = None
        self._validity: float | None = None
        self._whole = False
        self._picture = QPixmap()
        self._in_hand = False
        self._dimmed = False
        self._expected = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if rank == 1 else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_candidate(
        self, candidate: Candidate | None, validity: float | None = None, whole: bool = False
    ) -> None:
        """Show a candidate whose picture is still to come, or nothing.

        ``whole`` says that it leaves as much of the photo as there is.
        """
        self.candidate, self._validity, self._whole = candidate, validity, whole
        self._in_hand = False
        self.setEnabled(candidate is not None)
        if candidate is None:
            self._picture = QPixmap()
            self.setToolTip("")
            self.setAccessibleName("")
        else:
            words = self.tr("Candidate {0}").format(candidate.rank)
            if candidate.score is not None:
                words += ", " + self.tr("score {0}").format(f"{candidate.score:.0f}")
            if validity is not None:
                words += ", " + self.tr("validity {0}").format(f"{validity:.2f}")
            if whole:
                words += ", " + self.tr("leave uncropped")
            for text in (idea_text(candidate.idea), cuts_text(candidate.cuts)):
                words += f", {text}" if text else ""
            self.setAccessibleName(words)
            self.setToolTip(self.tr("{0} ({1})").format(words, candidate.rank % 10))
        self.update()

    def expect_picture(self, number: int) -> None:
        """The picture to come is in the set of thumbnails of this number."""
        self._expected = number

    def take_picture(self, number: int, place: int, image: QImage) -> None:
        """A thumbnail of a set came: shown where it is the one that is expected here."""
        if (number, place) != (self._expected, self.rank - 1) or self.candidate is None:
            return
        self._picture = QPixmap.fromImage(image)
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.update()

    def forget_picture(self) -> None:
        """The picture is of another photo."""
        self._picture = QPixmap()
        self.update()

    def set_in_hand(self, on: bool) -> None:
        """Mark the candidate that the photo's crop equals."""
        if on != self._in_hand:
            self._in_hand = on
            self.update()

    @property
    def is_in_hand(self) -> bool:
        """Whether the photo's crop equals it."""
        return self._in_hand

    def set_dimmed(self, on: bool) -> None:
        """Paint it faintly: it answers what is no longer asked."""
        if on != self._dimmed:
            self._dimmed = on
            self.update()

    @property
    def is_dimmed(self) -> bool:
        """Whether it is painted faintly."""
        return self._dimmed

    @property
    def has_picture(self) -> bool:
        """Whether the picture has arrived."""
        return not self._picture.isNull()

    @property
    def room(self) -> QRect:
        """Where the picture may be, in pixels of this widget."""
        return self.rect().adjusted(4, 4, -4, -_CAPTION_HEIGHT - self._idea_height - 2)

    @property
    def _idea_height(self) -> int:
        has_idea = self.candidate is not None and bool(self.candidate.idea)
        return _IDEA_HEIGHT if has_idea else 0

    def sizeHint(self) -> QSize:
        """The size that it likes to have."""
        return QSize(90, 108)

    def minimumSizeHint(self) -> QSize:
        """The least that it can be."""
        return QSize(48, 64)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Announce the pointer."""
        super().enterEvent(event)
        if self.candidate is not None:
            self.hovered.emit(self.rank)

    def leaveEvent(self, event: QEvent) -> None:
        """Announce that the pointer left."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus previews like the pointer."""
        super().focusInEvent(event)
        if self.candidate is not None:
            self.hovered.emit(self.rank)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The preview ends with the focus."""
        super().focusOutEvent(event)
        self.hovered.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        candidate = self.candidate
        if candidate is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_DIMMED if self._dimmed else 1.0)
        lit = self.underMouse() or self.hasFocus()
        if lit or self._in_hand:
            painter.setPen(Qt.PenStyle.NoPen)
            share = 0.22 if self._in_hand else 0.0
            ground = theme.mixed(colours.panel, colours.accent, share)
            painter.setBrush(theme.mixed(ground, colours.text, 0.1 if lit else 0.0))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        place = self._place()
        if self.has_picture:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, self._picture)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mixed(colours.panel, colours.text, 0.08))
            painter.drawRoundedRect(QRectF(self.room), 2, 2)
        if self._in_hand or self.hasFocus():
            painter.setPen(QPen(colours.accent if self._in_hand else colours.text, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        self._paint_caption(painter, candidate, colours)
        painter.end()

    def _paint_caption(
        self, painter: QPainter, candidate: Candidate, colours: theme.Palette
    ) -> None:
        wide = min(max(self._place().width(), 52), self.width() - 16)
        left = (self.width() - wide) // 2
        below = self._idea_height
        line = QRect(left, self.height() - _CAPTION_HEIGHT - below, wide, _CAPTION_HEIGHT)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, str(candidate.rank))
        room = line.width() - 2 * _FIGURE_ROOM
        for note in self._notes():
            if painter.fontMetrics().horizontalAdvance(note) <= room:
                painter.drawText(line, middle | Qt.AlignmentFlag.AlignHCenter, note)
                break
        if candidate.score is not None:
            painter.setFont(theme.font(theme.SMALL, bold=True))
            painter.setPen(colours.text)
            text = f"{candidate.score:.0f}"
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)
        if below:
            self._paint_idea(painter, candidate, colours)

    def _paint_idea(self, painter: QPainter, candidate: Candidate, colours: theme.Palette) -> None:
        """The idea on a line of its own, in the accent colour where the crop cuts something."""
        line = QRect(2, self.height() - _IDEA_HEIGHT - 3, self.width() - 4, _IDEA_HEIGHT)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.accent if candidate.cuts else colours.secondary)
        text = cuts_text(candidate.cuts).capitalize() or idea_text(candidate.idea)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, elided)

    def _notes(self) -> tuple[str, ...]:
        """What stands between rank and score, the longest form first."""
        if self._validity is not None:
            figure = f"{self._validity:.2f}"
            return self.tr("valid {0}").format(figure), figure
        return (self.tr("Whole"),) if self._whole else ()

    def _place(self) -> QRect:
        scale = self._picture.devicePixelRatio()
        size = QSize(
            round(self._picture.width() / scale), round(self._picture.height() / scale)
        ).boundedTo(self.room.size())
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.room.center())
        return place


provide_interface(CandidateCard, lambda card: ButtonInList(card, lambda: card.is_in_hand))
