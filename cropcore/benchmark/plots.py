"""Log-log line plots as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from cropcore.benchmark.timing import Row
from cropcore.files.atomic_write import write_new

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 40, 50
_COLOURS = ("#3b6fb6", "#c8553d", "#4f8f5b", "#8a5fa8", "#b98a2c", "#4a9aa5")

Line = Sequence[tuple[float, float]]

FIGURES = {
    "crops": ("score_crops", "crops", "crops scored at once"),
    "megapixels": ("by_megapixels", "megapixels", "megapixels of the photo"),
    "batch": ("batch", "photos", "photos in the batch"),
}
"""By file: the rows' id, the size that grows, and what the axis is called."""


def write_plots(rows: Sequence[Row], folder: Path) -> list[Path]:
    """Write a figure for each kind of growth that the rows tell of; returns the files.

    What is in the folder stays as it is: a name that is taken gets a number, ``crops (2).svg``.

    Raises:
        OSError: a file cannot be written.
    """
    made = []
    for name, (kind, size, axis) in FIGURES.items():
        lines: dict[str, list[tuple[float, float]]] = {}
        for row in rows:
            if row.id == kind and isinstance(place := row.size.get(size), int):
                line = lines.setdefault(str(row.size.get("method", "time")), [])
                if place not in (x for x, _ in line):
                    line.append((place, row.timing.median_ms))
        lines = {label: sorted(line) for label, line in lines.items() if len(line) > 1}
        if lines:
            made.append(write_new(folder, name, ".svg", figure(lines, axis).encode()))
    return made


def figure(lines: Mapping[str, Line], axis: str) -> str:
    """An SVG of lines by label, each at least two points (x, milliseconds), all above zero."""
    points = [point for line in lines.values() for point in line]
    x_ticks, y_ticks = (_ticks([point[i] for point in points]) for i in (0, 1))

    def place(x: float, y: float) -> tuple[float, float]:
        across = _share(x, x_ticks) * (_WIDTH - _LEFT - _RIGHT)
        up = _share(y, y_ticks) * (_HEIGHT - _TOP - _BOTTOM)
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22">Time in ms by {escape(axis)}</text>',
    ]
    for tick in x_ticks:
        x, bottom = place(tick, y_ticks[0])
        parts.append(f'<path d="M{x} {bottom}V{_TOP}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{tick:,g}</text>')
    for tick in y_ticks:
        left, y = place(x_ticks[0], tick)
        parts.append(f'<path d="M{left} {y}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{tick:,g}</text>')
    ends = _apart([place(*line[-1])[1] for line in lines.values()])
    for index, ((label, line), end) in enumerate(zip(lines.items(), ends, strict=True)):
        colour = _COLOURS[index % len(_COLOURS)]
        path = " ".join(f"{x},{y}" for x, y in (place(*point) for point in line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in (place(*point) for point in line):
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        at = place(*line[-1])[0] + 10
        parts.append(f'<text x="{at}" y="{end + 4}" fill="{colour}">{escape(label)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _ticks(values: Sequence[float]) -> list[float]:
    """1, 2 and 5 times powers of ten that enclose the values; powers alone where these are many."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    steps = (1, 2, 5) if high - low <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    first = max(i for i, tick in enumerate(ticks) if tick <= min(values) * (1 + 1e-9))
    last = min(i for i, tick in enumerate(ticks) if tick >= max(values) * (1 - 1e-9))
    return ticks[first : max(last, first + 1) + 1]


def _share(value: float, ticks: Sequence[float]) -> float:
    return math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])


def _apart(places: Sequence[float], least: float = 14.0) -> list[float]:
    """Places of labels, moved down where they would lie on one another."""
    moved = list(places)
    order = sorted(range(len(places)), key=lambda i: places[i])
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved
