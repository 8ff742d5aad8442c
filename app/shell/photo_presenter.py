"""Shows the state of the document and the engine in the main window's parts."""

from __future__ import annotations

from PySide6.QtGui import QImage

from app.canvas.crop_view import ViewMode
from app.document.edit import Owner
from app.editor.suggester import AREA
from app.engine.engine_thread import EngineThread
from app.i18n.engine_messages import translated
from app.i18n.method_texts import VALIDITY_METHOD, method_words, validity_of
from app.settings import Settings
from app.shell.status_bar import say_crop
from app.shell.window_parts import WindowParts


class PhotoPresenter(WindowParts):
    """Keeps what is seen up to date; what the person does is :class:`app.shell.main_window.MainWindow`'s."""

    def __init__(self, settings: Settings, engine: EngineThread) -> None:
        super().__init__(settings, engine)
        self._thumbnail_set = 0
        self._strip_key: int | None = None
        self._hinted = False
        self.candidates_wanted = True

    def set_mode(self, mode: ViewMode) -> None:
        """Edit, before, result or masked."""
        self.canvas.set_view_mode(mode)
        self.editor.suggester.set_masked(mode is ViewMode.MASKED)
        self.actions["before"].setChecked(mode is ViewMode.BEFORE)
        self.actions["result"].setChecked(mode is ViewMode.RESULT)
        self.actions["masked"].setChecked(mode is ViewMode.MASKED)

    # What is shown ---------------------------------------------------------------------------

    def clear_photo(self) -> None:
        """Another photo is the current one, or none: nothing of the one before stays."""
        current = self.document.current
        self.stage.setCurrentWidget(self.canvas if current else self.welcome_page)
        self.strip.setVisible(current is not None)
        self.strip.forget_pictures()
        if current is None or current.preview is None:
            # The picture of the photo before must not take a drag that would land on this one.
            self.canvas.set_photo(None, 0, 0)
        if current is None:
            self.welcome_page.setFocus()
        self.set_mode(ViewMode.EDIT)
        self.protect_panel.mark.setChecked(False)
        self.canvas.set_candidates_visible(self.candidates_wanted)

    def show_photo(self) -> None:
        """Which photo is the current one, if any."""
        current = self.document.current
        self.actions.enable(current is not None)
        self.export_controls.show_nested()
        self.show_offered()
        for widget in (
            self.aspect_panel,
            self.nested_crops_panel,
            self.protect_panel,
            self.numbers_panel,
            self.export_controls.button,
        ):
            widget.setEnabled(current is not None)
        self.setWindowTitle(f"{current.path.name} – Cropsight" if current else "Cropsight")
        self.tool_bar.name.set_full_text(current.path.name if current else "")
        self.show_count()
        if current and not (self.aspect_panel.field.hasFocus() or self.filmstrip.view.hasFocus()):
            self.canvas.setFocus()

    def show_picture(self, image: QImage) -> None:
        """The first picture of the current photo: it can be edited once the editor announced the rest."""
        photo = self.editor.photo
        if photo is not None:
            self.canvas.set_photo(image, photo.width, photo.height, photo.edit.orientation)
            if self._strip_key == photo.key:
                # The strip shows them already, but another picture cleared the canvas.
                self.paint_candidates()
            self.compare.photo_shown()
            self.why.photo_shown()

    def show_edit(self) -> None:
        """Everything that follows the edit of the current photo."""
        photo = self.editor.photo
        self.export_controls.show_text()
        self.show_size()
        if photo is None:
            self.show_live()
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        if photo.preview is not None:
            self.canvas.set_turn(edit.orientation, wide, high)
            self.canvas.set_ratio_lock(edit.aspect.ratio_for(wide, high))
            self.canvas.set_circle(edit.aspect.is_circle)
            self.canvas.set_crop(edit.crop, edit.owner)
            self.canvas.set_protected(edit.protect)
        self.aspect_panel.show_tightness(edit.tightness)
        self.show_method(edit.method)
        self.protect_panel.show_count(len(edit.protect))
        self.actions["star"].setChecked(edit.starred)
        self.actions["reject"].setChecked(edit.rejected)
        self.show_live()

    def show_live(self) -> None:
        """What follows the crop in hand, also while it is dragged."""
        photo, crop = self.editor.photo, self.editor.crop
        self.canvas.set_label(self.editor.suggester.label())
        self._show_status()
        if photo is None:
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        self.aspect_panel.show_aspect(edit.aspect, crop, wide, high)
        self.numbers_panel.show_crop(crop, edit.aspect, wide, high)
        self._show_validity()
        self.strip.show_crop(crop)
        self.export_controls.show_crop()

    def _show_validity(self) -> None:
        photo = self.editor.photo
        found = photo.current_suggestions if photo is not None else None
        held = (
            next((c for c in found.candidates if c.crop == self.editor.crop), None)
            if found
            else None
        )
        has_validity = found is not None and found.method == VALIDITY_METHOD
        self.numbers_panel.show_validity(has_validity, validity_of(found, held))

    def show_candidates(self) -> None:
        """The strip and, through it, the canvas."""
        photo = self.editor.photo
        key, self._strip_key = self._strip_key, photo.key if photo else None
        found = photo.suggestion_state.suggestions if photo else None
        fresh = photo is None or found is None or photo.key != key
        size = (photo.width, photo.height) if photo else (1, 1)
        self.strip.set_suggestions(found, at_once=fresh, size=size)
        if photo is None:
            self.strip.set_message("")
        elif self.editor.suggester.engine_lost:
            self.strip.set_message(self.tr("No suggestions without the engine."))
        elif self.editor.suggester.facts is None:
            self.strip.set_message(self.tr("Suggestions appear here once the engine is loaded."))
        elif photo.is_answered:
            self.strip.set_message(self.tr("No suggestions for this photo."))
        else:
            self.strip.set_message(self.tr("Looking for crops …"))
        self._show_status()

    def paint_candidates(self) -> None:
        """The strip was painted anew: the canvas shows the same, and pictures are wanted."""
        painted, photo = self.strip.painted, self.editor.photo
        candidates = painted.candidates[:10] if painted else ()
        self.canvas.set_candidates(candidates)
        if photo is not None and photo.preview is not None and candidates:
            self._thumbnail_set = self.crop_thumbnails.make(
                photo.preview,
                [c.crop for c in candidates],
                self.strip.picture_size,
                photo.edit.orientation,
            )

    def show_thumbnail(self, number: int, place: int, image: QImage) -> None:
        """One picture of the strip is ready."""
        if number == self._thumbnail_set:
            self.strip.show_picture(place, image)

    def show_map(self) -> None:
        """The map over the photo, and what the panel says about it."""
        shown = self.editor.suggester.map
        self.canvas.set_map(shown, self.maps_panel.opacity_value)
        self.canvas.set_area(self.editor.suggester.area)
        self.maps_panel.show_map(shown)

    def show_engine(self) -> None:
        """What can be asked of the engine."""
        facts = self.editor.suggester.facts
        if facts is not None:
            self.maps_panel.set_names(facts.map_names)
            self.method_panel.set_methods(facts.methods)
            self.show_edit()
            self.show_offered()
            device = facts.device.replace("CUDA: ", "")
            self.status_bar.engine.setText(self.tr("Engine ready, {0}").format(device))
            self.status_bar.engine.setToolTip(translated(facts.note))
        elif self.editor.suggester.engine_lost:
            self.status_bar.engine.setText(self.tr("No engine"))
        else:
            self.status_bar.engine.setText(self.tr("Loading engine"))
        self.show_candidates()

    def show_offered(self) -> None:
        """Switch off what the loaded engine does not offer."""
        facts, has_photo = self.editor.suggester.facts, self.document.current is not None
        for name in method_words():
            offered = facts is not None and name in facts.methods
            self.actions[f"method_{name}"].setEnabled(has_photo and offered)
        self.actions["masked"].setEnabled(
            has_photo and facts is not None and AREA in facts.map_names
        )

    def show_method(self, method: str) -> None:
        """Who proposes, in the panel and in the menu."""
        self.method_panel.choose(method)
        for name in method_words():
            self.actions[f"method_{name}"].setChecked(name == self.method_panel.name)

    def show_size(self) -> None:
        """Zoom and size of the photo, at the right of the status bar."""
        photo = self.editor.photo
        text = ""
        if photo is not None:
            text = f"{self.canvas.zoom * 100:.0f} %     {photo.width} × {photo.height}"
        self.status_bar.photo.setText(text)

    def show_count(self) -> None:
        """Which photo of how many; the filmstrip is for more than one."""
        count = len(self.document.photos)
        shown = self.filmstrip.model.rowCount()
        place = self.filmstrip.model.row_of(self.document.current) + 1
        self.tool_bar.count.setText(f"{place} / {shown}" if count > 1 else "")
        self.filmstrip.setVisible(count > 1)
        self.actions["export_photos"].setEnabled(count > 1 and self.document.shows_own)

    def _show_status(self) -> None:
        photo = self.editor.photo
        if photo is not None and photo.edit.owner is Owner.MINE:
            self._hinted = True
        self.status_bar.crop.setText(say_crop(self.editor, hint=not self._hinted))
