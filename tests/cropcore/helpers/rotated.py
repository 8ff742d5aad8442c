"""Whether a crop of a straightened photo shows an empty corner, told by turning its corners back."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from cropcore.geometry.boxes import as_boxes, rotated_size


def inside_rotated(box: ArrayLike, width: float, height: float, angle: float) -> bool:
    """Whether a box of the rotated canvas (fractions of that canvas) shows no empty corner."""
    canvas_w, canvas_h = rotated_size(width, height, angle)
    b = as_boxes(box)
    xs = (np.array([b[0], b[2], b[2], b[0]]) - 0.5) * canvas_w
    ys = (np.array([b[1], b[1], b[3], b[3]]) - 0.5) * canvas_h
    a = math.radians(angle)
    # The photo was turned clockwise (y points down), so turn the corners back.
    x = xs * math.cos(a) + ys * math.sin(a)
    y = -xs * math.sin(a) + ys * math.cos(a)
    slack = 1e-6
    return bool((np.abs(x) <= width / 2 + slack).all() and (np.abs(y) <= height / 2 + slack).all())
