"""Messages between the window and the engine thread, all immutable, and the engine's protocols.

The window sends an :class:`Ask`, the thread sends an :class:`Answer` back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import SignalInstance

from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop, Explanation, Map, Nested, Suggestions
from cropcore.geometry.match import MatchPattern
from cropcore.images.photo import Photo
from cropcore.messages import Message


class Engine(Protocol):
    """What the thread needs of :class:`cropcore.engine.engine.CropEngine`; scenes are the engine's own."""

    @property
    def device(self) -> str:
        """Where it computes."""

    @property
    def device_note(self) -> Message:
        """What the person should know of it, or an empty message."""

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods, the default first."""

    @property
    def weights_sha256(self) -> Mapping[str, str]:
        """Digests of the weights, by the name of the method."""

    @property
    def map_names(self) -> tuple[str, ...]:
        """The maps that it can make."""

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = None, /) -> Any:
        """Prepare a photo, or the ``pixels`` to be seen instead: everything its questions share."""

    def heads(self, scene: Any, /) -> Sequence[Box]:
        """Persons' heads that were found."""

    def answer(self, scene: Any, question: CropQuestion, /) -> Suggestions:
        """The best crops, best first."""

    def pattern(
        self, scene: Any, crop: Crop, angle: float, heads: Sequence[Box] | None, /
    ) -> MatchPattern:
        """How a crop of a photo straightened by an angle lies about its subject."""

    def nested(self, scene: Any, crop: Crop, question: CropQuestion, /) -> tuple[Nested, ...]:
        """The best crops of the question's other aspects inside a crop."""

    def calibrated(
        self, scene: Any, crops: Sequence[Crop], question: CropQuestion, /
    ) -> NDArray[np.float64]:
        """Scores of crops, 0 to 100, on the scale of the candidates that answer the question."""

    def maps(
        self, scene: Any, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps of the photo by name."""

    def explain(
        self, scene: Any, crop: Crop, aspect: Aspect, candidates: Sequence[Crop] = ()
    ) -> Explanation:
        """Why a crop is as good as it is, ranked among itself and ``candidates``."""


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What the window knows of a loaded engine; the default method comes first.

    ``weights`` are the digests of the weights, by the name of the method; ``missing`` says which wanted
    device is not here, and is None where the engine runs as wished.
    """

    device: str
    note: Message
    methods: tuple[str, ...]
    map_names: tuple[str, ...]
    weights: Mapping[str, str] = field(default_factory=dict)
    missing: Message | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """All that is wanted now of one photo.

    ``id`` grows with every ask; ``revision`` is that of the photo's edit. ``suggest`` asks for
    candidates, ``crop`` for its score and what is cut from it later, ``map_names`` for those maps,
    ``explain`` for the reasons of that crop beside the crops in ``rivals``, ``pattern_of`` for how that
    crop lies about its subject. ``pixels`` are the photo's for the encoder, where they are decoded already.
    """

    id: int
    key: int
    revision: int
    photo: Photo
    question: CropQuestion
    suggest: bool = True
    crop: Crop | None = None
    map_names: tuple[str, ...] = ()
    explain: Crop | None = None
    rivals: tuple[Crop, ...] = ()
    pattern_of: Crop | None = None
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine says to one ask; parts that were not asked for, or failed, are missing.

    ``heads`` are those found in the photo, whatever was asked. ``error`` tells of the first part that
    failed; the other parts hold all the same.
    """

    ask: Ask
    suggestions: Suggestions | None = None
    score: float | None = None
    nested: tuple[Nested, ...] = ()
    maps: tuple[Map, ...] = ()
    explanation: Explanation | None = None
    pattern: MatchPattern | None = None
    heads: tuple[Box, ...] | None = None
    error: CropsightError | None = None


class EngineClient(Protocol):
    """The engine as the rest of the program sees it; :class:`app.engine.engine_thread.EngineThread` is one.

    Nothing here blocks: questions wait in four queues, and a question of a later one is answered only
    while the queues before it are empty: live, aside, ahead, background.

    Signals: ``ready`` (EngineFacts), ``unavailable`` (CropsightError), ``answered`` (Answer, of
    :meth:`ask` alone; a future of the other three holds its own).
    """

    ready: SignalInstance
    unavailable: SignalInstance
    answered: SignalInstance

    def ask(self, ask: Ask, /) -> None:
        """Ask about the photo being edited; a later question replaces one that has not begun."""

    def ask_aside(self, ask: Ask, /) -> Future[Answer]:
        """Ask for what is shown beside the crop (comparison, reasons), answered in order."""

    def ask_ahead(self, ask: Ask, /) -> Future[Answer]:
        """Ask about a photo that will be shown next, answered in order."""

    def ask_in_background(self, ask: Ask, /) -> Future[Answer]:
        """Ask for batches and exports, answered in order."""
