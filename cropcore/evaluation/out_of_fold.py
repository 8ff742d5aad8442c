"""Protocol of an evaluated cropper, and cross-validated engines (each photo by a model that never saw it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import PhotoError
from cropcore.evaluation.annotations import fold_of
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes
from cropcore.geometry.crop import Crop, Map, Suggestions
from cropcore.images.photo import Photo


class Cropper(Protocol):
    """What can be measured: an engine, or any model that answers as one.

    ``encode`` is called once per photo and may raise a CropsightError, which leaves the photo out.
    """

    def encode(self, photo: Photo, /) -> Any:
        """Whatever the other calls need to know of the photo."""

    def suggest(self, scene: Any, aspect: Aspect, k: int = ..., method: str = ...) -> Suggestions:
        """Up to ``k`` candidates, best first."""

    def score(self, scene: Any, crops: Sequence[Crop], method: str = ...) -> NDArray[np.float64]:
        """Raw scores (N,), higher is better."""

    def ranked(
        self, scene: Any, aspect: Aspect, k: int, method: str = ...
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Up to ``k`` crops (K, 4) that measures of several crops count, and their scores (K,)."""

    def maps(self, scene: Any, aspect: Aspect, names: Sequence[str] | None = ...) -> dict[str, Map]:
        """The named maps."""


class OutOfFold:
    """Cross-validated models as one Cropper: each photo is answered by the model of its own fold.

    ``by_fold`` maps a fold (0-4) to the model that never saw that fold's photos in training.
    """

    def __init__(self, by_fold: Mapping[int, Cropper]) -> None:
        self._by_fold = dict(by_fold)
        self.folds = tuple(sorted(by_fold))

    def encode(self, photo: Photo, /) -> tuple[Cropper, Any]:
        """Encode by the model of the photo's fold; PhotoError where there is none."""
        fold = fold_of(photo.path.name)
        if fold not in self._by_fold:
            raise PhotoError(
                photo.path, "belongs to fold {fold}, which no model was kept from.", fold=fold
            )
        cropper = self._by_fold[fold]
        return cropper, cropper.encode(photo)

    def suggest(
        self, scene: tuple[Cropper, Any], aspect: Aspect, k: int = 10, method: str = "default"
    ) -> Suggestions:
        """Candidates of that model."""
        return scene[0].suggest(scene[1], aspect, k=k, method=method)

    def score(
        self, scene: tuple[Cropper, Any], crops: Sequence[Crop], method: str = "default"
    ) -> NDArray[np.float64]:
        """Raw scores (N,) of that model."""
        return scene[0].score(scene[1], crops, method=method)

    def ranked(
        self, scene: tuple[Cropper, Any], aspect: Aspect, k: int, method: str = "default"
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Crops and scores of that model."""
        return scene[0].ranked(scene[1], aspect, k, method=method)

    def maps(
        self, scene: tuple[Cropper, Any], aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps of that model."""
        return scene[0].maps(scene[1], aspect, names)
