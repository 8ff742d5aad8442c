"""Benchmarks on whole files: batches, scaling with photo size, start-up time and memory."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cropcore.batch.batch import Batch
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.benchmark.engine_cases import (
    CANDIDATES,
    PORTRAIT,
    PROCESSES,
    QUICK_PROCESSES,
    WINDOW_PROGRAM,
    Workbench,
    python_output,
    write_photo,
)
from cropcore.benchmark.timing import Aim, Repeats, Row, Timing
from cropcore.export.export import Pick, export_crops
from cropcore.images.photo import read_photo

MEGAPIXELS = ((2400, 1600), (3464, 2309), (9000, 6000))
BATCH_SIZE = (4000, 3000)
MANY_SIZE = (1500, 1000)
LARGE_SIZE = (12_240, 8_170)
QUICK_LENGTHS, LENGTHS = (2, 4), (4, 24)
_ALL = "it by every method at three aspects"
MANY = (100, 1000)
"""Photos of the batches whose memory is compared: it should not grow from one to the other."""

_PRESET = Preset("Bench", (PORTRAIT,))

_ENGINE = "from cropcore.engine.engine import CropEngine; engine = CropEngine.load({device!r})"
_ASK = (
    "; from cropcore.images.photo import read_photo; from cropcore.geometry.aspect import Aspect"
    "; engine.suggest(engine.encode(read_photo({path!r})), Aspect.parse('4:5'))"
)
_BATCH = (
    "; from pathlib import Path; from cropcore.batch.batch import Batch; from cropcore.batch.journal import "
    "Journal; from cropcore.benchmark.file_cases import _PRESET; out = Path({out!r}); "
    "paths = sorted(Path({folder!r}).glob('*.jpg'))[:{count}]; "
    "assert sum(o.error is None for o in Batch(_PRESET, paths, out, Journal(out)).run(engine)) "
    "== {count}"
)
_PEAK = "; from cropcore.process import peak_mb; print(peak_mb())"
_EVERY = (
    "; from cropcore.images.photo import read_photo; scene = engine.encode(read_photo({path!r})); "
    "[engine.suggest(scene, a, method=m) for a in ('free', '1:1', '16:9') for m in engine.methods]"
)
_CROP = (
    "import runpy; sys.argv[1:] = ['crop', {path!r}, '--aspect', '4:5', '--device', {device!r}]; "
    "runpy.run_module('cropcore.cli', run_name='__main__')"
)
_TORCH = "import torch"
_WINDOW = WINDOW_PROGRAM + "'start')"


def by_megapixels(bench: Workbench) -> Iterator[Row]:
    """First candidates of photos of other sizes, beside the header alone."""
    sizes = MEGAPIXELS[:2] if bench.quick else MEGAPIXELS
    for width, height in sizes:
        with tempfile.TemporaryDirectory(prefix="cropsight-bench-") as folder:
            photo = write_photo(Path(folder), (width, height))

            def ask(_: int, path: Path = photo.path) -> object:
                scene = bench.engine.encode(read_photo(path))
                return bench.engine.suggest(scene, PORTRAIT, k=CANDIDATES, refine=False)

            def header(_: int, path: Path = photo.path) -> object:
                return read_photo(path)

            timing, beside = bench.compare(ask, header)
        size: dict[str, float | str] = {"megapixels": round(width * height / 1e6)}
        yield Row("by_megapixels", bench.device, size, timing, "its header", beside.median_ms)


def batch(bench: Workbench) -> Iterator[Row]:
    """Photos from file to exported crop, beside one after another."""
    engine = bench.engine
    for count in QUICK_LENGTHS if bench.quick else LENGTHS:
        with tempfile.TemporaryDirectory(prefix="cropsight-bench-") as name:
            folder = Path(name)
            first = write_photo(folder, BATCH_SIZE)
            paths = [folder / f"{index}.jpg" for index in range(count)]
            for path in paths:
                shutil.copyfile(first.path, path)

            def together(index: int, paths: list[Path] = paths, folder: Path = folder) -> object:
                out = folder / f"together{index}"
                out.mkdir()
                return list(Batch(_PRESET, paths, out, Journal(out)).run(engine))

            def in_turn(index: int, paths: list[Path] = paths, folder: Path = folder) -> object:
                out = folder / f"in_turn{index}"
                out.mkdir()
                options = _PRESET.options(out)
                done = []
                for path in paths:
                    photo = read_photo(path)
                    found = engine.suggest(engine.encode(photo), PORTRAIT, k=1)
                    picks = [Pick(c.crop, PORTRAIT, c.rank) for c in found.candidates]
                    done.append(list(export_crops(photo, picks, options)))
                return done

            pace = Repeats(1, 1, 0.0, warm_up=0) if bench.quick else Repeats(3, 3, 0.0, warm_up=1)
            timing, beside = bench.compare(together, in_turn, pace=pace)
        per_second = round(count / timing.median_ms * 1000, 1)
        size: dict[str, float | str] = {
            "photos": count,
            "megapixels": round(BATCH_SIZE[0] * BATCH_SIZE[1] / 1e6),
            "photos_per_second": per_second,
        }
        aim = Aim(0.6, "ratio") if count == max(LENGTHS) else None
        name = "one after another"
        yield Row("batch", bench.device, size, timing, name, beside.median_ms, aim)


def cold_start(bench: Workbench) -> Iterator[Row]:
    """A fresh process that crops one photo by the command, beside torch's import alone."""
    program = _CROP.format(path=str(bench.photo.path), device=bench.device)
    works = [lambda _, program=program: python_output(program) for program in (program, _TORCH)]
    timing, beside = bench.compare(*works, pace=QUICK_PROCESSES if bench.quick else PROCESSES)
    size: dict[str, float | str] = {"megapixels": bench.megapixels}
    aim = Aim(0.4, "ratio") if bench.device == "cpu" else None
    yield Row("cold_start", bench.device, size, timing, _TORCH, beside.median_ms, aim)


def start(bench: Workbench) -> Iterator[Row]:
    """A fresh process until the window or the engine is there, beside torch alone."""
    imported = "from cropcore.engine.engine import CropEngine"
    stages: dict[str, tuple[str, Aim | None]] = {
        "engine ready": (_ENGINE.format(device=bench.device), Aim(1000, "ms more"))
    }
    if importlib.util.find_spec("PySide6") and importlib.util.find_spec("app"):
        home = f"{tempfile.gettempdir()}/cropsight-bench-home"
        stages["window shown"] = (_WINDOW.format(home=home), Aim(600))
    else:
        bench.say("Not measured: the window, which pip install 'cropsight[app]' brings.")
    if not bench.quick:
        stages["engine imported"] = (imported, None)
    programs = [_TORCH, *(program for program, _ in stages.values())]
    works = [lambda _, program=program: python_output(program) for program in programs]
    torch_alone, *timings = bench.compare(
        *works, pace=QUICK_PROCESSES if bench.quick else PROCESSES
    )
    for (until, (_, aim)), timing in zip(stages.items(), timings, strict=True):
        beside = torch_alone.median_ms
        yield Row("start", bench.device, {"until": until}, timing, _TORCH, beside, aim)


def memory(bench: Workbench) -> Iterator[Row]:
    """The most memory that a fresh process had, idle and after work; beside the idle one."""
    idle = _ENGINE.format(device=bench.device)
    with tempfile.TemporaryDirectory(prefix="cropsight-bench-") as folder:
        work = {
            "engine loaded": idle,
            f"a {bench.megapixels} MP photo": idle + _ASK.format(path=str(bench.photo.path)),
            _ALL: idle + _EVERY.format(path=str(bench.photo.path)),
        }
        if not bench.quick:
            (Path(folder) / "large").mkdir()
            large = write_photo(Path(folder) / "large", LARGE_SIZE)
            work["a 100 MP photo"] = idle + _ASK.format(path=str(large.path))
            photos = Path(folder) / "many"
            _write_many(photos, max(MANY))
            for count in MANY:
                out = Path(folder) / f"batch{count}"
                out.mkdir()
                work[f"a batch of {count:,}"] = idle + _BATCH.format(
                    folder=str(photos), out=str(out), count=count
                )
        first: Timing | None = None
        peaks: dict[str, int] = {}
        for after, program in work.items():
            begun = time.perf_counter()
            peaks[after] = int(python_output(program + _PEAK))
            timing = Timing((time.perf_counter() - begun,))
            first = first or timing
            size: dict[str, float | str] = {"after": after, "peak_mb": peaks[after]}
            if after == f"a batch of {MANY[1]:,}":
                size["more_mb"] = peaks[after] - peaks[f"a batch of {MANY[0]:,}"]
            aim = Aim(300, "MB") if after == _ALL and bench.device == "cpu" else None
            yield Row("memory", bench.device, size, timing, "engine loaded", first.median_ms, aim)


def _write_many(folder: Path, count: int) -> None:
    """Photos under names of their own; one file, so that they take no space."""
    folder.mkdir()
    first = write_photo(folder, MANY_SIZE).path
    for index in range(count - 1):
        (folder / f"photo{index:04}.jpg").hardlink_to(first)


BENCHMARKS: tuple[Callable[[Workbench], Iterator[Row]], ...] = (
    by_megapixels,
    batch,
    cold_start,
    start,
    memory,
)
