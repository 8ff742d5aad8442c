"""What a run is trained on, judged on, and shown without labels; damaged photos are left out and named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from cropcore.errors import AnnotationError
from cropcore.evaluation.annotations import FOLDS, Labels
from cropcore.evaluation.published_sets import LayoutName, Split, layout_of, read_published
from cropcore.files.path_checks import is_folder
from cropcore.images.jpeg_end import with_end
from cropcore.messages import Message
from cropcore.training.photo_batches import (
    LabelledFolder,
    find_sources,
    find_unlabelled,
    folder_of,
)
from cropcore.training.recipe import Recipe

NAMED = 20
"""Damaged photos of a folder that are named; more are counted."""


@dataclass(frozen=True, eq=False, slots=True)
class TrainingData:
    """The photos of a run.

    Attributes:
        layout: the layout of a published data set; None for annotation files.
        train: photos with labels to learn from, of all folds.
        validation: photos that give the figure of each epoch, besides those of the folds left out.
        unlabelled: photos whose labels say nothing but their size.
        held_out: how many photos of a published training split were held out for validation.
        notes: what was left out or chosen, in sentences.
    """

    layout: LayoutName | None
    train: tuple[LabelledFolder, ...]
    validation: tuple[LabelledFolder, ...] = ()
    unlabelled: tuple[LabelledFolder, ...] = ()
    held_out: int | None = None
    notes: tuple[Message, ...] = ()

    @property
    def opinions(self) -> tuple[float, ...]:
        """All opinion scores that are learnt from."""
        return tuple(m for source in self.train for labels in source.labels for m in labels.mos)


def read_training_data(data: Path, split: Split, recipe: Recipe) -> TrainingData:
    """The photos below ``data`` for a recipe.

    Of a published data set they are those of a split; its validation photos judge, and its test photos,
    their labels unread, are the unlabelled ones where the recipe wants any.

    Raises:
        AnnotationError: there is no such data, or something in it is missing or malformed.
    """
    layout = layout_of(data) if is_folder(data) else None
    if layout is None:
        silent = tuple(find_unlabelled(data)) if recipe.wants_unlabelled else ()
        return _checked(TrainingData(None, tuple(find_sources(data)), (), silent))
    notes: list[Message] = []
    learnt = read_published(data, split, layout, recipe.held_out)
    if learnt.note:
        notes.append(learnt.note)
    if learnt.absent:
        notes.append(Message("{count} annotated photos are not there.", count=len(learnt.absent)))
    judged: tuple[LabelledFolder, ...] = ()
    held_out = None
    if split != "validation":
        try:
            found = read_published(data, "validation", layout, recipe.held_out)
        except AnnotationError as error:
            notes.append(Message("There are no validation photos: {why}", why=error.message))
        else:
            judged = (folder_of(found),)
            held_out = len(found.annotations) if found.note else None
    unlabelled, note = _test_photos(data, layout, folder_of(learnt), recipe)
    notes += [note] if note is not None else []
    made = TrainingData(layout, (folder_of(learnt),), judged, unlabelled, held_out, tuple(notes))
    return _checked(made)


def _test_photos(
    data: Path, layout: LayoutName, learnt: LabelledFolder, recipe: Recipe
) -> tuple[tuple[LabelledFolder, ...], Message | None]:
    """The test photos of a layout without their labels, where the recipe wants any; and a sentence."""
    if not recipe.wants_unlabelled:
        return (), None
    try:
        tested = read_published(data, "test", layout)
    except AnnotationError as error:
        return (), Message(
            "There are no test photos, so rank consistency is left out: {why}", why=error.message
        )
    known = {learnt.images / labels.file for labels in learnt.labels}
    silent = tuple(
        Labels(labels.file, labels.width, labels.height)
        for labels in tested.annotations.values()
        if tested.images / labels.file not in known
    )
    note = Message(
        "Rank consistency learns from {count} test photos, whose labels are not read.",
        count=len(silent),
    )
    return ((LabelledFolder(tested.images, silent),) if silent else ()), note


def _checked(data: TrainingData) -> TrainingData:
    """Without photos that are damaged, which are named."""
    notes = list(data.notes)

    def whole(sources: Sequence[LabelledFolder]) -> tuple[LabelledFolder, ...]:
        return tuple(_whole(source, notes) for source in sources)

    made = replace(
        data,
        train=whole(data.train),
        validation=whole(data.validation),
        unlabelled=whole(data.unlabelled),
    )
    return replace(made, notes=tuple(notes))


def _whole(source: LabelledFolder, notes: list[Message]) -> LabelledFolder:
    bad = {labels.file for labels in source.labels if is_damaged(source.images / labels.file)}
    if not bad:
        return source
    named = ", ".join(sorted(bad)[:NAMED]) + (", ..." if len(bad) > NAMED else "")
    notes.append(
        Message(
            "Left out, as they are damaged: {count} of {all} photos in {folder} ({names}).",
            count=len(bad),
            all=len(source.labels),
            folder=source.images,
            names=named,
        )
    )
    kept = tuple(labels for labels in source.labels if labels.file not in bad)
    return LabelledFolder(source.images, kept)


def is_damaged(path: Path) -> bool:
    """Whether a photo that is there cannot be decoded to its end."""
    try:
        with path.open("rb") as file:
            if file.read(2) == b"\xff\xd8":
                return with_end(file) is not None
        return cv2.imread(str(path)) is None
    except FileNotFoundError:
        return False  # told by whoever wants its pixels
    except (OSError, ValueError):
        return True


def parted(data: TrainingData, folds: Iterable[int]) -> TrainingData:
    """With the photos of the folds left out among those that judge, where none were published."""
    left_out = set(range(FOLDS)) - set(folds)
    if data.validation or not left_out:
        return data
    others = tuple(
        LabelledFolder(source.images, tuple(x for x in source.labels if x.fold in left_out))
        for source in data.train
    )
    return replace(data, validation=tuple(source for source in others if source.labels))


def z_scale(opinions: Sequence[float]) -> tuple[float, float]:
    """Mean and deviation of opinion scores."""
    values = np.asarray(opinions, np.float64)
    return float(values.mean()), float(max(values.std(), 1e-6))
