"""Benchmarks of the window: latency from slider to candidates."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Iterator

from cropcore.benchmark.engine_cases import (
    CANDIDATES,
    PROCESSES,
    QUICK_PROCESSES,
    WINDOW_PROGRAM,
    Workbench,
    python_output,
)
from cropcore.benchmark.timing import Aim, Row, Timing

STEPS, SECONDS, QUICK_SECONDS = 200, 10.0, 3.0
"""A drag: most steps, and the seconds that they may take together."""

_OPEN = WINDOW_PROGRAM + "'candidates', {path!r}, home, {device!r})"
_DRAG = WINDOW_PROGRAM + "'slider', {path!r}, home, {device!r}, '{most}', '{seconds}')"


def start_to_candidates(bench: Workbench) -> Iterator[Row]:
    """A fresh process until candidates of the photo given to it are painted, beside torch's import."""
    if not (importlib.util.find_spec("PySide6") and importlib.util.find_spec("app")):
        return  # the rows of the start say so
    with tempfile.TemporaryDirectory(prefix="cropsight-bench-") as home:
        program = _OPEN.format(home=home, path=str(bench.photo.path), device=bench.device)
        works = [
            lambda _, program=program: python_output(program)
            for program in (program, "import torch")
        ]
        timing, beside = bench.compare(*works, pace=QUICK_PROCESSES if bench.quick else PROCESSES)
    size: dict[str, float | str] = {"megapixels": bench.megapixels, "candidates": CANDIDATES}
    aim = Aim(1300) if bench.device == "cpu" else None
    name = "import torch"
    yield Row("start_to_candidates", bench.device, size, timing, name, beside.median_ms, aim)


def slider_to_painted(bench: Workbench) -> Iterator[Row]:
    """A mouse event on the slider until strip and canvas are painted, beside the candidates alone."""
    if not (importlib.util.find_spec("PySide6") and importlib.util.find_spec("app")):
        return  # the start-up rows report it already
    with tempfile.TemporaryDirectory(prefix="cropsight-bench-") as home:
        program = _DRAG.format(
            home=home,
            path=str(bench.photo.path),
            device=bench.device,
            most=STEPS,
            seconds=QUICK_SECONDS if bench.quick else SECONDS,
        )
        taken = json.loads(python_output(program))
    engine, scene = bench.engine, bench.scene
    (alone,) = bench.compare(
        lambda _: engine.suggest(scene, bench.new_aspect(), k=CANDIDATES, refine=False)
    )
    size: dict[str, float | str] = {"megapixels": bench.megapixels, "thumbnails": CANDIDATES}
    timing = Timing(tuple(taken))
    name = "the candidates alone"
    yield Row("slider_to_painted", bench.device, size, timing, name, alone.median_ms, Aim(50))


BENCHMARKS = (start_to_candidates, slider_to_painted)
