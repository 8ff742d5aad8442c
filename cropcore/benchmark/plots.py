"""Log-log line plots of a benchmark's rows, as SVG; needs the extra ``bench`` (matplotlib)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from cropcore.benchmark.timing import Row
from cropcore.files.atomic_write import write_new

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
            made.append(write_new(folder, name, ".svg", figure(lines, axis)))
    return made


def figure(lines: Mapping[str, Line], axis: str) -> bytes:
    """An SVG of lines by label, each at least two points (x, milliseconds), all above zero."""
    import matplotlib
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = drawing.subplots()
    for label, line in lines.items():
        axes.loglog(*zip(*line, strict=True), marker="o", markersize=4, label=label, gid=label)
    axes.set(title=f"Time in ms by {axis}", xlabel=axis, ylabel="ms")
    axes.grid(True, color="#ddd")
    axes.legend()
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none"}):  # texts stay texts
        drawing.savefig(file, format="svg")
    return file.getvalue()
