"""Controller of the reasons for the current crop: asks the engine for an explanation and shows it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.document.document import ORIGINAL
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.engine.side_questions import SideQuestions
from app.i18n.engine_messages import translated
from app.photos.crop_thumbnails import ThumbnailMaker
from app.runtime.background import single_shot
from app.runtime.workers import StopOrder, register_worker
from app.widgets.side_panel import SidePanel
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Explanation
from cropcore.geometry.refit import centred
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from app.suggest.why_panel import WhyPanel

_REST_MS = 200


class WhyController(QObject):
    """Builds the panel of reasons in ``side`` at first use and keeps it up to date while it is shown.

    Signals: ``focus_released`` (the keys belong to the canvas again).
    """

    focus_released = Signal()

    def __init__(self, editor: Editor, engine: EngineClient, side: SidePanel) -> None:
        super().__init__(side)
        register_worker(self, "reasons", StopOrder.READERS)
        self._editor = editor
        self._side = side
        self._request = ExplanationRequest(editor, engine, self)
        self._pictures = ThumbnailMaker(self)
        self._picture_set = 0
        self._pictured: Crop | None = None
        side.pages.currentChanged.connect(lambda _: self._page_changed())
        editor.document.current_changed.connect(self._close_without_photo)

    @cached_property
    def panel(self) -> WhyPanel:
        """The reasons for the crop in hand, a page of the side panel; no start waits for it."""
        from app.suggest.why_panel import WhyPanel

        panel = WhyPanel()
        self._side.add_page(panel)
        panel.closed.connect(self.toggle)
        panel.picture_wanted.connect(self._make_picture)
        self._request.explained.connect(self._explained)
        self._request.failed.connect(panel.show_message)
        self._pictures.made.connect(self._show_picture)
        return panel

    @property
    def is_shown(self) -> bool:
        """Whether the reasons are shown."""
        return "panel" in self.__dict__ and self._side.pages.currentWidget() is self.panel

    def toggle(self) -> None:
        """Show why this crop, or the edit page."""
        if self.is_shown:
            self._side.show_edit()
        else:
            self._side.pages.setCurrentWidget(self.panel)

    def close_one(self) -> bool:
        """Close the panel; False where it is not shown."""
        if self.is_shown:
            self.toggle()
            return True
        return False

    def photo_shown(self) -> None:
        """The picture of the photo is there, or it is another one."""
        self._make_picture()

    def stop(self) -> None:
        """Ask nothing more."""
        self._request.set_on(False)

    def _close_without_photo(self) -> None:
        if self._editor.document.current is None:
            self.close_one()

    def _page_changed(self) -> None:
        self._request.set_on(self.is_shown)
        if self.is_shown:
            self._make_picture()
        else:
            self.focus_released.emit()

    def _explained(self, explanation: Explanation | None) -> None:
        self.panel.show_explanation(explanation, self._offered(explanation))
        if explanation is None:
            self.panel.set_photo(None, self._editor.photo.ratio if self._editor.photo else 1.5)
            self._make_picture()
        elif self._editor.photo is not None and _seen(self._editor.photo) != self._pictured:
            self._make_picture()
        if self._editor.suggester.engine_lost:
            self.panel.show_message(self.tr("There are no reasons without the engine."))

    def _offered(self, explanation: Explanation | None) -> tuple[str, Candidate] | None:
        """Who offers the explained crop among the candidates, and which of them it is."""
        photo = self._editor.photo
        found = photo.current_suggestions if photo is not None else None
        if found is None or explanation is None:
            return None
        same = (c for c in found.candidates if c.crop == explanation.crop)
        return next(((found.method, candidate) for candidate in same), None)

    def _make_picture(self) -> None:
        photo = self._editor.photo
        if photo is not None and photo.preview is not None and self.is_shown:
            self._pictured = _seen(photo)
            self._picture_set = self._pictures.make(
                photo.preview, [self._pictured], self.panel.picture.room, photo.edit.orientation
            )

    def _show_picture(self, number: int, _: int, image: QImage) -> None:
        if number == self._picture_set and self._editor.photo is not None:
            self.panel.set_photo(image, self._editor.photo.ratio)


def _seen(photo: OpenPhoto) -> Crop:
    """What the engine sees of a photo, and explains crops in."""
    return centred(ORIGINAL, photo.width, photo.height, photo.edit.crop.angle)


class ExplanationRequest(QObject):
    """Asks for reasons of the crop in hand once it rests, while it is switched on.

    Signals: ``explained`` (Explanation, or None where another photo is shown), ``failed`` (a text).
    """

    explained = Signal(object)
    failed = Signal(str)

    def __init__(self, editor: Editor, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._questions = SideQuestions(engine, self)
        self._questions.answered.connect(self._answered)
        self._on = False
        self._asked: tuple[Photo, Aspect, Crop, tuple[Crop, ...]] | None = None
        self._shown_key = -1
        self._rest = single_shot(self, _REST_MS, self._ask)
        for signal in (
            editor.changed,
            editor.live_changed,
            editor.suggester.scored,
            editor.suggester.candidates_changed,
        ):
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
            self._questions.drop()
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
        if not photo.is_answered:
            return
        found = photo.current_suggestions
        rivals = tuple(c.crop for c in found.candidates if c.crop != crop) if found else ()
        question = photo.edit.question
        wanted = (photo.photo, question.aspect, crop, rivals)
        if wanted != self._asked:
            self._asked = wanted
            self._questions.ask(
                [
                    Ask(
                        self._editor.suggester.next_id(),
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
            self.failed.emit(translated(answer.error))
