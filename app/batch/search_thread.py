"""Worker thread that finds the crops of a batch for review; writes no file."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.batch.background_engine import BackgroundEngine, EncodedQuestion
from app.batch.batch_order import BatchOrder
from app.batch.batch_thread import BackgroundThread, BatchProgress, JobFailure
from app.engine.messages import EngineClient
from cropcore.batch.batch import AHEAD
from cropcore.batch.jobs import large_enough, question_of, too_small
from cropcore.batch.review import FoundCrop
from cropcore.errors import CropsightError, DecodeStoppedError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Suggestions
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo
from cropcore.job_control import InteractivePriority, ProgressMeter
from cropcore.process import step_back

log = logging.getLogger(__name__)

# A photo, and its pixels for the engine where it is needed.
_Decoded = tuple[Photo, NDArray[np.uint8] | None]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found for a batch, in the order of its jobs, and why it ended early if it did."""

    order: BatchOrder
    found: tuple[FoundCrop, ...] = ()
    given_up: bool = False
    error: str = ""


class SearchThread(BackgroundThread):
    """Finds the crops of a batch; ``ended`` carries a :class:`SearchResult`."""

    def __init__(
        self,
        order: BatchOrder,
        engine: EngineClient,
        parent: QObject | None = None,
        priority: InteractivePriority | None = None,
    ) -> None:
        super().__init__(order, parent, priority)
        self._engine = BackgroundEngine(engine, self.control)
        self._found: list[FoundCrop] = []

    def run(self) -> None:
        """The thread's work."""
        error = ""
        try:
            self._work()
        except Exception as e:  # The window must hear of the end in any case.
            log.exception("Nothing was found for the batch %s", self.order.preset.name)
            error = self.tr("The batch stopped ({0}).").format(e)
        found = () if self.control.cancelled else tuple(self._found)
        self.signals.send(self.ended, SearchResult(self.order, found, self.given_up, error))

    def _work(self) -> None:
        aspects = self.order.preset.aspects
        pace = ProgressMeter(len(self.order.photos) * len(aspects))
        with ThreadPoolExecutor(1, "decode", self._settle_in) as decoders:
            for path, decoded in self._decoded(decoders):
                if self.control.paused:
                    pace.rest(self.control.wait)
                if self.control.cancelled:
                    return
                try:
                    self._find(path, *decoded.result())
                except DecodeStoppedError:
                    return
                except CropsightError as error:
                    self.fail(path, error)
                pace.count(len(aspects))
                self.tell(BatchProgress.of(pace.progress(), len(aspects)))

    def _settle_in(self) -> None:
        give_up_when(lambda: self.control.cancelled)
        step_back()

    def _decoded(self, decoders: ThreadPoolExecutor) -> Iterator[tuple[Path, Future[_Decoded]]]:
        """The photos in their order, a few decoded ahead."""
        ahead: deque[tuple[Path, Future[_Decoded]]] = deque()
        try:
            for path in self.order.photos:
                ahead.append((path, decoders.submit(self._decode, path)))
                if len(ahead) >= AHEAD:
                    yield ahead.popleft()
            while ahead:
                yield ahead.popleft()
        finally:
            for _, future in ahead:
                future.cancel()

    def _find(self, path: Path, photo: Photo, pixels: NDArray[np.uint8] | None) -> None:
        fixed = self.order.preset.fixed_crop
        scene = None if pixels is None or fixed else self._engine.encode(photo, pixels)
        for wanted in self.order.preset.aspects:
            own = self._own(path, wanted)
            aspect = self.order.preset.aspect_of(wanted, photo) if own is None else own.aspect
            if own is None and fixed is not None:
                own = fixed.suggestions(photo.width, photo.height, aspect)
            if own is not None:
                self._found.append(FoundCrop(path, photo, aspect, own))
            elif scene is not None:
                self._ask(path, scene, aspect)

    def _own(self, path: Path, aspect: Aspect) -> Suggestions | None:
        order = self.order
        if not order.preset.keep_own_crops:
            return None
        return order.prior_edits_of(path).own(aspect, order.preset.turn_ratios)

    def _ask(self, path: Path, scene: EncodedQuestion, aspect: Aspect) -> None:
        preset, photo = self.order.preset, scene.photo
        # More than are wanted: the person may like another one better.
        question = question_of(preset, aspect, more=True)
        suggestions = self._engine.answer(scene, question)
        suggestions = self.order.prior_edits_of(path).in_canvas(photo, suggestions)
        fitting, largest = large_enough(photo, suggestions, preset.min_pixels)
        if fitting:
            kept = replace(suggestions, candidates=fitting)
            self._found.append(FoundCrop(path, photo, aspect, kept))
        else:
            reason = too_small(aspect, preset.min_pixels, largest)
            self.signals.send(self.job_failed, JobFailure(path, reason, "skipped"))

    def _decode(self, path: Path) -> _Decoded:
        self.control.give_way()
        prior_edits = self.order.prior_edits_of(path)
        photo = prior_edits.oriented(self.order.preset.read_photo(path))
        asked = any(self._own(path, aspect) is None for aspect in self.order.preset.aspects)
        close = self.order.preset.pattern is not None
        return photo, prior_edits.seen(photo, close) if asked else None
