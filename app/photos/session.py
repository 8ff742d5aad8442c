"""Remembers the open photos between runs, also after a crash."""

from __future__ import annotations

import json
import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.photos.folder_watcher import FolderWatcher
from app.photos.opener import Opener
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from app.settings import Settings
from cropcore.files.atomic_write import write_at
from cropcore.files.own_files import read_own
from cropcore.files.photo_scan import Listed
from cropcore.files.user_dirs import move_old_data, moved_sample, state_dir

log = logging.getLogger(__name__)

_SCHEMA = 1
_SAVE_MS = 100
_PORTION = 250
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Last:
    """The photos of a session, the one that was shown, the watched folders, and what was closed in them.

    ``closed`` is None where that was not kept.
    """

    paths: Sequence[Path] = ()
    shown: Path | None = None
    folders: tuple[Path, ...] = ()
    closed: tuple[Path, ...] | None = None


def session_file() -> Path:
    """Where the list of open photos lies."""
    return state_dir() / "session.json"


class Session(QObject):
    """Writes which photos are open shortly after that changes; :meth:`restore` opens them again.

    Files are looked at, read and written on another thread. Signals: ``warned`` (text).
    """

    warned = Signal(str)
    _portion = Signal(tuple, object)
    """Photos (Listed) of the last run, and the Path of the one that was shown, or None."""
    _ended = Signal(tuple, object)
    """The names of the photos that are not there any more, and the :class:`_Last` session."""
    _unwritten = Signal(str)

    def __init__(
        self, document: Document, opener: Opener, watcher: FolderWatcher, settings: Settings
    ) -> None:
        super().__init__(opener)
        register_worker(self, "session", StopOrder.RECORDS)
        self._document = document
        self._opener = opener
        self._watcher = watcher
        self._settings = settings
        self._signals = ThreadSignals(self)
        self._helper = ThreadPoolExecutor(1, "session")
        self._writing: Future[None] | None = None
        self._paths: tuple[str, ...] | None = None
        self._portions: deque[tuple[tuple[Listed, ...], Path | None]] = deque()
        self._restoring = self._stopped = self._told = False
        self._ends: tuple[str, ...] | None = None
        self._last = _Last()
        self._save = _timer(self, _SAVE_MS)
        self._save.timeout.connect(self._write_soon)
        self._next = _timer(self, 0)
        self._next.timeout.connect(self._bring_back)
        self._portion.connect(self._queue)
        self._ended.connect(self._restored)
        self._unwritten.connect(self._warn_once)
        document.photos_changed.connect(self._roll_changed)
        document.current_changed.connect(self._changed)
        opener.folder_listed.connect(self._changed)

    def restore(self) -> None:
        """Open the photos of the last run again, unless the person does not want that."""
        if self._settings.restore_session and not self._stopped:
            self._restoring = True
            self._save.stop()  # the list of the last run is read first
            self._helper.submit(self._look, session_file())

    def stop(self) -> None:
        """Write what is not written yet, and begin nothing more.

        A session that is half restored stays as it was.
        """
        if self._save.isActive():
            self._write()
        self._stopped = True
        self._portions.clear()
        self._save.stop()
        self._next.stop()
        end_pool(self._helper, cancel=False)

    # Writing ----------------------------------------------------------------------------------

    def _roll_changed(self) -> None:
        self._paths = None
        self._changed()

    def _changed(self, *_: object) -> None:
        if not self._restoring and not self._stopped:
            self._save.start()

    def _write_soon(self) -> None:
        if self._writing is not None and not self._writing.done():
            self._save.start()
        else:
            self._write()

    def _write(self) -> None:
        own = self._document.own
        if self._paths is None:
            self._paths = tuple(os.fspath(photo.path) for photo in own.photos)
        shown = own.place_of(own.current) if own.current is not None else -1
        said = {
            "schema": _SCHEMA,
            "shown": shown,
            "photos": self._paths,
            "folders": [os.fspath(folder) for folder in self._watcher.folders],
            "closed": [os.fspath(path) for path in self._watcher.closed],
        }
        self._writing = self._helper.submit(self._write_file, session_file(), said)

    def _write_file(self, file: Path, said: dict[str, object]) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(said, indent=0)
            write_at(file, text.encode("ascii"), replace=True)
        except OSError as error:
            reason = error.strerror or str(error)
            self._signals.send(self._unwritten, f"{file}: {reason}.")

    def _warn_once(self, reason: str) -> None:
        if not self._told:
            self._told = True
            text = self.tr("The open photos cannot be remembered for the next start. {0}")
            self.warned.emit(text.format(reason))

    # Restoring --------------------------------------------------------------------------------

    def _look(self, file: Path) -> None:
        missing: list[str] = []
        last = _Last()
        move_old_data()
        try:
            last = _read(file)
            for portion, gone in _portions(last.paths):
                if self._stopped:
                    return
                missing += gone
                self._signals.send(self._portion, tuple(portion), last.shown)
        except OSError as error:
            log.warning("Cannot read %s: %s", file, error)
        finally:
            self._signals.send(self._ended, tuple(missing), last)

    def _queue(self, portion: tuple[Listed, ...], shown: Path | None) -> None:
        if not self._stopped:
            self._portions.append((portion, shown))
            self._next.start()

    def _bring_back(self) -> None:
        """Open one portion per turn of the event loop, so that input is handled in between."""
        if self._portions:
            self._opener.bring_back(*self._portions.popleft())
        if self._portions:
            self._next.start()
        elif self._ends is not None:
            self._finish(self._ends)

    def _restored(self, missing: tuple[str, ...], last: _Last) -> None:
        self._ends, self._last = missing, last
        if not self._portions and not self._stopped:
            self._finish(missing)

    def _finish(self, missing: tuple[str, ...]) -> None:
        self._ends, self._restoring = None, False
        own = self._document.own
        if self._document.current is None and own.photos:
            self._document.show(own.photos[0])
        if own.photos:
            self._watcher.watch(self._last.folders, self._last.closed)
        if missing:
            names = ", ".join(missing[:_NAMED])
            if len(missing) > _NAMED:
                names += " " + self.tr("and {0} more").format(len(missing) - _NAMED)
            self.warned.emit(self.tr("Not there any more, so not opened again: {0}.").format(names))
        if missing or own.photos:
            self._changed()  # the person may have opened others meanwhile


def _timer(parent: QObject, ms: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(ms)
    return timer


def _read(file: Path) -> _Last:
    """The session that a file holds; an empty one where it says nothing sensible.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        data = json.loads(read_own(file))
        if data["schema"] != _SCHEMA:
            return _Last()
        paths = [moved_sample(Path(name)) for name in data["photos"] if isinstance(name, str)]
        folders, closed = _paths(data.get("folders", ())), data.get("closed")
        shown = data["shown"]
        known = isinstance(shown, int) and 0 <= shown < len(paths)
        return _Last(
            paths,
            paths[shown] if known else None,
            folders,
            None if closed is None else _paths(closed),
        )
    except FileNotFoundError:
        return _Last()
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        log.warning("%s holds no session: %s", file, error)
        return _Last()


def _paths(names: Iterable[object]) -> tuple[Path, ...]:
    return tuple(Path(name) for name in names if isinstance(name, str))


def _portions(paths: Sequence[Path]) -> Iterator[tuple[list[Listed], list[str]]]:
    """Files that are there, with their stamps, and the names of those that are not."""
    for start in range(0, len(paths), _PORTION):
        there: list[Listed] = []
        gone: list[str] = []
        for path in paths[start : start + _PORTION]:
            try:
                status = path.stat()
            except (OSError, ValueError):
                gone.append(path.name)
            else:
                there.append((path, (status.st_mtime_ns, status.st_size)))
        yield there, gone
