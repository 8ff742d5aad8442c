"""Asks every method about the same photo and aspect, while the comparison is on the screen.

No widget is known here.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Question
from app.editor.editor import Editor
from app.engine.messages import Answer, Ask
from app.engine.side_questions import Aside, AsideEngine
from cropcore.images.photo import Photo

_REST_MS = 150


class Comparing(QObject):
    """Follows the shown photo and what is wanted of it.

    Signals: ``begun`` (whether the answers so far are of the same photo, and may stay until the
    new ones come), ``answered`` (method, Answer).
    """

    begun = Signal(bool)
    answered = Signal(str, object)

    def __init__(self, editor: Editor, engine: AsideEngine, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._aside = Aside(engine, self)
        self._aside.answered.connect(self._answered)
        self._on = False
        self._wanted: tuple[Photo, Question] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        editor.changed.connect(self._follow)
        editor.engine_changed.connect(self._follow)

    def set_on(self, on: bool) -> None:
        """Begin to ask, or drop what was asked."""
        if on == self._on:
            return
        self._on = on
        self._wanted = None
        self._rest.stop()
        self._aside.drop()
        if on:
            self._follow()

    def _follow(self) -> None:
        """Ask anew where something else is wanted: at once at first, then when it rests."""
        if not self._on or self._editor.facts is None:
            return
        photo = self._editor.photo
        wanted = None
        if photo is not None and photo.photo is not None:
            wanted = (photo.photo, replace(photo.edit.question, method="default"))
        if wanted == self._wanted:
            return
        before, self._wanted = self._wanted, wanted
        self._aside.drop()
        same = before is not None and wanted is not None and before[0] == wanted[0]
        self.begun.emit(same)
        if before is None:
            self._ask()
        else:
            self._rest.start()

    def _ask(self) -> None:
        photo, facts = self._editor.photo, self._editor.facts
        if photo is None or photo.photo is None or facts is None or self._wanted is None:
            return
        asks = []
        for place, name in enumerate(facts.methods):
            # The default is asked as the live question names it, whose answer is known then.
            question = replace(self._wanted[1], method=name if place else "default")
            asks.append(
                Ask(self._editor.next_id(), photo.key, photo.revision, photo.photo, question)
            )
        self._aside.ask(asks)

    def _answered(self, answer: Answer) -> None:
        facts = self._editor.facts
        if facts is not None:
            name = answer.ask.question.method
            self.answered.emit(facts.methods[0] if name == "default" else name, answer)
