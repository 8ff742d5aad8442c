"""Shows a file in the file manager of the system, and opens files in other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def show_in_file_manager(path: Path) -> None:
    """Open the folder of a file, and select the file where the system has a way to ask for that."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def start_program(program: str, files: Sequence[str]) -> bool:
    """Start a program with files to open; False where it cannot be started."""
    if sys.platform == "darwin" and program.endswith(".app"):
        return QProcess.startDetached("open", ["-a", program, *files])[0]
    return QProcess.startDetached(program, list(files))[0]
