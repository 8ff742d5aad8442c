"""Annotation file of crops, scores and fixations, as ``cropcore eval`` and ``cropcore train`` read it.

One JSON object: file name -> ``{"width", "height"}`` and any of ``best_crop`` (one box), ``crops``
(boxes) with or without ``mos`` (a score each), ``pairs`` (two boxes with votes), ``fixations`` (per
viewer a list of points) and ``heads`` (boxes of people's heads). Boxes and points are fractions of
the upright photo. Unknown keys are left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import AnnotationError
from cropcore.geometry.crop import Box

T = TypeVar("T")

FOLDS = 5

# People's boxes were rounded to whole pixels of another size: a little over the border is no error.
_OVER = 0.01

# A head is drawn around a face, so it may go on where the photo ends: by its own size at most.
_HEAD_OVER = 1.0

# Nothing that is counted or measured here has more; what has could not be computed with.
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Pair:
    """Two crops of one photo and how many people preferred each."""

    a: Box
    b: Box
    votes_a: int
    votes_b: int


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What people said about one photo.

    ``file`` is the name in the annotation file, relative to the folder of photos; ``width`` and
    ``height`` are those of the original photo (its copy may be smaller). ``mos`` has one score per
    crop, or is empty. ``fixations`` holds one (N, 2) array of points (x, y) in [0, 1] per viewer.
    ``heads`` are cut at the photo's border.
    """

    file: str
    width: int
    height: int
    best_crop: Box | None = None
    crops: tuple[Box, ...] = ()
    mos: tuple[float, ...] = ()
    pairs: tuple[Pair, ...] = ()
    fixations: tuple[NDArray[np.float64], ...] = ()
    heads: tuple[Box, ...] = ()

    @property
    def photo_ratio(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def fold(self) -> int:
        """The fold (0-4) that this photo belongs to."""
        return fold_of(self.file)

    @property
    def gaze(self) -> NDArray[np.float64]:
        """The fixations of all viewers together, (N, 2)."""
        return np.concatenate([np.zeros((0, 2)), *self.fixations])


@dataclass(frozen=True, slots=True, eq=False)
class Annotations(Mapping[str, Labels]):
    """Labels by file name, in the order of the file."""

    path: Path
    labels: dict[str, Labels] = field(repr=False)

    def __getitem__(self, name: str) -> Labels:
        return self.labels[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def in_folds(self, folds: Iterable[int]) -> Annotations:
        """The photos of these folds."""
        wanted = set(folds)
        return Annotations(self.path, {n: v for n, v in self.labels.items() if v.fold in wanted})


def fold_of(name: str) -> int:
    """The fold (0-4) of a photo: the MD5 of its file name, modulo 5."""
    base = PurePosixPath(name).name
    return int(hashlib.md5(base.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def read_annotations(path: str | Path) -> Annotations:
    """Read and check an annotation file.

    Raises:
        AnnotationError: the file cannot be read, is no JSON object, or an entry is wrong; the
            message names the photo and what is wrong with it.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise AnnotationError(
            path, "cannot be read ({reason}).", "Check the path.", reason=reason
        ) from error
    except (ValueError, RecursionError) as error:
        raise AnnotationError(path, "is no JSON file ({reason}).", reason=str(error)) from error
    if not isinstance(content, dict):
        raise AnnotationError(path, "must hold one object: file name to labels.")
    labels = {}
    for name, entry in content.items():
        try:
            labels[name] = parse_labels(name, entry)
        except ValueError as error:
            raise AnnotationError(
                path, "entry {name!r}: {reason}", name=name, reason=str(error)
            ) from error
    return Annotations(path, labels)


def parse_labels(name: str, entry: Any) -> Labels:
    """Check one entry.

    Raises:
        ValueError: says what is wrong, without naming the photo.
    """
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts:
        raise ValueError("the name must be a path inside the folder of photos.")
    if not isinstance(entry, dict):
        raise ValueError("must be an object.")
    crops = tuple(_each(entry, "crops", _box))
    mos = tuple(_each(entry, "mos", _number))
    if mos and len(mos) != len(crops):
        raise ValueError(f"has {len(crops)} crops but {len(mos)} scores in mos.")
    best = entry.get("best_crop")
    return Labels(
        file=name,
        width=_side(entry, "width"),
        height=_side(entry, "height"),
        best_crop=None if best is None else _box(best, "best_crop"),
        crops=crops,
        mos=mos,
        pairs=tuple(_each(entry, "pairs", _pair)),
        fixations=tuple(_each(entry, "fixations", _points)),
        heads=tuple(_each(entry, "heads", _head)),
    )


def _each(entry: dict[str, Any], key: str, read: Callable[[Any, str], T]) -> Iterator[T]:
    values = entry.get(key)
    if values is None:
        return
    if not isinstance(values, list):
        raise ValueError(f"{key} must be a list.")
    for index, value in enumerate(values):
        yield read(value, f"{key}[{index}]")


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where} must be a finite number.")
    if not -_MOST <= value <= _MOST:  # nor is NaN
        raise ValueError(f"{where} must be a finite number.")
    return float(value)


def _side(entry: dict[str, Any], key: str) -> int:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
        raise ValueError(f"{key} must be a positive whole number of pixels.")
    return value


def _head(value: Any, where: str) -> Box:
    return _box(value, where, _HEAD_OVER)


def _box(value: Any, where: str, over: float = _OVER) -> Box:
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError(f"{where} must be a box of four numbers.")
    numbers = [_number(v, where) for v in value]
    if min(numbers) < -over or max(numbers) > 1 + over:
        raise ValueError(f"{where} reaches outside the photo; boxes are fractions from 0 to 1.")
    x1, y1, x2, y2 = (min(max(v, 0.0), 1.0) for v in numbers)
    if x2 <= x1 or y2 <= y1:
        raise ValueError(f"{where} is empty: x1 < x2 and y1 < y2 are needed.")
    return x1, y1, x2, y2


def _pair(value: Any, where: str) -> Pair:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be an object.")
    votes = []
    for key in ("votes_a", "votes_b"):
        count = value.get(key)
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST:
            raise ValueError(f"{where}.{key} must be a whole number, 0 or more.")
        votes.append(count)
    return Pair(_box(value.get("a"), f"{where}.a"), _box(value.get("b"), f"{where}.b"), *votes)


def _points(value: Any, where: str) -> NDArray[np.float64]:
    try:
        points = np.asarray(value, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{where} must be a list of points (x, y).") from None
    if points.size == 0:
        return np.zeros((0, 2))
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError(f"{where} must be a list of points (x, y).")
    if points.min() < -_OVER or points.max() > 1 + _OVER:
        raise ValueError(f"{where} lies outside the photo; points are fractions from 0 to 1.")
    return np.clip(points, 0.0, 1.0)
