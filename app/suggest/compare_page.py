"""Page that compares the best crops of all methods."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from app.style import theme
from app.suggest.compare_card import CompareCard
from app.widgets.controls import plain_label, secondary
from app.widgets.overlay_page import OverlayPage
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions

_CARD_EDGES, _NARROW_EDGES, _BESIDE_EDGES = (20, 76), (12, 104), (28, 18)
"""What a card needs across and down beside its picture; the words that stand beside it come on top."""
_LEAST, _LEAST_BESIDE = (132, 190), 150
_NARROW = 220


def best_arrangement(
    count: int, room: QSize, ratio: float, gap: int, words: int
) -> tuple[int, bool]:
    """How the pictures of ``count`` cards become largest in ``room``.

    Returns the number of columns, and whether the words, ``words`` wide, stand beside the pictures.
    """

    def picture_width(columns: int, beside: bool) -> float:
        rows = -(-count // columns)
        card = (room.width() - gap * (columns - 1)) / columns
        edges = _NARROW_EDGES if card < _NARROW else _CARD_EDGES
        if beside:
            edges = _BESIDE_EDGES[0] + words, _BESIDE_EDGES[1]
        least = _LEAST_BESIDE if beside else _LEAST[1]
        high = max((room.height() - gap * (rows - 1)) / rows, least) - edges[1]
        return min(card - edges[0], high * ratio)

    fitting = [n for n in range(1, count + 1) if (room.width() + gap) // n - gap >= _LEAST[0]]
    ways = [(n, beside) for n in fitting or [1] for beside in (False, True)]
    # Full rows look calmer; among equals the wider arrangement needs less height.
    return max(
        ways, key=lambda way: (round(picture_width(*way)), count % way[0] == 0, not way[1], way[0])
    )


class ComparePage(OverlayPage):
    """Shows one card for each method.

    Signals: ``taken`` (Candidate, Aspect, method), ``method_chosen`` (name), ``pictures_wanted``.
    """

    taken = Signal(Candidate, Aspect, str)
    method_chosen = Signal(str)
    pictures_wanted = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, self.tr("Compare methods"), QSize(2200, 1400))
        self.cards: dict[str, CompareCard] = {}
        self._aspect: Aspect | None = None
        self._ratio = 1.0
        self._arrangement = (0, False)
        self.subject = plain_label()
        self.subject.setProperty("kind", "secondary")
        self.head.insertWidget(1, self.subject)
        self._board = QWidget()
        self._board.setObjectName("panelContent")
        self._grid = QGridLayout(self._board)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setSpacing(theme.GAP_M)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._board)
        self._scroll.viewport().installEventFilter(self)
        self.hint = secondary(
            self.tr("The best crop of each method. A click takes it; Ctrl+Z takes that back.")
        )
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self.hint)

    def set_methods(self, methods: tuple[str, ...]) -> None:
        """One card for each."""
        if tuple(self.cards) == methods:
            return
        for card in self.cards.values():
            card.deleteLater()
        self.cards = {}
        for name in methods:
            card = CompareCard(name)
            card.taken.connect(lambda c=card: self._take(c))
            card.chosen.connect(lambda n=name: self.method_chosen.emit(n))
            self.cards[name] = card
        self._arrangement = (0, False)
        self._place_cards()

    def begin(self, subject: str, ratio: float, same_photo: bool) -> None:
        """Answers are on the way: ``subject`` says to what, ``ratio`` how wide the crops will be."""
        self.subject.setText(subject)
        self._ratio = ratio
        self._place_cards()
        for card in self.cards.values():
            card.wait(same_photo)

    def show_best(self, method: str, found: Suggestions, size: str) -> None:
        """The answer of one method."""
        if method in self.cards:
            self._aspect = found.aspect
            self.cards[method].show_best(found, size)
            self.pictures_wanted.emit()

    def show_trouble(self, method: str, text: str) -> None:
        """A method has no answer."""
        if method in self.cards:
            self.cards[method].show_trouble(text)

    def show_in_hand(self, method: str | None, crop: Crop) -> None:
        """Mark the method in use and the crop in hand."""
        for name, card in self.cards.items():
            card.set_in_use(name == method)
            card.show_crop(crop)

    def wanted_pictures(self) -> tuple[list[str], list[Crop], QSize]:
        """The methods with an answer, their crops, and the room of a picture in device pixels."""
        names = [name for name, card in self.cards.items() if card.candidate is not None]
        crops = [c.candidate.crop for c in self.cards.values() if c.candidate is not None]
        room = self.cards[names[0]].picture.room.size() if names else QSize(8, 8)
        return names, crops, (room * self.devicePixelRatioF()).expandedTo(QSize(8, 8))

    def show_picture(self, method: str, image: QImage) -> None:
        """The picture of a method's crop."""
        card = self.cards.get(method)
        if card is not None and card.candidate is not None:
            card.picture.show_picture(image)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if watched is self._scroll.viewport() and event.type() == QEvent.Type.Resize:
            self._place_cards()
            self.pictures_wanted.emit()
            return False
        return super().eventFilter(watched, event)

    def _place_cards(self) -> None:
        if not self.cards:
            return
        gap = self._grid.spacing()
        room = self._scroll.viewport().size() - QSize(8, 0)
        words = max(card.words_width() for card in self.cards.values())
        columns, beside = best_arrangement(len(self.cards), room, self._ratio, gap, words)
        wide = (room.width() + gap) // columns - gap
        narrow = wide < _NARROW or not all(card.fits(wide) for card in self.cards.values())
        for card in self.cards.values():
            card.arrange(narrow or beside, words if beside else 0)
        if (columns, beside) == self._arrangement:
            return
        self._arrangement = columns, beside
        rows = -(-len(self.cards) // columns)
        for card in self.cards.values():
            self._grid.removeWidget(card)
        for place, card in enumerate(self.cards.values()):
            card.setMinimumHeight(_LEAST_BESIDE if beside else _LEAST[1])
            self._grid.addWidget(card, place // columns, place % columns)
        for line in range(len(self.cards)):
            self._grid.setColumnStretch(line, int(line < columns))
            self._grid.setRowStretch(line, int(line < rows))

    def _take(self, card: CompareCard) -> None:
        candidate: Candidate | None = card.candidate
        if candidate is not None and self._aspect is not None:
            self.taken.emit(candidate, self._aspect, card.method)
