"""Metrics of saliency maps: AUC-Judd, NSS and CC.

A map is (h, w) over the whole photo at any resolution; fixations are (N, 2) points (x, y) in [0, 1]
of the photo, all viewers together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.evaluation.crop_metrics import pearson

GRID = 256
"""Long side, in cells, of the grid on which maps and fixations meet."""

BLUR = 1 / 32
"""Standard deviation of the fixation density, as a share of the long side (about one degree)."""

Floats = NDArray[np.float64]


def grid_shape(width: float, height: float) -> tuple[int, int]:
    """Rows and columns of the grid for a photo of this size."""
    longest = max(width, height)
    return max(round(height / longest * GRID), 1), max(round(width / longest * GRID), 1)


def on_grid(values: ArrayLike, shape: tuple[int, int]) -> Floats:
    """A map brought to ``shape`` by bilinear interpolation (by area where it shrinks)."""
    source = np.ascontiguousarray(values, np.float64)
    if source.shape == shape:
        return source
    shrinks = source.shape[0] > shape[0] and source.shape[1] > shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(source, (shape[1], shape[0]), interpolation=how))


def cells(
    fixations: ArrayLike, shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of each fixation, (N,) each."""
    points = np.asarray(fixations, np.float64).reshape(-1, 2)
    columns = np.clip((points[:, 0] * shape[1]).astype(np.intp), 0, shape[1] - 1)
    rows = np.clip((points[:, 1] * shape[0]).astype(np.intp), 0, shape[0] - 1)
    return rows, columns


def density(fixations: ArrayLike, shape: tuple[int, int]) -> Floats:
    """Where people look, (h, w): fixation counts, blurred, summing to 1 (0 without fixations).

    Counts that the blur carries over the border are dropped, so the border does not gather them.
    """
    counts = np.zeros(shape)
    np.add.at(counts, cells(fixations, shape), 1.0)
    blurred = cv2.GaussianBlur(
        counts, (0, 0), BLUR * max(shape), borderType=cv2.BORDER_CONSTANT | cv2.BORDER_ISOLATED
    )
    total = blurred.sum()
    return np.asarray(blurred / total if total > 0 else blurred)


def nss(saliency: ArrayLike, fixations: ArrayLike) -> float:
    """Normalised scanpath saliency: mean of the standardised map at the fixations.

    0 is chance; a constant map gives 0; NaN without fixations.
    """
    s = np.asarray(saliency, np.float64)
    rows, columns = cells(fixations, s.shape)
    if not len(rows):
        return float("nan")
    spread = s.std()
    if spread == 0 or np.ptp(s) == 0:
        return 0.0
    return float(((s[rows, columns] - s.mean()) / spread).mean())


def correlation(saliency: ArrayLike, fixations: ArrayLike) -> float:
    """CC: Pearson's correlation of the map with the blurred fixations; a constant map gives 0."""
    s = np.asarray(saliency, np.float64)
    if not np.size(fixations):
        return float("nan")
    if np.ptp(s) == 0:
        return 0.0
    return pearson(s.ravel(), density(fixations, s.shape).ravel())


def auc_judd(saliency: ArrayLike, fixations: ArrayLike) -> float:
    """AUC-Judd: area under the ROC curve of fixated cells against all other cells.

    The thresholds are the map's values at the fixations; cells of equal value enter the curve
    together, so a constant map gives 0.5. NaN without fixations or where every cell is fixated.
    """
    s = np.asarray(saliency, np.float64)
    fixated = np.zeros(s.shape, bool)
    fixated[cells(fixations, s.shape)] = True
    looked, rest = np.sort(s[fixated]), np.sort(s[~fixated])
    if not len(looked) or not len(rest):
        return float("nan")
    thresholds = np.unique(looked)[::-1]
    hit = 1 - np.searchsorted(looked, thresholds, side="left") / len(looked)
    false = 1 - np.searchsorted(rest, thresholds, side="left") / len(rest)
    x = np.concatenate([[0.0], false, [1.0]])
    y = np.concatenate([[0.0], hit, [1.0]])
    return float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())
