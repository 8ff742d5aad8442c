"""Console output of the commands: results, errors, progress, or one JSON document."""

from __future__ import annotations

import argparse
import errno
import importlib.util
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from cropcore.errors import CropsightError
from cropcore.evaluation.results import Failure
from cropcore.files.atomic_write import write_at
from cropcore.files.path_checks import is_file, is_folder, is_there, same

EXIT_DONE, EXIT_SOME_FAILED, EXIT_USAGE = 0, 1, 2

# What moves the cursor, colours or turns around what follows on a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


def need_package(name: str, extra: str) -> None:
    """Make sure that what an extra brings is installed, before a command works for minutes.

    Raises:
        CropsightError: it is not; says how to install it.
    """
    if importlib.util.find_spec(name) is None:
        raise CropsightError(
            "This needs the package {name}: pip install 'cropsight[{extra}]'.",
            name=name,
            extra=extra,
        )


class UsageError(CropsightError):
    """A wrong choice on the command line."""


class Console:
    """The output of one command.

    With ``--json -`` standard output holds the JSON document alone. Progress goes to standard error
    and only to a terminal. Failures are told at once, a line each, and kept for the document.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        self._json: str | None = args.json
        self.failures: list[Failure] = []
        self._progress_shown = False
        self._warned: set[str] = set()
        if self._json not in (None, "-"):
            _check_writable(Path(str(self._json)), _inputs(args))

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()

    def say(self, *lines: str) -> None:
        """Lines for a person; left out where standard output is for JSON."""
        if self._json != "-":
            self._clear()
            for line in lines:
                write(sys.stdout, one_line(line) + "\n")

    def warn(self, text: str) -> None:
        """A line on standard error."""
        self._clear()
        write(sys.stderr, f"cropcore: {one_line(text)}\n")

    def warn_once(self, text: str) -> None:
        """As :meth:`warn`, unless the same was said before."""
        if text not in self._warned:
            self._warned.add(text)
            self.warn(text)

    def fail(self, file: str, error: CropsightError) -> None:
        """Name a file that failed and why; the command goes on."""
        self.failed(Failure.of(file, error))

    def failed(self, failure: Failure) -> None:
        """As :meth:`fail`, for a failure that is known already."""
        self.failures.append(failure)
        self.warn(f"{failure.file}: {failure.error}")

    def progress(self, done: int, total: int, text: str) -> None:
        """Show how far the command is, in place; nothing unless standard error is a terminal."""
        if not sys.stderr.isatty():
            return
        self._clear()
        if done < total:
            room = max(shutil.get_terminal_size().columns - 20, 10)
            write(sys.stderr, f"[{done + 1}/{total}] {one_line(text)[-room:]}")
            sys.stderr.flush()
            self._progress_shown = True

    def finish(self, document: dict[str, Any]) -> int:
        """Write the JSON document where it is wanted and return the exit status."""
        self._clear()
        if self._json is not None:
            text = json.dumps(document, indent=1, allow_nan=False) + "\n"
            if self._json == "-":
                write(sys.stdout, text)
            else:
                try:
                    _replace(Path(self._json), text)
                except OSError as error:
                    self.warn(
                        f"{self._json}: cannot be written ({error.strerror}). Choose another file."
                    )
                    return EXIT_SOME_FAILED
        return EXIT_SOME_FAILED if self.failures else EXIT_DONE

    def failures_json(self) -> list[dict[str, str]]:
        """The failures so far, for the document."""
        return [{"file": f.file, "error": f.error} for f in self.failures]

    def _clear(self) -> None:
        if self._progress_shown:
            write(sys.stderr, "\r\x1b[K")
            sys.stderr.flush()
            self._progress_shown = False


def write(stream: TextIO, text: str) -> None:
    """Write text, with escapes for what the terminal's encoding lacks (odd file names)."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def one_line(text: str) -> str:
    """Text without line ends and other control characters, which a file name may hold."""
    return _CONTROL.sub(" ", text)


def counted(number: int, thing: str) -> str:
    """Such as ``1 photo`` and ``2 photos``."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def make_folder(folder: Path, option: str = "--out") -> None:
    """Create an output folder.

    Raises:
        UsageError: it cannot be created, is a file, or may not be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "{option} {folder}: cannot be a folder ({reason}). Choose another.",
            option=option,
            folder=folder,
            reason=error.strerror or str(error),
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            "{option} {folder}: may not be written to. Choose another folder.",
            option=option,
            folder=folder,
        )


def _inputs(args: argparse.Namespace) -> list[Path]:
    named = [getattr(args, name, None) for name in ("annotations", "preset")]
    photos = [photo for photo in getattr(args, "photos", ()) if isinstance(photo, Path)]
    return [*photos, *(Path(name) for name in named if name)]


def _check_writable(path: Path, inputs: Iterable[Path]) -> None:
    # Checked before the work, which may take an hour.
    if not is_folder(path.parent) or is_folder(path):
        raise UsageError("--json {path}: there is no such folder, or it is one itself.", path=path)
    if any(same(path, file) for file in inputs):
        raise UsageError("--json {path}: this is one of the files to read.", path=path)
    if not os.access(path if is_there(path) else _target(path).parent, os.W_OK) or _too_long(path):
        raise UsageError("--json {path}: cannot be written. Choose another file.", path=path)
    if is_file(path) and not _may_be_json(path):
        raise UsageError(
            "--json {path}: is there already and holds no JSON. Choose another file.", path=path
        )


def _too_long(path: Path) -> bool:
    try:
        path.lstat()
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return False


def _may_be_json(path: Path) -> bool:
    """Whether a file is empty or begins as JSON does: a photo in a folder to read must not be lost."""
    try:
        with path.open("rb") as file:
            begin = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return False
    return begin[:1] in (b"", b"{", b"[")


def _target(path: Path) -> Path:
    """Where a link leads, be there a file or not; one in a circle leads to itself."""
    return Path(os.path.realpath(path))


def _replace(path: Path, text: str) -> None:
    if is_there(path) and not is_file(path):
        path.write_text(text, "utf-8")  # into a pipe or a device, such as /dev/stdout
    else:
        write_at(_target(path), text.encode(), replace=True)
