"""Protocol between the training loop and a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import Boxes, clip
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.network import Inputs, Network

Seen = tuple[Labels, View]


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One batch and when it comes.

    Attributes:
        network: what is trained.
        average: its running average, never trained itself.
        inputs: the photos, all of one shape; of several processes each sees its own.
        photos: labels of all processes' photos, and the view of them that is seen.
        rng: settles every draw.
        passed: share of the training that is done, in [0, 1).
    """

    network: Network
    average: Network
    inputs: Inputs
    photos: Sequence[Seen]
    rng: np.random.Generator
    passed: float

    @property
    def own_photos(self) -> Sequence[Seen]:
        """Those of ``photos`` that ``inputs`` shows."""
        rows = self.inputs.rows
        return self.photos if rows is None else [self.photos[row] for row in rows]


class Task(Protocol):
    """One kind of labels: which photos have them, their augmentation, and the losses."""

    @property
    def views(self) -> ViewPlan:
        """Augmentation of its photos."""

    @property
    def share(self) -> float | None:
        """Share of its photos that an epoch shows beside another task's; None means all."""

    @property
    def labelled(self) -> bool:
        """Whether people's labels are learnt; without any there is nothing to train."""

    def wants(self, labels: Labels) -> bool:
        """Whether a photo with these labels takes part."""

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Weighted losses by name, whose sum is minimised; none where nothing is learnt yet."""


def is_unlabelled(labels: Labels) -> bool:
    """Whether nobody has said anything about a photo."""
    said = labels.crops or labels.pairs or labels.fixations
    return labels.best_crop is None and not said


def ratio_of_view(seen: Seen) -> float:
    """Width over height of what a view shows, in pixels."""
    labels, view = seen
    x1, y1, x2, y2 = view.window
    return labels.photo_ratio * (x2 - x1) / (y2 - y1)


def chosen_crops(seen: Seen) -> Boxes:
    """The crops that people chose, as boxes (N, 4) of the view.

    These are the best crop, else crops without scores, else those of the highest score.
    """
    labels, view = seen
    if labels.best_crop is not None:
        boxes = [labels.best_crop]
    elif labels.mos:
        boxes = [c for c, m in zip(labels.crops, labels.mos, strict=True) if m == max(labels.mos)]
    else:
        boxes = list(labels.crops)
    return clip(view.boxes(np.reshape(boxes, (-1, 4))))
