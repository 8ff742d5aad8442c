"""Finds the box of the object that a photo shows, from its pixels and where people look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import iou
from cropcore.geometry.crop import Box

_LONG_SIDE = 256
_ROUNDS = 3
_LOOKED_AT = (1.2, 2.2)
"""Gaze, as a multiple of its mean, from which a place is first taken for the object's: both are tried."""
_BORDER = 0.02
"""Width of the frame along the photo's edge that is background, as a share of the long side."""
_PART = 0.12
"""A separate part belongs to the object from this share of the largest part's area."""
_LEAST, _MOST = 0.004, 0.8
"""Shares of the photo that an object may cover."""


@dataclass(frozen=True, slots=True)
class ObjectBox:
    """The box of an object in fractions of the photo, and in [0, 1] how far it can be trusted."""

    box: Box
    certainty: float


def object_box(pixels: NDArray[np.uint8], gaze: NDArray[np.float32]) -> ObjectBox | None:
    """The box of what stands out from its background; None where nothing does.

    Segmented by GrabCut (Rother et al., 2004), which begins with the places that are looked at. It begins
    twice, with more and with less of them: how far both agree says how sure the box is. What touches
    the photo's edge is doubtful.

    Args:
        pixels: the photo, uint8 sRGB (h, w, 3), any size.
        gaze: (gh, gw), where people look, as a density of mean 1.
    """
    import cv2

    height, width = pixels.shape[:2]
    scale = _LONG_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    looked_at = cv2.resize(gaze, size, interpolation=cv2.INTER_LINEAR)
    found = [box for least in _LOOKED_AT if (box := _segmented(small, looked_at >= least))]
    if not found:
        return None
    agreement = float(iou(found[0], found[1])) if len(found) == len(_LOOKED_AT) else 0.0
    inside = min(found[0][0], found[0][1], 1 - found[0][2], 1 - found[0][3]) > _BORDER
    box = found[0]
    return ObjectBox(box, agreement**2 if inside else agreement**2 / 3)


def _segmented(pixels: NDArray[np.uint8], likely: NDArray[np.bool_]) -> Box | None:
    """The box of an object of which ``likely`` (h, w) tells the places."""
    import cv2

    height, width = likely.shape
    edge = max(1, round(_BORDER * max(height, width)))
    mask = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    frame = np.ones_like(likely)
    frame[edge:-edge, edge:-edge] = False
    mask[frame] = cv2.GC_BGD
    if not (mask == cv2.GC_PR_FGD).any() or min(height, width) <= 4 * edge:
        return None
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(pixels, mask, (0, 0, width, height), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # one plain colour, of which no two models can be made
        return None
    part = (mask == cv2.GC_PR_FGD).astype(np.uint8)
    part = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(part)
    stats = stats[1:]
    if not len(stats):
        return None
    stats = stats[stats[:, cv2.CC_STAT_AREA] >= _PART * stats[:, cv2.CC_STAT_AREA].max()]
    covered = stats[:, cv2.CC_STAT_AREA].sum() / part.size
    if not _LEAST <= covered <= _MOST:
        return None
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    return (
        float(left.min() / width),
        float(top.min() / height),
        float(right.max() / width),
        float(bottom.max() / height),
    )
