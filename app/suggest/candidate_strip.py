"""Strip of up to ten candidates below the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.i18n.method_texts import validity_of
from app.suggest.candidate_card import CandidateCard
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.geometry.refit import is_whole

COUNT = 10
_MARGIN, _SPACING = 8, 4
_WIDTH_OF_HEIGHT = 1.07


class CandidateStrip(QWidget):
    """Ten candidates in a row; new ones wait while the pointer is over it or a button is held.

    Signals: ``hovered`` (rank or None), ``taken`` (Candidate, Aspect), ``pictures_wanted``
    (the candidates were painted anew).
    """

    hovered = Signal(object)
    taken = Signal(Candidate, Aspect)
    pictures_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Candidates"))
        self.cards = [CandidateCard(rank) for rank in range(1, COUNT + 1)]
        self._painted: Suggestions | None = None
        self._waiting: Suggestions | None = None
        self._is_waiting = False
        self._frozen = False
        self._size = (1, 1)
        self._crop = Crop()
        self._message = QLabel()
        self._message.setProperty("kind", "secondary")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 6, _MARGIN, 6)
        layout.setSpacing(_SPACING)
        layout.addWidget(self._message, 1)
        for thumb in self.cards:
            thumb.hovered.connect(self.hovered)
            thumb.clicked.connect(lambda _=False, t=thumb: self._click(t))
            thumb.installEventFilter(self)
            layout.addWidget(thumb, 1)
        self._paint_now(None)

    @property
    def painted(self) -> Suggestions | None:
        """The suggestions that the person sees."""
        return self._painted

    @property
    def picture_size(self) -> QSize:
        """Room of one picture in device pixels."""
        scale = self.devicePixelRatioF()
        room = self.cards[0].room.size()
        return QSize(max(round(room.width() * scale), 8), max(round(room.height() * scale), 8))

    def set_message(self, text: str) -> None:
        """What the strip says while it is empty."""
        self._message.setText(text)

    def forget_pictures(self) -> None:
        """Another photo is shown: no picture of the one before stands for its candidates."""
        for thumb in self.cards:
            thumb.forget_picture()

    def set_frozen(self, on: bool) -> None:
        """Hold still while a button is down somewhere else."""
        self._frozen = on
        if not on:
            self._release()

    def set_suggestions(
        self,
        suggestions: Suggestions | None,
        at_once: bool = False,
        size: tuple[int, int] = (1, 1),
    ) -> None:
        """Show suggestions once the strip need not hold still; ``at_once`` for a new photo.

        ``size`` is the photo's width and height in pixels.
        """
        self._size = size
        if suggestions is self._painted and not self._is_waiting:
            return
        if not at_once and (self._frozen or self._touched()):
            self._waiting, self._is_waiting = suggestions, True
            return
        self._waiting, self._is_waiting = None, False
        self._paint_now(suggestions)

    def show_crop(self, crop: Crop) -> None:
        """Mark the candidate that equals the crop in hand."""
        self._crop = crop
        for thumb in self.cards:
            thumb.set_in_hand(thumb.candidate is not None and thumb.candidate.crop == crop)

    def show_picture(self, place: int, image: QImage) -> None:
        """Show the picture of the candidate at ``place`` (from 0)."""
        if place < COUNT and self.cards[place].candidate is not None:
            self.cards[place].show_picture(image)

    def take(self, rank: int) -> None:
        """Take the painted candidate of this rank, if there is one."""
        thumb = self.cards[rank - 1]
        if thumb.candidate is not None and self._painted is not None:
            self.taken.emit(thumb.candidate, self._painted.aspect)

    def step(self, by: int) -> None:
        """Take the candidate before or after the one in hand."""
        known = [t.rank for t in self.cards if t.candidate is not None]
        if not known:
            return
        held = next(
            (t.rank for t in self.cards if t.candidate and t.candidate.crop == self._crop), None
        )
        if held is None:
            self.take(known[0] if by > 0 else known[-1])
        elif 1 <= held + by <= known[-1]:
            self.take(held + by)

    def leaveEvent(self, event: QEvent) -> None:
        """Announce that the pointer left."""
        super().leaveEvent(event)
        self._release()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Thumbnails keep their shape and stay together, however wide the strip is."""
        super().resizeEvent(event)
        widest = round(self.height() * _WIDTH_OF_HEIGHT)
        for thumb in self.cards:
            thumb.setMaximumWidth(widest)
        needed = COUNT * (widest + _SPACING) - _SPACING
        side = max(_MARGIN, (self.width() - needed) // 2)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(side, 6, side, 6)
        layout.activate()  # pictures are asked for in the size that they will have
        if self._painted is not None:
            self.pictures_wanted.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and isinstance(watched, CandidateCard):
                self._focus(watched.rank + step)
                return True
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._release()
        return False

    def _touched(self) -> bool:
        return self.underMouse() or any(t.underMouse() or t.isDown() for t in self.cards)

    def _release(self) -> None:
        if self._is_waiting and not (self._frozen or self._touched()):
            self.set_suggestions(self._waiting)

    def _click(self, thumb: CandidateCard) -> None:
        self.take(thumb.rank)

    def _focus(self, rank: int) -> None:
        if 1 <= rank <= COUNT and self.cards[rank - 1].candidate is not None:
            thumb = self.cards[rank - 1]
            for other in self.cards:
                other.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            thumb.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            thumb.setFocus()

    def _paint_now(self, suggestions: Suggestions | None) -> None:
        self._painted = suggestions
        candidates: Sequence[Candidate] = suggestions.candidates[:COUNT] if suggestions else ()
        for place, thumb in enumerate(self.cards):
            candidate = candidates[place] if place < len(candidates) else None
            whole = candidate is not None and is_whole(candidate.crop, *self._size)
            thumb.show_candidate(candidate, validity_of(suggestions, candidate), whole)
            thumb.setVisible(bool(candidates))
        self._message.setVisible(not candidates)
        self.show_crop(self._crop)
        if candidates:
            self.pictures_wanted.emit()
