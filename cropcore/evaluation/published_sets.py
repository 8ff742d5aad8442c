"""Readers of published cropping datasets in their original folder layouts.

Every reader returns the project's own labels: boxes in fractions of the upright photo, in file-name
order where the dataset has no order of its own. Photo sizes come from the photos' headers. Where no
validation split was published, some photos of the training split are held out for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

import numpy as np

from cropcore.errors import AnnotationError, PhotoError
from cropcore.evaluation.annotations import Annotations, Labels, parse_labels
from cropcore.evaluation.dataset_io import (
    json_list,
    json_object,
    json_of,
    lines_of,
    numbers_in,
    photos_in,
    unreadable,
)
from cropcore.files.path_checks import is_folder, is_there
from cropcore.geometry.boxes import from_pixels
from cropcore.images.photo import read_photo
from cropcore.messages import NOTHING, Message

Split = Literal["train", "validation", "test"]
LayoutName = Literal["gaicd", "cpc", "fcdb", "flms", "fat"]

_LEFT_OUT = -2.0
_FCDB_FILES = {"train": "cropping_training_set.json", "test": "cropping_testing_set.json"}
_FCDB_PAIRS = "ranking_annotation.json"
_FLMS_FILE = "500_image_dataset.mat"
_CPC_RAW, _CPC_JSON = "CollectedAnnotationsRaw", "image_crop.json"


@dataclass(frozen=True, slots=True)
class OpinionScale:
    """What the papers call good and different on a data set's scale of opinion scores.

    Attributes:
        good_above: a crop with a higher score is good (setpred).
        score_gap: delta, by which scores must differ for crops to make a pair (asm).
    """

    good_above: float
    score_gap: float


SCALES: dict[LayoutName, OpinionScale] = {
    "gaicd": OpinionScale(good_above=4.0, score_gap=0.9),
    "cpc": OpinionScale(good_above=2.0, score_gap=0.3),
}
"""Of the data sets with opinion scores: GAICD's go from 1 to 5, CPC's from 0 to 4."""

HELD_OUT: dict[LayoutName, int] = {"gaicd": 36, "cpc": 1000, "fat": 1000, "fcdb": 100}
"""Photos of the training split that make up the validation split where none was published: as many as
setpred takes of GAICD's first version and of CPC, and mars of FAT. No paper trains on FCDB."""


@dataclass(frozen=True, slots=True, eq=False)
class PublishedSet:
    """Labels and where their photos are.

    Attributes:
        annotations: labels by file name, relative to ``images``.
        images: the folder of photos.
        layout: whose layout it is.
        absent: annotated photos that are not there; only FCDB, whose photos vanish from Flickr,
            may lack some.
        note: how many photos of the training split are held out for validation; empty where the
            validation split was published.
    """

    annotations: Annotations
    images: Path
    layout: LayoutName
    absent: tuple[str, ...] = ()
    note: Message = NOTHING


def read_published(
    folder: str | Path,
    split: Split = "train",
    layout: LayoutName | None = None,
    held_out: int | None = None,
) -> PublishedSet:
    """Read a dataset of a layout, by default the one that is recognised by the files it holds.

    ``held_out`` photos make up the validation split where none was published, by default ``HELD_OUT``,
    but at most a fifth of all; they are the first by the MD5 of their names, so that fewer are among
    more.

    Raises:
        AnnotationError: no known layout, no such split, or something in it is missing or wrong.
    """
    folder = Path(folder)
    found = layout or layout_of(folder)
    if found is None:
        raise AnnotationError(
            folder,
            "holds no dataset of a known layout (GAICD, CPC, FCDB, FLMS, FAT).",
            "Give the folder that the dataset's archive unpacks to.",
        )
    read = _READERS[found]
    if split == "test" or found not in HELD_OUT:
        return read(folder, split)
    if found == "gaicd" and _published_validation(folder) is not None:
        return read(folder, split)
    whole = read(folder, "train")
    wanted = HELD_OUT[found] if held_out is None else held_out
    return _part(whole, split, min(wanted, len(whole.annotations) // 5))


def _part(whole: PublishedSet, split: Split, count: int) -> PublishedSet:
    """The photos of a training split that are held out for validation, or the others."""
    names = list(whole.annotations)
    order = sorted(names, key=lambda n: hashlib.md5(n.encode(), usedforsecurity=False).hexdigest())
    chosen = set(order[:count]) if split == "validation" else set(order[count:])
    if not chosen:
        raise AnnotationError(
            whole.annotations.path,
            "has too few photos to hold some out for validation: five at least.",
        )
    kept = {n: labels for n, labels in whole.annotations.items() if n in chosen}
    note = Message(
        "{count} of {all} photos of the training split are held out for validation, by the MD5 of "
        "their names.",
        count=count,
        all=len(names),
    )
    return replace(whole, annotations=Annotations(whole.annotations.path, kept), note=note)


def layout_of(folder: Path) -> LayoutName | None:
    """The layout that a folder has, by the files it holds; None where it is none that is known."""
    return next((name for mark, name in _MARKS if is_there(folder / mark)), None)


def read_gaicd(folder: str | Path, split: Split = "train") -> PublishedSet:
    """GAICD (Zeng et al., CVPR 2019): ``crops`` with ``mos``.

    ``images/SPLIT/NAME.jpg`` beside ``annotations/NAME.txt`` (version 1) or
    ``annotations/SPLIT/NAME.txt`` (version 2); the folder of the validation split is
    ``val``. A line is ``y1 x1 y2 x2 score`` in pixels; a score of -2 marks a crop that was not judged.

    Raises:
        AnnotationError: a folder or file is missing or wrong.
    """
    folder = Path(folder)
    name = (_published_validation(folder) or split) if split == "validation" else split
    images = folder / "images" / name
    texts = folder / "annotations"
    texts = texts / name if is_folder(texts / name) else texts
    labels = []
    for photo in photos_in(images):
        path = texts / f"{photo.stem}.txt"
        rows = [numbers_in(path, i, line, 5) for i, line in lines_of(path)]
        judged = [row for row in rows if row[4] != _LEFT_OUT]
        crops = [[x1, y1, x2, y2] for y1, x1, y2, x2, _ in judged]
        entry = {"crops": crops, "mos": [row[4] for row in judged]}
        labels.append(_labels(path, images, photo.name, entry))
    return _published(folder, images, labels, "gaicd")


def _published_validation(folder: Path) -> str | None:
    """The name of GAICD's folder of validation photos, which version 1 lacks."""
    names = ("val", "validation")
    return next((name for name in names if is_folder(folder / "images" / name)), None)


def read_cpc(folder: str | Path, split: Split = "train") -> PublishedSet:
    """CPC (Wei et al., CVPR 2018): ``crops`` with ``mos``, the mean over the workers.

    ``images/NAME.jpg`` beside ``CollectedAnnotationsRaw/NAME.jpg.txt``, each a JSON object (mostly
    wrapped once more as a JSON string) with ``bboxes`` (x1, y1, x2, y2 in pixels) and ``scores``
    (one row a worker, one column a crop); or beside one ``image_crop.json``, file name to
    ``bboxes`` and mean ``scores``. No split was published: every photo belongs to "train".

    Raises:
        AnnotationError: a folder or file is missing or wrong, or another split is asked for.
    """
    folder = Path(folder)
    _only(folder, split, "train")
    images = folder / "images"
    if is_folder(folder / _CPC_RAW):
        paths = sorted((folder / _CPC_RAW).glob("*.txt"))
        entries: Iterable[tuple[Path, str, Any]] = (
            (p, p.stem, json_of(p, wrapped=True)) for p in paths
        )
    else:
        path = folder / _CPC_JSON
        entries = ((path, name, value) for name, value in sorted(json_object(path).items()))
    labels = []
    for path, name, value in entries:
        try:
            scores = np.asarray(value["scores"], np.float64)
            crops = np.asarray(value["bboxes"], np.float64)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise AnnotationError(
                path, "{name}: needs bboxes and scores, as numbers.", name=name
            ) from None
        mos = scores.mean(axis=0) if scores.ndim == 2 else scores
        if crops.ndim != 2 or mos.shape != crops.shape[:1]:
            raise AnnotationError(
                path,
                "{name}: {scores} scores do not fit {boxes} boxes.",
                name=name,
                scores=str(mos.shape),
                boxes=str(crops.shape),
            )
        entry = {"crops": crops.tolist(), "mos": mos.tolist()}
        labels.append(_labels(path, images, name, entry))
    return _published(folder, images, labels, "cpc")


def read_fcdb(folder: str | Path, split: Split = "train") -> PublishedSet:
    """FCDB (Chen et al., WACV 2017): ``best_crop``, and ``pairs`` where there are votes.

    ``cropping_training_set.json`` and ``cropping_testing_set.json`` list ``url``,
    ``flickr_photo_id`` and ``crop`` (x, y, width, height in pixels); ``ranking_annotation.json``,
    which may be missing, lists ``crops`` with ``crop_0``, ``crop_1``, ``vote_for_0``,
    ``vote_for_1``. Photos lie in ``data`` (or ``images``) under the last part of their URL. Votes
    count for the split to which their photo belongs, and only if given on the same file.

    Raises:
        AnnotationError: a list is missing or wrong, there is no such split, or no photo is there.
    """
    folder = Path(folder)
    _only(folder, split, *_FCDB_FILES)
    images = folder / "data" if is_folder(folder / "data") else folder / "images"
    path, pairs_path = folder / _FCDB_FILES[split], folder / _FCDB_PAIRS
    votes = _fcdb_votes(pairs_path)
    labels, absent = [], []
    for item in json_list(path):
        name = _fcdb_name(path, item)
        if not is_there(images / name):
            absent.append(name)
            continue
        best = {"best_crop": _corners(path, name, item.get("crop"))}
        pairs = {"pairs": [_fcdb_pair(pairs_path, name, pair) for pair in votes.get(name, [])]}
        voted = _labels(pairs_path, images, name, pairs)
        labels.append(replace(_labels(path, images, name, best), pairs=voted.pairs))
    return _published(folder, images, labels, "fcdb", tuple(absent))


def read_flms(folder: str | Path, split: Split = "test") -> PublishedSet:
    """FLMS (Fang et al., ACM MM 2014): ``crops``, up to ten people's choices.

    ``image/NAME`` beside ``500_image_dataset.mat``, whose ``img_gt`` holds a name and rows of
    ``y1 x1 y2 x2`` in pixels. Rows with negative numbers stand for missing ones, and a few reach
    outside their photo; both are left out. There is only a "test" split.

    Raises:
        AnnotationError: a file is missing or wrong, or another split is asked for.
    """
    from scipy.io import loadmat  # here, because only the extras ``eval`` and ``train`` bring it

    folder = Path(folder)
    _only(folder, split, "test")
    images, path = folder / "image", folder / _FLMS_FILE
    try:
        records = loadmat(path)["img_gt"].ravel()
        rows = [(str(r[0].item()), np.asarray(r[1], np.float64).reshape(-1, 4)) for r in records]
    except OSError as error:
        raise unreadable(path, error) from error
    except Exception as error:  # loadmat raises many kinds for a file that is no such MAT file
        raise AnnotationError(
            path, "is no FLMS annotation file ({reason}).", reason=str(error)
        ) from error
    labels = []
    for name, boxes in rows:
        width, height = _size(path, images, name)
        corners = boxes[:, [1, 0, 3, 2]]
        inside = (corners >= 0).all(axis=1) & (corners <= [width, height] * 2).all(axis=1)
        labels.append(_labels(path, images, name, {"crops": corners[inside].tolist()}))
    return _published(folder, images, labels, "flms")


def read_fat(folder: str | Path, split: Split = "train") -> PublishedSet:
    """FAT, the thumbnails of Fast-AT (Esmaeili et al., CVPR 2017): ``crops``, up to three a photo.

    No public description of the archive's own layout was found, so this reads a plain form that is
    easily made from it: ``images/NAME`` beside ``fat_train.txt`` and ``fat_test.txt``, whose lines
    are ``NAME x1 y1 x2 y2`` in pixels, one thumbnail each.

    Raises:
        AnnotationError: a file is missing or wrong, or there is no such split.
    """
    folder = Path(folder)
    _only(folder, split, "train", "test")
    images, path = folder / "images", folder / f"fat_{split}.txt"
    crops: dict[str, list[list[float]]] = {}
    for index, line in lines_of(path):
        name, *numbers = line.rsplit(maxsplit=4)
        crops.setdefault(name, []).append(numbers_in(path, index, " ".join(numbers), 4))
    labels = [_labels(path, images, name, {"crops": boxes}) for name, boxes in crops.items()]
    return _published(folder, images, labels, "fat")


_READERS: dict[LayoutName, Callable[[Path, Split], PublishedSet]] = {
    "gaicd": read_gaicd,
    "cpc": read_cpc,
    "fcdb": read_fcdb,
    "flms": read_flms,
    "fat": read_fat,
}
LAYOUTS = tuple(_READERS)

_MARKS: tuple[tuple[str, LayoutName], ...] = (
    (_FLMS_FILE, "flms"),
    (_FCDB_FILES["train"], "fcdb"),
    (_FCDB_FILES["test"], "fcdb"),
    (_CPC_RAW, "cpc"),
    (_CPC_JSON, "cpc"),
    ("fat_train.txt", "fat"),
    ("fat_test.txt", "fat"),
    ("annotations", "gaicd"),
)


def _fcdb_votes(path: Path) -> dict[str, list[Any]]:
    if not is_there(path):
        return {}
    return {_fcdb_name(path, item): item.get("crops") or [] for item in json_list(path)}


def _fcdb_name(path: Path, item: Any) -> str:
    url = item.get("url") if isinstance(item, dict) else None
    if not isinstance(url, str):
        raise AnnotationError(
            path, "every entry needs a url; found {entry}.", entry=json.dumps(item)[:80]
        )
    return url.rsplit("/", 1)[-1]


def _fcdb_pair(path: Path, name: str, pair: Any) -> dict[str, Any]:
    if not isinstance(pair, dict):
        raise AnnotationError(path, "{name}: a pair must be an object.", name=name)
    return {
        "a": _corners(path, name, pair.get("crop_0")),
        "b": _corners(path, name, pair.get("crop_1")),
        "votes_a": pair.get("vote_for_0"),
        "votes_b": pair.get("vote_for_1"),
    }


def _corners(path: Path, name: str, box: Any) -> list[float]:
    """Corners from left, top, width, height."""
    try:
        x, y, w, h = (float(v) for v in box)
    except (TypeError, ValueError, OverflowError):
        raise AnnotationError(
            path, "{name}: a crop is four numbers, not {box}.", name=name, box=repr(box)
        ) from None
    return [x, y, x + w, y + h]


def _labels(path: Path, images: Path, name: str, entry: dict[str, Any]) -> Labels:
    """Check an entry whose boxes are in pixels of the photo."""
    width, height = _size(path, images, name)

    def fractions(box: list[float]) -> list[float]:
        return from_pixels(box, width, height).tolist()

    scaled = dict(entry, width=width, height=height)
    try:
        if "best_crop" in entry:
            scaled["best_crop"] = fractions(entry["best_crop"])
        scaled["crops"] = [fractions(box) for box in entry.get("crops", [])]
        scaled["pairs"] = [
            pair | {"a": fractions(pair["a"]), "b": fractions(pair["b"])}
            for pair in entry.get("pairs", [])
        ]
        return parse_labels(name, scaled)
    except ValueError as error:
        raise AnnotationError(path, "{name}: {reason}", name=name, reason=str(error)) from error


def _size(path: Path, images: Path, name: str) -> tuple[int, int]:
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts:
        raise AnnotationError(
            path, "{name!r} is no file name inside the folder of photos.", name=name
        )
    try:
        photo = read_photo(images / name)
    except PhotoError as error:
        raise AnnotationError(
            error.path, error.reason, "{folder} needs it.", file=path.name
        ) from error
    return photo.width, photo.height


def _only(folder: Path, split: str, *known: str) -> None:
    if split not in known:
        listed = " and ".join(s for s in get_args(Split) if s in known)
        raise AnnotationError(
            folder, "has no split {split!r}; there is {listed}.", split=split, listed=listed
        )


def _published(
    folder: Path,
    images: Path,
    labels: list[Labels],
    layout: LayoutName,
    absent: tuple[str, ...] = (),
) -> PublishedSet:
    if not labels:
        raise AnnotationError(folder, "has no annotated photo in {folder}.", folder=images.name)
    return PublishedSet(Annotations(folder, {x.file: x for x in labels}), images, layout, absent)
