"""Train the heads detector on the shipped encoder, which is left as it is.

    python -m cropcore.training.train_head_detector --data data/ --labels heads/labels.json \\
        --cache heads/cache --out heads/run

The labels are those of :mod:`cropcore.training.head_detector_labels`. Photos of fold 0, by the MD5 of the file
name, are held out and never learnt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cropcore.files.atomic_write import write_at
from cropcore.geometry.crop import Box
from cropcore.models.encoder import LEVEL_CHANNELS, Encoder, FoldedEncoder, Levels, to_input
from cropcore.models.head_detector import HeadDetector
from cropcore.models.weights import load_weights, read_record, save_weights
from cropcore.training.augmentation import View
from cropcore.training.feature_cache import ViewKey, read_pixels
from cropcore.training.head_detector_labels import judge
from cropcore.training.recipe import WARM_UP
from cropcore.training.tasks.head_detector import FaceLabels, face_loss, face_targets

FOLDS = 5
HELD_OUT = 0
_STRIDES = {"s8": 8, "s16_mid": 16, "s16": 16, "s32": 32}


@dataclass(frozen=True, slots=True)
class DetectorRecipe:
    """How to train.

    Attributes:
        zooms: windows about a face, of each photo with faces; the others get one of every second.
        face_side: heights of a face, in net pixels, that windows aim at; drawn evenly in logarithm.
        light: largest relative change of brightness, contrast and saturation.
        epochs: passes over all views.
        batch: views of a step, all of one shape.
        rate: peak learning rate.
        weight_decay: decoupled (AdamW).
        dropout: share of the encoder's channels that a step does without.
        average: decay of the weight average that is kept.
        seed: settles every draw.
    """

    zooms: int = 3
    face_side: tuple[float, float] = (14.0, 180.0)
    light: float = 0.25
    epochs: int = 8
    batch: int = 16
    rate: float = 3e-3
    weight_decay: float = 0.05
    dropout: float = 0.1
    average: float = 0.998
    seed: int = 0


def fold_of(path: str) -> int:
    """The fold of a photo, by its file name."""
    return int(hashlib.md5(path.rsplit("/", 1)[-1].encode()).hexdigest(), 16) % FOLDS


def face_labels(finds: Sequence[dict[str, Any]]) -> FaceLabels:
    """What is learnt of a photo's finds."""

    def boxes(verdict: str) -> NDArray[np.float64]:
        return np.reshape([f["box"] for f in finds if judge(f) == verdict], (-1, 4)).astype(float)

    return FaceLabels(boxes("head"), boxes("unsure"))


def head_views(
    name: str, faces: NDArray[np.float64], ratio: float, recipe: DetectorRecipe
) -> list[View]:
    """The views of a photo of ``ratio`` (width over height): whole, mirrored, and windows."""
    rng = np.random.default_rng([recipe.seed, *hashlib.md5(name.encode()).digest()[:8]])
    views = [View()]
    if len(faces):
        views.append(View(mirrored=True))
        views += [
            View(_window(rng, faces, ratio, recipe), *_look(rng, recipe))
            for _ in range(recipe.zooms)
        ]
    elif rng.random() < 0.5:
        size = rng.uniform(0.5, 0.95, 2)
        x, y = rng.uniform(0, 1 - size)
        views.append(View((x, y, x + size[0], y + size[1]), *_look(rng, recipe)))
    return views


def _look(
    rng: np.random.Generator, recipe: DetectorRecipe
) -> tuple[bool, tuple[float, float, float]]:
    b, c, s = 1 + rng.uniform(-recipe.light, recipe.light, 3)
    return bool(rng.random() < 0.5), (float(b), float(c), float(s))


def _window(
    rng: np.random.Generator, faces: NDArray[np.float64], ratio: float, recipe: DetectorRecipe
) -> Box:
    """A window in which one of the faces has about the height that was drawn."""
    x1, y1, x2, y2 = faces[rng.integers(len(faces))]
    now = (y2 - y1) * 256 * max(1.0, 1 / ratio)
    wanted = np.exp(rng.uniform(*np.log(recipe.face_side)))
    share = np.clip(now / wanted, 0.35, 1)
    size = np.clip(share * rng.uniform(0.8, 1.0, 2), 0.3, 1)
    centre = np.array([x1 + x2, y1 + y2]) / 2
    corner = np.clip(centre - size * rng.uniform(0.1, 0.9, 2), 0, 1 - size)
    return (
        float(corner[0]),
        float(corner[1]),
        float(corner[0] + size[0]),
        float(corner[1] + size[1]),
    )


class LevelCache:
    """The encoder's levels of a fixed list of views, as float16 in one file mapped into memory."""

    def __init__(self, folder: Path) -> None:
        self.sizes: list[tuple[int, int]] = [
            (h, w) for h, w in json.loads((folder / "index.json").read_text())
        ]
        lengths = [sum(math.prod(s) for s in _shapes(*size).values()) for size in self.sizes]
        self._offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._flat = np.memmap(folder / "levels.f16", dtype=np.float16, mode="r")

    def levels(self, i: int) -> dict[str, NDArray[np.float16]]:
        """The levels of view ``i`` by name, (C, h, w) each."""
        start = int(self._offsets[i])
        found = {}
        for name, shape in _shapes(*self.sizes[i]).items():
            stop = start + int(np.prod(shape))
            found[name] = np.array(self._flat[start:stop]).reshape(shape)
            start = stop
        return found


def _shapes(height: int, width: int) -> dict[str, tuple[int, int, int]]:
    return {n: (LEVEL_CHANNELS[n], height // s, width // s) for n, s in _STRIDES.items()}


@torch.inference_mode()
def cache_levels(
    encoder: Encoder,
    data: Path,
    keys: Sequence[ViewKey],
    folder: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> LevelCache:
    """Open the cache of these views in ``folder``, making it first where it is missing."""
    if not (folder / "index.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        folded, sizes = FoldedEncoder(encoder.eval()), []
        name, pixels = "", np.zeros((1, 1, 3), np.uint8)
        with (folder / "levels.f16").open("wb") as file:
            for done, key in enumerate(keys, 1):
                if key.name != name:
                    name, pixels = key.name, read_pixels(data / key.name)
                x = to_input(key.view.pixels(pixels)).contiguous(memory_format=torch.channels_last)
                levels = folded(x, layer_maps=False)
                sizes.append((x.shape[2], x.shape[3]))
                for level in _STRIDES:
                    getattr(levels, level).contiguous().half().numpy().tofile(file)
                progress(done)
        write_at(folder / "index.json", json.dumps(sizes).encode(), replace=True)
    return LevelCache(folder)


def batches(
    sizes: Sequence[tuple[int, int]], size: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Views in random order, those of a batch of one shape."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    made = []
    for i in rng.permutation(len(sizes)):
        group = groups[sizes[i]]
        group.append(int(i))
        if len(group) == size:
            made.append(groups.pop(sizes[i]))
    made += list(groups.values())
    for i in rng.permutation(len(made)):
        yield made[i]


def stacked(cache: LevelCache, views: Sequence[int], dtype: torch.dtype = torch.float32) -> Levels:
    """The levels of views of one shape, as one batch."""
    rows = [cache.levels(i) for i in views]
    last = torch.channels_last
    tensors = {
        n: torch.from_numpy(np.stack([r[n] for r in rows])).to(dtype, memory_format=last)
        for n in _STRIDES
    }
    return Levels(**tensors, layer_maps=None)


def train(
    cache: LevelCache,
    labels: Sequence[FaceLabels],
    recipe: DetectorRecipe,
    progress: Callable[[str], None] = lambda line: None,
) -> HeadDetector:
    """The averaged detector, trained on views and their labels in the views' own fractions."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    head = HeadDetector().train().to(memory_format=torch.channels_last)
    kept = deepcopy(head).eval().requires_grad_(False)
    decayed = [p for p in head.parameters() if p.ndim > 1]
    plain = [p for p in head.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
    )
    steps = recipe.epochs * sum(
        1 for _ in batches(cache.sizes, recipe.batch, np.random.default_rng(0))
    )
    known = [
        face_targets(one, h // 8, w // 8) for one, (h, w) in zip(labels, cache.sizes, strict=True)
    ]
    step, seen = 0, defaultdict(list)
    for epoch in range(recipe.epochs):
        for views in batches(cache.sizes, recipe.batch, rng):
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * _rate(min(step / steps, 1.0))
            with torch.autocast("cpu", torch.bfloat16):
                maps = head(_thinned(stacked(cache, views, torch.bfloat16), recipe.dropout))
            losses = face_loss(maps, [known[i] for i in views])
            optimiser.zero_grad()
            total: Tensor = torch.stack(list(losses.values())).sum()
            total.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            decay = min(recipe.average, (1 + step) / (10 + step))
            with torch.no_grad():
                for ours, its in zip(kept.parameters(), head.parameters(), strict=True):
                    ours.lerp_(its, 1 - decay)
            step += 1
            for name, loss in losses.items():
                seen[name].append(loss.item())
            if step % 100 == 0:
                means = ", ".join(f"{n} {np.mean(v):.3f}" for n, v in seen.items())
                progress(f"epoch {epoch}, step {step} of {steps}: {means}")
                seen.clear()
    return kept


def _thinned(levels: Levels, share: float) -> Levels:
    """Levels without a random share of each photo's channels."""
    kept = {name: F.dropout2d(getattr(levels, name), share) for name in _STRIDES}
    return Levels(**kept, layer_maps=None)


def _rate(passed: float) -> float:
    if passed < WARM_UP / 3:
        return 0.04 + 0.96 * passed / (WARM_UP / 3)
    return float((1 + np.cos(np.pi * (passed - WARM_UP / 3) / (1 - WARM_UP / 3))) / 2)


def training_views(
    data: Path, finds: dict[str, list[dict[str, Any]]], recipe: DetectorRecipe
) -> tuple[list[ViewKey], list[FaceLabels]]:
    """The views of all photos outside the held-out fold, and their labels."""
    keys, labels = [], []
    for name, found in finds.items():
        if fold_of(name) == HELD_OUT:
            continue
        known = face_labels(found)
        h, w = read_pixels(data / name).shape[:2]
        for view in head_views(name, known.faces, w / h, recipe):
            keys.append(ViewKey(name, view))
            labels.append(known.seen(view))
    return keys, labels


def shipped_encoder(folder: Path | None = None) -> tuple[Encoder, str]:
    """The encoder and its digest."""
    record = read_record("encoder", folder)
    encoder = Encoder()
    load_weights(encoder, record, folder)
    return encoder.eval(), record.sha256


def _told(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    """The command in the module's docstring."""
    parser = argparse.ArgumentParser(description="train the heads detector")
    for option in ("data", "labels", "cache", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()
    recipe = DetectorRecipe()
    keys, labels = training_views(options.data, json.loads(options.labels.read_text()), recipe)
    encoder, digest = shipped_encoder()
    cache = cache_levels(encoder, options.data, keys, options.cache)
    head = train(cache, labels, recipe, _told)
    save_weights(head, "heads", options.out, config={}, encoder_sha256=digest)


if __name__ == "__main__":
    main()
