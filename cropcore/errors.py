"""Typed errors with a message for the user: what happened and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CropsightError(Exception):
    """Base of every error that Cropsight raises on purpose; its text is fit to be shown."""


class AspectError(CropsightError, ValueError):
    """An aspect that cannot be understood or cannot exist."""


class GeometryError(CropsightError, ValueError):
    """A box or ratio outside its allowed range."""


class QuestionError(CropsightError, ValueError):
    """A wish that the engine cannot follow, such as less than one crop."""


class ImageError(CropsightError, ValueError):
    """An image in memory that cannot be used: its kind, shape or values are not what is wanted."""


class DeviceError(CropsightError):
    """The wanted compute device is not there."""


class WeightsError(CropsightError):
    """A weights file or record is missing, altered or does not fit the model."""


class FileError(CropsightError):
    """Something went wrong with one file.

    ``reason`` says what is wrong and ``remedy`` what the person can do; the message names the file.
    """

    def __init__(self, path: str | Path, reason: str, remedy: str = "") -> None:
        self.path = Path(path)
        self.reason = reason
        self.remedy = remedy
        text = f"{self.path.name or self.path}: {reason}"
        super().__init__(f"{text} {remedy}" if remedy else text)

    def __reduce__(self) -> tuple[type[FileError], tuple[Path, str, str]]:
        """By its parts: a worker process sends its error to the one that waits for it."""
        return type(self), (self.path, self.reason, self.remedy)


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
            f"the engine failed on it ({reason[0] if reason else type(error).__name__}). Close other "
            "programs, or try --device cpu."
        ) from error


class OptionError(CropsightError, ValueError):
    """An export option that cannot be understood or carried out."""
