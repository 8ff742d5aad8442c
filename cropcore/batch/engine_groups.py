"""Asks the engine for a batch: one photo at a time, or several at once where it can."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from cropcore.batch.jobs import BatchPhoto
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError, told_by_photo
from cropcore.geometry.crop import Suggestions
from cropcore.images.photo import Photo


class BatchEngine(Protocol):
    """What a batch asks of the engine."""

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = ..., /) -> Any:
        """Whatever the other call needs to know of the photo."""

    def answer(self, scene: Any, question: CropQuestion, /) -> Suggestions:
        """The candidates that are asked for, best first."""


@runtime_checkable
class GroupEngine(BatchEngine, Protocol):
    """An engine that likes several photos at once, as a graphics card does."""

    @property
    def at_once(self) -> int:
        """How many photos :meth:`encode_all` likes to get."""

    def encode_all(
        self, photos: Sequence[Photo], pixels: Sequence[NDArray[np.uint8]], /
    ) -> Sequence[Any]:
        """What ``encode`` gives of each photo."""


class Groups:
    """Gives decoded photos to the engine, several at once where it likes that and they are there."""

    def __init__(self, engine: BatchEngine) -> None:
        self._engine = engine if isinstance(engine, GroupEngine) else None
        self._most = self._engine.at_once if self._engine else 1

    @property
    def more(self) -> int:
        """How many photos are on their way beyond those of an engine that takes them in turn."""
        return self._most - 1

    def next_ones(self, ahead: deque[Future[BatchPhoto]]) -> list[tuple[BatchPhoto, Any]]:
        """Take the next photo, waiting for it, and those behind it that are decoded already.

        With each comes what ``encode`` gives of it where that is known.
        """
        works = [ahead.popleft().result()]
        while ahead and ahead[0].done() and len(works) < self._most:
            works.append(ahead.popleft().result())
        scenes = self._encoded(works)
        return [(work, scenes.get(work.place)) for work in works]

    def _encoded(self, works: Sequence[BatchPhoto]) -> dict[int, Any]:
        """What ``encode_all`` gives of photos that go together, by their places."""
        asking = [work for work in works if work.asks and work.pixels is not None]
        if self._engine is None or len(asking) < 2:
            return {}
        photos = [work.photo for work in asking if work.photo is not None]
        pixels = [work.pixels for work in asking if work.pixels is not None]
        try:
            with told_by_photo():
                scenes = self._engine.encode_all(photos, pixels)
        except CropsightError:
            return {}  # each is tried alone, and tells its own trouble
        return {work.place: scene for work, scene in zip(asking, scenes, strict=True)}
