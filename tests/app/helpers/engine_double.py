"""A stand-in for the engine whose answers come when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import from_centre, shift_inside
from cropcore.geometry.crop import (
    MAP_TITLES,
    Box,
    Candidate,
    Crop,
    Explanation,
    Map,
    MethodOpinion,
    Nested,
    Suggestions,
)
from cropcore.geometry.match import MatchPattern, match_pattern
from cropcore.geometry.nested import fit_within, later_shapes
from cropcore.geometry.refit import as_box, refit
from cropcore.images.photo import Photo
from cropcore.messages import NOTHING, Message

COUNT = 10
METHODS = ("cascade", "gaic", "sfrc", "asm", "mars", "setpred")
MATCHED = (0.2, 0.1, 0.7, 0.8)
"""The crop that matches any pattern."""
GAZE_INSIDE, GAZE_CUT = 0.91, (0.0, 0.034, 0.12, 0.008)


def candidate_crops(
    aspect: Aspect, photo: Photo, method: str = "cascade", moved: float = 0.0
) -> tuple[Crop, ...]:
    """Ten different crops of an aspect; the last leaves the photo as whole as the aspect allows.

    Each method has its own; ``moved`` moves all but the last to the right.
    """
    crops = []
    # Each aspect has its own, so that a refitted crop is never a candidate by chance.
    ratio = aspect.ratio_for(photo.width, photo.height) or 1.3
    own = 0.05 * METHODS.index(method) + moved
    for place in range(COUNT - 1):
        size = 0.62 - 0.04 * place
        centre = (0.34 + 0.02 * ratio + 0.03 * place + own, 0.42 + 0.02 * place)
        box = as_box(shift_inside(from_centre(centre, (size, size))))
        crops.append(refit(Crop(box), aspect, photo.width, photo.height))
    return (*crops, refit(Crop(), aspect, photo.width, photo.height))


def nested_crops(
    photo: Photo, outer: Crop, aspect: Aspect, also: Sequence[Aspect]
) -> tuple[Nested, ...]:
    """Crops of nine tenths of the largest that fit, at the top left of the outer one."""
    made = []
    left, top, right, bottom = outer.box
    size = photo.width, photo.height
    for other in later_shapes(aspect, also, *size):
        box = (left, top, left + 0.9 * (right - left), top + 0.9 * (bottom - top))
        crop = refit(Crop(box), other, *size)
        inside = fit_within(crop.box, box, photo.width / photo.height)
        made.append(Nested(other, Crop(as_box(inside), crop.shape), 70.0 - len(made)))
    return tuple(made)


def saliency() -> Map:
    """A map that rises from left to right."""
    values = np.tile(np.linspace(0, 1, 96, dtype=np.float32), (64, 1))
    return Map(
        "saliency", values, 0.0, 1.0, MAP_TITLES["saliency"], Message("Where people look first.")
    )


def bump(name: str, wide: float, title: str) -> Map:
    """A map that is 1 in the middle and 0 at the borders, ``wide`` of the photo across."""
    y, x = np.mgrid[-1:1:64j, -1:1:96j]
    values = np.exp(-((x / wide) ** 2) - (y / 0.7) ** 2).astype(np.float32)
    return Map(name, values, 0.0, 1.0, Message(title), Message(f"What {title.lower()} means."))


class EngineDouble:
    """Answers like an engine; :meth:`suggest` waits until :meth:`deliver_next` lets it go.

    ``running`` and ``most_running`` count questions inside :meth:`suggest`; ``asked`` lists their
    aspects in the order in which they began, ``refined`` and ``asked_methods`` what else they said.
    ``maps_made`` lists names and aspects, ``encoded`` photos and the pixels to be seen instead of
    theirs. Quick answers are moved by ``quick_moved``.
    """

    device = "CPU"
    device_note = NOTHING
    methods = METHODS
    weights_sha256: ClassVar = {name: f"{place:064x}" for place, name in enumerate(METHODS)}
    map_names = ("saliency", "content", "sensitivity", "area", "attention")

    def __init__(self, held: bool = True) -> None:
        self._permits = threading.Semaphore(0)
        self._open = threading.Event()
        self._lock = threading.Lock()
        self.asked: list[Aspect] = []
        self.refined: list[bool] = []
        self.near: list[Box | None] = []
        self.scored_refined: list[bool] = []
        self.asked_methods: list[str] = []
        self.maps_made: list[tuple[str, Aspect]] = []
        self.explained: list[tuple[Crop, tuple[Crop, ...]]] = []
        self.protected: list[tuple[Box, ...]] = []
        self.cuts: dict[int, tuple[str, ...]] = {}
        self.found_heads: tuple[Box, ...] = ()
        self.heads_asked: list[tuple[Box, ...] | None] = []
        self.texts_kept: list[bool] = []
        self.encoded: list[tuple[Photo, np.ndarray | None]] = []
        self.nested_in: list[Crop] = []
        self.patterns: list[Crop] = []
        self.doubts: dict[str, tuple[str, ...]] = {}
        self.quick_moved = 0.0
        self.running = 0
        self.most_running = 0
        if not held:
            self._open.set()

    def load(self) -> EngineDouble:
        return self

    def encode(self, photo: Photo, pixels: np.ndarray | None = None) -> Photo:
        self.encoded.append((photo, pixels))
        return photo

    def heads(self, scene: Photo) -> tuple[Box, ...]:
        return self.found_heads

    def answer(self, scene: Photo, question: CropQuestion) -> Suggestions:
        aspect, method, refine = question.aspect, question.method, question.refine
        if match_pattern(method) is not None:
            doubts = self.doubts.get(scene.path.name, ())
            sure = 0.0 if "missing" in doubts else 0.3 if doubts else 0.9
            candidate = Candidate(1, Crop(MATCHED), None, sure, "match")
            return Suggestions(aspect, "match", sure, (candidate,), doubts)
        name = METHODS[0] if method == "default" else method
        with self._lock:
            self.asked.append(aspect)
            self.refined.append(refine)
            self.near.append(question.near)
            self.protected.append(question.protect)
            self.heads_asked.append(question.heads)
            self.texts_kept.append(question.keep_text)
            self.asked_methods.append(name)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        if not self._open.is_set():
            self._permits.acquire()
        with self._lock:
            self.running -= 1
        crops = candidate_crops(aspect, scene, name, 0.0 if refine else self.quick_moved)
        candidates = tuple(
            Candidate(
                rank,
                crop,
                90.0 - 2 * rank - METHODS.index(name),
                1 / rank,
                name,
                nested_crops(scene, crop, aspect, question.also),
                cuts=self.cuts.get(rank, ()),
            )
            for rank, crop in enumerate(crops, 1)
        )
        return Suggestions(aspect, name, 0.8, candidates[: question.k])

    def pattern(
        self, scene: Photo, crop: Crop, angle: float, heads: Sequence[Box] | None
    ) -> MatchPattern:
        self.patterns.append(crop)
        return MatchPattern("head", (0.3, 0.2, 0.7, 0.6), 0.8)

    def nested(self, scene: Photo, crop: Crop, question: CropQuestion) -> tuple[Nested, ...]:
        self.nested_in.append(crop)
        return nested_crops(scene, crop, question.aspect, question.also)

    def calibrated(self, scene: Photo, crops: Sequence[Crop], question: CropQuestion) -> np.ndarray:
        self.scored_refined.append(question.refine)
        return np.array([100 * (c.box[2] - c.box[0]) * (c.box[3] - c.box[1]) for c in crops])

    def maps(
        self, scene: Photo, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        ratio = aspect.ratio_for(scene.width, scene.height) or 1.0
        made = {}
        for name in self.map_names if names is None else names:
            self.maps_made.append((name, aspect))
            if name == "saliency":
                made[name] = saliency()
            else:
                made[name] = bump(name, 0.5 * ratio if name == "area" else 0.6, name.capitalize())
        return made

    def explain(
        self, scene: Photo, crop: Crop, aspect: Aspect, candidates: Sequence[Crop] = ()
    ) -> Explanation:
        self.explained.append((crop, tuple(candidates)))
        shown = bump("why", 0.7, "Why this crop")
        high, wide = shown.values.shape
        left, top, right, bottom = crop.box
        inside = np.zeros_like(shown.values)
        rows, columns = (
            slice(round(top * high), round(bottom * high)),
            slice(round(left * wide), round(right * wide)),
        )
        inside[rows, columns] = shown.values[rows, columns]
        opinions = tuple(
            MethodOpinion(name, place + 1, len(candidates) + 1, 0.5 - place)
            for place, name in enumerate(METHODS[1:])
        )
        return Explanation(
            crop,
            Map("why", inside, 0.0, 1.0, shown.title, shown.meaning),
            Message("the centre"),
            GAZE_INSIDE,
            GAZE_CUT,
            opinions,
        )

    def deliver_next(self) -> None:
        """Let one question go on."""
        self._permits.release()

    def let_all_go(self) -> None:
        """Hold nothing back from now on."""
        self._open.set()
        self._permits.release()
