"""Rotates the pixels of a straightened photo in one Lanczos resampling, in their bit depth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.straighten import StraightView
from cropcore.images.sixteen_bit import divided

# OpenCV counts a picture's pixels in 16 bits, and a tile's source is small enough to be weighted.
_TILE = 2048
# The filter reaches four pixels to each side.
_REACH = 6


def rotate_pixels(
    pixels: NDArray[Any],
    angle: float,
    part: tuple[float, float, float, float],
    size: tuple[int, int],
    alpha: bool,
) -> NDArray[Any]:
    """A part of a photo that is turned clockwise about its centre.

    Args:
        pixels: uint8 or uint16, (h, w) or (h, w, channels).
        angle: degrees clockwise.
        part: left, top, right and bottom, in pixels from the photo's centre, y pointing down, in the
            picture as it is after the turn.
        size: width and height of the result. It is meant to be the part's, give or take a rounding:
            the filter does not reduce.
        alpha: whether the last channel is alpha, by which colours are weighted so that what is
            transparent leaves no fringe.

    Returns:
        Values as in ``pixels``. Beyond the photo's edge its last pixels are repeated.
    """
    height, width = pixels.shape[:2]
    left, top, right, bottom = part
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    scale = np.array([(right - left) / size[0], (bottom - top) / size[1]])
    # From the middle of a pixel of the result to that of the photo.
    matrix = np.array([[cos, sin], [-sin, cos]]) * scale
    start = matrix @ (np.array([left, top]) / scale + 0.5) + np.array([width, height]) / 2 - 0.5
    out = np.empty((size[1], size[0], *pixels.shape[2:]), pixels.dtype)
    for x, y, wide, high in _tiles(*size):
        place = start + matrix @ np.array([x, y], np.float64)
        out[y : y + high, x : x + wide] = _tile(pixels, matrix, place, (wide, high), alpha)
    return out


def straightened(
    pixels: NDArray[np.uint8], angle: float, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """What the engine is to see of a straightened photo: the pixels of its :class:`StraightView`.

    ``pixels`` is (h, w, channels) without alpha, of any size; so is the result, a little smaller.
    ``size``, width and height, may set it otherwise by a pixel or two; at angle 0 it is not looked at.
    """
    if not angle % 360:
        return pixels
    height, width = pixels.shape[:2]
    view = StraightView.of(width, height, angle)
    canvas = rotated_size(width, height, angle)
    x1, y1, x2, y2 = ((side - 0.5) * canvas[i % 2] for i, side in enumerate(view.box))
    size = size or (max(1, round(view.width)), max(1, round(view.height)))
    return rotate_pixels(pixels, angle, (x1, y1, x2, y2), size, alpha=False)


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    for y in range(0, height, _TILE):
        for x in range(0, width, _TILE):
            yield x, y, min(_TILE, width - x), min(_TILE, height - y)


def _tile(
    pixels: NDArray[Any],
    matrix: NDArray[np.float64],
    place: NDArray[np.float64],
    size: tuple[int, int],
    alpha: bool,
) -> NDArray[Any]:
    import cv2

    height, width = pixels.shape[:2]
    ends = np.array([[0, 0], [size[0], 0], [0, size[1]], size], np.float64) @ matrix.T + place
    last = np.array([width - 1, height - 1])
    low = np.clip(np.floor(ends.min(0)).astype(int) - _REACH, 0, last)
    high = np.clip(np.ceil(ends.max(0)).astype(int) + _REACH, 0, last) + 1
    source = np.ascontiguousarray(pixels[low[1] : high[1], low[0] : high[0]])
    result = cv2.warpAffine(
        _weighted(source) if alpha else source,
        np.column_stack([matrix, place - low]),
        size,
        flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    result = result.reshape(size[1], size[0], *pixels.shape[2:])
    if not alpha:
        return result
    deep = divided(np.clip(result, 0, None))
    return deep if pixels.dtype == np.uint16 else np.rint(deep / 257).astype(np.uint8)


def _weighted(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Values 0-65535 as floats, the colours times their alpha."""
    values = pixels.astype(np.float32) * (1 if pixels.dtype == np.uint16 else 257)
    values[..., :-1] *= values[..., -1:] / 65535
    return values
