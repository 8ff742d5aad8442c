"""Suggestions as JSON, as the commands print them and the journal stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Nested, Suggestions
from cropcore.geometry.crop_json import angle_in, area_in, number_in, whole_in
from cropcore.images.lossless_jpeg import PixelBox
from cropcore.images.photo import Photo
from cropcore.images.render import plan

_FARTHEST = 2**31 - 1


def result(
    photo: Photo, suggestions: Suggestions, candidates: Sequence[Candidate] | None = None
) -> dict[str, Any]:
    """What was suggested for one aspect; ``candidates`` are all of them unless given.

    Where a crop that matches a pattern may be wrong, the reasons follow as ``doubts``.
    """
    shown = suggestions.candidates if candidates is None else candidates
    told: dict[str, Any] = {
        "aspect": suggestions.aspect.slug,
        "method": suggestions.method,
        "confidence": round(suggestions.confidence, 6),
        "candidates": [describe(c, photo, suggestions.aspect) for c in shown],
    }
    if suggestions.doubts:
        told["doubts"] = list(suggestions.doubts)
    return told


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
        "idea": candidate.idea,
        "cuts": list(candidate.cuts),
    }
    if candidate.nested:
        told["nested"] = [_nested(one, photo) for one in candidate.nested]
    return told


def with_cuts(result: dict[str, Any], cuts: Sequence[PixelBox | None]) -> dict[str, Any]:
    """A result with the pixels that were cut out, where these are others than were planned."""
    for candidate, pixels in zip(result["candidates"], cuts, strict=True):
        if pixels is not None:
            candidate["pixels"] = list(pixels)
    return result


def with_outputs(result: Mapping[str, Any], outputs: Sequence[Path | str]) -> dict[str, Any]:
    """A result whose candidates have their ``output`` each: the file that was written of it."""
    candidates = [
        {**candidate, "output": str(output)}
        for candidate, output in zip(result["candidates"], outputs, strict=True)
    ]
    return {**result, "candidates": candidates}


def result_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`result` returned, read from a file, with all that is later made of it.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    texts = [values["aspect"], values["method"]]
    number_in(values["confidence"], 0, 1)
    for candidate in values["candidates"]:
        area_in(candidate["box"])
        angle_in(candidate["angle"])
        left, top, right, bottom = (whole_in(side, 0, _FARTHEST) for side in candidate["pixels"])
        if candidate["score"] is not None:
            number_in(candidate["score"], 0, 100)
        if left >= right or top >= bottom:
            raise ValueError("a crop has pixels")
        texts.append(candidate["shape"])
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("it is no text")
    return dict(values)


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
