"""Lets a batch thread ask the window's engine through its lowest-priority queue."""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.messages import Answer, Ask, EngineClient
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Suggestions
from cropcore.images.photo import Photo
from cropcore.job_control import JobControl

_KEY = 0
"""No open photo has this key: what is prepared for a batch never takes the place of theirs."""

_LOOK_SECONDS = 0.1
_ENCODING = CropQuestion(Aspect("original"))


class StoppedError(CropsightError):
    """The batch was stopped before the engine answered."""


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A photo that the engine has encoded, and its pixels should it have forgotten."""

    photo: Photo
    pixels: NDArray[np.uint8] | None


class BackgroundEngine:
    """Answers a batch's questions in short parts, each when nothing else is wanted of the engine.

    It waits on the thread that asks, for as long as ``control`` is not cancelled.
    """

    def __init__(self, engine: EngineClient, control: JobControl) -> None:
        self._engine = engine
        self._control = control

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = None, /) -> EncodedQuestion:
        """What the questions about a photo need.

        Raises:
            CropsightError: the engine failed on the photo.
            StoppedError: the batch was stopped.
        """
        # Apart from the first question: what a person wants meanwhile goes in between.
        answer = self._answer(Ask(0, _KEY, 0, photo, _ENCODING, suggest=False, pixels=pixels))
        if answer.error is not None:
            raise answer.error
        return EncodedQuestion(photo, pixels)

    def answer(self, scene: EncodedQuestion, question: CropQuestion, /) -> Suggestions:
        """The candidates that are asked for, best first.

        Raises:
            CropsightError: the engine failed on the photo.
            StoppedError: the batch was stopped.
        """
        answer = self._answer(Ask(0, _KEY, 0, scene.photo, question, pixels=scene.pixels))
        if answer.suggestions is None:
            raise answer.error or CropsightError("The engine found nothing.")
        return answer.suggestions

    def _answer(self, ask: Ask) -> Answer:
        self._control.give_way()
        future = self._engine.ask_in_background(ask)
        while not self._control.cancelled:
            try:
                return future.result(_LOOK_SECONDS)
            except NotYet:
                continue
        future.cancel()
        raise StoppedError("The batch was stopped.")
