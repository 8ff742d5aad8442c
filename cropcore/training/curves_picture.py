"""Draws the curves of a training run: losses by epoch, and the figure on the validation photos."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

from cropcore.files.atomic_write import write_at

VALIDATION = "validation."
_BESIDE = ("epoch", "seconds")


def can_draw() -> bool:
    """Whether the package that draws is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def draw_curves(curves: Path, picture: Path) -> None:
    """Draw a file of curves, one JSON object an epoch, as a PNG; nothing where the package is missing."""
    if not can_draw():
        return
    rows = [json.loads(line) for line in curves.read_text(encoding="utf-8").splitlines()]
    # Imported here because it comes with an extra, and takes a second.
    from matplotlib.figure import Figure

    names = [name for name in dict.fromkeys(k for row in rows for k in row) if name not in _BESIDE]
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    losses = figure.add_subplot()
    losses.set_xlabel("epoch")
    losses.set_ylabel("loss")
    for name in names:
        if not name.startswith(VALIDATION):
            losses.plot(*_points(rows, name), marker=".", label=name)
    judged = [name for name in names if name.startswith(VALIDATION)]
    if judged:
        beside = losses.twinx()
        beside.set_ylabel(judged[0].removeprefix(VALIDATION))
        beside.plot(*_points(rows, judged[0]), color="black", marker=".", label=judged[0])
        figure.legend(*beside.get_legend_handles_labels(), loc="outside upper right")
    figure.legend(*losses.get_legend_handles_labels(), loc="outside upper left", ncols=3)
    content = io.BytesIO()
    figure.savefig(content, format="png")
    write_at(picture, content.getvalue(), replace=True)


def _points(rows: list[dict[str, Any]], name: str) -> tuple[list[int], list[float]]:
    known = [row for row in rows if name in row]
    return [row["epoch"] for row in known], [row[name] for row in known]
