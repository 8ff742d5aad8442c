"""What lies beside the crop itself: the methods compared, the reasons, the page on the methods."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.document.document import ORIGINAL, Question
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.engine.side_questions import SideQuestions
from app.i18n.method_texts import method_title
from app.photos.crop_thumbnails import ThumbnailMaker
from app.suggest.why import ExplanationRequest
from app.widgets.side_panel import SidePanel
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Explanation
from cropcore.geometry.refit import aspect_text, centred, pixels
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from app.suggest.compare_page import ComparePage
    from app.suggest.methods_page import MethodsPage
    from app.suggest.why_panel import WhyPanel


class CompareController(QObject):
    """Builds these parts over ``stage`` and in ``side`` and keeps them up to date.

    Signals: ``left`` (the keys belong to the canvas again), ``method_chosen`` (name).
    """

    left = Signal()
    method_chosen = Signal(str)

    def __init__(
        self, editor: Editor, engine: EngineClient, stage: QWidget, side: SidePanel
    ) -> None:
        super().__init__(stage)
        self._editor = editor
        self._side = side
        self._stage = stage
        self.comparing = MethodComparison(editor, engine, self)
        self.reasoning = ExplanationRequest(editor, engine, self)
        self._card_pictures = ThumbnailMaker(self)
        self._card_set: tuple[int, list[str]] = (0, [])
        self._why_pictures = ThumbnailMaker(self)
        self._why_set = 0
        self._why_seen: Crop | None = None
        side.pages.currentChanged.connect(lambda _: self._page_changed())
        editor.engine_changed.connect(self._show_engine)
        editor.changed.connect(self.show_in_hand)
        editor.document.current_changed.connect(self._close_without_photo)

    @cached_property
    def compare(self) -> ComparePage:
        """The methods side by side; like the other pages built at first use, not at the start."""
        from app.suggest.compare_page import ComparePage

        sheet = ComparePage(self._stage)
        sheet.shown.connect(self._compare_shown)
        sheet.taken.connect(self._take)
        sheet.method_chosen.connect(self.method_chosen)
        sheet.pictures_wanted.connect(self._make_card_pictures)
        self.comparing.begun.connect(self._begin)
        self.comparing.answered.connect(self._compared)
        self._card_pictures.made.connect(self._show_card_picture)
        return sheet

    @cached_property
    def methods(self) -> MethodsPage:
        """The page on the methods."""
        from app.suggest.methods_page import MethodsPage

        page = MethodsPage(self._stage)
        page.shown.connect(lambda on: None if on else self.left.emit())
        return page

    @cached_property
    def why(self) -> WhyPanel:
        """The reasons for the crop in hand, a page of the side panel."""
        from app.suggest.why_panel import WhyPanel

        panel = WhyPanel()
        self._side.add_page(panel)
        panel.closed.connect(self.toggle_why)
        panel.picture_wanted.connect(self._make_why_picture)
        self.reasoning.explained.connect(self._explained)
        self.reasoning.failed.connect(panel.show_message)
        self._why_pictures.made.connect(self._show_why_picture)
        return panel

    @property
    def _compares(self) -> bool:
        return self._is_built("compare") and self.compare.isVisible()

    def _is_built(self, part: str) -> bool:
        return part in self.__dict__

    @property
    def shows_why(self) -> bool:
        """Whether the reasons are shown."""
        return self._is_built("why") and self._side.pages.currentWidget() is self.why

    def toggle_compare(self) -> None:
        """Show the methods side by side, or not."""
        if self._is_built("methods"):
            self.methods.hide()
        self.compare.toggle()

    def toggle_methods(self) -> None:
        """Show the page on the methods, or not."""
        if self._is_built("compare"):
            self.compare.hide()
        self.methods.toggle()

    def toggle_why(self) -> None:
        """Show why this crop, or the edit page."""
        if self.shows_why:
            self._side.show_edit()
        else:
            self._side.pages.setCurrentWidget(self.why)

    def close_one(self) -> bool:
        """Close what lies on top; False where nothing is open."""
        for name in ("compare", "methods"):
            if self._is_built(name) and getattr(self, name).isVisible():
                getattr(self, name).hide()
                return True
        if self.shows_why:
            self.toggle_why()
            return True
        return False

    def show_in_hand(self) -> None:
        """Mark the crop in hand and the method in use."""
        photo, facts = self._editor.photo, self._editor.facts
        if self._compares and photo is not None and facts is not None:
            known = photo.edit.method in facts.methods
            method = photo.edit.method if known else facts.methods[0]
            self.compare.show_in_hand(method, self._editor.crop)

    def photo_shown(self) -> None:
        """The picture of the photo is there, or it is another one."""
        self._make_card_pictures()
        self._make_why_picture()

    def _close_without_photo(self) -> None:
        if self._editor.document.current is None:
            if self._compares:
                self.compare.hide()
            if self.shows_why:
                self.toggle_why()

    def stop(self) -> None:
        """Wait for the threads."""
        self.comparing.set_on(False)
        self.reasoning.set_on(False)
        self._card_pictures.stop()
        self._why_pictures.stop()

    # Compare ---------------------------------------------------------------------------------

    def _compare_shown(self, on: bool) -> None:
        self._show_engine()
        self.comparing.set_on(on)
        if on:
            self.show_in_hand()
        else:
            self.left.emit()

    def _begin(self, same_photo: bool) -> None:
        photo = self._editor.photo
        if photo is None:
            self.compare.begin("", 1.5, False)
            return
        edit = photo.edit
        free = self.tr("free ratio")
        shape = aspect_text(edit.aspect, edit.crop, photo.width, photo.height)
        ratio = edit.aspect.ratio_for(photo.width, photo.height) or photo.ratio
        self.compare.begin(free if edit.aspect.kind == "free" else shape, ratio, same_photo)

    def _compared(self, method: str, answer: Answer) -> None:
        photo, found = self._editor.photo, answer.suggestions
        if photo is None or found is None:
            self.compare.show_trouble(method, answer.error or self.tr("No answer"))
            return
        size = ""
        if found.candidates:
            crop = found.candidates[0].crop
            _, _, wide, high = pixels(crop, found.aspect, photo.width, photo.height)
            size = f"{wide} × {high}"
        self.compare.show_best(method, found, size)
        self.show_in_hand()

    def _take(self, candidate: Candidate, aspect: Aspect, method: str) -> None:
        text = self.tr("Crop of {0}").format(method_title(method))
        self._editor.take(candidate, aspect, text)
        self.compare.hide()

    def _make_card_pictures(self) -> None:
        photo = self._editor.photo
        if photo is None or photo.preview is None or not self._compares:
            return
        names, crops, size = self.compare.wanted_pictures()
        if names:
            number = self._card_pictures.make(photo.preview, crops, size, photo.edit.orientation)
            self._card_set = (number, names)

    def _show_card_picture(self, number: int, place: int, image: QImage) -> None:
        if number == self._card_set[0]:
            self.compare.show_picture(self._card_set[1][place], image)

    # Why -------------------------------------------------------------------------------------

    def _page_changed(self) -> None:
        self.reasoning.set_on(self.shows_why)
        if self.shows_why:
            self._make_why_picture()
        else:
            self.left.emit()

    def _explained(self, explanation: Explanation | None) -> None:
        self.why.show_explanation(explanation)
        if explanation is None:
            self.why.set_photo(None, self._editor.photo.ratio if self._editor.photo else 1.5)
            self._make_why_picture()
        elif self._editor.photo is not None and _seen(self._editor.photo) != self._why_seen:
            self._make_why_picture()
        if self._editor.engine_lost:
            self.why.show_message(self.tr("There are no reasons without the engine."))

    def _make_why_picture(self) -> None:
        photo = self._editor.photo
        if photo is not None and photo.preview is not None and self.shows_why:
            room: QSize = self.why.picture.room
            self._why_seen = _seen(photo)
            self._why_set = self._why_pictures.make(
                photo.preview, [self._why_seen], room, photo.edit.orientation
            )

    def _show_why_picture(self, number: int, _: int, image: QImage) -> None:
        if number == self._why_set and self._editor.photo is not None:
            self.why.set_photo(image, self._editor.photo.ratio)

    def _show_engine(self) -> None:
        if (facts := self._editor.facts) is not None and self._is_built("compare"):
            self.compare.set_methods(facts.methods)


def _seen(photo: OpenPhoto) -> Crop:
    """What the engine sees of a photo, and explains crops in."""
    return centred(ORIGINAL, photo.width, photo.height, photo.edit.crop.angle)


_REST_MS = 150


class MethodComparison(QObject):
    """Follows the shown photo and what is wanted of it.

    Signals: ``begun`` (whether the answers so far are of the same photo, and may stay until the
    new ones come), ``answered`` (method, Answer).
    """

    begun = Signal(bool)
    answered = Signal(str, object)

    def __init__(self, editor: Editor, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._aside = SideQuestions(engine, self)
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
