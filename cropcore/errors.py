"""Typed errors with a message for the user: what happened and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cropcore.messages import Message, Value


class CropsightError(Exception):
    """Base of every error that Cropsight raises on purpose; its text is fit to be shown.

    ``str()`` gives the English text, ``message`` its template and values, to be translated.
    """

    def __init__(self, text: str | Message, /, **values: Value) -> None:
        """``text`` is a template with ``values`` for its placeholders, or a finished message."""
        super().__init__(Message.of(text, **values))

    @property
    def message(self) -> Message:
        """What is said, with the file's name where there is one."""
        said: Message = self.args[0]
        return said

    def __str__(self) -> str:
        return str(self.message)


class AspectError(CropsightError, ValueError):
    """An aspect that cannot be understood or cannot exist."""


class GeometryError(CropsightError, ValueError):
    """A box or ratio outside its allowed range."""


class DataError(CropsightError, ValueError):
    """A value in a file that is not what belongs there; the text says what it is not."""


class QuestionError(CropsightError, ValueError):
    """A wish that the engine cannot follow, such as less than one crop."""


class ImageError(CropsightError, ValueError):
    """An image in memory that cannot be used: its kind, shape or values are not what is wanted."""


class DeviceError(CropsightError):
    """The wanted compute device is not there."""


class ClusterError(CropsightError):
    """A cluster that cannot be used: its scheduler, its workers, or what is installed there."""


class WeightsError(CropsightError):
    """A weights file or record is missing, altered or does not fit the model."""


class FileError(CropsightError):
    """Something went wrong with one file.

    ``reason`` says what is wrong and ``remedy`` what the person can do; the message names the file. A
    reason that begins with a small letter is a predicate, whose subject is the file: "is empty."
    """

    def __init__(
        self,
        path: str | Path,
        reason: str | Message,
        remedy: str | Message = "",
        /,
        **values: Value,
    ) -> None:
        """Both templates take their placeholders from ``values``."""
        Exception.__init__(self, path, Message.of(reason, **values), Message.of(remedy, **values))
        self.path = Path(path)

    @property
    def reason(self) -> Message:
        """What is wrong with the file."""
        said: Message = self.args[1]
        return said

    @property
    def remedy(self) -> Message:
        """What the person can do; perhaps nothing."""
        said: Message = self.args[2]
        return said

    @property
    def message(self) -> Message:
        """Name of the file, reason and remedy."""
        name = self.path.name or str(self.path)
        if self.remedy:
            return Message(
                "{file}: {reason} {remedy}", file=name, reason=self.reason, remedy=self.remedy
            )
        return Message("{file}: {reason}", file=name, reason=self.reason)

    @property
    def reason_and_remedy(self) -> Message:
        """The message without the file's name, for where that stands beside it."""
        if self.remedy:
            return Message("{reason} {remedy}", reason=self.reason, remedy=self.remedy)
        return self.reason


class PhotoError(FileError):
    """A photo that cannot be read."""


class DecodeStoppedError(CropsightError):
    """A photo was not decoded or exported, because whoever wanted it has given up meanwhile."""


class MetadataLimitError(ValueError):
    """Metadata beyond the limits, to be left out."""


class ExportError(FileError):
    """A crop that cannot be written."""


class SidecarError(FileError):
    """A sidecar that cannot be written, or that is not to be touched."""


class AnnotationError(FileError):
    """An annotation file or data folder that cannot be used."""


@contextmanager
def told_by_photo() -> Iterator[None]:
    """Turn what torch raises on one photo, such as a full GPU, into an error that names the remedy.

    Raises:
        CropsightError: instead of a RuntimeError or MemoryError.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        reason = str(error).strip().splitlines()
        raise CropsightError(
            "The engine failed on the photo ({reason}). Close other programs, or try --device cpu.",
            reason=reason[0] if reason else type(error).__name__,
        ) from error


class OptionError(CropsightError, ValueError):
    """An export option that cannot be understood or carried out."""


_SYSTEM = {
    errno.ENOENT: Message("no such file or directory"),
    errno.EACCES: Message("permission denied"),
    errno.EPERM: Message("operation not permitted"),
    errno.EROFS: Message("read-only file system"),
    errno.ENOSPC: Message("no space left on device"),
    errno.EDQUOT: Message("disk quota exceeded"),
    errno.EIO: Message("input/output error"),
    errno.ENOTDIR: Message("not a directory"),
    errno.EISDIR: Message("is a directory"),
    errno.EBUSY: Message("device or resource busy"),
    errno.ENAMETOOLONG: Message("file name too long"),
    errno.EMFILE: Message("too many open files"),
}


def system_reason(error: OSError) -> Message:
    """What the operating system says of its error, as a part of a sentence: "permission denied".

    The usual reasons can be translated; others are as the system words them, in small letters.
    """
    if error.errno in _SYSTEM:
        return _SYSTEM[error.errno]
    return Message("{text}", text=(error.strerror or str(error) or type(error).__name__).lower())
