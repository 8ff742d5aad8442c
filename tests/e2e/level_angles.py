"""How often the angle that levels a photo is found, on photos turned by known angles.

``python -m tests.e2e.level_angles DATA [--photos 200] [--seed 1] [--fold 0]`` takes the photos below
``DATA/fcdb/images`` of one fold in five (by the MD5 of their names; -1: of the other four) whose own lines
say that they are straight, turns each by a random angle, and cuts the largest part without empty corners.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.geometry.straighten import StraightView
from cropcore.images.level_detection import Level, found_level

Pixels = NDArray[np.uint8]
_STRAIGHT = 0.2
GOOD = 0.3
"""Degrees by which an angle may be off and still be found."""
_MOST = 8.0


def photos_of(folder: Path, fold: int) -> Iterator[Path]:
    """The photos of a fold, or with -1 of all others than the first."""
    for path in sorted(folder.iterdir()):
        own = int(hashlib.md5(path.name.encode()).hexdigest(), 16) % 5
        if own == fold or (fold < 0 and own != 0):
            yield path


def turned(photo: Pixels, angle: float) -> Pixels:
    """The photo turned by degrees clockwise, without empty corners."""
    high, wide = photo.shape[:2]
    view = StraightView.of(wide, high, angle)
    turn = cv2.getRotationMatrix2D((wide / 2 - 0.5, high / 2 - 0.5), -angle, 1.0)
    out = int(view.width), int(view.height)
    turn[:, 2] += (np.array(out) - (wide, high)) / 2
    made = cv2.warpAffine(photo, turn, out, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.ascontiguousarray(made, np.uint8)


def straight_photos(paths: Iterator[Path], count: int) -> Iterator[Pixels]:
    """Photos whose own lines agree that they are straight."""
    left = count
    for path in paths:
        if not left:
            return
        with Image.open(path) as image:
            photo = np.array(image.convert("RGB"))
        found = found_level(photo)
        if found is not None and abs(found.angle) <= _STRAIGHT:
            left -= 1
            yield photo


def count(photos: Iterator[Pixels], seed: int) -> tuple[Counter[str], Counter[str]]:
    """What became of photos that were turned, and of mirrored ones that were not."""
    random = np.random.default_rng(seed)
    of_turned: Counter[str] = Counter()
    of_straight: Counter[str] = Counter()
    for photo in photos:
        angle = float(random.uniform(0.5, _MOST) * random.choice((-1, 1)))
        found = found_level(turned(photo, angle))
        of_turned[_said(found, -angle)] += 1
        of_straight[_said(found_level(np.ascontiguousarray(photo[:, ::-1])), 0.0)] += 1
    return of_turned, of_straight


def _said(found: Level | None, right: float) -> str:
    if found is None or not found.is_sure:
        return "unsure"
    return "found" if abs(found.angle - right) <= GOOD else "wrong"


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fold", type=int, default=0, help="-1: all but the first")
    chosen = parser.parse_args()
    paths = photos_of(chosen.data / "fcdb" / "images", chosen.fold)
    of_turned, of_straight = count(straight_photos(paths, chosen.photos), chosen.seed)
    for name, counts in (("turned", of_turned), ("straight, mirrored", of_straight)):
        told = ", ".join(f"{counts[what]} {what}" for what in ("found", "wrong", "unsure"))
        print(f"{counts.total()} {name}: {told}")  # noqa: T201


if __name__ == "__main__":
    main()
