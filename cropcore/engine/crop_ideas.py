"""Labels of candidates: what sets each apart from the first one, in a word or two.

Labels are short English names; a desktop program translates them. Each says something that can be
checked: see :data:`IDEAS`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from cropcore.geometry.boxes import Boxes
from cropcore.geometry.crop import Box

BEST = "best"
AS_TAKEN = "as taken"
IDEAS = {
    BEST: "the first candidate",
    AS_TAKEN: "the whole photo",
    "closer": "at most 0.85 of the first one's area",
    "wider": "at least 1 / 0.85 of the first one's area",
    "subject left": "the subject's centre lies in the left 40 % of the crop",
    "subject right": "the subject's centre lies in the right 40 % of the crop",
    "subject centred": "the subject's centre lies in the middle 10 % of the width",
    "more above": "its top lies higher than the first one's, by 4 % of the photo or more",
    "more below": "its bottom lies lower than the first one's, by 4 % of the photo or more",
    "more left": "its left side lies further left than the first one's, by 4 % of the photo or more",
    "more right": "its right side lies further right than the first one's, by as much",
    "taller": "its width over height is at most 0.85 of the first one's",
    "flatter": "its width over height is at least 1 / 0.85 of the first one's",
    "a little closer": "a smaller area than the first one's, and nothing above is true",
    "a little wider": "a larger area than the first one's, and nothing above is true",
    "a little left": "its middle lies left of the first one's, and nothing above is true",
    "a little right": "its middle lies right of the first one's, and nothing above is true",
    "a little higher": "its middle lies above the first one's, and nothing above is true",
    "a little lower": "its middle lies below the first one's, and nothing above is true",
}
"""Every label and what it says of a crop."""

CLOSER = 0.85
ASIDE = 0.4
CENTRED = 0.05
MORE = 0.04
_WHOLE = 0.985


def ideas(boxes: Boxes, subject: tuple[float, float] | None) -> list[str]:
    """A label for each crop (K, 4), the first of which all others are compared with.

    No label comes twice: where one word was taken, a second or third qualifies it, as in "closer,
    subject left", and where nothing tells two crops apart the later one gets a number.

    Args:
        boxes: candidates, best first.
        subject: where in the photo what matters lies, as fractions; None where that is not known.
    """
    used: set[str] = set()
    named: list[str] = []
    for place, box in enumerate(boxes.tolist()):
        for label in _labels(place, tuple(box), tuple(boxes[0].tolist()), subject):
            if label not in used:
                break
        used.add(label)
        named.append(label)
    return named


def holds_true(idea: str, box: Box, first: Box, subject: tuple[float, float] | None) -> bool:
    """Whether a single label, without a qualifier, is true of a crop beside the first one."""
    return idea == BEST or idea in _true(box, first, subject)


def _true(box: Box, first: Box, subject: tuple[float, float] | None) -> list[str]:
    """Single labels that are true of a crop beside the first one."""
    x1, y1, x2, y2 = box
    area, others = (x2 - x1) * (y2 - y1), (first[2] - first[0]) * (first[3] - first[1])
    ratio = (x2 - x1) / (y2 - y1) / ((first[2] - first[0]) / (first[3] - first[1]))
    # A subject outside the crop lies nowhere in it.
    at = math.nan if subject is None else (subject[0] - x1) / (x2 - x1)
    at = at if 0 <= at <= 1 else math.nan
    told = {
        AS_TAKEN: area >= _WHOLE,
        "closer": area <= CLOSER * others,
        "wider": area * CLOSER >= others,
        "subject left": at <= ASIDE,
        "subject right": at >= 1 - ASIDE,
        "subject centred": abs(at - 0.5) <= CENTRED,
        "more above": y1 <= first[1] - MORE,
        "more below": y2 >= first[3] + MORE,
        "more left": x1 <= first[0] - MORE,
        "more right": x2 >= first[2] + MORE,
        "taller": ratio <= CLOSER,
        "flatter": ratio * CLOSER >= 1,
    }
    return [idea for idea, holds in told.items() if holds]


def _labels(place: int, box: Box, first: Box, subject: tuple[float, float] | None) -> Iterator[str]:
    """Labels for a crop, the most telling first, then joined ones, then numbered ones without end."""
    if place == 0:
        yield BEST
    found = _true(box, first, subject)
    if AS_TAKEN in found:
        yield AS_TAKEN
    true = sorted(
        (idea for idea in _SALIENCE if idea in found),
        key=lambda idea: -_salience(idea, box, first, subject),
    )
    for count in (1, 2, 3):
        for words in combinations(true, count):
            yield ", ".join(words)
    if not true:
        yield from (small := _small_differences(box, first))
        true = small
    plain = ", ".join(true[:2])
    number = 2
    while True:
        yield f"{plain} {number}"
        number += 1


def _small_differences(box: Box, first: Box) -> list[str]:
    """What tells a crop from the first one where no label is true, the largest difference first."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    others = (first[2] - first[0]) * (first[3] - first[1])
    across = (box[0] + box[2] - first[0] - first[2]) / 2
    down = (box[1] + box[3] - first[1] - first[3]) / 2
    sized = math.log(area / others) / 2
    words = {
        "a little closer": -sized, "a little wider": sized, "a little left": -across,
        "a little right": across, "a little higher": -down, "a little lower": down,
    }  # fmt: skip
    strong = [word for word in sorted(words, key=lambda w: -words[w]) if words[word] > 0]
    return strong or ["a little wider"]


_SALIENCE = {
    "closer": 1.0, "wider": 1.0, "taller": 1.1, "flatter": 1.1,
    "subject left": 0.9, "subject right": 0.9, "subject centred": 0.5,
    "more above": 0.7, "more below": 0.7, "more left": 0.7, "more right": 0.7,
}  # fmt: skip
"""How telling a difference of the same strength is."""


def _salience(idea: str, box: Box, first: Box, subject: tuple[float, float] | None) -> float:
    """How strongly a true label sets the crop apart from the first one."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    others = (first[2] - first[0]) * (first[3] - first[1])
    shape = (box[2] - box[0]) / (box[3] - box[1]) / ((first[2] - first[0]) / (first[3] - first[1]))
    sides = {
        "more above": first[1] - box[1], "more below": box[3] - first[3],
        "more left": first[0] - box[0], "more right": box[2] - first[2],
    }  # fmt: skip
    if idea in ("closer", "wider"):
        strength = abs(math.log(area / others)) / 0.5
    elif idea in ("taller", "flatter"):
        strength = abs(math.log(shape)) / 0.5
    elif idea in sides:
        strength = sides[idea] / 0.2
    else:
        assert subject is not None
        now = (subject[0] - box[0]) / (box[2] - box[0])
        then = (subject[0] - first[0]) / (first[2] - first[0])
        strength = abs(now - then) / 0.2
    return _SALIENCE[idea] * strength
