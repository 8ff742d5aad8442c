"""Sources of training photos, and batches of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from cropcore.errors import AnnotationError, PhotoError
from cropcore.evaluation.annotations import Labels, read_annotations
from cropcore.evaluation.dataset_io import photos_in
from cropcore.evaluation.published_sets import PublishedSet, layout_of, read_published
from cropcore.files.path_checks import is_folder
from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.images.photo import read_photo
from cropcore.models.encoder import Encoder, to_input
from cropcore.models.input_size import STRIDE, input_size
from cropcore.models.spectral_residual import spectral_residual
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.feature_cache import FeatureCache, ViewKey, cached_features, read_pixels
from cropcore.training.network import Inputs
from cropcore.training.processes import own_part, together

Progress = Callable[[int, int, str], None]

AHEAD = 3
"""Batches that are decoded while one is learnt from."""


@dataclass(frozen=True, eq=False, slots=True)
class LabelledFolder:
    """The labels of some photos and the folder of these photos."""

    images: Path
    labels: tuple[Labels, ...]


def find_sources(data: Path) -> list[LabelledFolder]:
    """The annotated photos below ``data``, in a fixed order.

    This is the training split of a published dataset in its own layout, or else every annotation file that
    has a folder ``images`` beside it.

    Raises:
        AnnotationError: there is none, or one is malformed.
    """
    if not is_folder(data):
        raise AnnotationError(data, "is no folder.", "Check --data.")
    if layout_of(data) is not None:
        return [folder_of(read_published(data))]
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


def folder_of(published: PublishedSet) -> LabelledFolder:
    """The photos of a published dataset."""
    return LabelledFolder(published.images, tuple(published.annotations.values()))


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
        sides: InputSides = PRODUCT,
        scales: Sequence[int] = (),
    ) -> None:
        self._plan = plan
        self._sides, self._scales = sides, tuple(scales)
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

    def __len__(self) -> int:
        return len(self._entries)

    def whole(
        self, photos: Sequence[int], batch: int
    ) -> Iterator[tuple[Inputs, list[tuple[Labels, View]]]]:
        """Photos as they are, in batches of one shape each, in an order of their own."""
        by_shape: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for photo in photos:
            by_shape.setdefault(self._shape(photo, 0), []).append((int(photo), 0))
        for members in by_shape.values():
            for start in range(0, len(members), batch):
                some = members[start : start + batch]
                seen = [(self._entries[p][0], self._entries[p][2][v]) for p, v in some]
                yield self._inputs(some, self._sides), seen

    def epoch(self, photos: Sequence[int], batch: int, rng: np.random.Generator) -> Batches:
        """Batches of one shape each, in random order, one random view of every photo.

        Where several processes train, each gets all labels of a batch, and its own part of the photos.
        """
        by_shape: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for photo in rng.permutation(photos):
            view = int(rng.integers(len(self._entries[photo][2])))
            by_shape.setdefault(self._shape(photo, view), []).append((int(photo), view))
        batches = [
            members[start : start + batch]
            for members in by_shape.values()
            for start in range(0, len(members), batch)
        ]
        order = [int(i) for i in rng.permutation(len(batches))]
        sides = [self._sides] * len(order)
        if self._scales:
            drawn = rng.choice(self._scales, len(order))
            sides = [replace(self._sides, short_side=int(side)) for side in drawn]
        return Batches(self, [batches[i] for i in order], sides)

    def batch(
        self, members: Sequence[tuple[int, int]], sides: InputSides
    ) -> tuple[Inputs, list[tuple[Labels, View]]]:
        """The pixels and labels of photos and views of one shape."""
        own, rows, counted = own_part(members)
        inputs = self._inputs(own, sides)
        if together():
            inputs = replace(inputs, rows=rows, counted=counted)
        return inputs, [(self._entries[p][0], self._entries[p][2][v]) for p, v in members]

    def _shape(self, photo: int, view: int) -> tuple[int, int]:
        cached = self._caches[photo]
        if cached is not None:
            return cached[0].shape(cached[1] + view)
        width, height = input_size(*self._view_size(photo, view), self._sides)
        return height // STRIDE, width // STRIDE

    def _view_size(self, photo: int, view: int) -> tuple[int, int]:
        """Width and height in pixels of what a view shows."""
        labels, _, views = self._entries[photo]
        x1, y1, x2, y2 = views[view].window
        return max(round(labels.width * (x2 - x1)), 1), max(round(labels.height * (y2 - y1)), 1)

    def _inputs(self, members: Sequence[tuple[int, int]], sides: InputSides) -> Inputs:
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
        size = input_size(*self._view_size(*members[0]), sides)
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
        return Inputs(torch.cat([to_input(one, _exactly(size)) for one in seen]), False, saliency)


class Batches:
    """The batches of one epoch, each decoded by threads while those before it are learnt from."""

    def __init__(
        self,
        photos: Photos,
        batches: Sequence[Sequence[tuple[int, int]]],
        sides: Sequence[InputSides],
    ) -> None:
        self._photos, self._batches, self._sides = photos, batches, sides

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[tuple[Inputs, list[tuple[Labels, View]]]]:
        with ThreadPoolExecutor(AHEAD) as pool:
            waiting: deque[Future[tuple[Inputs, list[tuple[Labels, View]]]]] = deque()
            for members, sides in zip(self._batches, self._sides, strict=True):
                waiting.append(pool.submit(self._photos.batch, members, sides))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def _exactly(size: tuple[int, int]) -> InputSides:
    """Sides that leave pixels of a size, which suits the encoder, as they are."""
    return InputSides(min(size), max(size))
