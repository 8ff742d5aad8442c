"""Small made-up copies of the published data sets, with a rule to learn: good crops hold the subject.

A photo is a smooth ground with a bright disc. A crop is the better the more of the disc it holds and the
nearer to its middle; people's own crops have the disc in the middle.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.io import savemat

from cropcore.geometry.boxes import clip, from_centre, shift_inside
from cropcore.geometry.windows import grid_anchors

SIDE = 0.6
"""Of the crops that people choose, in both directions."""


@dataclass(frozen=True)
class Subject:
    """A photo of ``width`` x ``height`` whose disc lies about a centre, in fractions."""

    name: str
    width: int
    height: int
    x: float
    y: float
    radius: int

    def pixels(self, seed: int) -> NDArray[np.uint8]:
        rng = np.random.default_rng(seed)
        coarse = rng.integers(40, 110, (3, 3, 3), dtype=np.uint8)
        ground = cv2.resize(coarse, (self.width, self.height), interpolation=cv2.INTER_CUBIC)
        centre = (round(self.x * self.width), round(self.y * self.height))
        cv2.circle(ground, centre, self.radius, (250, 200, 60), -1, cv2.LINE_AA)
        return np.asarray(ground, np.uint8)

    def merit(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """How good crops (N, 4) are, in [0, 1]."""
        half = np.array([self.radius / self.width, self.radius / self.height])
        low, high = np.array([self.x, self.y]) - half, np.array([self.x, self.y]) + half
        inside = np.minimum(boxes[:, 2:], high) - np.maximum(boxes[:, :2], low)
        share = np.clip(inside, 0, None).prod(axis=1) / (high - low).prod()
        size = boxes[:, 2:] - boxes[:, :2]
        off = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - [self.x, self.y]) / size
        return np.asarray(0.6 * share + 0.4 * np.clip(1 - 2 * off.max(axis=1), 0, 1))

    @property
    def best(self) -> tuple[float, float, float, float]:
        """The crop that a person chooses."""
        box = clip(shift_inside(from_centre((self.x, self.y), (SIDE, SIDE))))
        return tuple(float(v) for v in box)  # type: ignore[return-value]

    def in_pixels(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        return boxes * [self.width, self.height, self.width, self.height]


def subjects(count: int, seed: int, suffix: str = ".png") -> list[Subject]:
    """Photos, all lying, with their discs anywhere but at the very border."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(0.18, 0.82, (count, 2))
    return [
        Subject(f"{seed}_{i}{suffix}", 96, 64, float(x), float(y), 10)
        for i, (x, y) in enumerate(places)
    ]


def save(photos: list[Subject], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i, photo in enumerate(photos):
        Image.fromarray(photo.pixels(i)).save(folder / photo.name)


def some_crops(photo: Subject, seed: int, count: int = 24) -> NDArray[np.float64]:
    grid = grid_anchors(photo.width / photo.height)
    rng = np.random.default_rng(seed)
    return np.asarray(grid[rng.choice(len(grid), count, replace=False)])


def gaicd(folder: Path, train: int = 24, validation: int = 6, test: int = 10) -> Path:
    """Version 2 of GAICD, with scores from 1 to 5."""
    for seed, (split, count) in enumerate((("train", train), ("val", validation), ("test", test))):
        photos = subjects(count, seed)
        save(photos, folder / "images" / split)
        texts = folder / "annotations" / split
        texts.mkdir(parents=True)
        for i, photo in enumerate(photos):
            boxes = some_crops(photo, i)
            rows = zip(photo.in_pixels(boxes), 1 + 4 * photo.merit(boxes), strict=True)
            lines = [f"{y1} {x1} {y2} {x2} {score}" for (x1, y1, x2, y2), score in rows]
            (texts / f"{Path(photo.name).stem}.txt").write_text("\n".join(lines))
    return folder


def cpc(folder: Path, count: int = 30) -> Path:
    """CPC, with the scores of two workers from 0 to 4 for crops of all sizes."""
    photos = subjects(count, 3)
    save(photos, folder / "images")
    texts = folder / "CollectedAnnotationsRaw"
    texts.mkdir(parents=True)
    for i, photo in enumerate(photos):
        boxes = some_crops(photo, i)
        scores = 4 * photo.merit(boxes)
        entry = {
            "bboxes": photo.in_pixels(boxes).tolist(),
            "scores": [(scores - 0.1).tolist(), (scores + 0.1).tolist()],
        }
        (texts / f"{photo.name}.txt").write_text(json.dumps(entry))
    return folder


def fcdb(folder: Path, train: int = 10, test: int = 10) -> Path:
    """FCDB: one crop a photo."""
    for seed, (split, count) in enumerate((("training", train), ("testing", test)), 4):
        photos = subjects(count, seed)
        save(photos, folder / "data")
        listed = []
        for photo in photos:
            x1, y1, x2, y2 = photo.in_pixels(np.array(photo.best))
            crop = [x1, y1, x2 - x1, y2 - y1]
            listed.append({"url": f"https://photos.example/{photo.name}", "crop": crop})
        (folder / f"cropping_{split}_set.json").write_text(json.dumps(listed))
    return folder


def flms(folder: Path, test: int = 8) -> Path:
    """FLMS, which is HCDB: several people's crops a photo."""
    photos = subjects(test, 6)
    save(photos, folder / "image")
    records = np.zeros((test, 1), dtype=[("filename", object), ("bbox", object)])
    for i, photo in enumerate(photos):
        near = np.random.default_rng(i).normal(0, 0.01, (10, 4))
        boxes = photo.in_pixels(np.clip(np.array(photo.best) + near, 0, 1))
        records[i, 0] = (photo.name, boxes[:, [1, 0, 3, 2]])
    savemat(folder / "500_image_dataset.mat", {"img_gt": records})
    return folder


def fat(folder: Path, train: int = 30, test: int = 10) -> Path:
    """FAT: up to three thumbnails a photo, of other ratios."""
    for seed, (split, count) in enumerate((("train", train), ("test", test)), 7):
        photos = subjects(count, seed)
        save(photos, folder / "images")
        lines = []
        for photo in photos:
            for width, height in ((SIDE, SIDE), (0.45, 0.75)):
                box = clip(shift_inside(from_centre((photo.x, photo.y), (width, height))))
                numbers = " ".join(str(v) for v in photo.in_pixels(box))
                lines.append(f"{photo.name} {numbers}")
        (folder / f"fat_{split}.txt").write_text("\n".join(lines))
    return folder


LAYOUTS = {"gaicd": gaicd, "cpc": cpc, "fcdb": fcdb, "flms": flms, "fat": fat}
