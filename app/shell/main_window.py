"""The main window: it has its parts, handles events of the window, and closes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from app.canvas.crop_view import ViewMode
from app.engine.engine_thread import EngineThread
from app.runtime.workers import StopOrder, register_worker, stop_workers
from app.settings import Settings
from app.shell.commands import WindowCommands
from app.shell.photo_presenter import PhotoPresenter
from app.shell.window_parts import WindowParts, lay_out

WIDE_FROM, HIGH_FROM = 1360, 800
"""A window smaller than this, either way, is compact."""
ROOMY_FROM = (2400, 1300)
"""From this width and height on the strip of candidates is taller."""


class MainWindow(QMainWindow):
    """Cropsight's window; :func:`app.shell.startup.build_window` makes it with its features joined.

    :meth:`start_engine` starts the engine once the window is shown, so that a person never waits
    for it.

    Attributes:
        parts: its widgets and controllers.
        presenter: shows the photo and the engine in them.
        commands: what menus, keys and panels ask for that concerns several of them.
        patience: seconds that closing waits for threads; None: as long as they take.
        left_running: what did not end when the window was closed.
    """

    def __init__(self, settings: Settings, engine: EngineThread) -> None:
        super().__init__()
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self.parts = WindowParts(self, settings, engine)
        self.presenter = PhotoPresenter(self.parts, self)
        self.presenter.title_changed.connect(self.setWindowTitle)
        self.commands = WindowCommands(self.parts, self.presenter, self)
        self.patience: float | None = None
        self.left_running: list[str] = []
        self._mode_before_b: ViewMode | None = None
        self._closed = False
        lay_out(self, self.parts)
        register_worker(self, "engine", StopOrder.ENGINE, engine)

    def begin(self) -> None:
        """Take the size of the last run and show the document, once everything is connected."""
        if not self.restoreGeometry(self.parts.settings.geometry):
            self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.commands.restore_guides()
        self.commands.restore_ratios()
        self.presenter.show_all()

    def start_engine(self) -> None:
        """Load the engine behind the window, unless that was closed before."""
        if self._closed:
            return
        self.parts.engine.start(EngineThread.Priority.LowPriority)
        self.parts.running_batch.look_for_unfinished()
        self.parts.review_mode.records.look()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders."""
        self.parts.opener.open(paths)

    # Events ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Small windows get smaller parts."""
        super().resizeEvent(event)
        parts = self.parts
        compact = self.width() < WIDE_FROM or self.height() < HIGH_FROM
        parts.tool_bar.set_compact(compact)
        parts.side_panel.set_compact(compact)
        parts.review_mode.bar.set_compact(compact)
        parts.strip.setFixedHeight(strip_height(self.width(), self.height()))
        parts.columns.set_compact(compact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Holding B shows the photo as it was."""
        if event.key() == Qt.Key.Key_B and self.parts.editor.photo is not None:
            if not event.isAutoRepeat() and self._mode_before_b is None:
                self._mode_before_b = self.parts.canvas.view_mode
                self.presenter.set_mode(ViewMode.BEFORE)
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
                self.parts.sidecar_sync.look_again()
                self.parts.file_watcher.check_files()
            else:
                self._end_before()

    def _end_before(self) -> None:
        if self._mode_before_b is not None:
            self.presenter.set_mode(self._mode_before_b)
            self._mode_before_b = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files, but not photos of the window itself that are dragged out."""
        if event.source() is None and event.mimeData().data("text/uri-list").contains(b"file:"):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        event.acceptProposedAction()
        self.activateWindow()
        self.parts.opener.open_uris(bytes(event.mimeData().data("text/uri-list").data()))

    # Closing ---------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, take it from the screen and wait for every thread.

        They get ``patience`` to end, and who did not is in ``left_running``. While files are being
        exported, the first attempt only says so.
        """
        parts = self.parts
        writers = (
            parts.exporter,
            parts.foreign_exporter,
            parts.running_batch,
            parts.review_mode.files,
        )
        if any(writer.holds_close() for writer in writers):
            event.ignore()
            return
        self._closed = True
        parts.settings.geometry = self.saveGeometry()
        self.hide()
        parts.settings.sync()
        self.left_running = stop_workers(self, self.patience)
        super().closeEvent(event)


def strip_height(width: int, height: int) -> int:
    """How high the strip of candidates is in a window of this size."""
    if width < WIDE_FROM or height < HIGH_FROM:
        return 96
    return 164 if width >= ROOMY_FROM[0] and height >= ROOMY_FROM[1] else 124
