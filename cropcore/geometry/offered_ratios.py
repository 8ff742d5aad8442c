"""Table of the ratios that panels offer as chips, and where each is common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from cropcore.geometry.aspect import Aspect, Kind

Place = Literal["crop", "nested", "export", "batch"]
"""Where aspects are offered: for the crop in hand, for crops cut from it later, in exports, in batches."""


EVERYWHERE: frozenset[Place] = frozenset(get_args(Place))


FOR_SEVERAL: frozenset[Place] = frozenset(("nested", "batch"))


FURTHER: frozenset[Place] = frozenset()


OFFERED: Mapping[str, frozenset[Place]] = {
    "original": EVERYWHERE,
    "free": EVERYWHERE,
    "1:1": EVERYWHERE,
    "4:5": EVERYWHERE,
    "circle": EVERYWHERE,
    "3:2": EVERYWHERE,
    "16:9": EVERYWHERE,
    "9:16": EVERYWHERE,  # stories
    "5:4": FURTHER,
    "4:3": FURTHER,
    "3:4": FURTHER,
    "2:3": FOR_SEVERAL,
    "5:7": frozenset(("batch",)),
    "7:5": FURTHER,
    "2:1": FURTHER,
    "1:2": FURTHER,
    "1.91:1": FURTHER,  # pictures of links
    "21:9": FURTHER,
    "3:1": FOR_SEVERAL,  # panoramas
}
"""The aspects that people are offered, in this order, and in which places each is a common one.

Every other place has it behind "More". One line here is all that a new ratio takes.
"""


_SENSELESS: Mapping[Place, frozenset[Kind]] = {
    "nested": frozenset(("original", "free")),
    "export": frozenset(("free",)),
}


def common_aspects(place: Place) -> tuple[Aspect, ...]:
    """What is seen at once in a place."""
    return tuple(aspect for aspect, common in _offered(place) if place in common)


def further_aspects(place: Place) -> tuple[Aspect, ...]:
    """What a place has behind "More"."""
    return tuple(aspect for aspect, common in _offered(place) if place not in common)


def ratios_between(low: float, high: float) -> tuple[Aspect, ...]:
    """The offered ratios from ``low`` to ``high`` (width over height), the narrowest first."""
    ratios = (aspect for aspect in map(Aspect.parse, OFFERED) if aspect.kind == "ratio")
    within = (aspect for aspect in ratios if low <= aspect.width / aspect.height <= high)
    return tuple(sorted(within, key=lambda aspect: aspect.width / aspect.height))


def _offered(place: Place) -> list[tuple[Aspect, frozenset[Place]]]:
    senseless = _SENSELESS.get(place, frozenset())
    aspects = ((Aspect.parse(text), common) for text, common in OFFERED.items())
    return [(aspect, common) for aspect, common in aspects if aspect.kind not in senseless]
