"""Crops that match a pattern: finds a photo's subject, measures it, and places the crop by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.networks import Networks
from cropcore.engine.scene import Scene
from cropcore.errors import QuestionError
from cropcore.geometry.crop import Box, Candidate, Crop, Suggestions
from cropcore.geometry.holding import share_inside
from cropcore.geometry.match import MATCH, SURE, MatchPattern, Subject, SubjectKind
from cropcore.images.object_box import object_box
from cropcore.images.photo import close_pixels
from cropcore.models.detected_heads import DetectedHeads
from cropcore.models.measured_heads import measured_head

_RIVAL = 0.5
"""A head as high as this share of the largest could have been meant as well."""
_LEAST_HEAD = 0.06
"""Height of a head, as a share of the crop's, from which the crop is placed by it."""


def pattern_of(
    networks: Networks, scene: Scene, crop: Crop, angle: float, heads: Sequence[Box]
) -> MatchPattern:
    """The pattern of a crop: by its largest head, or where it has none by the object in it.

    Args:
        networks: those that encoded the scene.
        scene: of the photo, seen straightened by ``angle``.
        crop: its box in what the engine saw.
        angle: degrees clockwise.
        heads: of the scene.

    Raises:
        QuestionError: the crop has no subject, or it is not a photo's.
        PhotoError: the photo cannot be read.
    """
    pixels = _pixels(scene, angle)
    inside = [h for h in heads if share_inside(np.array([crop.box]), np.array([h])).min() >= 0.5]
    tall = crop.box[3] - crop.box[1]
    subject = None
    if inside and max(h[3] - h[1] for h in inside) >= _LEAST_HEAD * tall:
        subject = _head(networks, pixels, inside)
    if subject is None:
        subject = _object(pixels, scene)
    if subject is None or not float(
        share_inside(np.array([crop.box]), np.array([subject.box])).min()
    ):
        raise QuestionError(
            "There is no head and no single object in the crop by which others could be placed."
        )
    return MatchPattern.of(crop, subject, (scene.photo_width, scene.photo_height))


def matched(
    networks: Networks, scene: Scene, pattern: MatchPattern, question: CropQuestion
) -> Suggestions | None:
    """The one crop that matches a pattern, with what is doubtful; None where there is no such subject.

    Raises:
        QuestionError: the scene is not a photo's.
        PhotoError: the photo cannot be read.
    """
    subject = _subject(networks, scene, pattern.kind, question)
    if subject is None:
        return None
    crop, doubts = pattern.crop(subject, question.aspect, scene.photo_width, scene.photo_height)
    certainty = min(subject.certainty, 1.0)
    # Those in doubt come first in a review, which is in the order of confidence.
    confidence = certainty if not doubts else min(certainty, SURE) / (1 + len(doubts))
    candidate = Candidate(1, crop, None, certainty, MATCH)
    return Suggestions(question.aspect, question.method, confidence, (candidate,), doubts)


def _subject(
    networks: Networks, scene: Scene, kind: SubjectKind, question: CropQuestion
) -> Subject | None:
    heads = scene.heads if question.heads is None else question.heads
    if kind == "head" and not heads:
        return None
    pixels = _pixels(scene, question.angle)
    return _head(networks, pixels, heads) if kind == "head" else _object(pixels, scene)


def _head(networks: Networks, pixels: NDArray[np.uint8], heads: Sequence[Box]) -> Subject | None:
    """The largest head, measured; where it cannot be measured, as it was found, and not sure."""
    by_size = sorted(heads, key=lambda head: head[1] - head[3])
    largest = by_size[0]
    rivals = sum(h[3] - h[1] >= _RIVAL * (largest[3] - largest[1]) for h in by_size[1:])

    def detect(views: Sequence[NDArray[np.uint8]]) -> list[DetectedHeads | None]:
        return [encoded.heads for encoded in networks.encode(views)]

    subject = measured_head(detect, pixels, largest) or Subject("head", largest, 0.0)
    return Subject("head", subject.box, subject.certainty, rivals)


def _object(pixels: NDArray[np.uint8], scene: Scene) -> Subject | None:
    if scene.encoded.gaze is None:  # weights that follow a paper: only heads are found
        return None
    found = object_box(pixels, scene.encoded.gaze)
    return None if found is None else Subject("object", found.box, found.certainty)


def _pixels(scene: Scene, angle: float) -> NDArray[np.uint8]:
    if scene.close is not None:
        return scene.close
    if scene.photo is None:
        raise QuestionError("Crops are matched in photos of files; encode a path or a Photo.")
    kept: NDArray[np.uint8] | None = scene.recall("close pixels", angle)
    return (
        kept
        if kept is not None
        else scene.remember("close pixels", angle, close_pixels(scene.photo, angle))
    )
