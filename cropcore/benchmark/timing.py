"""Times several ways of doing one thing, interleaved, and compares them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Operation = Callable[[int], object]
"""Does the thing once; the argument counts the calls, so that each can ask something new."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall times of one way, in seconds, one for each round."""

    seconds: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """The median in milliseconds."""
        return float(np.median(self.seconds)) * 1000

    @property
    def iqr_ms(self) -> float:
        """The distance between the quartiles in milliseconds."""
        low, high = np.percentile(self.seconds, (25, 75))
        return float(high - low) * 1000

    def scaled(self, factor: float) -> Timing:
        """What ``factor`` times as much of the same work would have taken."""
        return Timing(tuple(s * factor for s in self.seconds))


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often to repeat: up to ``most`` rounds, and after ``least`` no longer than ``seconds``."""

    least: int
    most: int
    seconds: float
    warm_up: int = 1


def side_by_side(
    works: Sequence[Operation],
    pace: Repeats,
    wait: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Timing]:
    """Time every work in turn, round by round (A B A B), after rounds that do not count.

    So whatever else the machine does meets all works alike.

    Args:
        works: called with 0, 1, 2, ... over all rounds, those of the warm-up first.
        pace: how many rounds.
        wait: returns when a device that works on its own has done all it was asked; timed too.
        clock: seconds from any start.
    """
    taken: list[list[float]] = [[] for _ in works]
    for index in range(pace.warm_up):
        for work in works:
            work(index)
            wait()
    begun = clock()
    for done in range(pace.most):
        if done >= pace.least and clock() - begun >= pace.seconds:
            break
        for work, seconds in zip(works, taken, strict=True):
            start = clock()
            work(pace.warm_up + done)
            wait()
            seconds.append(clock() - start)
    return [Timing(tuple(seconds)) for seconds in taken]


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a row should get to.

    ``unit`` says what stays below ``value``: the median (``ms``), the ratio to what stands beside it
    (``ratio``), the time that comes on top of that (``ms more``), or the row's ``peak_mb`` (``MB``).
    """

    value: float
    unit: Literal["ms", "ratio", "ms more", "MB"] = "ms"

    def met(self, median_ms: float, beside_ms: float, peak_mb: float = 0.0) -> bool:
        """Whether medians of a row and of what stands beside it, or its memory, reach the aim."""
        reached = {
            "ms": median_ms,
            "ratio": median_ms / beside_ms,
            "ms more": median_ms - beside_ms,
            "MB": peak_mb,
        }
        return reached[self.unit] < self.value


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement, and what a person would have done instead.

    Attributes:
        id: the work; rows of one id differ in ``size`` or in what stands beside them.
        device: where it ran: ``cpu``, ``cuda`` or ``mps``.
        size: what and how much was worked on, such as ``{"method": "gaic", "crops": 1000}``.
        timing: of the work.
        beside: name of the other way.
        beside_ms: its median.
        aim: where the row should get to, if that was ever said.
    """

    id: str
    device: str
    size: dict[str, float | str]
    timing: Timing
    beside: str
    beside_ms: float
    aim: Aim | None = None

    @property
    def ratio(self) -> float:
        """This way's median over the other's: below 1 is faster."""
        return self.timing.median_ms / self.beside_ms

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        if self.aim is None:
            return None
        peak = float(self.size.get("peak_mb", 0))
        return self.aim.met(self.timing.median_ms, self.beside_ms, peak)

    def to_json(self) -> dict[str, Any]:
        """The published form; ``aim`` and ``met`` are null where there is no aim."""
        aim = self.aim
        return {
            "id": self.id,
            "device": self.device,
            "size": self.size,
            "median_ms": round(self.timing.median_ms, 4),
            "iqr_ms": round(self.timing.iqr_ms, 4),
            "repeats": len(self.timing.seconds),
            "beside": {"name": self.beside, "median_ms": round(self.beside_ms, 4)},
            "ratio": round(self.ratio, 4),
            "aim": None if aim is None else {"op": "<", "value": aim.value, "unit": aim.unit},
            "met": self.met,
        }
