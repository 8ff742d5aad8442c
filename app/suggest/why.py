"""Asks why the crop in hand is as good as it is, once it rests.

No widget is known here.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.engine.side_questions import SideQuestions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo

_REST_MS = 200


class ExplanationRequest(QObject):
    """Follows the crop in hand while it is switched on.

    Signals: ``explained`` (Explanation, or None where another photo is shown), ``failed`` (a text).
    """

    explained = Signal(object)
    failed = Signal(str)

    def __init__(self, editor: Editor, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._aside = SideQuestions(engine, self)
        self._aside.answered.connect(self._answered)
        self._on = False
        self._asked: tuple[Photo, Aspect, Crop, tuple[Crop, ...]] | None = None
        self._shown_key = -1
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        for signal in (editor.changed, editor.live_changed, editor.candidates_changed):
            signal.connect(self._follow)

    @property
    def is_on(self) -> bool:
        """Whether reasons are wanted."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Begin or end to follow the crop."""
        if on != self._on:
            self._on = on
            self._asked = None
            self._aside.drop()
            self._rest.stop()
            if on:
                self._shown_key = -1
                self._follow()
                self._ask()

    def _follow(self) -> None:
        if not self._on:
            return
        photo = self._editor.photo
        key = photo.key if photo is not None else 0
        if key != self._shown_key:
            self._shown_key = key
            self.explained.emit(None)
        self._rest.start()

    def _ask(self) -> None:
        photo, crop = self._editor.photo, self._editor.crop
        if photo is None or photo.photo is None:
            return
        if self._editor.button_down:
            self._rest.start()
            return
        if photo.answered != photo.edit.question:
            return
        found = photo.current_suggestions
        rivals = tuple(c.crop for c in found.candidates if c.crop != crop) if found else ()
        question = photo.edit.question
        wanted = (photo.photo, question.aspect, crop, rivals)
        if wanted != self._asked:
            self._asked = wanted
            self._aside.ask(
                [
                    Ask(
                        self._editor.next_id(),
                        photo.key,
                        photo.revision,
                        photo.photo,
                        question,
                        suggest=False,
                        explain=crop,
                        rivals=rivals,
                    )
                ]
            )

    def _answered(self, answer: Answer) -> None:
        if answer.explanation is not None:
            self.explained.emit(answer.explanation)
        elif answer.error:
            self.failed.emit(answer.error)
