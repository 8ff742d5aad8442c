"""Start the desktop program."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import cropcore
from app import languages, theme
from app.engine_thread import EngineThread, load_engine
from app.failures import Failures
from app.garbage import GuiCollector
from app.log_file import LogFile, record_crashes
from app.resources import resource
from app.settings import Settings
from app.stalls import StallRecorder
from app.window import MainWindow
from cropcore.errors import CropsightError
from cropcore.threads import rest_idle_threads

_SWITCH_SECONDS = 0.001


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Cropsight until its window is closed; returns the exit status."""
    parser = argparse.ArgumentParser(prog="cropsight", description="Crop photos.")
    parser.add_argument("photos", nargs="*", type=Path, help="photos or folders to open")
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default=None,
        help="where the engine computes (default: as in the preferences)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--install-desktop",
        action="store_true",
        help="add Cropsight to the menu of this user's Linux desktop, and end",
    )
    where.add_argument(
        "--remove-desktop", action="store_true", help="take it out of the menu again, and end"
    )
    parser.add_argument(
        "--stalls",
        action="store_true",
        default=bool(os.environ.get("CROPSIGHT_STALLS")),
        help="on leaving, list when the window did not answer at once, and why",
    )
    parser.add_argument("--version", action="version", version=f"Cropsight {cropcore.__version__}")
    chosen = parser.parse_args(arguments)
    if chosen.install_desktop or chosen.remove_desktop:
        return _change_desktop(chosen.install_desktop)
    logging.basicConfig(level=logging.WARNING)
    log = LogFile()
    if log.open():
        record_crashes(log.path.parent)
    rest_idle_threads()
    # Painting gives the interpreter up at every call; other threads must not keep it for long.
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = create_app()
    GuiCollector(app)
    failures = Failures(app)
    failures.watch()
    settings = Settings()
    languages.install(app, settings.language)
    theme.apply(app, settings.mode)
    device = chosen.device or settings.device
    window = MainWindow(settings, EngineThread(lambda: load_engine(device)))
    failures.told.connect(window.program.show_failure)
    window.show()
    if chosen.photos:
        window.open_paths(chosen.photos)
    else:
        window.session.restore()
    QTimer.singleShot(0, window.start_engine)
    QTimer.singleShot(0, lambda: _listen_to_desktop(app))
    recorder = StallRecorder(app) if chosen.stalls else None
    status = app.exec()
    if recorder is not None:
        recorder.stop()
        sys.stderr.writelines(f"{stall}\n" for stall in recorder.stalls)
    failures.leave()
    log.close()
    return status


def _change_desktop(install: bool) -> int:
    from app import desktop_entry

    try:
        paths = desktop_entry.install() if install else desktop_entry.remove()
    except CropsightError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    word = "Written" if install else "Removed"
    sys.stdout.writelines(f"{word}: {path}\n" for path in paths)
    return 0


def _listen_to_desktop(app: QApplication) -> None:
    if sys.platform.startswith("linux"):
        from app.portal import SystemMotion

        SystemMotion(app).start()


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


if __name__ == "__main__":
    sys.exit(main())
