"""Commands of menus, keys and panels that concern several parts of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.canvas.crop_view import ViewMode
from app.shell.file_manager import show_in_file_manager, start_program
from app.shell.photo_presenter import PhotoPresenter
from app.shell.window_parts import WindowParts
from app.style import theme
from app.widgets.notices import Severity
from cropcore.files.photo_scan import RAW_SUFFIXES, SUFFIXES, reads_raw
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.safe_areas import PLACES


class WindowCommands(QObject):
    """Does what is asked for in one part and touches others; what one part can do alone is not here."""

    def __init__(self, parts: WindowParts, presenter: PhotoPresenter, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._presenter = presenter
        self._window = window

    # Files and program -----------------------------------------------------------------------

    def ask_for_files(self) -> None:
        """The open dialog."""
        settings = self._parts.settings
        suffixes = (*SUFFIXES, *RAW_SUFFIXES) if reads_raw() else SUFFIXES
        pattern = " ".join(f"*{suffix}" for suffix in suffixes)
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open photos"),
            settings.open_folder,
            self.tr("Photos ({0});;All files (*)").format(pattern),
        )
        if names:
            settings.open_folder = str(Path(names[0]).parent)
            self._parts.opener.open([Path(name) for name in names])

    def ask_for_folder(self) -> None:
        """The dialog for a folder; its photos are opened, and those of the folders in it."""
        settings = self._parts.settings
        name = QFileDialog.getExistingDirectory(
            self._window, self.tr("Open a folder"), settings.open_folder
        )
        if name:
            settings.open_folder = name
            self._parts.opener.open([Path(name)])

    def reveal(self) -> None:
        """Show the file of the current photo in the system's file manager."""
        if (current := self._parts.document.current) is not None:
            show_in_file_manager(current.path)

    def set_stack_bursts(self, on: bool) -> None:
        """Whether bursts are stacks, now and the next time."""
        self._parts.settings.stack_bursts = on
        self._parts.burst_finder.set_on(on)

    def toggle_stack(self) -> None:
        """Unfold the stack of the current photo, or fold it."""
        if (current := self._parts.document.current) is not None:
            self._parts.filmstrip.model.toggle_stack(current)

    def open_elsewhere(self) -> None:
        """Open the selected photos in the program that was chosen, else the current one in the system's."""
        program, current = self._parts.settings.other_program, self._parts.document.current
        if current is None:
            return
        if not program:
            started = QDesktopServices.openUrl(QUrl.fromLocalFile(str(current.path)))
        else:
            paths = [str(photo.path) for photo in self._parts.filmstrip.selected()]
            started = start_program(program, paths)
        if not started:
            text = self.tr("No program could be started for {0}.").format(current.path.name)
            self._parts.notices.add(text, Severity.WARNING, topic="programs")

    def choose_program(self) -> None:
        """Choose the program that opens photos from now on, and open the selected ones in it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open photos in"), self._parts.settings.other_program
        )
        if name:
            self._parts.settings.other_program = name
            self.open_elsewhere()

    def accept_selected(self) -> None:
        """Accept the crops of the selected photos, or results of a review."""
        parts = self._parts
        if not parts.review_mode.accept_all(parts.filmstrip.selected()):
            parts.photo_flags.accept()

    def reject(self) -> None:
        """Reject the selected photos, or take that back; where it is wanted, the next one is shown."""
        document, settings = self._parts.document, self._parts.settings
        chosen = {photo.key for photo in self._parts.filmstrip.selected()}
        way = list(document.shown)  # before rejected ones leave it
        last = max((place for place, photo in enumerate(way) if photo.key in chosen), default=-1)
        if self._parts.photo_flags.reject() and settings.advance_after_reject:
            document.show(next(iter(way[last + 1 :]), None) or document.current)

    def show_undecided(self) -> None:
        """Go to the next photo that is neither accepted nor rejected."""
        if not self._parts.document.show_undecided():
            self._parts.notices.add(self.tr("All photos are decided."), topic="undecided")

    def begin_search(self) -> None:
        """Find a photo by its name on the contact sheet."""
        self._presenter.show_sheet(True)
        self._parts.contact_sheet.begin_search()

    def close_photo(self) -> None:
        """Close the current photo; its file is not touched."""
        document = self._parts.document
        if (current := document.current) is not None:
            document.remove(current)

    def export(self) -> None:
        """The export button and its key: what the button says."""
        self._parts.export_controls.export(self._parts.shown_candidates.suggestions)

    def set_theme(self, mode: theme.Mode) -> None:
        """A theme was chosen."""
        self._parts.settings.mode = mode
        self.apply_theme()

    @Slot()
    def apply_theme(self) -> None:
        """Dress the program again: the choice or the system's scheme changed."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self._parts.settings.mode)
        self._parts.actions.refresh_icons()
        self._parts.export_controls.button.follow_theme()
        self._parts.welcome_page.follow_theme()

    def name_step(self, name: str, step: str) -> None:
        """Say what undo or redo (``name``) would do."""
        word = self.tr("Undo") if name == "undo" else self.tr("Redo")
        action = self._parts.actions[name]
        text = f"{word}: {step}" if step else word
        action.setText(text)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({keys})")

    # The crop --------------------------------------------------------------------------------

    def choose_aspect(self, aspect: Aspect) -> None:
        """An aspect was chosen; what is chosen last is what the next photo begins with."""
        settings, photo = self._parts.settings, self._parts.editor.photo
        if settings.turn_ratio and photo is not None:
            aspect = aspect.turned_for(photo.width, photo.height)
        place = PLACES.get(settings.place)
        if place is not None and not place.suits(aspect):
            settings.place = ""
        self.change_aspect(lambda: self._parts.editor.set_aspect(aspect))

    def choose_place(self, name: str) -> None:
        """A place that the crop is for was chosen: its ratio, and its safe area on the canvas."""
        self._parts.settings.place = name
        self.change_aspect(lambda: self._parts.editor.set_aspect(PLACES[name].aspect))
        self._parts.export_marks.follow()

    def set_own_ratios(self, aspects: tuple[Aspect, ...]) -> None:
        """The person's own ratios are others, or in another order."""
        self._parts.settings.own_ratios = aspects
        self._parts.aspect_panel.show_own(aspects)

    def set_turn_ratio(self, on: bool) -> None:
        """Whether ratios turn with the photo; the shown one turns at once."""
        self._parts.settings.turn_ratio = on
        self._parts.aspect_panel.show_turn(on)
        if on and (photo := self._parts.editor.photo) is not None:
            self.choose_aspect(photo.edit.aspect)

    def change_aspect(self, change: Callable[[], object]) -> None:
        """Do something to the aspect; candidates that a drag had faded come back."""
        change()
        self._aspect_settled()

    def release_aspect(self) -> None:
        """The ratio slider was released."""
        editor = self._parts.editor
        if (photo := editor.photo) is not None:
            editor.let_go(self.tr("Aspect {0}").format(photo.edit.aspect))
            self._aspect_settled()

    def release_tightness(self) -> None:
        """The slider of the tightness was released."""
        self._parts.editor.let_go(self.tr("Tightness"))

    def begin_nested_crops(self) -> None:
        """Open the group of what is cut later and go to its chips."""
        self._parts.export_controls.show(False)
        self._parts.nested_crops_section.set_open(True)
        self._parts.nested_crops_panel.begin()

    def show_numbers(self) -> None:
        """Open the group of the crop's numbers."""
        parts = self._parts
        parts.export_controls.show(False)
        parts.numbers_section.set_open(True)
        parts.side_panel.bring_into_view(parts.numbers_section)

    def set_keep_heads(self, on: bool) -> None:
        """Whether heads are kept whole; what is chosen last is what the next photo begins with."""
        self._parts.settings.keep_heads = on
        self._parts.editor.set_keep_heads(on)

    def set_keep_text(self, on: bool) -> None:
        """Whether text is kept whole; what is chosen last is what the next photo begins with."""
        self._parts.settings.keep_text = on
        self._parts.editor.set_keep_text(on)

    def choose_method(self, method: str) -> None:
        """Choose who proposes; what is chosen last is what the next photo begins with."""
        editor = self._parts.editor
        facts = editor.suggester.facts
        if facts is not None and method == facts.methods[0]:
            method = "default"
        editor.set_method(method)
        if (photo := editor.photo) is not None:
            self._parts.settings.method = photo.edit.method
            self._presenter.show_method(photo.edit.method)

    def accept(self) -> None:
        """Accept the angle, or else the crop, and then show the next photo."""
        if self._parts.straighten_tool.accept():
            return
        if self._parts.editor.photo is not None and not self._parts.editor.accept():
            self._parts.notices.add(self.tr("Accepted. This was the last photo."))

    def _aspect_settled(self) -> None:
        self._presenter.restore_candidate_marks()
        if (photo := self._parts.editor.photo) is not None:
            self._parts.settings.aspect = photo.edit.aspect

    # Candidates ------------------------------------------------------------------------------

    def take(self, rank: int) -> None:
        """Take the painted candidate of a rank, where it answers what is asked now."""
        found = self._parts.shown_candidates
        candidate = found.takeable(rank)
        if candidate is not None and found.suggestions is not None:
            self._parts.canvas.preview_candidate(None)
            self._parts.editor.take(candidate, found.suggestions.aspect)

    def take_by_key(self, rank: int) -> None:
        """A digit: it means what is painted now, and on the contact sheet no candidate is."""
        if not self._parts.editor.button_down and not self._presenter.in_sheet:
            self.take(rank)

    def zoom(self, larger: bool) -> None:
        """The photo larger or smaller; on the contact sheet its cells."""
        if self._presenter.in_sheet:
            self._parts.contact_sheet.view.step_size(larger)
        elif larger:
            self._parts.canvas.zoom_in()
        else:
            self._parts.canvas.zoom_out()

    # Views and tools -------------------------------------------------------------------------

    def toggle_mode(self, mode: ViewMode) -> None:
        """A view, or back to editing."""
        shown = self._parts.canvas.view_mode
        self._presenter.set_mode(ViewMode.EDIT if shown is mode else mode)

    def begin_correcting_heads(self, on: bool) -> None:
        """Heads are corrected now, or not any more; one tool is in hand at a time."""
        parts = self._parts
        if on:
            self._presenter.set_mode(ViewMode.EDIT)
            parts.protect_panel.mark.setChecked(False)
            parts.straighten_tool.accept()
            parts.heads_section.set_open(True)

    def begin_marking(self, on: bool) -> None:
        """Areas are marked now, or not any more; one tool is in hand at a time."""
        if on:
            self._parts.heads_panel.correct.setChecked(False)
            self._parts.straighten_tool.accept()

    def show_straightening(self, on: bool) -> None:
        """The straighten tool was taken up or left: its part of the panel opens and closes."""
        parts = self._parts
        if on:
            self._presenter.set_mode(ViewMode.EDIT)
            parts.protect_panel.mark.setChecked(False)
            parts.heads_panel.correct.setChecked(False)
            parts.side_panel.show_edit()
        parts.straighten_section.set_open(on)
        if on:
            parts.side_panel.bring_into_view(parts.straighten_section)

    def set_guide(self, name: str, turn: int) -> None:
        """A guide was chosen; for a moment it shows without a drag."""
        self._parts.settings.guide = name
        self._parts.canvas.set_guide(name, turn)
        self._parts.canvas.show_guide_awhile()

    def set_guides_always(self, on: bool) -> None:
        """Whether guides stay without a drag."""
        self._parts.settings.guides_always = on
        self._parts.canvas.set_guides_always(on)

    def restore_ratios(self) -> None:
        """The person's own ratios, and whether they turn, as the settings have them."""
        self._parts.aspect_panel.show_own(self._parts.settings.own_ratios)
        self._parts.aspect_panel.show_turn(self._parts.settings.turn_ratio)

    def restore_guides(self) -> None:
        """Guides as the settings have them."""
        settings, canvas = self._parts.settings, self._parts.canvas
        self._parts.guides_panel.choose(settings.guide, settings.guides_always)
        canvas.set_guide(settings.guide)
        canvas.set_guides_always(settings.guides_always)

    def zoom_to_crop(self) -> None:
        """The crop in hand as large as the canvas can show it."""
        canvas = self._parts.canvas
        if canvas.crop is not None:
            seen = canvas.crop_rect(canvas.crop.box)
            corners = canvas.to_scene(seen.topLeft()), canvas.to_scene(seen.bottomRight())
            canvas.zoom_to(QRectF(*corners))

    def toggle_full_screen(self) -> None:
        """The window on the whole screen, or as it was before."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def escape(self) -> None:
        """Leave what is open over the crop, one thing at a time."""
        parts = self._parts
        if parts.program_pages.close_one() or parts.compare.close_one() or parts.why.close_one():
            return
        if parts.lights_out.switch_on():
            return
        if self._presenter.in_sheet:
            self._presenter.show_sheet(False)
        elif parts.canvas.view_mode is not ViewMode.EDIT:
            self._presenter.set_mode(ViewMode.EDIT)
        elif parts.straighten_tool.cancel():
            return
        elif parts.protect_panel.mark.isChecked():
            parts.protect_panel.mark.setChecked(False)
        elif parts.heads_panel.correct.isChecked():
            parts.heads_panel.correct.setChecked(False)
        elif parts.export_controls.is_shown:
            parts.export_controls.show(False)
        self._presenter.focus_stage()
