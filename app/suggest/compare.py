"""Controller of the comparison of methods and of the page about them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.engine.side_questions import SideQuestions
from app.i18n.engine_messages import translated
from app.i18n.method_texts import method_title
from app.photos.crop_thumbnails import ThumbnailMaker
from app.runtime.background import single_shot
from app.runtime.workers import StopOrder, register_worker
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate
from cropcore.geometry.refit import aspect_text, pixels
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from app.suggest.compare_page import ComparePage
    from app.suggest.methods_page import MethodsPage


class CompareController(QObject):
    """Builds both pages over ``stage`` at first use and keeps them up to date.

    Signals: ``focus_released`` (the keys belong to the canvas again), ``method_chosen`` (name).
    """

    focus_released = Signal()
    method_chosen = Signal(str)

    def __init__(self, editor: Editor, engine: EngineClient, stage: QWidget) -> None:
        super().__init__(stage)
        register_worker(self, "comparison", StopOrder.READERS)
        self._editor = editor
        self._stage = stage
        self._comparison = MethodComparison(editor, engine, self)
        self._card_pictures = ThumbnailMaker(self)
        self._card_set: tuple[int, list[str]] = (0, [])
        editor.suggester.engine_changed.connect(self._show_engine)
        editor.changed.connect(self.show_in_hand)
        editor.document.current_changed.connect(self._close_without_photo)

    @cached_property
    def page(self) -> ComparePage:
        """The methods side by side; like the other pages built at first use, not at the start."""
        from app.suggest.compare_page import ComparePage

        page = ComparePage(self._stage)
        page.shown.connect(self._compare_shown)
        page.taken.connect(self._take)
        page.method_chosen.connect(self.method_chosen)
        page.pictures_wanted.connect(self._make_card_pictures)
        self._comparison.begun.connect(self._begin)
        self._comparison.answered.connect(self._compared)
        self._card_pictures.made.connect(self._show_card_picture)
        return page

    @cached_property
    def methods(self) -> MethodsPage:
        """The page on the methods."""
        from app.suggest.methods_page import MethodsPage

        page = MethodsPage(self._stage)
        page.shown.connect(lambda on: None if on else self.focus_released.emit())
        return page

    @property
    def _compares(self) -> bool:
        return self._is_built("page") and self.page.isVisible()

    def _is_built(self, part: str) -> bool:
        return part in self.__dict__

    def toggle(self) -> None:
        """Show the methods side by side, or not."""
        if self._is_built("methods"):
            self.methods.hide()
        self.page.toggle()

    def toggle_methods(self) -> None:
        """Show the page on the methods, or not."""
        if self._is_built("page"):
            self.page.hide()
        self.methods.toggle()

    def close_one(self) -> bool:
        """Close what lies on top; False where nothing is open."""
        for name in ("page", "methods"):
            if self._is_built(name) and getattr(self, name).isVisible():
                getattr(self, name).hide()
                return True
        return False

    def show_in_hand(self) -> None:
        """Mark the crop in hand and the method in use."""
        photo, facts = self._editor.photo, self._editor.suggester.facts
        if self._compares and photo is not None and facts is not None:
            known = photo.edit.method in facts.methods
            method = photo.edit.method if known else facts.methods[0]
            self.page.show_in_hand(method, self._editor.crop)

    def photo_shown(self) -> None:
        """The picture of the photo is there, or it is another one."""
        self._make_card_pictures()

    def _close_without_photo(self) -> None:
        if self._editor.document.current is None and self._compares:
            self.page.hide()

    def stop(self) -> None:
        """Ask nothing more."""
        self._comparison.set_on(False)

    def _compare_shown(self, on: bool) -> None:
        self._show_engine()
        self._comparison.set_on(on)
        if on:
            self.show_in_hand()
        else:
            self.focus_released.emit()

    def _begin(self, same_photo: bool) -> None:
        photo = self._editor.photo
        if photo is None:
            self.page.begin("", 1.5, False)
            return
        edit = photo.edit
        free = self.tr("free ratio")
        shape = aspect_text(edit.aspect, edit.crop, photo.width, photo.height)
        ratio = edit.aspect.ratio_for(photo.width, photo.height) or photo.ratio
        self.page.begin(free if edit.aspect.kind == "free" else shape, ratio, same_photo)

    def _compared(self, method: str, answer: Answer) -> None:
        photo, found = self._editor.photo, answer.suggestions
        if photo is None or found is None:
            trouble = translated(answer.error) if answer.error else self.tr("No answer")
            self.page.show_trouble(method, trouble)
            return
        size = ""
        if found.candidates:
            crop = found.candidates[0].crop
            _, _, wide, high = pixels(crop, found.aspect, photo.width, photo.height)
            size = f"{wide} × {high}"
        self.page.show_best(method, found, size)
        self.show_in_hand()

    def _take(self, candidate: Candidate, aspect: Aspect, method: str) -> None:
        text = self.tr("Crop of {0}").format(method_title(method))
        self._editor.take(candidate, aspect, text)
        self.page.hide()

    def _make_card_pictures(self) -> None:
        photo = self._editor.photo
        if photo is None or photo.preview is None or not self._compares:
            return
        names, crops, size = self.page.wanted_pictures()
        if names:
            number = self._card_pictures.make(photo.preview, crops, size, photo.edit.orientation)
            self._card_set = (number, names)

    def _show_card_picture(self, number: int, place: int, image: QImage) -> None:
        if number == self._card_set[0]:
            self.page.show_picture(self._card_set[1][place], image)

    def _show_engine(self) -> None:
        if (facts := self._editor.suggester.facts) is not None and self._is_built("page"):
            self.page.set_methods(facts.methods)


_REST_MS = 150


class MethodComparison(QObject):
    """Follows the shown photo and what is wanted of it.

    Signals: ``begun`` (whether the answers so far are of the same photo, and may stay until the
    new ones come), ``answered`` (method, Answer).
    """

    begun = Signal(bool)
    answered = Signal(str, Answer)

    def __init__(self, editor: Editor, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._questions = SideQuestions(engine, self)
        self._questions.answered.connect(self._answered)
        self._on = False
        self._wanted: tuple[Photo, CropQuestion] | None = None
        self._rest = single_shot(self, _REST_MS, self._ask)
        editor.changed.connect(self._follow)
        editor.suggester.engine_changed.connect(self._follow)

    def set_on(self, on: bool) -> None:
        """Begin to ask, or drop what was asked."""
        if on == self._on:
            return
        self._on = on
        self._wanted = None
        self._rest.stop()
        self._questions.drop()
        if on:
            self._follow()

    def _follow(self) -> None:
        """Ask anew where something else is wanted: at once at first, then when it rests."""
        if not self._on or self._editor.suggester.facts is None:
            return
        photo = self._editor.photo
        wanted = None
        if photo is not None and photo.photo is not None:
            wanted = (photo.photo, replace(photo.edit.question, method="default"))
        if wanted == self._wanted:
            return
        before, self._wanted = self._wanted, wanted
        self._questions.drop()
        same = before is not None and wanted is not None and before[0] == wanted[0]
        self.begun.emit(same)
        if before is None:
            self._ask()
        else:
            self._rest.start()

    def _ask(self) -> None:
        photo, facts = self._editor.photo, self._editor.suggester.facts
        if photo is None or photo.photo is None or facts is None or self._wanted is None:
            return
        asks = []
        for place, name in enumerate(facts.methods):
            # The default is asked as the live question names it, whose answer is known then.
            question = replace(self._wanted[1], method=name if place else "default")
            asks.append(
                Ask(
                    self._editor.suggester.next_id(),
                    photo.key,
                    photo.revision,
                    photo.photo,
                    question,
                )
            )
        self._questions.ask(asks)

    def _answered(self, answer: Answer) -> None:
        facts = self._editor.suggester.facts
        if facts is not None:
            name = answer.ask.question.method
            self.answered.emit(facts.methods[0] if name == "default" else name, answer)
