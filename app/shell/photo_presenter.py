"""Shows the state of the document and the engine in the main window's parts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.canvas.crop_view import ViewMode
from app.document.edit import Owner
from app.document.heads import shown_heads
from app.document.photo_order import Show
from app.editor.suggester import AREA
from app.i18n.engine_messages import translated
from app.i18n.method_texts import VALIDITY_METHOD, method_words, validity_of
from app.shell.status_bar import say_crop
from app.shell.window_parts import WindowParts


class PhotoPresenter(QObject):
    """Keeps the window's parts up to date with the shown photo and the engine.

    Signals: ``title_changed`` (the text of the window's title).
    """

    title_changed = Signal(str)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._drag_hint_given = False
        self._candidates_wanted = True
        self._in_sheet = False

    def show_all(self) -> None:
        """Show the state of the document and the engine, once everything is connected."""
        self.clear_photo()
        self.show_photo()
        self.show_edit()
        self.show_engine()

    def set_mode(self, mode: ViewMode) -> None:
        """Edit, before, result or masked."""
        parts = self._parts
        parts.canvas.set_view_mode(mode)
        parts.editor.suggester.set_masked(mode is ViewMode.MASKED)
        parts.actions["before"].setChecked(mode is ViewMode.BEFORE)
        parts.actions["result"].setChecked(mode is ViewMode.RESULT)
        parts.actions["masked"].setChecked(mode is ViewMode.MASKED)

    @property
    def in_sheet(self) -> bool:
        """Whether the contact sheet is shown in place of the photo."""
        return self._in_sheet

    def show_sheet(self, on: bool) -> None:
        """The contact sheet in place of the photo, or the photo; without photos the welcome page."""
        parts = self._parts
        has_photo = parts.document.current is not None
        self._in_sheet = on and has_photo
        pages = {True: parts.contact_sheet, False: parts.canvas}
        page = pages[self._in_sheet] if has_photo else parts.welcome_page
        turned = parts.stage.currentWidget() is not page
        parts.stage.setCurrentWidget(page)
        parts.strip.setVisible(has_photo and not self._in_sheet)
        parts.actions["contact_sheet"].setChecked(self._in_sheet)
        self._show_filmstrip()
        if turned and has_photo:
            page.setFocus()

    def focus_stage(self) -> None:
        """The keys belong to what is shown in the middle."""
        if (page := self._parts.stage.currentWidget()) is not None:
            page.setFocus()

    # What is shown ---------------------------------------------------------------------------

    def clear_photo(self) -> None:
        """Another photo is the current one, or none: nothing of the one before stays."""
        parts = self._parts
        current = parts.document.current
        self.show_sheet(self._in_sheet)
        if current is None or current.preview is None:
            # The picture of the photo before must not take a drag that would land on this one.
            parts.canvas.set_photo(None, 0, 0)
        if current is None:
            parts.lights_out.switch_on()
            parts.welcome_page.setFocus()
        self.set_mode(ViewMode.EDIT)
        parts.protect_panel.mark.setChecked(False)
        parts.heads_panel.correct.setChecked(False)
        self.restore_candidate_marks()

    def show_photo(self) -> None:
        """Which photo is the current one, if any."""
        parts = self._parts
        current = parts.document.current
        parts.actions.enable(current is not None)
        parts.export_controls.show_nested()
        self.enable_engine_actions()
        for widget in (
            parts.aspect_panel,
            parts.nested_crops_panel,
            parts.heads_panel,
            parts.protect_panel,
            parts.numbers_panel,
            parts.export_controls.button,
        ):
            widget.setEnabled(current is not None)
        self.title_changed.emit(f"{current.path.name} – Cropsight" if current else "Cropsight")
        parts.tool_bar.name.set_full_text(current.path.name if current else "")
        self.show_count()
        kept = (parts.aspect_panel.field, parts.filmstrip.view, parts.contact_sheet.header.field)
        if current and not any(widget.hasFocus() for widget in kept):
            self.focus_stage()

    def toggle_candidates(self) -> None:
        """Show or hide brackets and pills."""
        self._candidates_wanted = not self._parts.canvas.candidates_visible
        self.restore_candidate_marks()
        self._parts.actions["candidates"].setChecked(self._candidates_wanted)

    def restore_candidate_marks(self) -> None:
        """Brackets and pills as they were wanted, where a drag had faded them."""
        self._parts.canvas.set_candidates_visible(self._candidates_wanted)

    def show_picture(self, image: QImage) -> None:
        """The first picture of the current photo: it can be edited once the editor announced the rest."""
        parts = self._parts
        photo = parts.editor.photo
        if photo is not None:
            parts.canvas.set_photo(image, photo.width, photo.height, photo.edit.orientation)
            if parts.shown_candidates.photo is photo:
                parts.strip.make_pictures()
            parts.compare.photo_shown()
            parts.why.photo_shown()

    def show_edit(self) -> None:
        """Everything that follows the edit of the current photo."""
        parts = self._parts
        photo = parts.editor.photo
        parts.export_controls.show_text()
        self.show_size()
        if photo is None:
            self.show_crop_in_hand()
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        if photo.preview is not None:
            parts.canvas.set_turn(edit.orientation, wide, high)
            parts.canvas.set_ratio_lock(edit.aspect.ratio_for(wide, high))
            parts.canvas.set_circle(edit.aspect.is_circle)
            parts.canvas.set_crop(edit.crop, edit.owner)
            parts.canvas.set_protected(edit.protect)
        parts.aspect_panel.show_tightness(edit.tightness)
        self.show_method(edit.method)
        parts.heads_panel.show_keep(edit.keep_heads, edit.keep_text)
        self.show_heads()
        parts.protect_panel.show_count(len(edit.protect))
        parts.actions["star"].setChecked(edit.starred)
        parts.actions["reject"].setChecked(edit.rejected)
        self.show_crop_in_hand()

    def show_crop_in_hand(self) -> None:
        """What follows the crop in hand, also while it is dragged."""
        parts = self._parts
        photo, crop = parts.editor.photo, parts.editor.crop
        parts.canvas.set_label(parts.editor.suggester.label())
        self._show_status()
        if photo is None:
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        parts.aspect_panel.show_aspect(edit.aspect, crop, wide, high)
        parts.numbers_panel.show_crop(crop, edit.aspect, wide, high)
        self._show_validity()
        parts.strip.show_crop(crop)
        parts.export_controls.show_crop()

    def _show_validity(self) -> None:
        parts = self._parts
        photo = parts.editor.photo
        found = photo.current_suggestions if photo is not None else None
        held = (
            next((c for c in found.candidates if c.crop == parts.editor.crop), None)
            if found
            else None
        )
        has_validity = found is not None and found.method == VALIDITY_METHOD
        parts.numbers_panel.show_validity(has_validity, validity_of(found, held))

    def show_search(self) -> None:
        """How far the search for candidates is: what the strip says while it has none."""
        parts = self._parts
        photo, suggester = parts.editor.photo, parts.editor.suggester
        if photo is None:
            parts.strip.set_message("")
        elif suggester.engine_lost:
            parts.strip.set_message(self.tr("No suggestions without the engine."))
        elif suggester.facts is None:
            parts.strip.set_message(self.tr("Suggestions appear here once the engine is loaded."))
        elif photo.is_answered:
            parts.strip.set_message(self.tr("No suggestions for this photo."))
        else:
            parts.strip.set_message(self.tr("Looking for crops …"))
        self._show_status()

    def show_map(self) -> None:
        """The map over the photo, and what the panel says about it."""
        parts = self._parts
        shown = parts.editor.suggester.map
        parts.canvas.set_map(shown, parts.maps_panel.opacity_value)
        parts.canvas.set_area(parts.editor.suggester.area)
        parts.maps_panel.show_map(shown)

    def show_engine(self) -> None:
        """What can be asked of the engine."""
        parts = self._parts
        facts = parts.editor.suggester.facts
        if facts is not None:
            parts.maps_panel.set_names(facts.map_names)
            parts.method_panel.set_methods(facts.methods)
            self.show_edit()
            self.enable_engine_actions()
            device = facts.device.replace("CUDA: ", "")
            parts.status_bar.engine.setText(self.tr("Engine ready, {0}").format(device))
            parts.status_bar.engine.setToolTip(translated(facts.note))
        elif parts.editor.suggester.engine_lost:
            parts.status_bar.engine.setText(self.tr("No engine"))
        else:
            parts.status_bar.engine.setText(self.tr("Loading engine"))
        self.show_search()

    def enable_engine_actions(self) -> None:
        """Switch off what the loaded engine does not offer."""
        parts = self._parts
        facts, has_photo = parts.editor.suggester.facts, parts.document.current is not None
        for name in method_words():
            offered = facts is not None and name in facts.methods
            parts.actions[f"method_{name}"].setEnabled(has_photo and offered)
        parts.actions["masked"].setEnabled(
            has_photo and facts is not None and AREA in facts.map_names
        )

    def show_heads(self) -> None:
        """The heads of the current photo, as far as they are known."""
        photo = self._parts.editor.photo
        if photo is not None:
            size = photo.width, photo.height
            found = shown_heads(photo.edit, photo.suggestion_state, size)
            self._parts.canvas.set_heads(found if photo.preview is not None else ())
            self._parts.heads_panel.show_count(len(found))

    def show_method(self, method: str) -> None:
        """Who proposes, in the panel and in the menu."""
        parts = self._parts
        parts.method_panel.choose(method)
        for name in method_words():
            parts.actions[f"method_{name}"].setChecked(name == parts.method_panel.name)

    def show_size(self) -> None:
        """Zoom and size of the photo, at the right of the status bar."""
        parts = self._parts
        photo = parts.editor.photo
        text = ""
        if photo is not None:
            text = f"{parts.canvas.zoom * 100:.0f} %     {photo.width} × {photo.height}"
            if photo.camera_preview is not None:
                by_camera, plain = self.tr("camera's preview"), self.tr("plain rendering")
                text = f"{by_camera if photo.camera_preview else plain}     {text}"
        parts.status_bar.photo.setText(text)

    def show_count(self) -> None:
        """Which photo of how many; the filmstrip is for more than one."""
        parts = self._parts
        count = len(parts.document.photos)
        shown = parts.filmstrip.model.rowCount()
        place = parts.filmstrip.model.row_of(parts.document.current) + 1
        parts.tool_bar.count.setText(f"{place} / {shown}" if count > 1 else "")
        everything, undecided, failed = (
            parts.filmstrip.model.count(show) for show in (Show.ALL, Show.UNDECIDED, Show.FAILED)
        )
        decided = everything - undecided - failed
        told = self.tr("{0} of {1} decided").format(decided, everything)
        parts.tool_bar.progress.setText(told if count > 1 else "")
        self._show_filmstrip()
        parts.actions["export_photos"].setEnabled(count > 1 and parts.document.shows_own)

    def _show_filmstrip(self) -> None:
        several = len(self._parts.document.photos) > 1
        self._parts.filmstrip.setVisible(several and not self._in_sheet)

    def _show_status(self) -> None:
        parts = self._parts
        photo = parts.editor.photo
        if photo is not None and photo.edit.owner is Owner.MINE:
            self._drag_hint_given = True
        parts.status_bar.show_crop(say_crop(parts.editor, hint=not self._drag_hint_given))
