"""The published form of suggestions: what the commands write as JSON, and a batch in its journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cropcore.aspect import Aspect
from cropcore.crop import Candidate, Nested, Suggestions
from cropcore.photo import Photo
from cropcore.render import plan

_BEYOND = 10**9


def result(
    photo: Photo, suggestions: Suggestions, candidates: Sequence[Candidate] | None = None
) -> dict[str, Any]:
    """What was suggested for one aspect; ``candidates`` are all of them unless given."""
    shown = suggestions.candidates if candidates is None else candidates
    return {
        "aspect": suggestions.aspect.slug,
        "method": suggestions.method,
        "confidence": round(suggestions.confidence, 6),
        "candidates": [describe(c, photo, suggestions.aspect) for c in shown],
    }


def describe(candidate: Candidate, photo: Photo, aspect: Aspect) -> dict[str, Any]:
    """A candidate's published form; ``pixels`` are those of the photo that an export cuts out.

    Where crops of other aspects lie inside it, they follow as ``nested``.
    """
    crop = candidate.crop
    told: dict[str, Any] = {
        "rank": candidate.rank,
        "box": [round(v, 6) for v in crop.box],
        "pixels": list(plan(photo.width, photo.height, crop, aspect).pixels),
        "shape": crop.shape,
        "angle": crop.angle,
        "score": None if candidate.score is None else round(candidate.score, 3),
        "raw_score": round(candidate.raw_score, 6),
        "proposed_by": candidate.proposed_by,
    }
    if candidate.nested:
        told["nested"] = [_nested(one, photo) for one in candidate.nested]
    return told


def is_result(values: Mapping[str, Any]) -> bool:
    """Whether these are values as :func:`result` returns them, wherever they were read."""
    texts = (values.get("aspect"), values.get("method"))
    candidates = values.get("candidates")
    return (
        all(isinstance(text, str) for text in texts)
        and _is_number(values.get("confidence"))
        and isinstance(candidates, list)
        and all(isinstance(c, dict) and _is_candidate(c) for c in candidates)
    )


def _is_candidate(values: Mapping[str, Any]) -> bool:
    fours = (values.get("box"), values.get("pixels"))
    return (
        all(isinstance(v, list) and len(v) == 4 and all(map(_is_number, v)) for v in fours)
        and isinstance(values.get("shape"), str)
        and _is_number(values.get("angle"))
        and ("score" in values and (values["score"] is None or _is_number(values["score"])))
    )


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) < _BEYOND


def _nested(nested: Nested, photo: Photo) -> dict[str, Any]:
    crop = nested.crop
    return {
        "aspect": nested.aspect.slug,
        "box": [round(v, 6) for v in crop.box],
        "pixels": list(plan(photo.width, photo.height, crop, nested.aspect).pixels),
        "shape": crop.shape,
        "angle": crop.angle,
        "score": round(nested.score, 3),
    }
