"""Installs and removes the Linux desktop entry (menu and "Open with").

Nothing is written outside the user's own data folder, and what was written can be removed again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from app.style.resources import resource
from cropcore.errors import CropsightError, system_reason
from cropcore.files.atomic_write import write_at
from cropcore.files.user_dirs import data_home

_FILES = {
    "cropsight.desktop": "applications/cropsight.desktop",
    "icons/cropsight.svg": "icons/hicolor/scalable/apps/cropsight.svg",
    "cropsight.metainfo.xml": "metainfo/local.cropsight.Cropsight.metainfo.xml",
}
_TO_QUOTE = re.compile(r"[^\w@%+=:,./-]")


def install(home: Path | None = None, command: tuple[str, ...] | None = None) -> tuple[Path, ...]:
    """Write entry, icon and description; returns their paths.

    The entry starts ``command``, by default this very program at its place, so that it is found
    without being on the PATH.

    Raises:
        CropsightError: this is no Linux desktop, or a file cannot be written.
    """
    _demand_linux()
    home = data_home() if home is None else home
    command = this_program() if command is None else command
    written = []
    for name, place in _FILES.items():
        content = resource(name).read_text(encoding="utf-8")
        if name.endswith(".desktop"):
            line = f"Exec={quoted(command)} %F\nTryExec={command[0]}"
            content = content.replace("Exec=cropsight %F", line)
        path = home / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_at(path, content.encode(), replace=True)
        except OSError as error:
            raise CropsightError(
                "{path} cannot be written: {reason}.", path=path, reason=system_reason(error)
            ) from error
        written.append(path)
    _refresh(home)
    return tuple(written)


def remove(home: Path | None = None) -> tuple[Path, ...]:
    """Take away what :func:`install` wrote; returns what was there.

    Raises:
        CropsightError: this is no Linux desktop, or a file cannot be removed.
    """
    _demand_linux()
    home = data_home() if home is None else home
    removed = []
    for place in _FILES.values():
        path = home / place
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CropsightError(
                "{path} cannot be removed: {reason}.", path=path, reason=system_reason(error)
            ) from error
        removed.append(path)
    _refresh(home)
    return tuple(removed)


def this_program() -> tuple[str, ...]:
    """How this program is started again, with absolute paths."""
    started = Path(sys.argv[0])
    if started.stem == "cropsight" and (found := shutil.which(str(started))):
        return (str(Path(found).absolute()),)
    beside = Path(sys.executable).with_name("cropsight")
    if beside.is_file():
        return (str(beside),)
    return (sys.executable, "-m", "app.main")


def quoted(command: tuple[str, ...]) -> str:
    """A command as the Exec key wants it: reserved signs in quotes, a per cent sign twice."""
    parts = []
    for part in command:
        part = part.replace("%", "%%")
        if _TO_QUOTE.search(part):
            # Escaped once as a string of the file, once within the quotes.
            inner = re.sub(r'([\\"`$])', r"\\\1", part).replace("\\", "\\\\")
            part = f'"{inner}"'
        parts.append(part)
    return " ".join(parts)


def _demand_linux() -> None:
    if not sys.platform.startswith("linux"):
        raise CropsightError("Desktop entries are for Linux; here the system makes them by itself.")


def _refresh(home: Path) -> None:
    """Have the desktop read its list of types anew, where it has the tool for it."""
    tool = shutil.which("update-desktop-database")
    if tool is not None:
        subprocess.run([tool, str(home / "applications")], check=False, capture_output=True)
