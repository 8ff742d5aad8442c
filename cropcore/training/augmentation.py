"""Augmented views of a training photo, drawn once so that their features can be cached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import WHOLE, Boxes, as_boxes, flip_horizontal
from cropcore.geometry.crop import Box


@dataclass(frozen=True, slots=True)
class View:
    """One look at a photo: a window of it, perhaps mirrored, with changed light.

    Attributes:
        window: the part that is seen, in fractions of the photo.
        mirrored: left and right exchanged, after the window is cut out.
        gain: factors on brightness, contrast and saturation; 1 changes nothing.
    """

    window: Box = WHOLE
    mirrored: bool = False
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def boxes(self, boxes: ArrayLike) -> Boxes:
        """Boxes of the photo in the view's own fractions; they may reach beyond [0, 1]."""
        x1, y1, x2, y2 = self.window
        shift, size = np.array([x1, y1, x1, y1]), np.array([x2 - x1, y2 - y1] * 2)
        seen = (as_boxes(boxes) - shift) / size
        return flip_horizontal(seen) if self.mirrored else seen

    def points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) in the view, in [0, 1]; those outside it are left out."""
        x1, y1, x2, y2 = self.window
        seen = (points - [x1, y1]) / [x2 - x1, y2 - y1]
        if self.mirrored:
            seen[:, 0] = 1 - seen[:, 0]
        return seen[((seen >= 0) & (seen <= 1)).all(axis=1)]

    def pixels(self, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The view of sRGB pixels (h, w, 3)."""
        h, w = photo.shape[:2]
        x1, y1, x2, y2 = (round(v * s) for v, s in zip(self.window, (w, h, w, h), strict=True))
        seen = photo[y1:y2, x1:x2]
        if self.mirrored:
            seen = seen[:, ::-1]
        if self.gain != (1.0, 1.0, 1.0):
            seen = _change_light(seen, *self.gain)
        return np.ascontiguousarray(seen)


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """How many views a photo gets and how far they may go.

    Attributes:
        windows: views cut from the source about what must stay, besides the whole photo and its
            mirror image.
        cut: the largest share of the free margin on a side that a view takes away.
        light: largest relative change of brightness, contrast and saturation.
        seed: with the photo's name it settles every draw.
    """

    windows: int = 4
    cut: float = 0.7
    light: float = 0.25
    seed: int = 0

    def views(self, name: str, keep: Box | None) -> list[View]:
        """The views of one photo; each contains the box ``keep`` (the whole photo where None)."""
        rng = np.random.default_rng([self.seed, *hashlib.md5(name.encode()).digest()[:8]])
        views = [View(), View(mirrored=True)]
        margin = (
            np.zeros(4) if keep is None else np.array([keep[0], keep[1], 1 - keep[2], 1 - keep[3]])
        )
        for _ in range(self.windows):
            cut = margin * rng.uniform(0, self.cut, 4) * (rng.random(4) < 0.75)
            window = (float(cut[0]), float(cut[1]), float(1 - cut[2]), float(1 - cut[3]))
            gain = 1 + rng.uniform(-self.light, self.light, 3)
            views.append(View(window, bool(rng.random() < 0.5), (*(float(g) for g in gain),)))  # type: ignore[arg-type]
        return views


def _change_light(
    pixels: NDArray[np.uint8], brightness: float, contrast: float, saturation: float
) -> NDArray[np.uint8]:
    x = pixels.astype(np.float32) * brightness
    x = (x - x.mean()) * contrast + x.mean()
    grey = cv2.cvtColor(np.clip(x, 0, 255), cv2.COLOR_RGB2GRAY)[..., None]
    x = grey + (x - grey) * saturation
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)
