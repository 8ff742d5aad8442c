"""Prefetches the next photos: decodes their previews and asks for their suggestions.

Their preview is decoded and they are suggested crops for, with the very question that showing them
will ask. Then a step to the next photo finds everything there.
"""

from __future__ import annotations

import itertools
from concurrent.futures import Future
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.photos.opener import Opener
from app.runtime.background import ThreadSignals, single_shot
from app.runtime.workers import StopOrder, register_worker
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.orientation import UPRIGHT
from cropcore.images.photo import Photo
from cropcore.job_control import InteractivePriority

AHEAD = 2
RESULTS_AHEAD = 6
"""So many results of a review: one is decided faster than a picture is made."""
_REST_MS = 60


class Prefetcher(QObject):
    """Prepares photos in the direction in which the person goes, while nothing else is wanted.

    What is asked waits behind every other question, in two short parts: the encoding, then the
    suggestions. Whatever the person does to the shown photo drops what has not begun. So a question
    about the shown photo never stands behind more than one such part.

    ``priority`` is claimed from whatever the person does until everything is there, the photos ahead
    included.
    """

    _arrived = Signal(Answer)

    def __init__(
        self,
        editor: Editor,
        opener: Opener,
        engine: EngineClient,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        register_worker(self, "prefetching", StopOrder.READERS)
        self._editor = editor
        self._document = editor.document
        self._opener = opener
        self._engine = engine
        self.priority = InteractivePriority()
        self._signals = ThreadSignals(self)
        self._on = True
        self._direction = 1
        self._row = -1
        self._targets: list[int] = []
        self._futures: list[Future[Answer]] = []
        self._asked: set[tuple[int, CropQuestion]] = set()
        self._failed: set[tuple[int, CropQuestion]] = set()
        self._pixels: dict[int, tuple[Photo, NDArray[np.uint8]]] = {}
        self._pause = single_shot(self, _REST_MS, self._go)
        self._arrived.connect(self._take)
        self._document.current_changed.connect(self._follow)
        editor.suggester.decoded = self._decoded
        editor.changed.connect(self._wait)
        editor.live_changed.connect(self._wait)
        editor.suggester.scored.connect(self._wait)
        editor.suggester.candidates_changed.connect(self._pause.start)
        opener.previewed.connect(self._previewed)
        opener.file_checked.connect(self._file_checked)

    def set_on(self, on: bool) -> None:
        """Whether photos are prepared at all."""
        self._on = on
        if on:
            self._pause.start()
        else:
            self._drop()

    def stop(self) -> None:
        """Ask nothing more."""
        self.set_on(False)
        self.priority.release()

    def _follow(self) -> None:
        """Another photo is shown: the way from the one before is the way that goes on."""
        current, before = self._document.current, self._row
        shown = self._document.shown
        self._row = shown.index(current) if current is not None and current in shown else -1
        if before >= 0 and self._row >= 0 and self._row != before:
            self._direction = 1 if self._row > before else -1
        self._wait()

    def _wait(self) -> None:
        """The person is at work: what has not begun gives way, and a pause begins anew."""
        self._drop()
        self._pause.start()
        self.priority.claim()

    def _drop(self) -> None:
        for future in self._futures:
            future.cancel()
        self._futures.clear()
        self._asked.clear()

    def _go(self) -> None:
        if not self._on or not self._is_settled():
            self._tell_waiting([])
            return
        if self._editor.button_down:
            self._pause.start()
            return
        targets = self._next_ones()
        for photo in targets:
            self._opener.initial_edit.begin(photo)
        keys = [photo.key for photo in targets]
        if keys != self._targets:
            self._targets = keys
            self._pixels = {k: v for k, v in self._pixels.items() if k in keys}
            self._opener.prepare(targets)
        for photo in targets:
            self._ask(photo)
        self._tell_waiting(targets)

    def _next_ones(self) -> list[OpenPhoto]:
        """The photos that will probably be shown next; of a review, those still to be decided."""
        current = self._document.current
        if current is None or not current.is_result:
            near = (self._document.after(self._direction * by) for by in range(1, AHEAD + 1))
            return list(dict.fromkeys(photo for photo in near if photo is not None))
        way = list(self._document.shown)
        place = way.index(current) if current in way else -1
        following = (
            (way[place + 1 :] if self._direction > 0 else way[:place][::-1]) if place >= 0 else way
        )
        left = (p for p in following if not (p.edit.accepted or p.edit.rejected or p.failure))
        return list(itertools.islice(left, RESULTS_AHEAD))

    def _tell_waiting(self, targets: list[OpenPhoto]) -> None:
        """Whether something is still to come that the person waits for, or soon will."""
        shown = self._editor.photo
        if (shown is None or shown.failure or self._is_settled()) and all(
            photo.failure or self._is_ready(photo) for photo in targets
        ):
            self.priority.release()
        else:
            self.priority.claim()

    def _is_ready(self, photo: OpenPhoto) -> bool:
        asked = photo.key, photo.edit.question
        known = photo.is_answered and photo.suggestion_state.refined
        return photo.preview is not None and (known or asked in self._failed)

    def _is_settled(self) -> bool:
        """Whether nothing more is to come for the shown photo."""
        photo = self._editor.photo
        if photo is None or photo.preview is None:
            return False
        return self._editor.suggester.engine_lost or (
            photo.is_answered and photo.suggestion_state.refined
        )

    def _ask(self, photo: OpenPhoto) -> None:
        edit = photo.edit
        known = photo.is_answered and photo.suggestion_state.refined
        if (
            photo.photo is None
            or photo.preview is None
            or known
            or self._editor.suggester.facts is None
        ):
            return  # the preview comes first: it calls again
        if (photo.key, edit.question) in self._asked | self._failed:
            return
        self._asked.add((photo.key, edit.question))
        number = self._editor.suggester.begin_ask(photo)
        pixels = self._decoded(photo)
        for suggest in (False, True):
            ask = Ask(
                number,
                photo.key,
                photo.revision,
                photo.photo,
                edit.question,
                suggest,
                pixels=pixels,
            )
            future = self._engine.ask_ahead(ask)
            self._futures.append(future)
            if suggest:
                future.add_done_callback(partial(_send, self._signals, self._arrived))

    def _decoded(self, photo: OpenPhoto) -> NDArray[np.uint8] | None:
        known = self._pixels.get(photo.key)
        upright = photo.edit.orientation == UPRIGHT and not photo.edit.crop.angle
        return known[1] if known and known[0] is photo.photo and upright else None

    def _previewed(self, key: int) -> None:
        current = self._document.current
        if key in self._targets or (current is not None and key == current.key):
            self._pause.start()

    def _file_checked(self, key: int, photo: Photo, pixels: NDArray[np.uint8]) -> None:
        if key in self._targets:
            self._pixels[key] = (photo, pixels)

    def _take(self, answer: Answer) -> None:
        photo = self._document.find(answer.ask.key)
        if answer.error:
            # It is asked again, and the trouble told, once the photo is shown.
            self._failed.add((answer.ask.key, answer.ask.question))
        elif photo is not None and photo.edit.question == answer.ask.question:
            self._pixels.pop(photo.key, None)
            self._editor.suggester.take_in(answer)
        self._pause.start()


def _send(signals: ThreadSignals, signal: object, future: Future[Answer]) -> None:
    # On the engine's thread, or on this one where the engine has stopped.
    if not future.cancelled():
        signals.send(signal, future.result())  # type: ignore[arg-type]
