"""The candidates that are painted: of which photo and question, and whether they hold still."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.document.open_photo import OpenPhoto
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.crop import Candidate, Suggestions

COUNT = 10
"""So many candidates are painted at most."""


class ShownCandidates(QObject):
    """What strip and canvas paint, so that both always show the same.

    New candidates of the photo that is shown wait while anything holds: nothing moves under a pointer
    or a pressed button. Those of another photo, and none at all, are painted at once.

    Signals: ``changed`` (others are painted), ``takeable_changed`` (see :attr:`are_takeable`).
    """

    changed = Signal()
    takeable_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.photo: OpenPhoto | None = None
        self.suggestions: Suggestions | None = None
        self._question: CropQuestion | None = None
        self._are_takeable = True
        self._follows: OpenPhoto | None = None
        self._sliding = False
        self._holds: set[str] = set()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The painted candidates, best first."""
        return tuple(self.suggestions.candidates[:COUNT]) if self.suggestions is not None else ()

    @property
    def are_takeable(self) -> bool:
        """Whether they answer what is asked now; else they are painted faintly, and none is taken."""
        return self._are_takeable

    def takeable(self, rank: int) -> Candidate | None:
        """The painted candidate of a rank, where it may be taken."""
        found = self.candidates if self._are_takeable else ()
        return next((candidate for candidate in found if candidate.rank == rank), None)

    def hold(self, what: str, on: bool) -> None:
        """Keep what is painted while something, by its name, is on: a pointer, a pressed button."""
        (self._holds.add if on else self._holds.discard)(what)
        self._show()

    def follow(self, photo: OpenPhoto | None, sliding: bool = False) -> None:
        """The shown photo, its edit, or what is known of it is another one.

        Where the person is ``sliding`` from question to question, the candidates of the one before
        count as those of the next, which are there in a moment.
        """
        self._follows, self._sliding = photo, sliding
        self._show()

    def _show(self) -> None:
        """Paint what is known, unless something holds, and tell whether it may be taken."""
        photo, before = self._follows, (self.photo, self.suggestions)
        suggestions = photo.suggestion_state.suggestions if photo is not None else None
        if photo is None or suggestions is None or photo is not self.photo or not self._holds:
            self.photo, self.suggestions = photo, suggestions
            self._question = photo.suggestion_state.answered if photo is not None else None
        takeable = self._sliding or photo is None or _fits(self._question, photo.edit.question)
        if takeable != self._are_takeable:
            self._are_takeable = takeable
            self.takeable_changed.emit(takeable)
        if before[0] is not self.photo or before[1] is not self.suggestions:
            self.changed.emit()


def _fits(answered: CropQuestion | None, asked: CropQuestion) -> bool:
    return answered is not None and asked.asks_the_same(answered)
