"""``cropcore bench``: run-times on this machine, beside alternatives."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cropcore.benchmark.timing import Aim, Row
from cropcore.cli.console import Console, make_folder, need_package
from cropcore.cli.load_engine import load_engine
from cropcore.errors import CropsightError


def run(args: argparse.Namespace) -> int:
    """Measure and report; returns the exit status.

    Raises:
        CropsightError: nothing could be measured (options, device, weights, temporary folder).
    """
    if args.plot is not None:
        need_package("matplotlib", "bench")
    with Console(args) as console:
        engine = load_engine(args.device, console)
        # Imported here because they bring torch, and a wrong option is told before that.
        from cropcore.benchmark import engine_cases, file_cases, gpu_cases, window_cases
        from cropcore.benchmark.machine import machine, versions
        from cropcore.engine.device import pick_device

        device = pick_device(args.device)[0].partition(":")[0]
        parts = (
            *engine_cases.BENCHMARKS,
            gpu_cases.on_graphics_card,
            *file_cases.BENCHMARKS,
            *window_cases.BENCHMARKS,
        )
        console.progress(0, len(parts), "a photo to measure with")
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cropsight-bench-"))
                photo = engine_cases.write_photo(Path(folder))
            except OSError as error:
                raise CropsightError(
                    "The photo to measure with cannot be written ({reason}). "
                    "Free some space for temporary files, or set TMPDIR to "
                    "another folder.",
                    reason=error.strerror or str(error),
                ) from error
            bench = engine_cases.Workbench(
                engine, device, photo, quick=args.quick, say=console.warn
            )
            rows: list[Row] = []
            for index, measure in enumerate(parts):
                console.progress(index, len(parts), measure.__name__)
                rows += measure(bench)
        document = {
            "schema": 1,
            "machine": machine(),
            "versions": versions(),
            "rows": [row.to_json() for row in rows],
        }
        console.say(*table(document, rows))
        if args.plot is not None:
            _plot(rows, args.plot, console)
        return console.finish(document)


def _plot(rows: Sequence[Row], folder: Path, console: Console) -> None:
    from cropcore.benchmark.plots import write_plots

    make_folder(folder, "--plot")
    try:
        for path in write_plots(rows, folder):
            console.say(str(path))
    except OSError as error:
        raise CropsightError(
            "{folder} cannot be written ({reason}).",
            folder=folder,
            reason=error.strerror or str(error),
        ) from error


def table(document: dict[str, Any], rows: Sequence[Row]) -> list[str]:
    """The rows for a person, medians and their quartile distance, under a line on the machine."""
    here = document["machine"]
    cells = [("", "", "on", "median", "IQR", "n", "beside", "median", "ratio", "aim")]
    for row in rows:
        timing = row.timing
        cells.append(
            (
                row.id,
                _size(row.size),
                row.device,
                _ms(timing.median_ms),
                _ms(timing.iqr_ms),
                str(len(timing.seconds)),
                row.beside,
                _ms(row.beside_ms),
                f"{row.ratio:.2f}" if row.ratio >= 0.1 else f"{row.ratio:.4f}",
                "" if row.aim is None else f"{_aim(row.aim)}: {'met' if row.met else 'missed'}",
            )
        )
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    numbers = {3, 4, 5, 7, 8}
    lines = [
        f"{here['cpu']}, {here['cores']} cores, {here['threads']} threads; "
        f"GPU: {here['gpu'] or 'none'}; torch {document['versions'].get('torch', '?')}. Times in ms."
    ]
    for row_cells in cells:
        padded = (
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row_cells, widths, strict=True))
        )
        lines.append("  ".join(padded).rstrip())
    return lines


def _size(size: dict[str, float | str]) -> str:
    words = []
    for name, value in size.items():
        unit = name.replace("_", " ").removesuffix("s" if value == 1 else "")
        words.append(value if isinstance(value, str) else f"{value:,} {unit}")
    return ", ".join(words)


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aim(aim: Aim) -> str:
    return f"< {aim.value:g}" + ("" if aim.unit == "ratio" else f" {aim.unit}")
