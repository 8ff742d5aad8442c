"""Reads and writes sidecar files, in one library folder or beside the photos; atomically.

Whatever lies in the place of a sidecar and is none is set aside and kept; a sidecar of a later
version is left as it is.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from cropcore.errors import PhotoError, SidecarError, system_reason
from cropcore.files.atomic_write import sweep, write_at
from cropcore.files.file_lock import locked
from cropcore.files.own_files import NotOwnError, read_own
from cropcore.files.user_dirs import data_dir
from cropcore.messages import Message
from cropcore.sidecar.content_index import LARGEST, ContentIndex
from cropcore.sidecar.json_format import DamagedError, NewerError, from_json, to_json
from cropcore.sidecar.merge import merged
from cropcore.sidecar.sidecar import Sidecar, content_digest, real

SUFFIX = ".cropsight.json"

_LONGEST_NAME = 255
_STEM_BYTES = 80
_REMOVE = "Remove it, then try again."
_PLAIN = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class LoadedSidecar:
    """A photo's sidecar, None where there is none that can be read, and sentences for the person.

    ``changed`` says that the photo's file is not, byte for byte, the one whose crops were saved.
    """

    sidecar: Sidecar | None
    notices: tuple[Message, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class SavedSidecar:
    """Where a sidecar was written, what it holds after merging, and sentences for the person."""

    path: Path
    sidecar: Sidecar
    notices: tuple[Message, ...] = ()


def default_library() -> Path:
    """The folder for all sidecars of this user."""
    return data_dir() / "sidecars"


def library_name(photo_path: Path) -> str:
    """The name of a photo's sidecar in the library: what a person can read, then the path's digest."""
    return _library_name(real(photo_path))


def _library_name(path: Path) -> str:
    digest = hashlib.sha256(os.fsencode(os.path.normcase(path))).hexdigest()[:20]
    stem = _PLAIN.sub("_", path.stem).encode()[:_STEM_BYTES].decode(errors="ignore").strip("._-")
    return f"{stem or 'photo'}-{digest}.json"


class SidecarStore:
    """Sidecars in a ``folder``, or ``beside`` the photos where that can be written to.

    Both places are read whatever ``beside`` says, and a sidecar in either is brought up to date.
    Several processes may use the same places: what one wrote is merged into what another writes.
    """

    def __init__(self, folder: Path, beside: bool = False) -> None:
        self.folder = folder
        self.beside = beside
        self._contents = ContentIndex(folder)

    def load(self, photo_path: Path) -> LoadedSidecar:
        """Read what is kept about a photo; what lies in both places is merged, the newest counts.

        A photo that was moved or renamed is recognised in the library by its content. Whatever goes
        wrong becomes a notice.
        """
        try:
            with self._locked(photo_path):
                found = self._read(self._places(photo_path))
            sidecar, notices = found.sidecar, found.notices
            digest = content_digest(photo_path)[0]
        except SidecarError as e:
            return LoadedSidecar(None, (e.message,))
        except PhotoError:  # the photo is unreadable, which its opening reports
            return LoadedSidecar(sidecar, tuple(notices))
        if sidecar is None:
            sidecar = self._contents.newest(digest)
            if sidecar is not None:
                facts = replace(sidecar.photo, name=real(photo_path).name)
                notices.append(
                    Message(
                        "{file}: its crops were kept as {former}.",
                        file=facts.name,
                        former=sidecar.photo.name,
                    )
                )
                sidecar = replace(sidecar, photo=facts)
        changed = sidecar is not None and sidecar.photo.digest != digest
        if changed:
            notices.append(
                Message(
                    "{file}: the file was changed since its crops were saved.", file=photo_path.name
                )
            )
        return LoadedSidecar(sidecar, tuple(notices), changed)

    def save(self, photo_path: Path, sidecar: Sidecar) -> SavedSidecar:
        """Write a photo's sidecar, merged with what was written in the meantime.

        Where nothing can be written beside the photo it goes to the library, with a notice.

        Raises:
            SidecarError: it cannot be written, or what is there is of a later version.
        """
        with suppress(OSError):  # the write below fails with a better message
            self.folder.mkdir(parents=True, exist_ok=True)
        places = self._places(photo_path)
        with self._locked(photo_path):
            found = self._read(places)
            if found.sidecar is not None:
                sidecar = merged(sidecar, found.sidecar)
            path = self._write(places, to_json(sidecar), found)
        return SavedSidecar(path, sidecar, tuple(found.notices))

    def remove(self, photo_path: Path) -> None:
        """Forget what is kept about a photo, in both places.

        Raises:
            SidecarError: a sidecar cannot be removed, or is of a later version.
        """
        places = self._places(photo_path)
        with self._locked(photo_path):
            found = self._read(places)
            for place in places:
                try:
                    place.unlink(missing_ok=True)
                except OSError as e:
                    if _exists(place):
                        raise _failure(
                            place,
                            Message("could not be removed: {reason}.", reason=system_reason(e)),
                            e,
                        ) from e
            facts = found.sidecar.photo if found.sidecar else None
            if facts and self._contents.newest(facts.digest):
                # Another one of the same content would be taken for this photo's own.
                self._write(places, to_json(Sidecar(facts)), found)

    def _places(self, photo_path: Path) -> tuple[Path, Path]:
        """Where the sidecar is written, and the other place where it may lie."""
        path = real(photo_path)
        beside, library = path.with_name(path.name + SUFFIX), self.folder / _library_name(path)
        return (beside, library) if self.beside else (library, beside)

    def _read(self, places: tuple[Path, Path]) -> _Found:
        found = _Found()
        for place in places:
            try:
                sidecar = _read_one(place, found.notices)
            except _NewerError:
                raise
            except SidecarError as e:
                found.blocked[place] = e
                found.notices.append(e.message)
                continue
            if sidecar and found.sidecar:
                found.sidecar = merged(found.sidecar, sidecar)
            else:
                found.sidecar = found.sidecar or sidecar
        return found

    def _write(self, places: tuple[Path, Path], text: bytes, found: _Found) -> Path:
        first, second = places
        try:
            _write_over(first, text, found)
        except SidecarError:
            if not self.beside:
                raise
            _write_over(second, text, found)
            found.notices.append(
                Message(
                    "{file} could not be written beside the photo; the crops are kept in {folder}.",
                    file=first.name,
                    folder=self.folder,
                )
            )
            return second
        if _exists(second):
            with suppress(SidecarError):  # read-only; what was written first is newer
                _write_over(second, text, found)
        return first

    @contextmanager
    def _locked(self, photo_path: Path) -> Iterator[None]:
        try:
            with locked(self.folder / ".lock"):
                yield
        except TimeoutError as e:
            raise SidecarError(
                photo_path,
                "Another program has been writing crops for too long.",
                "Close it, then try again.",
            ) from e
        except NotOwnError as e:
            raise SidecarError(e.filename, e.reason, _REMOVE) from e


class _NewerError(SidecarError):
    """A sidecar of a later version."""


@dataclass
class _Found:
    """What was read; ``blocked`` are places with something that is not to be overwritten, and why."""

    sidecar: Sidecar | None = None
    notices: list[Message] = field(default_factory=list)
    blocked: dict[Path, SidecarError] = field(default_factory=dict)


def _read_one(place: Path, notices: list[Message]) -> Sidecar | None:
    """The sidecar in one place; what is none is set aside.

    Raises:
        _NewerError: it is of a later version.
        SidecarError: something is there that can be neither read nor moved away.
    """
    try:
        return from_json(read_own(place, LARGEST))
    except NewerError as e:
        raise _NewerError(
            place,
            "was written by a later version ({version}).",
            "Update Cropsight to use it.",
            version=e.message,
        ) from e
    except DamagedError as e:
        try:
            aside = _set_aside(place)
        except OSError as refused:
            raise _failure(
                place,
                Message(
                    "could not be set aside, though it is damaged: {reason}.",
                    reason=system_reason(refused),
                ),
                refused,
            ) from e
        notices.append(
            Message(
                "{file} was damaged ({problem}); it is kept as {copy}.",
                file=place.name,
                problem=e.message,
                copy=aside.name,
            )
        )
        return None
    except OSError as e:
        if _exists(place):
            raise _failure(
                place, Message("could not be read: {reason}.", reason=system_reason(e)), e
            ) from e
        return None


def _write_over(place: Path, text: bytes, found: _Found) -> None:
    """Replace a file, or make it; where a link is, the file it leads to."""
    if place in found.blocked:
        raise found.blocked[place]
    target = real(place)
    try:
        sweep(target.parent)
        write_at(target, text, replace=True)
    except OSError as e:
        raise _failure(
            place, Message("could not be written: {reason}.", reason=system_reason(e)), e
        ) from e


def _set_aside(place: Path) -> Path:
    """Give a file another name, one that is free; returns it."""
    for number in itertools.count(1):
        ending = f".damaged-{number}.json"
        stem = os.fsencode(place.name.removesuffix(".json"))[: _LONGEST_NAME - len(ending)]
        target = place.with_name(os.fsdecode(stem) + ending)
        with suppress(FileExistsError):
            write_at(target, read_own(place, LARGEST))
            break
    place.unlink()
    return target


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:  # not there, or nothing can be there: too long a name, a folder that is none
        return False
    return True


def _failure(place: Path, reason: Message, error: OSError) -> SidecarError:
    if isinstance(error, NotOwnError):
        return SidecarError(place, error.reason, _REMOVE)
    return SidecarError(
        place, reason, "Check the folder {folder}, then try again.", folder=place.parent
    )
