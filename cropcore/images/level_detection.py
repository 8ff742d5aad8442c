"""Detects the angle that levels a photo, from its straight lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Degrees: a larger tilt is intended, or the line is no horizon.
MOST = 10.0

# Lines are looked for in a copy of so many pixels: good for a fifth of a degree, and quick.
_PIXELS = 160_000
# Least length of a line, as a share of the long side; the direction of shorter ones is noise.
_SHORTEST = 0.045
_STEP = 0.1
# Lines that mean the same direction differ by this many degrees (one standard deviation).
_SPREAD = 0.4
_AGREE = 1.2
_LONG_COUNT_MORE = 1.5


@dataclass(frozen=True, slots=True)
class _Sure:
    """What makes an answer sure; chosen on photos that were turned by known angles.

    At least ``lines`` agree, as long together as ``length`` long sides of the photo, with ``share``
    of all votes, and the runner-up has at most ``rival`` times the votes.
    """

    lines: int
    length: float
    share: float
    rival: float

    def allows(self, lines: int, length: float, share: float, rival: float) -> bool:
        enough = lines >= self.lines and length >= self.length
        return bool(enough and share >= self.share and rival <= self.rival)


# Level and plumb lines that agree can hardly be a slope or a wall seen askew.
_SURE_OF_BOTH = _Sure(lines=4, length=0.6, share=0.15, rival=0.7)
_SURE_OF_ONE = _Sure(lines=6, length=1.0, share=0.3, rival=0.5)
_BOTH_SHARE = 0.15

# How probably an angle is right within 0.3 degrees: logistic, of the logarithm of the angle's standard error
# (plus the second number), of the share of votes, and of the runner-up's. Fitted on 81 straight photos of four
# folds of the training photos, each turned by three angles.
_CERTAINTY = (-1.446, -0.856, 2.848, -2.015)
_LEAST_ERROR = 0.02
SURE = 0.7
"""The certainty from which an angle is taken without a look: 24 of 28 were right on the fold left out."""


class Level(NamedTuple):
    """The turn, in degrees clockwise within 10 of 0, that makes a photo level.

    ``certainty`` is how probably it is right within 0.3 degrees, in [0, 1].
    """

    angle: float
    certainty: float

    @property
    def is_sure(self) -> bool:
        """Whether it can be taken without a look."""
        return self.certainty >= SURE

    @property
    def in_tenths(self) -> Level:
        """With the angle in tenths of degrees, as people read it."""
        return Level(round(self.angle, 1) + 0.0, self.certainty)


def found_level(pixels: NDArray[np.uint8]) -> Level | None:
    """The turn that makes a photo level, and how sure that is; None where its lines do not say.

    Level and plumb lines vote alike, long ones for more; the angle on which most of them agree is
    taken if it stands out, both among all lines and against the runner-up. Where only level lines
    agree, or only plumb ones, they have to be more sure. The same photo always gets the same answer.

    Args:
        pixels: uint8 (h, w, 3), sRGB, any size.
    """
    lines = _lines(pixels)
    return _agreed(lines) if len(lines.turns) >= _SURE_OF_BOTH.lines else None


class _Lines(NamedTuple):
    """What is known of N lines, each (N,).

    ``turns``, in [-45, 45), make each level or plumb; ``lengths`` are shares of the photo's long
    side; ``level`` tells the level ones from the plumb.
    """

    turns: NDArray[np.float64]
    lengths: NDArray[np.float64]
    level: NDArray[np.bool_]


def _lines(pixels: NDArray[np.uint8]) -> _Lines:
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    scale = min(1.0, math.sqrt(_PIXELS / grey.size))
    if scale < 1:
        size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    ends = np.zeros((0, 4)) if found is None else found.reshape(-1, 4).astype(np.float64)
    along = ends[:, 2:] - ends[:, :2]
    lengths = np.hypot(along[:, 0], along[:, 1]) / max(grey.shape)
    along, lengths = along[lengths >= _SHORTEST], lengths[lengths >= _SHORTEST]
    turns = (45 - np.degrees(np.arctan2(along[:, 1], along[:, 0]))) % 90 - 45
    return _Lines(turns, lengths, np.abs(along[:, 0]) > np.abs(along[:, 1]))


def _agreed(lines: _Lines) -> Level | None:
    weights = lines.lengths**_LONG_COUNT_MORE
    grid = np.arange(-45, 45, _STEP)
    votes = np.exp(-0.5 * (_apart(grid[:, None], lines.turns) / _SPREAD) ** 2) @ weights
    best = grid[votes.argmax()]
    near = _apart(best, lines.turns) <= _AGREE
    if not near.any():
        return None
    angle = float(np.average(lines.turns[near], weights=weights[near]))
    level = weights[near & lines.level].sum() / weights[near].sum()
    sure = _SURE_OF_BOTH if _BOTH_SHARE <= level <= 1 - _BOTH_SHARE else _SURE_OF_ONE
    share = weights[near].sum() / weights.sum()
    rival = votes[_apart(grid, best) > 2 * _AGREE].max() / votes.max()
    if abs(angle) > MOST or not sure.allows(
        int(near.sum()), lines.lengths[near].sum(), share, rival
    ):
        return None
    off = weights[near] * _apart(angle, lines.turns[near])
    error = np.sqrt((off**2).sum()) / weights[near].sum()
    terms = np.array([1.0, np.log(error + _LEAST_ERROR), share, rival])
    return Level(angle, float(1 / (1 + np.exp(-terms @ _CERTAINTY))))


def _apart(a: NDArray[np.float64] | float, b: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Difference of two angles modulo 90 degrees: 0 to 45."""
    return np.abs((np.subtract(a, b) + 45) % 90 - 45)
