"""What the engine has said of one photo, as one value: suggestions, scores, maps, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.document.edit import CropScore
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop, Map, Nested, Suggestions
from cropcore.geometry.orientation import UPRIGHT, Orientation

MapPlace = tuple[Orientation, float]
"""How a photo is turned and straightened: what a map of it is good for."""


@dataclass(frozen=True, slots=True)
class SuggestionState:
    """All that is known of a photo from the engine; :class:`app.editor.suggester.Suggester` alone sets it.

    Attributes:
        suggestions: the candidates, as the photo lies now.
        answered: the question that they answer, quickly or ``refined``.
        orientation: how the photo is turned that they lie in.
        scored: the question and the crop that ``score`` (0 to 100, or None) is of.
        nested: a question, a crop, and the crops to be cut from it later.
        crop_scores: what was said last of each crop of the photo, by its id.
        maps: the latest map of each name, beside the aspect that it was made for where it depends on
            one; all lie in the photo as ``map_place`` says.
        heads: persons' heads that were found, in the photo as ``heads_place`` says.
        confidence_before: how far the best of earlier suggestions could be trusted, 0 to 1.
        latest_ask: id of the latest ask.
        due: revision of the edit that the latest answer found unchanged; -1 before.
    """

    suggestions: Suggestions | None = None
    answered: CropQuestion | None = None
    refined: bool = False
    orientation: Orientation = UPRIGHT
    scored: tuple[CropQuestion, Crop] | None = None
    score: float | None = None
    nested: tuple[CropQuestion, Crop, tuple[Nested, ...]] | None = None
    crop_scores: Mapping[str, CropScore] = field(default_factory=dict)
    maps: Mapping[str, tuple[Aspect | None, Map]] = field(default_factory=dict)
    map_place: MapPlace = (UPRIGHT, 0.0)
    heads: tuple[Box, ...] = ()
    heads_place: MapPlace = (UPRIGHT, 0.0)
    confidence_before: float | None = None
    latest_ask: int = 0
    due: int = -1

    @classmethod
    def of(cls, suggestions: Suggestions, question: CropQuestion) -> SuggestionState:
        """What a batch found for a question; nothing is left to be asked."""
        return cls().answering(question, suggestions, refined=True)

    @property
    def confidence(self) -> float | None:
        """How far the best suggestion can be trusted, 0 to 1; None where nothing is known of it."""
        found = self.suggestions
        return self.confidence_before if found is None else found.confidence

    def answering(
        self, question: CropQuestion, suggestions: Suggestions | None, refined: bool
    ) -> SuggestionState:
        """With the answer to a question; None where there is none, which is not asked again."""
        return replace(
            self,
            suggestions=suggestions,
            answered=question,
            refined=refined,
            orientation=question.orientation,
        )

    def forgotten(self) -> SuggestionState:
        """Another question will be asked; how sure the engine was is still worth knowing."""
        return replace(
            self,
            confidence_before=self.confidence,
            suggestions=None,
            answered=None,
            refined=False,
        )

    def scoring(
        self, question: CropQuestion, crop: Crop, score: float | None, nested: tuple[Nested, ...]
    ) -> SuggestionState:
        """With the score of a crop and what is cut from it later."""
        return replace(self, scored=(question, crop), score=score, nested=(question, crop, nested))

    def lying(self, orientation: Orientation, angle: float) -> SuggestionState:
        """Of the photo turned and straightened otherwise.

        Until it is asked about again, the suggestions made before hold, turned. Maps do not.
        """
        state = self
        if self.maps and self.map_place != (orientation, angle):
            state = replace(state, maps={})
        by = self.orientation.inverse.then(orientation)
        if by == UPRIGHT:
            return state
        found = self.suggestions
        if found is not None:
            aspect = found.aspect.swapped() if by.swaps_sides else found.aspect
            turned = (replace(c, crop=by.crop(c.crop), nested=()) for c in found.candidates)
            found = replace(found, aspect=aspect, candidates=tuple(turned))
        return replace(state, suggestions=found, orientation=orientation)

    def knows_map(self, name: str, wanted: Aspect) -> bool:
        """Whether the map of this name is there, and for the wanted aspect."""
        aspect, found = self.maps.get(name, (None, None))
        return found is not None and aspect in (None, wanted)
