"""Places that crops are published to from several machines: a shared folder, or S3.

Nothing is ever overwritten, and a file is there whole or not at all. Each file carries the token of
its job; so whoever does the job again, because the one before died before it could tell, or lives and
was given up, finds the file for its own. In S3 the token is metadata of the object, and the store
itself refuses a taken name (``If-None-Match``). In a folder the file is also linked, hidden, under its
token, and a link refuses a taken name.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import mimetypes
import os
import secrets
import shutil
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from cropcore.cluster.url_system import in_words, opened_system, system_errors
from cropcore.errors import OptionError, system_reason
from cropcore.files.atomic_write import sweep, write_at
from cropcore.files.path_checks import same

JOBS = ".cropsight-jobs"
"""The hidden folder of the links under their tokens."""

S3 = ("s3", "s3a")
_TOKEN = "cropsight-job"
_ATTEMPTS = 4


class Sizes(Protocol):
    """Sizes of the files that are in a target."""

    def get(self, name: str) -> int | None:
        """A file's size in bytes; None where there is no such file."""


class Target(Protocol):
    """A folder or a store that crops go to, by names without slashes."""

    place: str

    def check(self) -> None:
        """See that nothing can be overwritten here, by hidden files that are removed again.

        Raises:
            OptionError: it could be, or the place cannot be written to; the text says what to do.
        """

    def publish(self, token: str, stem: str, suffix: str, data: bytes) -> str:
        """Write a job's file under ``stem + suffix``, or ``stem (2)`` and so on, and return the name.

        Where the file of this ``token`` is there already, nothing is written and its name returned.

        Raises:
            OSError: it cannot be written; nothing half is left.
        """

    def sizes(self) -> Sizes:
        """The sizes of the files as they are now, to be asked for many of them.

        Raises:
            OSError: they cannot be listed.
        """

    def forget(self) -> None:
        """Remove what is kept of tokens, when nobody works on their jobs any more."""

    def whole(self, name: str) -> str:
        """A file's path or URL."""


class FolderTarget:
    """A folder, which all machines see under one path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs = folder / JOBS
        self.place = str(folder)

    def check(self) -> None:
        """As :meth:`Target.check`: the folder must know hard links."""
        name = f".cropsight-{secrets.token_hex(8)}"
        try:
            sweep(self._folder)
            self.publish(name, name, "", b"1")
            (self._folder / name).unlink()
            self._own(name).unlink()
        except OSError as error:
            raise OptionError(
                "{place}: crops cannot go there from several machines: {reason}. It takes a file system "
                "that can be written to and knows hard links, or an s3:// address.",
                place=self.place,
                reason=system_reason(error),
            ) from error

    def publish(self, token: str, stem: str, suffix: str, data: bytes) -> str:
        """As :meth:`Target.publish`."""
        own = self._own(token)
        own.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_at(own, data)
        except FileExistsError:
            # By whoever did this job before.
            if (name := self._published(own, stem, suffix)) is not None:
                return name
        for name in _names(stem, suffix):
            try:
                os.link(own, self._folder / name)
            except FileExistsError:
                if not same(own, self._folder / name):  # as it is where two do one job at once
                    continue
            return name
        raise AssertionError("names never end")

    def _published(self, own: Path, stem: str, suffix: str) -> str | None:
        """The name that a file has besides its token, if it has one."""
        for name in _names(stem, suffix):
            if same(own, self._folder / name):
                return name
            if not os.path.lexists(self._folder / name):
                break
        if own.stat().st_nlink == 1:
            return None
        with os.scandir(self._folder) as entries:  # a name before it has become free
            return next((e.name for e in entries if same(own, Path(e.path))), None)

    def sizes(self) -> Sizes:
        """As :meth:`Target.sizes`."""
        return _StatSizes(self._folder)

    def forget(self) -> None:
        """As :meth:`Target.forget`."""
        with suppress(OSError):
            shutil.rmtree(self._jobs)

    def whole(self, name: str) -> str:
        """A file's path."""
        return str(self._folder / name)

    def _own(self, token: str) -> Path:
        # A folder of a million names is slow on many network drives.
        part = hashlib.blake2b(token.encode(), digest_size=1).hexdigest()
        return self._jobs / part / token


class S3Target:
    """A bucket of S3, or of a server that speaks it, or a folder in one."""

    def __init__(self, url: str, **options: Any) -> None:
        """``options`` are those of s3fs.

        Raises:
            OptionError: s3fs is not installed.
        """
        self._system, root = opened_system(url, **options)
        self._bucket, _, key = root.partition("/")
        self._prefix = f"{key}/" if key else ""
        self.place = url.rstrip("/")

    def check(self) -> None:
        """As :meth:`Target.check`: the server must know conditional writes."""
        name = f".cropsight-{secrets.token_hex(8)}"
        try:
            self._created(name, b"1", "1")
            try:
                refused = not self._created(name, b"2", "2")
            finally:
                self._remove(name)
        except OSError as error:
            raise OptionError(in_words(self.place, error)) from error
        if not refused:
            raise OptionError(
                "{place}: crops cannot go there, because this server passes over conditions "
                "(If-None-Match): what is there could be overwritten. Choose another store, or a folder.",
                place=self.place,
            )

    def publish(self, token: str, stem: str, suffix: str, data: bytes) -> str:
        """As :meth:`Target.publish`."""
        for name in _names(stem, suffix):
            if self._created(name, data, token) or self._token(name) == token:
                return name
        raise AssertionError("names never end")

    def sizes(self) -> Sizes:
        """As :meth:`Target.sizes`, from a listing: a request for each of a million files is too much."""
        sizes = _ListedSizes()
        with system_errors():
            for found in s3_pages(self._system, self._bucket, self._prefix, "/"):
                sizes.add(found["Key"][len(self._prefix) :], found["Size"])
        return sizes

    def forget(self) -> None:
        """Nothing is kept beside the files."""

    def whole(self, name: str) -> str:
        """A file's URL."""
        return f"{self.place}/{name}"

    def _created(self, name: str, data: bytes, token: str) -> bool:
        """Write a new object; False where the name is taken."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        for attempt in range(_ATTEMPTS):
            try:
                with system_errors():
                    self._system.pipe_file(
                        f"{self._bucket}/{self._prefix}{name}",
                        data,
                        mode="create",
                        Metadata={_TOKEN: token},
                        ContentType=kind,
                    )
                return True
            except (FileNotFoundError, PermissionError):
                raise
            except FileExistsError:
                return False
            except OSError as error:
                # Older versions of s3fs give a failed condition no kind of its own. A server says
                # "conflict" where two write at once: who asks again is told who has won.
                if error.errno == errno.EHOSTUNREACH:
                    raise
                if self._token(name) is not None:
                    return False
                if attempt == _ATTEMPTS - 1:
                    raise
        return False

    def _token(self, name: str) -> str | None:
        """Whose an object is: empty where nobody's of ours, None where there is none."""
        try:
            with system_errors():
                head = self._system.call_s3(
                    "head_object", Bucket=self._bucket, Key=f"{self._prefix}{name}"
                )
        except FileNotFoundError:
            return None
        return str(head.get("Metadata", {}).get(_TOKEN, ""))

    def _remove(self, name: str) -> None:
        with suppress(OSError), system_errors():
            self._system.call_s3("delete_object", Bucket=self._bucket, Key=f"{self._prefix}{name}")


def target_of(place: Path | str, **options: Any) -> FolderTarget | S3Target:
    """Where crops go to.

    Raises:
        OptionError: it is a store of which we do not know that it refuses taken names, or its package
            is not installed.
    """
    if isinstance(place, Path):
        return FolderTarget(place)
    scheme = urlsplit(place).scheme.lower()
    if scheme not in S3:
        raise OptionError(
            "{place}: crops can go to a folder or to s3://, not to {scheme}://: of that store Cropsight "
            "cannot be sure that it never overwrites a file. Photos can be read from there.",
            place=place,
            scheme=scheme,
        )
    return S3Target(place, **options)


def s3_pages(
    system: Any, bucket: str, prefix: str, delimiter: str = ""
) -> Iterator[dict[str, Any]]:
    """The objects below a prefix, page by page, so that memory does not grow with them."""
    more: dict[str, str] = {}
    while True:
        page = system.call_s3(
            "list_objects_v2", Bucket=bucket, Prefix=prefix, Delimiter=delimiter, **more
        )
        yield from page.get("Contents", ())
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


class _StatSizes:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> int | None:
        try:
            return (self._folder / name).stat().st_size
        except (OSError, ValueError):  # ValueError: no file can have this name
            return None


class _ListedSizes:
    """Sizes by eight bytes of a digest of the name: sixteen bytes a file."""

    def __init__(self) -> None:
        self._names, self._sizes = array("Q"), array("Q")
        self._sorted = True

    def add(self, name: str, size: int) -> None:
        self._names.append(_digest(name))
        self._sizes.append(size)
        self._sorted = False

    def get(self, name: str) -> int | None:
        if not self._sorted:
            order = np.argsort(np.frombuffer(self._names, np.uint64), kind="stable")
            self._names, self._sizes = (
                array("Q", np.frombuffer(column, np.uint64)[order].tobytes())
                for column in (self._names, self._sizes)
            )
            self._sorted = True
        wanted = _digest(name)
        place = bisect_left(self._names, wanted)
        there = place < len(self._names) and self._names[place] == wanted
        return self._sizes[place] if there else None


def _digest(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest)


def _names(stem: str, suffix: str) -> Iterator[str]:
    yield f"{stem}{suffix}"
    for number in itertools.count(2):
        yield f"{stem} ({number}){suffix}"
