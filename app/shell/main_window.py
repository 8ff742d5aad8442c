"""The main window: commands, events and closing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
)

from app.canvas.crop_view import ViewMode
from app.engine.engine_thread import EngineThread
from app.runtime.shutdown import ShutdownDeadline, limited
from app.settings import Settings
from app.shell.photo_presenter import PhotoPresenter
from app.style import theme
from cropcore.files.photo_scan import SUFFIXES
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate

log = logging.getLogger(__name__)

WIDE_FROM, HIGH_FROM = 1360, 800
"""A window smaller than this, either way, is compact."""
ROOMY_FROM = (2400, 1300)
"""From this width and height on the strip of candidates is taller."""


class MainWindow(PhotoPresenter):
    """Cropsight's window.

    :meth:`start_engine` starts the engine once the window is shown, so that a person never waits
    for it.
    """

    def __init__(self, settings: Settings, engine: EngineThread) -> None:
        self._mode_before_b: ViewMode | None = None
        self.patience: float | None = None
        """Seconds that closing waits for threads; None: as long as they take."""
        self.left_running: list[str] = []
        """What did not end when the window was closed."""
        super().__init__(settings, engine)
        self._pill_hovered = False
        self.setAcceptDrops(True)

    def begin(self) -> None:
        """Show the state of the document and the engine, once everything is connected."""
        self._restore()
        self.clear_photo()
        self.show_photo()
        self.show_edit()
        self.show_engine()

    def start_engine(self) -> None:
        """Load the engine behind the window."""
        self.engine.start(EngineThread.Priority.LowPriority)
        self.running_batch.look_for_unfinished()
        self.review_mode.records.look()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders."""
        self.opener.open(paths)

    def hold(self, on: bool) -> None:
        """A button went down on the canvas, or came up."""
        self.editor.set_holding(on)
        self._freeze_strip()

    def pill_hovered(self, rank: int | None) -> None:
        """The pointer is on a candidate's number, or left it."""
        self._pill_hovered = rank is not None
        self._freeze_strip()

    def choose_aspect(self, aspect: Aspect) -> None:
        """An aspect was chosen; what is chosen last is what the next photo begins with."""
        self.change_aspect(lambda: self.editor.set_aspect(aspect))

    def change_aspect(self, change: Callable[[], object]) -> None:
        """Do something to the aspect; candidates that a drag had faded come back."""
        change()
        self.aspect_settled()

    def aspect_settled(self) -> None:
        """Remember the aspect, and show the candidates for it."""
        self.canvas.set_candidates_visible(self.candidates_wanted)
        if (photo := self.editor.photo) is not None:
            self.settings.aspect = photo.edit.aspect

    def begin_also(self) -> None:
        """Open the group of what is cut later and go to its chips."""
        self.export_controls.show(False)
        self.nested_crops_section.set_open(True)
        self.nested_crops_panel.begin()

    def release_aspect(self) -> None:
        """The ratio slider was released."""
        if (photo := self.editor.photo) is not None:
            self.editor.let_go(self.tr("Aspect {0}").format(photo.edit.aspect))
            self.aspect_settled()

    def take(self, candidate: Candidate, aspect: Aspect) -> None:
        """A painted candidate was taken."""
        self.canvas.preview_candidate(None)
        self.editor.take(candidate, aspect)

    def take_by_key(self, rank: int) -> None:
        """A digit: it means what is painted now."""
        if not self.editor.button_down:
            self.strip.take(rank)

    def accept(self) -> None:
        """Accept the angle, or else the crop, and then show the next photo."""
        if self.straighten_tool.accept():
            return
        if self.editor.photo is not None and not self.editor.accept():
            self.notices.add(self.tr("Accepted. This was the last photo."))

    def toggle_mode(self, mode: ViewMode) -> None:
        """A view, or back to editing."""
        self.set_mode(ViewMode.EDIT if self.canvas.view_mode is mode else mode)

    def show_straightening(self, on: bool) -> None:
        """The straighten tool was taken up or left: its part of the panel opens and closes."""
        if on:
            self.set_mode(ViewMode.EDIT)
            self.protect_panel.mark.setChecked(False)
            self.side_panel.show_edit()
        self.straighten_section.set_open(on)
        if on:
            self.side_panel.bring_into_view(self.straighten_section)

    def toggle_candidates(self) -> None:
        """Show or hide brackets and pills."""
        self.candidates_wanted = not self.canvas.candidates_visible
        self.canvas.set_candidates_visible(self.candidates_wanted)
        self.actions["candidates"].setChecked(self.candidates_wanted)

    def choose_method(self, method: str) -> None:
        """Choose who proposes; what is chosen last is what the next photo begins with."""
        facts = self.editor.suggester.facts
        if facts is not None and method == facts.methods[0]:
            method = "default"
        self.editor.set_method(method)
        if (photo := self.editor.photo) is not None:
            self.settings.method = photo.edit.method
            self.show_method(photo.edit.method)

    def set_guide(self, name: str, turn: int) -> None:
        """A guide was chosen."""
        self.settings.guide = name
        self.canvas.set_guide(name, turn)

    def set_guides_always(self, on: bool) -> None:
        """Whether guides stay without a drag."""
        self.settings.guides_always = on
        self.canvas.set_guides_always(on)

    def export(self) -> None:
        """The export button and its key: what the button says."""
        self.export_controls.export(self.strip.painted)

    def ask_for_files(self) -> None:
        """The open dialog."""
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open photos"),
            self.settings.open_folder,
            self.tr("Photos ({0});;All files (*)").format(pattern),
        )
        if names:
            self.settings.open_folder = str(Path(names[0]).parent)
            self.opener.open([Path(name) for name in names])

    def close_photo(self) -> None:
        """Close the current photo; its file is not touched."""
        if (current := self.document.current) is not None:
            self.document.remove(current)

    def escape(self) -> None:
        """Leave what is open over the crop, one thing at a time."""
        if self.program_pages.close_one() or self.compare.close_one() or self.why.close_one():
            return
        elif self.canvas.view_mode is not ViewMode.EDIT:
            self.set_mode(ViewMode.EDIT)
        elif self.straighten_tool.cancel():
            return
        elif self.protect_panel.mark.isChecked():
            self.protect_panel.mark.setChecked(False)
        elif self.export_controls.is_shown:
            self.export_controls.show(False)
        self.canvas.setFocus()

    def name_step(self, name: str, step: str) -> None:
        """Say what undo or redo would do."""
        word = self.tr("Undo") if name == "undo" else self.tr("Redo")
        action = self.actions[name]
        text = f"{word}: {step}" if step else word
        action.setText(text)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({keys})")

    def set_theme(self, mode: theme.Mode) -> None:
        """A theme was chosen."""
        self.settings.mode = mode
        self.apply_theme()

    @Slot()
    def apply_theme(self) -> None:
        """Dress the program again: the choice or the system's scheme changed."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.settings.mode)
        self.actions.refresh_icons()
        self.export_controls.button.follow_theme()
        self.welcome_page.follow_theme()

    def _freeze_strip(self) -> None:
        self.strip.set_frozen(self.canvas.is_holding or self._pill_hovered)

    def _restore(self) -> None:
        if not self.restoreGeometry(self.settings.geometry):
            self.resize(1440, 900)
        self.restore_guides()

    def restore_guides(self) -> None:
        """Guides as the settings have them."""
        self.guides_panel.choose(self.settings.guide, self.settings.guides_always)
        self.canvas.set_guide(self.settings.guide)
        self.canvas.set_guides_always(self.settings.guides_always)

    # Events of the window --------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Small windows get smaller parts."""
        super().resizeEvent(event)
        compact = self.width() < WIDE_FROM or self.height() < HIGH_FROM
        self.tool_bar.set_compact(compact)
        self.side_panel.set_compact(compact)
        self.review_mode.bar.set_compact(compact)
        self.strip.setFixedHeight(strip_height(self.width(), self.height()))
        self.filmstrip.setFixedWidth(72 if compact else 112)
        self.filmstrip.set_compact(compact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Holding B shows the photo as it was."""
        if event.key() == Qt.Key.Key_B and self.editor.photo is not None:
            if not event.isAutoRepeat() and self._mode_before_b is None:
                self._mode_before_b = self.canvas.view_mode
                self.set_mode(ViewMode.BEFORE)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The end of holding B."""
        if event.key() == Qt.Key.Key_B and not event.isAutoRepeat():
            self._end_before()
            return
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A key that is let go over another window is not told here, nor what was done there."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            if self.isActiveWindow():
                self.sidecar_sync.reload_changed()
                self.file_watcher.check_files()
            else:
                self._end_before()

    def _end_before(self) -> None:
        if self._mode_before_b is not None:
            self.set_mode(self._mode_before_b)
            self._mode_before_b = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().data("text/uri-list").contains(b"file:"):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        event.acceptProposedAction()
        self.activateWindow()
        self.opener.open_uris(bytes(event.mimeData().data("text/uri-list").data()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, take it from the screen and wait for every thread.

        They get ``patience`` to end, and who did not is in ``left_running``. While files are being
        exported, the first attempt only says so.
        """
        writers = (self.exporter, self.running_batch, self.review_mode.files)
        if any(writer.holds_close() for writer in writers):
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.hide()
        self.settings.sync()
        ending = ShutdownDeadline(self.patience) if self.patience is not None else None
        with limited(ending):
            self.left_running = self._stop_all()
        self.left_running += ending.left if ending is not None else []
        super().closeEvent(event)

    def _stop_all(self) -> list[str]:
        """End every part; returns which failed at it, which keeps no other from its end."""
        failed = []
        for part in (
            self.exporter,
            self.batch_controller,
            self.running_batch,
            self.review_mode,
            self.copy_paste,
            self.sidecar_sync,
            self.session,
            self.prefetcher,
            self.file_watcher,
            self.filmstrip,
            self.opener,
            self.crop_thumbnails,
            self.compare,
            self.why,
            self.straighten_tool,
            self.program_pages,
            self.canvas.photo,
            self.engine,
        ):
            try:
                part.stop()
            except Exception:
                log.exception("%s did not end well", type(part).__name__)
                failed.append(type(part).__name__)
        return failed


def strip_height(width: int, height: int) -> int:
    """How high the strip of candidates is in a window of this size."""
    if width < WIDE_FROM or height < HIGH_FROM:
        return 96
    return 164 if width >= ROOMY_FROM[0] and height >= ROOMY_FROM[1] else 124
