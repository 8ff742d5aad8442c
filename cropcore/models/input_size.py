"""Size and colours of the encoder's input."""

from __future__ import annotations

from cropcore.geometry.input_sides import PRODUCT, SHORT_SIDE, STRIDE, InputSides

__all__ = ["MEAN", "SHORT_SIDE", "STD", "STRIDE", "input_size"]

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def input_size(width: int, height: int, sides: InputSides = PRODUCT) -> tuple[int, int]:
    """Net input (width, height) of a photo; by default short side 256, long side at most 1024."""
    return sides.net_input(width, height)
