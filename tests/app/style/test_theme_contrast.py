"""Contrast of both themes: texts, and the edges of controls, against what they lie on (WCAG 2.1 AA)."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from app.style.theme import palette

TEXT, EDGE = 4.5, 3.0
TEXTS = [
    (ink, ground)
    for ink in ("text", "secondary", "accent", "warning", "error")
    for ground in ("panel", "control")
] + [("on_accent", "accent"), ("text", "canvas")]
EDGES = [("control_border", "panel"), ("control_border", "control"), ("accent", "canvas")]


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(p) for p in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: QColor, b: QColor) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_texts_and_edges_can_be_told_from_their_ground(dark: bool) -> None:
    colours = palette(dark)
    found = {
        f"{ink} on {ground}": (contrast(getattr(colours, ink), getattr(colours, ground)), least)
        for pairs, least in ((TEXTS, TEXT), (EDGES, EDGE))
        for ink, ground in pairs
    }
    assert {name: value for name, (value, least) in found.items() if value < least} == {}
