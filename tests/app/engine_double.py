"""A stand-in for the engine whose answers come when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from app.refit import as_box, refit
from cropcore.aspect import Aspect
from cropcore.crop import Box, Candidate, Crop, Map, Suggestions
from cropcore.geometry import from_centre, shift_inside
from cropcore.photo import Photo

COUNT = 10


def candidate_crops(aspect: Aspect, photo: Photo) -> tuple[Crop, ...]:
    """Ten different crops of an aspect; the last leaves the photo as whole as the aspect allows."""
    crops = []
    # Each aspect has its own, so that a refitted crop is never a candidate by chance.
    ratio = aspect.ratio_for(photo.width, photo.height) or 1.3
    for place in range(COUNT - 1):
        size = 0.62 - 0.04 * place
        centre = (0.34 + 0.02 * ratio + 0.03 * place, 0.42 + 0.02 * place)
        box = as_box(shift_inside(from_centre(centre, (size, size))))
        crops.append(refit(Crop(box), aspect, photo.width, photo.height))
    return (*crops, refit(Crop(), aspect, photo.width, photo.height))


def saliency() -> Map:
    """A map that rises from left to right."""
    values = np.tile(np.linspace(0, 1, 96, dtype=np.float32), (64, 1))
    return Map("saliency", values, 0.0, 1.0, "Saliency", "Where people look first.")


class EngineDouble:
    """Answers like an engine; :meth:`suggest` waits until :meth:`deliver_next` lets it go.

    ``running`` and ``most_running`` count questions inside :meth:`suggest`; ``asked`` lists their
    aspects in the order in which they began.
    """

    device = "CPU"
    device_note = ""
    methods = ("double", "other")
    map_names = ("saliency", "content")

    def __init__(self, held: bool = True) -> None:
        self._permits = threading.Semaphore(0)
        self._open = threading.Event()
        self._lock = threading.Lock()
        self.asked: list[Aspect] = []
        self.running = 0
        self.most_running = 0
        if not held:
            self._open.set()

    def load(self) -> EngineDouble:
        return self

    def encode(self, photo: Photo) -> Photo:
        return photo

    def suggest(
        self,
        scene: Photo,
        aspect: Aspect,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> Suggestions:
        with self._lock:
            self.asked.append(aspect)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        if not self._open.is_set():
            self._permits.acquire()
        with self._lock:
            self.running -= 1
        candidates = tuple(
            Candidate(rank, crop, 90.0 - 2 * rank, 1 / rank, "double")
            for rank, crop in enumerate(candidate_crops(aspect, scene), 1)
        )
        return Suggestions(aspect, "double", 0.8, candidates[:k])

    def calibrated(
        self,
        scene: Photo,
        crops: Sequence[Crop],
        aspect: Aspect,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> np.ndarray:
        return np.array([100 * (c.box[2] - c.box[0]) * (c.box[3] - c.box[1]) for c in crops])

    def maps(
        self, scene: Photo, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        return {"saliency": saliency()}

    def deliver_next(self) -> None:
        """Let one question go on."""
        self._permits.release()

    def let_all_go(self) -> None:
        """Hold nothing back from now on."""
        self._open.set()
        self._permits.release()
