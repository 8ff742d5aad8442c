"""Strip of up to ten candidates below the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAccessibleWidget, QHBoxLayout, QWidget

from app.document.open_photo import OpenPhoto
from app.document.shown_candidates import COUNT, ShownCandidates
from app.i18n.method_texts import validity_of
from app.photos.crop_thumbnails import ThumbnailMaker
from app.runtime.accessibility import Role, provide_interface
from app.suggest.candidate_card import CandidateCard
from app.widgets.controls import plain_label
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import is_whole

_MARGIN, _SPACING = 8, 4
_WIDTH_OF_HEIGHT = 1.07
_POINTER, _BUTTON = "pointer on the strip", "card pressed"


class CandidateStrip(QWidget):
    """The candidates of ``shown`` in a row, with pictures by ``thumbnails``, which is the strip's alone.

    New ones wait while the pointer is over it or a card is pressed.

    Signals: ``hovered`` (rank, an int, or None), ``taken`` (rank).
    """

    hovered = Signal(object)
    taken = Signal(int)

    def __init__(self, shown: ShownCandidates, thumbnails: ThumbnailMaker) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Candidates"))
        self.cards = [CandidateCard(rank) for rank in range(1, COUNT + 1)]
        self._shown = shown
        self._thumbnails = thumbnails
        self._pictured: OpenPhoto | None = None
        self._crop = Crop()
        self._message = plain_label()
        self._message.setProperty("kind", "secondary")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 6, _MARGIN, 6)
        layout.setSpacing(_SPACING)
        layout.addWidget(self._message, 1)
        for card in self.cards:
            card.hovered.connect(self.hovered)
            card.pressed.connect(lambda: shown.hold(_BUTTON, True))
            card.clicked.connect(lambda _=False, rank=card.rank: self.taken.emit(rank))
            card.released.connect(lambda: shown.hold(_BUTTON, False))
            card.installEventFilter(self)
            thumbnails.made.connect(card.take_picture)
            layout.addWidget(card, 1)
        shown.changed.connect(self._paint)
        shown.takeable_changed.connect(self._dim)
        self._paint()

    @property
    def picture_size(self) -> QSize:
        """Room of one picture in device pixels."""
        scale = self.devicePixelRatioF()
        room = self.cards[0].room.size()
        return QSize(max(round(room.width() * scale), 8), max(round(room.height() * scale), 8))

    def set_message(self, text: str) -> None:
        """What the strip says while it is empty."""
        self._message.setText(text)

    def show_crop(self, crop: Crop) -> None:
        """Mark the candidate that equals the crop in hand."""
        self._crop = crop
        for card in self.cards:
            card.set_in_hand(card.candidate is not None and card.candidate.crop == crop)

    def make_pictures(self) -> None:
        """Have pictures made of what is painted, in the size that they have now."""
        photo, candidates = self._shown.photo, self._shown.candidates
        if photo is not None and photo.preview is not None and candidates:
            crops = [candidate.crop for candidate in candidates]
            number = self._thumbnails.make(
                photo.preview, crops, self.picture_size, photo.edit.orientation
            )
            for card in self.cards:
                card.expect_picture(number)

    def step(self, by: int) -> None:
        """Take the candidate before or after the one in hand."""
        known = [card.rank for card in self.cards if card.candidate is not None]
        if not known:
            return
        held = next(
            (c.rank for c in self.cards if c.candidate and c.candidate.crop == self._crop), None
        )
        if held is None:
            self.taken.emit(known[0] if by > 0 else known[-1])
        elif 1 <= held + by <= known[-1]:
            self.taken.emit(held + by)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold still under the pointer."""
        super().enterEvent(event)
        self._shown.hold(_POINTER, True)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left: what waited is painted."""
        super().leaveEvent(event)
        self._shown.hold(_POINTER, False)

    def hideEvent(self, event: QHideEvent) -> None:
        """No pointer is over it any more."""
        super().hideEvent(event)
        self._shown.hold(_POINTER, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Thumbnails keep their shape and stay together, however wide the strip is."""
        super().resizeEvent(event)
        widest = round(self.height() * _WIDTH_OF_HEIGHT)
        for card in self.cards:
            card.setMaximumWidth(widest)
        needed = COUNT * (widest + _SPACING) - _SPACING
        side = max(_MARGIN, (self.width() - needed) // 2)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(side, 6, side, 6)
        layout.activate()  # pictures are asked for in the size that they will have
        self.make_pictures()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and isinstance(watched, CandidateCard):
                self._focus(watched.rank + step)
                return True
        return False

    def _focus(self, rank: int) -> None:
        if 1 <= rank <= COUNT and self.cards[rank - 1].candidate is not None:
            thumb = self.cards[rank - 1]
            for other in self.cards:
                other.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            thumb.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            thumb.setFocus()

    def _paint(self) -> None:
        photo, suggestions, candidates = (
            self._shown.photo,
            self._shown.suggestions,
            self._shown.candidates,
        )
        if photo is not self._pictured or not candidates:
            # No picture of another photo stands for these.
            self._pictured = photo
            for card in self.cards:
                card.forget_picture()
        for place, card in enumerate(self.cards):
            candidate = candidates[place] if place < len(candidates) else None
            whole = (
                candidate is not None
                and photo is not None
                and is_whole(candidate.crop, photo.width, photo.height)
            )
            card.show_candidate(candidate, validity_of(suggestions, candidate), whole)
            card.setVisible(bool(candidates))
        self._message.setVisible(not candidates)
        self.show_crop(self._crop)
        self.make_pictures()

    def _dim(self, takeable: bool) -> None:
        for card in self.cards:
            card.set_dimmed(not takeable)


provide_interface(CandidateStrip, lambda strip: QAccessibleWidget(strip, Role.List))
