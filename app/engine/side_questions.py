"""Asks the engine about what is shown beside the crop; a new set of questions cancels the one before."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.engine.messages import Answer, Ask, EngineClient
from app.runtime.background import ThreadSignals


class SideQuestions(QObject):
    """Asks sets of questions, each of which replaces the one before.

    Signals: ``answered`` (Answer), in the order of the questions.
    """

    answered = Signal(Answer)
    _arrived = Signal(int, Answer)

    def __init__(self, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._signals = ThreadSignals(self)
        self._futures: list[Future[Answer]] = []
        self._set = 0
        self._arrived.connect(self._take)

    def ask(self, asks: Iterable[Ask]) -> None:
        """Ask these; what was asked before is dropped."""
        self.drop()
        for ask in asks:
            future = self._engine.ask_aside(ask)
            self._futures.append(future)
            future.add_done_callback(partial(self._done, self._set))

    def drop(self) -> None:
        """No answer is wanted any more."""
        self._set += 1
        for future in self._futures:
            future.cancel()
        self._futures.clear()

    def _done(self, number: int, future: Future[Answer]) -> None:
        # Runs on the engine's thread; on the GUI thread where the engine has stopped.
        if not future.cancelled():
            self._signals.send(self._arrived, number, future.result())

    def _take(self, number: int, answer: Answer) -> None:
        if number == self._set:
            self.answered.emit(answer)
