"""Portraits made from real photos, moved and scaled by known amounts, and cropped alike.

``CROPSIGHT_DATA`` is the folder of the training photos, of which ``portraits.txt`` names those that show one
person; without it this is skipped. ``-s`` prints the figures.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.engine import CropEngine
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop

DATA = os.environ.get("CROPSIGHT_DATA")
NAMES = (Path(__file__).parent / "portraits.txt").read_text().split()
WANTED = 100
SHORT_SIDE = 900
HEAD_SHARE = 0.45
"""Height of the head in the pattern's crop."""


def written(picture: Image.Image, window: Box, path: Path, rng: np.random.Generator) -> Path:
    """A part of a picture as a photo of its own, with other light, noise and compression."""
    scale = SHORT_SIDE / min(window[2] - window[0], window[3] - window[1])
    size = round((window[2] - window[0]) * scale), round((window[3] - window[1]) * scale)
    part = picture.resize(size, Image.Resampling.BICUBIC, box=window)
    light = 255 * (np.asarray(part) / 255) ** rng.uniform(0.8, 1.25)
    noisy = light + rng.normal(0, 3, light.shape)
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path, quality=85)
    return path


def a_window(size: tuple[int, int], crop: Box, rng: np.random.Generator) -> Box:
    """A part of a photo that holds a crop: somewhere, and somewhat closer."""
    width, height = size
    least = max((crop[2] - crop[0]) / width, (crop[3] - crop[1]) / height)
    scale = rng.uniform(min(least * 1.04, 1.0), 1.0)
    wide, high = width * scale, height * scale
    left = rng.uniform(max(0.0, crop[2] - wide), max(0.0, min(crop[0], width - wide)) + 1e-9)
    top = rng.uniform(max(0.0, crop[3] - high), max(0.0, min(crop[1], height - high)) + 1e-9)
    return left, top, min(left + wide, width), min(top + high, height)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(DATA is None, reason="CROPSIGHT_DATA names no folder of photos")
def test_portraits_are_cropped_alike_or_listed(tmp_path: Path) -> None:
    engine, rng = CropEngine.load("cpu"), np.random.default_rng(16)
    off, listed, count = [], 0, 0
    for place, name in enumerate(NAMES):
        if count == WANTED:
            break
        with Image.open(Path(str(DATA)) / name) as image:
            picture = image.convert("RGB")
        size = picture.size
        whole = written(picture, (0, 0, *size), tmp_path / f"{place}_pattern.jpg", rng)
        scene = engine.encode(whole)
        if len(engine.heads(scene)) != 1:
            continue
        x1, y1, x2, y2 = engine.heads(scene)[0]
        tall = min((y2 - y1) / HEAD_SHARE, 1.0)
        wide = min(tall * 0.8 * size[1] / size[0], 1.0)
        left = float(np.clip((x1 + x2 - wide) / 2, 0, 1 - wide))
        top = float(np.clip((y1 + y2) / 2 - 0.4 * tall, 0, 1 - tall))
        crop = Crop((left, top, left + wide, top + tall))
        pattern = engine.pattern(scene, crop)
        real = (left * size[0], top * size[1], (left + wide) * size[0], (top + tall) * size[1])
        window = a_window(size, real, rng)
        other = engine.encode(written(picture, window, tmp_path / f"{place}.jpg", rng))
        found = engine.answer(other, CropQuestion(Aspect("free"), method=pattern.method))
        count += 1
        if found.doubts:
            listed += 1
            continue
        high = window[3] - window[1]
        _, upper, _, lower = (side * high for side in found[0].crop.box)
        # The same head lies in both: its height and its eyes differ as the crops do.
        taller = (real[3] - real[1]) / (lower - upper)
        eyes = (y1 + y2) / 2 * size[1] - window[1]
        line = (eyes - upper) / (lower - upper) - ((y1 + y2) / 2 - top) / tall
        off.append((abs(taller - 1), abs(line)))
    heights, lines = np.array(off).T
    good = int(((heights <= 0.03) & (lines <= 0.02)).sum())
    print(  # noqa: T201
        f"\n{count} portraits: {good} within 3 % and 2 %, {listed} listed as unsure, "
        f"{count - good - listed} neither; median off {np.median(heights):.2%} in height, "
        f"{np.median(lines):.2%} in the eye line"
    )
    assert count >= 0.9 * WANTED
    assert good + listed >= 0.95 * count
    assert listed <= 0.35 * count
