"""Starts the program: builds the application and window, runs the event loop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import cropcore
from app.engine.engine_thread import EngineThread, load_engine
from app.i18n import languages
from app.runtime.gc_on_gui_thread import GuiCollector
from app.runtime.interrupts import Interrupts
from app.runtime.log_file import LogFile, keep_terminal_quiet, record_crashes
from app.runtime.uncaught_errors import UncaughtErrors
from app.runtime.workers import PATIENCE_SECONDS, end_process
from app.settings import Settings
from app.shell import connections
from app.shell.main_window import MainWindow
from app.style import theme
from app.style.resources import resource
from cropcore.process import keep_freed_memory

_SWITCH_SECONDS = 0.001


def run(photos: Sequence[Path], device: str | None, stalls: bool) -> int:
    """Show the window and serve it until it is closed; returns the exit status.

    ``device`` is as in the preferences where it is None.
    """
    logging.basicConfig(level=logging.WARNING)
    log = LogFile()
    if log.open():
        record_crashes(log.path.parent)
        keep_terminal_quiet()
    settle_process()
    app = create_app()
    collector = GuiCollector(app)
    collector.rest()
    failures = UncaughtErrors(app)
    failures.watch()
    window = show_window(app, Settings(), device)
    window.patience = PATIENCE_SECONDS
    Interrupts(window.close, app)
    failures.caught.connect(window.parts.program_pages.show_failure)
    for loaded in (window.parts.engine.ready, window.parts.engine.unavailable):
        loaded.connect(collector.go_on)
    if photos:
        window.open_paths(photos)
    else:
        window.parts.session.restore()
    QTimer.singleShot(0, window.start_engine)
    QTimer.singleShot(0, lambda: _listen_to_desktop(app))
    status = _counting_stalls(app) if stalls else app.exec()
    failures.leave()
    log.close()
    if window.left_running:
        window.parts.settings.sync()
        end_process(status)
    return status


def settle_process() -> None:
    """How threads and memory behave in the program's process."""
    keep_freed_memory()
    # Painting gives the interpreter up at every call; other threads must not keep it for long.
    sys.setswitchinterval(_SWITCH_SECONDS)


def show_window(app: QApplication, settings: Settings, device: str | None = None) -> MainWindow:
    """Build the window and show it; its engine does not run yet."""
    languages.install(app, settings.language)
    theme.colour(app, settings.mode)
    where = device or settings.device
    window = build_window(
        settings, EngineThread(lambda: load_engine(where), otherwise=lambda: load_engine("cpu"))
    )
    theme.apply(app, settings.mode)
    window.show()
    return window


def build_window(settings: Settings, engine: EngineThread) -> MainWindow:
    """A window with its features joined, not shown yet; ``engine`` is a thread that does not run yet."""
    window = MainWindow(settings, engine)
    connections.connect(window)
    window.begin()
    return window


def create_app() -> QApplication:
    """The one application object, named so that settings and caches find their place."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Cropsight")
    app.setApplicationName("Cropsight")
    app.setApplicationVersion(cropcore.__version__)
    app.setWindowIcon(QIcon(str(resource("icons/cropsight.svg"))))
    QGuiApplication.setDesktopFileName("cropsight")
    return app


def _counting_stalls(app: QApplication) -> int:
    from app.runtime.stall_recorder import StallRecorder

    recorder = StallRecorder(app)
    status = app.exec()
    recorder.stop()
    sys.stderr.writelines(f"{stall}\n" for stall in recorder.stalls)
    return status


def _listen_to_desktop(app: QApplication) -> None:
    if sys.platform.startswith("linux"):
        from app.style.motion_portal import SystemMotion

        SystemMotion(app).start()
