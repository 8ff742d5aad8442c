"""One thread owns the engine; questions go in, answers come out, and the latest question wins.

One question runs and one waits; asking again replaces the one that waits. A question says all that
is wanted at its moment, so that the one it replaces is never missed. Batch work is taken only
while no question waits. Everything that crosses the thread line is immutable.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from app.document import Question
from app.outbox import Outbox
from cropcore.aspect import Aspect
from cropcore.crop import Box, Crop, Map, Suggestions
from cropcore.errors import CropsightError
from cropcore.photo import Photo

log = logging.getLogger(__name__)

_SCENES_KEPT = 4
_T = TypeVar("_T")


class Engine(Protocol):
    """What the thread needs of :class:`cropcore.engine.CropEngine`; scenes are the engine's own."""

    @property
    def device(self) -> str:
        """Where it computes."""

    @property
    def device_note(self) -> str:
        """What the person should know of it, or nothing."""

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods, the default first."""

    @property
    def map_names(self) -> tuple[str, ...]:
        """The maps that it can make."""

    def encode(self, photo: Photo, /) -> Any:
        """Prepare a photo: everything that its questions share."""

    def suggest(
        self,
        scene: Any,
        aspect: Aspect,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> Suggestions:
        """The best crops, best first."""

    def calibrated(
        self,
        scene: Any,
        crops: Sequence[Crop],
        aspect: Aspect,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> NDArray[np.float64]:
        """Scores of crops, 0 to 100, on the scale of the suggestions for the same wishes."""

    def maps(
        self, scene: Any, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps of the photo by name."""


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What the window shows of a loaded engine; the default method comes first."""

    device: str
    note: str
    methods: tuple[str, ...]
    map_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """All that is wanted now of one photo.

    ``id`` grows with every ask; ``revision`` is that of the photo's edit. ``suggest`` asks for
    ``k`` candidates, ``crop`` for its score, ``map_name`` for that map.
    """

    id: int
    key: int
    revision: int
    photo: Photo
    question: Question
    suggest: bool = True
    crop: Crop | None = None
    map_name: str | None = None
    k: int = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine says to one ask; parts that were not asked for, or failed, are None.

    ``error`` tells of the first part that failed; the other parts hold all the same.
    """

    ask: Ask
    suggestions: Suggestions | None = None
    score: float | None = None
    map: Map | None = None
    error: str = ""


def load_engine(device: str = "auto") -> Engine:
    """Load the real engine; importing it takes a second or more, so only the thread does it."""
    from cropcore.engine import CropEngine

    return CropEngine.load(device)


class EngineThread(QThread):
    """The engine's thread.

    Signals: ``ready`` (EngineFacts), ``unavailable`` (why, with a remedy), ``answered`` (Answer).
    """

    ready = Signal(object)
    unavailable = Signal(str)
    answered = Signal(object)

    def __init__(self, load: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._outbox = Outbox(self)
        # Python's own lock: waiting for one of Qt's would hold the interpreter meanwhile.
        self._wake = threading.Condition()
        self._waiting: Ask | None = None
        self._batch: deque[tuple[Ask, Future[Answer]]] = deque()
        self._stopping = False
        self._scenes: OrderedDict[int, tuple[Photo, Any]] = OrderedDict()
        self._last: tuple[int, Question, int, Suggestions] | None = None

    def ask(self, ask: Ask) -> None:
        """Ask; an earlier question that has not begun is dropped."""
        with self._wake:
            self._waiting = ask
            self._wake.notify()

    def ask_in_background(self, ask: Ask) -> Future[Answer]:
        """Ask for batch work, answered in order and behind every :meth:`ask`."""
        future: Future[Answer] = Future()
        with self._wake:
            if self._stopping or self.isFinished():
                future.set_result(Answer(ask, error="The engine has stopped."))
            else:
                self._batch.append((ask, future))
                self._wake.notify()
        return future

    def stop(self) -> None:
        """Ask the thread to end and wait for it; batch work that has not begun is cancelled."""
        with self._wake:
            self._stopping = True
            self._waiting = None
            dropped = list(self._batch)
            self._batch.clear()
            self._wake.notify()
        for _, future in dropped:
            future.cancel()
        self.wait()

    def run(self) -> None:
        """The thread's work."""
        engine, reason = self._start_engine()
        while (work := self._next()) is not None:
            ask, future = work
            if engine is None:
                if future is not None:
                    future.set_result(Answer(ask, error=reason))
                continue
            if future is not None and not future.set_running_or_notify_cancel():
                continue
            answer = self._answer(engine, ask)
            if future is not None:
                future.set_result(answer)
            else:
                self._outbox.send(self.answered, answer)

    def _start_engine(self) -> tuple[Engine | None, str]:
        try:
            engine = self._load()
        except CropsightError as error:
            reason = str(error)
        except Exception as error:  # The window and waiting exports must hear of it in any case.
            log.exception("The engine cannot be loaded")
            reason = f"{error} Install Cropsight again to repair it."
        else:
            facts = EngineFacts(engine.device, engine.device_note, engine.methods, engine.map_names)
            self._outbox.send(self.ready, facts)
            return engine, ""
        self._outbox.send(self.unavailable, reason)
        return None, reason

    def _next(self) -> tuple[Ask, Future[Answer] | None] | None:
        with self._wake:
            while not self._stopping:
                if self._waiting is not None:
                    ask, self._waiting = self._waiting, None
                    return ask, None
                if self._batch:
                    return self._batch.popleft()
                self._wake.wait()
        return None

    def _answer(self, engine: Engine, ask: Ask) -> Answer:
        """Each part by itself: one that fails takes no other along. The first failure is told."""
        trouble: list[str] = []
        scene = self._part(ask, "no suggestions", trouble, lambda: self._scene(engine, ask))
        if trouble:
            return Answer(ask, error=trouble[0])
        suggestions = score = found = None
        if ask.suggest:
            suggestions = self._part(
                ask, "no suggestions", trouble, lambda: self._suggest(engine, scene, ask)
            )
        if (crop := ask.crop) is not None:
            score = self._part(ask, "no score", trouble, lambda: _score(engine, scene, ask, crop))
        if (name := ask.map_name) is not None:
            aspect = ask.question.aspect
            found = self._part(
                ask, "no map", trouble, lambda: engine.maps(scene, aspect, [name])[name]
            )
        return Answer(ask, suggestions, score, found, trouble[0] if trouble else "")

    @staticmethod
    def _part(ask: Ask, lack: str, trouble: list[str], work: Callable[[], _T]) -> _T | None:
        """What ``work`` returns; where it fails, None and one more text in ``trouble``."""
        try:
            return work()
        except CropsightError as error:
            trouble.append(str(error))
        except Exception as error:  # The thread must outlive whatever one photo does to it.
            log.exception("The engine failed on %s", ask.photo.path)
            trouble.append(f"{ask.photo.path.name}: {lack} ({error}).")
        return None

    def _scene(self, engine: Engine, ask: Ask) -> Any:
        known = self._scenes.get(ask.key)
        if known is None or known[0] is not ask.photo:
            # The file may have been changed: what was said of the one before is no answer.
            if self._last is not None and self._last[0] == ask.key:
                self._last = None
            self._scenes[ask.key] = (ask.photo, engine.encode(ask.photo))
            if len(self._scenes) > _SCENES_KEPT:
                self._scenes.popitem(last=False)
        self._scenes.move_to_end(ask.key)
        return self._scenes[ask.key][1]

    def _suggest(self, engine: Engine, scene: Any, ask: Ask) -> Suggestions:
        if self._last is not None and self._last[:3] == (ask.key, ask.question, ask.k):
            return self._last[3]
        question = ask.question
        suggestions = engine.suggest(
            scene,
            question.aspect,
            k=ask.k,
            method=question.method,
            tightness=question.tightness,
            protect=question.protect,
        )
        self._last = (ask.key, question, ask.k, suggestions)
        return suggestions


def _score(engine: Engine, scene: Any, ask: Ask, crop: Crop) -> float | None:
    """The score of a crop, 0 to 100, or None where the method is not calibrated."""
    question = ask.question
    values = engine.calibrated(
        scene, [crop], question.aspect, question.method, question.tightness, question.protect
    )
    score = float(values[0])
    return score if math.isfinite(score) else None
