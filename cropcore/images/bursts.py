"""Bursts: which frames belong together, and where the subject of one frame lies in another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.crop import Box

Grey = NDArray[np.uint8]
Key = TypeVar("Key")

APART_SECONDS = 2.0
"""Frames of one burst were taken at most so long after one another; EXIF counts whole seconds."""
_SIDE = 24
_EDGE = 4
"""Frames may have moved by so many of :data:`_SIDE` spots against one another."""
_ALIKE = 0.6
"""Frames of one scene correlate by 0.8 and more, if they are full of stars by 0.57; other photos by 0.47."""

WORKING_SIDE = 320
"""Long side in pixels of the pictures in which a subject is looked for."""
_SCALES = (0.9, 0.95, 1.0, 1.05, 1.1)
_LEAST_SIDE = 12
_SURE = 0.6
_FAR = 0.15


def seconds_of(taken: str) -> float | None:
    """Seconds of a time as EXIF writes it, ``YYYY:MM:DD HH:MM:SS``; None where it says none."""
    try:
        return datetime.strptime(taken[:19], "%Y:%m:%d %H:%M:%S").timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def small_picture(grey: Grey) -> Grey:
    """What a picture (h, w) is compared by: itself, 24 spots wide and high."""
    import cv2

    return np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def are_alike(first: Grey, second: Grey) -> bool:
    """Whether two small pictures show nearly the same, by the middle of one somewhere in the other."""
    import cv2

    middle = first[_EDGE:-_EDGE, _EDGE:-_EDGE]
    return float(cv2.matchTemplate(second, middle, cv2.TM_CCOEFF_NORMED).max()) >= _ALIKE


def bursts(
    times: Sequence[tuple[Key, float | None]],
    picture_of: Callable[[Key], Grey | None],
) -> list[tuple[Key, ...]]:
    """The bursts among photos: runs of two and more, each soon after and much like the one before.

    Args:
        times: photos with their seconds, in any order; those without a time belong to no burst.
        picture_of: the small picture of a photo, asked of those alone that were taken soon after
            another; None where it cannot be read.
    """
    known = sorted(((s, place) for place, (_, s) in enumerate(times) if s is not None))
    found: list[tuple[Key, ...]] = []
    run: list[Key] = []
    before: tuple[float, Grey | None] | None = None
    for place, (seconds, row) in enumerate(known):
        key = times[row][0]
        near = [other for other in (place - 1, place + 1) if 0 <= other < len(known)]
        soon = any(abs(known[other][0] - seconds) <= APART_SECONDS for other in near)
        said = picture_of(key) if soon else None
        joins = (
            before is not None
            and seconds - before[0] <= APART_SECONDS
            and said is not None
            and before[1] is not None
            and are_alike(before[1], said)
        )
        if not joins:
            if len(run) > 1:
                found.append(tuple(run))
            run = []
        run.append(key)
        before = seconds, said
    if len(run) > 1:
        found.append(tuple(run))
    return found


@dataclass(frozen=True, slots=True)
class Motion:
    """How a subject lies in another frame: moved by fractions of the photo, and so many times as large."""

    dx: float
    dy: float
    scale: float

    def box(self, box: Box, about: Box) -> Box:
        """Where a box lies that goes along with a subject, which lay in the box ``about``."""
        x, y = (about[0] + about[2]) / 2, (about[1] + about[3]) / 2
        to_x, to_y = x + self.dx, y + self.dy
        return (
            to_x + (box[0] - x) * self.scale,
            to_y + (box[1] - y) * self.scale,
            to_x + (box[2] - x) * self.scale,
            to_y + (box[3] - y) * self.scale,
        )


def follow(frame: Grey, other: Grey, subject: Box) -> Motion | None:
    """Where the subject of a frame lies in another of the same burst; None where that is not sure.

    The picture of the subject is searched for in the other frame, at sizes around its own, by normalised
    cross-correlation: that is right whether the camera moved or the subject did. (Phase correlation and
    a homography of keypoints follow whatever fills most of the frame, which often stands still.) Of places
    alike the nearer one counts for more.

    Args:
        frame: (h, w) grey, about :data:`WORKING_SIDE` long.
        other: the same size.
        subject: where the subject lies in ``frame``.
    """
    import cv2

    high, wide = frame.shape
    left, top = round(subject[0] * wide), round(subject[1] * high)
    right, bottom = round(subject[2] * wide), round(subject[3] * high)
    template = frame[max(top, 0) : bottom, max(left, 0) : right]
    if min(template.shape) < _LEAST_SIDE or other.shape != frame.shape:
        return None
    if float(template.std()) < 2.0:
        return None  # nothing to recognise it by
    pad_y, pad_x = template.shape[0] // 3, template.shape[1] // 3
    room = cv2.copyMakeBorder(other, pad_y, pad_y, pad_x, pad_x, cv2.BORDER_REPLICATE)
    best: tuple[float, float, Motion] | None = None
    for scale in _SCALES:
        size = round(template.shape[1] * scale), round(template.shape[0] * scale)
        if size[0] > room.shape[1] or size[1] > room.shape[0]:
            continue
        sized = cv2.resize(template, size, interpolation=cv2.INTER_AREA)
        score = np.asarray(cv2.matchTemplate(room, sized, cv2.TM_CCOEFF_NORMED), np.float64)
        # Where the middle of the template lies, less where it lay.
        dx = (np.arange(score.shape[1]) + size[0] / 2 - pad_x - (left + right) / 2) / wide
        dy = (np.arange(score.shape[0]) + size[1] / 2 - pad_y - (top + bottom) / 2) / high
        ranked = score - _FAR * np.hypot(dx[None, :], dy[:, None]) - 0.02 * (scale != 1.0)
        y, x = np.unravel_index(int(np.argmax(ranked)), ranked.shape)
        if best is None or ranked[y, x] > best[0]:
            across = _between(score[y, :], int(x)) / wide
            down = _between(score[:, x], int(y)) / high
            motion = Motion(float(dx[x]) + across, float(dy[y]) + down, scale)
            best = float(ranked[y, x]), float(score[y, x]), motion
    return best[2] if best is not None and best[1] >= _SURE else None


def _between(values: NDArray[np.float64], at: int) -> float:
    """How far beside its highest value the peak lies, by the parabola through it: -0.5 to 0.5."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(v) for v in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return min(max((before - after) / (2 * bend), -0.5), 0.5) if bend < 0 else 0.0
