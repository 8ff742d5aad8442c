"""Nested crops of the current crop: chosen, shown as guides, kept inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.document.nested_crops import fitted, known, nested_aspects
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.editor.nested_crops_panel import NestedCropsPanel
from app.settings import Settings
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import aspect_text


class NestedCropsTool(QObject):
    """Follows the crop in hand.

    While it is dragged or not known to the engine yet, the crops inside it are those that were placed
    last, moved and shrunk by as little as keeps them inside; the engine's answer replaces them.

    Signals: ``changed`` (a tuple of pairs of a label and a Crop, for the canvas), ``aspects_changed``.
    """

    changed = Signal(tuple)
    aspects_changed = Signal()

    def __init__(self, editor: Editor, panel: NestedCropsPanel, settings: Settings) -> None:
        super().__init__(panel)
        self._editor = editor
        self._panel = panel
        self._settings = settings
        self._photo: OpenPhoto | None = None
        self._placed: dict[Aspect, Crop] = {}
        self._shown: tuple[tuple[str, Crop], ...] = ()
        self._also: tuple[Aspect, ...] = ()
        panel.chosen.connect(self.choose)
        for signal in (
            editor.changed,
            editor.live_changed,
            editor.suggester.scored,
            editor.suggester.candidates_changed,
        ):
            signal.connect(self._show)

    def choose(self, aspects: Sequence[Aspect]) -> None:
        """Choose what is cut later; it is what the next photo begins with."""
        also = tuple(aspects)
        self._editor.step(lambda edit: replace(edit, also=also), self.tr("Also for"))
        if (photo := self._editor.photo) is not None:
            self._settings.also = photo.edit.also
        self._show()

    def _show(self) -> None:
        photo = self._editor.photo
        if photo is not self._photo:
            self._photo, self._placed = photo, {}
        if photo is None:
            self._tell((), ())
            return
        crop, aspects = self._editor.crop, nested_aspects(photo)
        size = photo.width, photo.height
        # What was placed stays what it is while a drag goes on, so that the way back restores it.
        dragged = crop != photo.edit.crop
        found = None if dragged else known(photo, crop)
        scores: dict[Aspect, float] = {}
        if found is not None:
            self._placed = {one.aspect: one.crop for one in found}
            scores = {one.aspect: one.score for one in found}
        crops = fitted(crop, aspects, self._placed, *size)
        named = [(aspect_text(aspect, crops[aspect], *size), aspect) for aspect in aspects]
        self._panel.show_also(photo.edit.also, photo.edit.aspect)
        self._panel.show_scores([(name, scores.get(aspect)) for name, aspect in named])
        self._tell(tuple((name, crops[aspect]) for name, aspect in named), photo.edit.also)

    def _tell(self, shown: tuple[tuple[str, Crop], ...], also: tuple[Aspect, ...]) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit(shown)
        if also != self._also:
            self._also = also
            self.aspects_changed.emit()
