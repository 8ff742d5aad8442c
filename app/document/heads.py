"""Heads of an open photo: from its upright file to the canvas and back, and those that are shown."""

from __future__ import annotations

from app.document.edit import Edit
from app.document.photo_transform import areas_at
from app.document.suggestion_state import SuggestionState
from cropcore.geometry.crop import Box
from cropcore.geometry.heads import HeadCorrections
from cropcore.geometry.orientation import Orientation
from cropcore.geometry.refit import as_box


def in_canvas(
    heads: HeadCorrections, turn: Orientation, angle: float, size: tuple[int, int]
) -> HeadCorrections:
    """Corrections of the upright file, in the canvas of the photo after ``turn``, straightened.

    ``size`` is that of the turned photo in pixels. A head stays as large as it is, about its spot.
    """

    def moved(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        return areas_at([as_box(turn.boxes(box)) for box in boxes], 0.0, angle, size)

    return HeadCorrections(moved(heads.dismissed), moved(heads.drawn))


def in_file(head: Box, turn: Orientation, angle: float, size: tuple[int, int]) -> Box:
    """A head of that canvas, in the upright file."""
    (level,) = areas_at([head], angle, 0.0, size)
    return as_box(turn.inverse.boxes(level))


def turned(heads: HeadCorrections, by: Orientation) -> HeadCorrections:
    """Corrections for a file whose upright photo lies turned by ``by``."""
    return HeadCorrections(
        tuple(as_box(by.boxes(box)) for box in heads.dismissed),
        tuple(as_box(by.boxes(box)) for box in heads.drawn),
    )


def shown_heads(edit: Edit, state: SuggestionState, size: tuple[int, int]) -> tuple[Box, ...]:
    """The heads of a photo in its canvas: found, less those dismissed, and drawn.

    ``size`` is that of the turned photo in pixels.
    """
    place = edit.orientation, edit.crop.angle
    found = state.heads if state.heads_place == place else ()
    return in_canvas(edit.heads, *place, size).applied(found)
