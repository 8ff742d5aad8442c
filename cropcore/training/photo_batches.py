"""Sources of training photos, and batches of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from cropcore.errors import AnnotationError, PhotoError
from cropcore.evaluation.annotations import Labels, read_annotations
from cropcore.files.path_checks import is_folder
from cropcore.images.photo import read_photo
from cropcore.models.encoder import Encoder, to_input
from cropcore.models.input_size import STRIDE, input_size
from cropcore.models.spectral_residual import spectral_residual
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.dataset_io import photos_in
from cropcore.training.datasets import holds_published, read_published
from cropcore.training.feature_cache import FeatureCache, ViewKey, cached_features, read_pixels
from cropcore.training.network import Inputs

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False, slots=True)
class LabelledFolder:
    """The labels of some photos and the folder of these photos."""

    images: Path
    labels: tuple[Labels, ...]


def find_sources(data: Path) -> list[LabelledFolder]:
    """The annotated photos below ``data``, in a fixed order.

    This is a published dataset in its own layout, or else every annotation file that has a folder
    ``images`` beside it.

    Raises:
        AnnotationError: there is none, or one is malformed.
    """
    if not is_folder(data):
        raise AnnotationError(data, "is no folder.", "Check --data.")
    if holds_published(data):
        published = read_published(data)
        return [LabelledFolder(published.images, tuple(published.annotations.values()))]
    sources = [
        LabelledFolder(path.parent / "images", tuple(read_annotations(path).values()))
        for path in sorted(data.rglob("*.json"))
        if is_folder(path.parent / "images")
    ]
    if not sources:
        raise AnnotationError(
            data, "holds no annotation file with a folder 'images' beside it.", "Check --data."
        )
    return sources


def find_unlabelled(data: Path) -> list[LabelledFolder]:
    """Every folder ``images`` below ``data`` that has no annotation file beside it.

    Its photos get labels that say nothing but their size; unreadable files are left out.
    """
    found = []
    for images in sorted(data.rglob("images")):
        if not is_folder(images) or any(images.parent.glob("*.json")):
            continue
        labels = []
        for path in photos_in(images):
            try:
                photo = read_photo(path)
            except PhotoError:
                continue
            labels.append(Labels(path.name, photo.width, photo.height))
        if labels:
            found.append(LabelledFolder(images, tuple(labels)))
    return found


class Photos:
    """The views of all photos of some sources, batched by shape.

    Each epoch shows one view of every photo.
    """

    def __init__(
        self,
        sources: Sequence[LabelledFolder],
        wanted: Callable[[Labels], bool],
        plan: ViewPlan,
        cache: tuple[Encoder, Path] | None,
        reference_saliency: bool = False,
        layer_maps: bool = False,
        progress: Progress = lambda done, total, text: None,
    ) -> None:
        self._plan = plan
        self._reference, self._layer_maps = reference_saliency, layer_maps
        self._entries: list[tuple[Labels, Path, list[View]]] = []
        self._caches: list[tuple[FeatureCache, int] | None] = []
        for source in sources:
            kept = [labels for labels in source.labels if wanted(labels)]
            views = [plan.views(labels.file, labels.best_crop) for labels in kept]
            self._entries += [
                (labels, source.images, seen) for labels, seen in zip(kept, views, strict=True)
            ]
            if cache is None or not kept:
                self._caches += [None] * len(kept)
                continue
            keys = [
                ViewKey(labels.file, view)
                for labels, seen in zip(kept, views, strict=True)
                for view in seen
            ]

            def tell(done: int, total: int, name: str = source.images.parent.name) -> None:
                progress(done, total, f"features of {name}")

            features = cached_features(cache[0], source.images, keys, cache[1], tell)
            starts = np.cumsum([0, *(len(seen) for seen in views)])
            self._caches += [(features, int(start)) for start in starts[:-1]]

    def in_folds(self, folds: Collection[int]) -> list[int]:
        """Indices of the photos of these folds."""
        return [i for i, (labels, _, _) in enumerate(self._entries) if labels.fold in folds]

    def epoch(
        self, photos: Sequence[int], batch: int, rng: np.random.Generator
    ) -> Iterator[tuple[Inputs, list[tuple[Labels, View]]]]:
        """Batches of one shape each, in random order, one random view of every photo."""
        by_shape: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for photo in rng.permutation(photos):
            view = int(rng.integers(len(self._entries[photo][2])))
            by_shape.setdefault(self._shape(photo, view), []).append((int(photo), view))
        batches = [
            members[start : start + batch]
            for members in by_shape.values()
            for start in range(0, len(members), batch)
        ]
        for i in rng.permutation(len(batches)):
            yield (
                self._inputs(batches[i]),
                [
                    (self._entries[photo][0], self._entries[photo][2][view])
                    for photo, view in batches[i]
                ],
            )

    def _shape(self, photo: int, view: int) -> tuple[int, int]:
        cached = self._caches[photo]
        if cached is not None:
            return cached[0].shape(cached[1] + view)
        labels, _, views = self._entries[photo]
        x1, y1, x2, y2 = views[view].window
        width, height = input_size(
            max(round(labels.width * (x2 - x1)), 1), max(round(labels.height * (y2 - y1)), 1)
        )
        return height // STRIDE, width // STRIDE

    def _inputs(self, members: Sequence[tuple[int, int]]) -> Inputs:
        cached = self._caches[members[0][0]]
        if cached is not None:
            rows, low_maps = [], []
            for photo, view in members:
                entry = self._caches[photo]
                assert entry is not None
                features, low = entry[0].bottom([entry[1] + view], self._layer_maps)
                rows.append(features)
                if low is not None:
                    low_maps.append(low)
            low = torch.cat(low_maps) if low_maps else None
            return Inputs(torch.cat(rows), True, low_maps=low)
        shape = self._shape(*members[0])
        size = (shape[1] * STRIDE, shape[0] * STRIDE)
        seen = []
        for photo, view in members:
            labels, images, views = self._entries[photo]
            pixels = views[view].pixels(read_pixels(images / labels.file))
            # The exact shape of the batch: a copy of the photo may differ from the original by a pixel.
            resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            seen.append(np.asarray(resized, np.uint8))
        saliency = None
        if self._reference:
            maps = np.stack([spectral_residual(pixels) for pixels in seen])
            saliency = torch.from_numpy(maps)[:, None]
        return Inputs(torch.cat([to_input(pixels) for pixels in seen]), False, saliency)
