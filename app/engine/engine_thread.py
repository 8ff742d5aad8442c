"""Worker thread that owns the engine and answers questions from four queues by priority.

One question runs and one waits; asking again replaces the one that waits. A question says all that
is wanted at its moment, so that the one it replaces is never missed. What is asked aside is taken
only while no question waits, what is asked ahead only while nothing is looked at, and batch work
only while nothing else waits. Everything that crosses the thread line is immutable.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QThread, Signal

from app.engine.encoded_photo import EncodedPhoto
from app.engine.messages import Answer, Ask, Engine, EngineFacts
from app.runtime.background import ThreadSignals
from app.runtime.workers import end_thread
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError, DeviceError, PhotoError
from cropcore.geometry.crop import Box, Suggestions
from cropcore.geometry.orientation import Orientation
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo
from cropcore.messages import Message

log = logging.getLogger(__name__)

_SCENES_KEPT = 4
_ANSWERS_KEPT = 12
_T = TypeVar("_T")
# A photo's key and how it is turned and straightened: what one encoder pass is good for.
_Place = tuple[int, float, Orientation]


def load_engine(device: str = "auto") -> Engine:
    """Load the real engine; importing it takes a second or more, so only the thread does it."""
    from cropcore.engine.engine import CropEngine

    return CropEngine.load(device)


class EngineThread(QThread):
    """The engine's thread.

    Signals: ``ready`` (EngineFacts), ``unavailable`` (CropsightError), ``answered`` (Answer).
    """

    ready = Signal(EngineFacts)
    unavailable = Signal(CropsightError)
    answered = Signal(Answer)

    def __init__(
        self,
        load: Callable[[], Engine],
        parent: QObject | None = None,
        otherwise: Callable[[], Engine] | None = None,
    ) -> None:
        """``otherwise`` loads the engine where the device that ``load`` wants is not here."""
        super().__init__(parent)
        self._load, self._otherwise = load, otherwise
        self._signals = ThreadSignals(self)
        # Python's own lock: waiting for one of Qt's would hold the interpreter meanwhile.
        self._wake = threading.Condition()
        # Shared, under _wake: filled by whoever asks (GUI thread, batch threads), emptied by this one.
        self._waiting: Ask | None = None
        self._aside: deque[tuple[Ask, Future[Answer]]] = deque()
        self._ahead: deque[tuple[Ask, Future[Answer]]] = deque()
        self._batch: deque[tuple[Ask, Future[Answer]]] = deque()
        self._stopping = False
        # Of run() alone, without lock: what this thread has worked out.
        self._encoded: OrderedDict[_Place, tuple[Photo, EncodedPhoto]] = OrderedDict()
        # By photo, the crop that a held slider last showed.
        self._sliding: dict[_Place, tuple[Box, ...]] = {}
        self._known: OrderedDict[tuple[_Place, CropQuestion, int], tuple[bool, Suggestions]] = (
            OrderedDict()
        )

    def ask(self, ask: Ask) -> None:
        """Ask; an earlier question that has not begun is dropped."""
        with self._wake:
            self._waiting = ask
            self._wake.notify()

    def ask_aside(self, ask: Ask) -> Future[Answer]:
        """Ask for what a person looks at beside the crop: behind every :meth:`ask`, in order."""
        return self._line_up(self._aside, ask)

    def ask_ahead(self, ask: Ask) -> Future[Answer]:
        """Ask about a photo that will be shown next: behind all that is looked at, in order."""
        return self._line_up(self._ahead, ask)

    def ask_in_background(self, ask: Ask) -> Future[Answer]:
        """Ask for batch work, answered in order and behind everything else."""
        return self._line_up(self._batch, ask)

    def stop(self) -> None:
        """Ask the thread to end and wait for it; what has not begun is cancelled."""
        with self._wake:
            self._stopping = True
            self._waiting = None
            dropped = [*self._aside, *self._ahead, *self._batch]
            for line in (self._aside, self._ahead, self._batch):
                line.clear()
            self._wake.notify()
        for _, future in dropped:
            future.cancel()
        end_thread(self)

    def run(self) -> None:
        """The thread's work."""
        give_up_when(lambda: self._stopping)
        engine, reason = self._start_engine()
        while (work := self._next()) is not None:
            ask, future = work
            if engine is None:
                if future is not None:
                    future.set_result(Answer(ask, error=reason))
                continue
            if future is not None and not future.set_running_or_notify_cancel():
                continue
            if future is not None:
                future.set_result(self._answer(engine, ask))
                continue
            for part in _maps_first(ask):
                self._signals.send(self.answered, self._answer(engine, part))

    def _start_engine(self) -> tuple[Engine | None, CropsightError | None]:
        try:
            engine, missing = self._loaded()
        except CropsightError as error:
            reason = error
        except Exception as error:  # The window and waiting exports must hear of it in any case.
            log.exception("The engine cannot be loaded")
            reason = CropsightError(
                "{reason} Install Cropsight again to repair it.", reason=str(error)
            )
        else:
            facts = EngineFacts(
                engine.device,
                engine.device_note,
                engine.methods,
                engine.map_names,
                dict(engine.weights_sha256),
                missing,
            )
            self._signals.send(self.ready, facts)
            return engine, None
        self._signals.send(self.unavailable, reason)
        return None, reason

    def _loaded(self) -> tuple[Engine, Message | None]:
        """The engine; and where the wanted device is missing, why another one is used."""
        try:
            return self._load(), None
        except DeviceError as error:
            if self._otherwise is None:
                raise
            return self._otherwise(), error.message

    def _line_up(self, line: deque[tuple[Ask, Future[Answer]]], ask: Ask) -> Future[Answer]:
        future: Future[Answer] = Future()
        with self._wake:
            if self._stopping or self.isFinished():
                future.set_result(Answer(ask, error=CropsightError("The engine has stopped.")))
            else:
                line.append((ask, future))
                self._wake.notify()
        return future

    def _next(self) -> tuple[Ask, Future[Answer] | None] | None:
        with self._wake:
            while not self._stopping:
                if self._waiting is not None:
                    ask, self._waiting = self._waiting, None
                    return ask, None
                for line in (self._aside, self._ahead, self._batch):
                    if line:
                        return line.popleft()
                self._wake.wait()
        return None

    def _answer(self, engine: Engine, ask: Ask) -> Answer:
        """Answer every part of a question; one that fails leaves the others. ``error`` is the first
        failure."""
        trouble: list[CropsightError] = []
        encoded = self._part(
            ask, Message("No suggestions"), trouble, lambda: self._encoded_photo(engine, ask)
        )
        if encoded is None:
            return Answer(ask, error=trouble[0])
        question = ask.question
        suggestions = score = nested = explanation = None
        if ask.suggest:
            suggestions = self._part(
                ask, Message("No suggestions"), trouble, lambda: self._suggest(encoded, ask)
            )
        if (crop := ask.crop) is not None:
            score = self._part(
                ask, Message("No score"), trouble, lambda: encoded.score(question, crop)
            )
            nested = self._part(
                ask, Message("No crops in it"), trouble, lambda: encoded.nested(question, crop)
            )
        maps = [
            self._part(ask, Message("No map"), trouble, partial(encoded.map, question.aspect, name))
            for name in ask.map_names
        ]
        if (why := ask.explain) is not None:
            explanation = self._part(
                ask, Message("No reasons"), trouble, lambda: encoded.explain(ask, why)
            )
        pattern = None
        if (copied := ask.pattern_of) is not None:
            pattern = self._part(
                ask, Message("No pattern"), trouble, lambda: encoded.pattern(question, copied)
            )
        made = tuple(found for found in maps if found is not None)
        error = trouble[0] if trouble else None
        heads = encoded.heads
        return Answer(
            ask, suggestions, score, nested or (), made, explanation, pattern, heads, error
        )

    @staticmethod
    def _part(
        ask: Ask, lack: Message, trouble: list[CropsightError], work: Callable[[], _T]
    ) -> _T | None:
        """What ``work`` returns; where it fails, None and one more error in ``trouble``."""
        try:
            return work()
        except CropsightError as error:
            trouble.append(error)
        except Exception as error:  # The thread must outlive whatever one photo does to it.
            log.exception("The engine failed on %s", ask.photo.path)
            trouble.append(
                PhotoError(ask.photo.path, "{lack} ({reason}).", lack=lack, reason=str(error))
            )
        return None

    def _encoded_photo(self, engine: Engine, ask: Ask) -> EncodedPhoto:
        place = _place(ask)
        known = self._encoded.get(place)
        if known is None or known[0] is not ask.photo:
            # Another Photo: the file may have changed, so cached answers about it are dropped.
            for known_ask in [k for k in self._known if k[0] == place]:
                del self._known[known_ask]
            self._encoded[place] = (
                ask.photo,
                EncodedPhoto.of(engine, ask.photo, ask.question.angle, ask.pixels),
            )
            if len(self._encoded) > _SCENES_KEPT:
                self._encoded.popitem(last=False)
        self._encoded.move_to_end(place)
        return self._encoded[place][1]

    def _suggest(self, encoded: EncodedPhoto, ask: Ask) -> Suggestions:
        place, question = _place(ask), ask.question
        known = (place, question, question.k)
        refined, suggestions = self._known.get(known, (False, None))
        # A refined answer is good for a quick question too, never the other way round.
        if suggestions is None or (question.refine and not refined):
            # While a slider moves, and as it comes to rest, crops do not jump between equals.
            before = self._sliding.pop(place, ())
            near = before[0] if before else None
            suggestions = encoded.suggest(replace(question, near=near, before=before))
            if not question.refine and suggestions.candidates:
                self._sliding[place] = tuple(c.crop.box for c in suggestions.candidates)
            self._known[known] = (question.refine, suggestions)
            if len(self._known) > _ANSWERS_KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(known)
        return suggestions


def _place(ask: Ask) -> _Place:
    return ask.key, ask.question.angle, ask.question.orientation


def _maps_first(ask: Ask) -> tuple[Ask, ...]:
    """Split a question: a map takes milliseconds and is answered before the suggestions, which take
    longer."""
    if not ask.map_names or not (ask.suggest or ask.crop is not None):
        return (ask,)
    return replace(ask, suggest=False, crop=None), replace(ask, map_names=())
