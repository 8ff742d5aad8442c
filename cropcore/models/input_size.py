"""Size and colours of the encoder's input."""

from __future__ import annotations

STRIDE = 32
SHORT_SIDE = 256
LONG_SIDE = 1024
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def input_size(width: int, height: int) -> tuple[int, int]:
    """Net input (width, height): short side 256, long side at most 1024, multiples of 32.

    The photo is resized to this size exactly, so its ratio may change by a few per cent; boxes are
    fractions and do not notice.
    """
    scale = SHORT_SIDE / min(width, height)
    sides = (min(max(_nearest(side * scale), SHORT_SIDE), LONG_SIDE) for side in (width, height))
    return next(sides), next(sides)


def _nearest(side: float) -> int:
    return round(side / STRIDE) * STRIDE
