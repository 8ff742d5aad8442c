"""Benchmarks of the engine: one function for each row of the table, and their shared set-up."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

import cropcore
from cropcore.benchmark.plain_modules import PlainModules
from cropcore.benchmark.timing import Aim, Operation, Repeats, Row, Timing, side_by_side
from cropcore.engine.cascade import CASCADE, REFINING
from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.load_networks import load_networks
from cropcore.engine.networks import Networks
from cropcore.engine.weights_folder import read_folder
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, as_boxes
from cropcore.geometry.crop import Crop
from cropcore.geometry.windows import free_windows
from cropcore.images.photo import Photo, net_pixels, read_photo

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine

PHOTO_SIZE = (6000, 4000)
QUALITY = 92
CANDIDATES = 10
PORTRAIT = Aspect("ratio", 4, 5)
"""Aspect of the measurements that need only one."""

LOOP, QUICK_LOOP = 100, 20
"""Crops that the plain loop scores at most; for more, its time is multiplied."""

AT_ONCE, MOST_SLOWLY = ("gaic", "asm", "setpred"), 1000
"""Methods that score any number of crops at once; the others take long over each crop or ratio."""

MANY = 10_000
"""Windows on the asm map."""

FRAME_MS = 1000 / 60

QUICK, THOROUGH = Repeats(5, 50, 0.8, warm_up=1), Repeats(15, 200, 10.0, warm_up=2)
QUICK_PROCESSES, PROCESSES = Repeats(3, 3, 0.0, warm_up=0), Repeats(9, 9, 0.0, warm_up=1)


@dataclass
class Workbench:
    """What the measurements share.

    Attributes:
        engine: the engine to measure, loaded.
        device: its device: ``cpu``, ``cuda`` or ``mps``.
        photo: a large JPEG to open, from :func:`write_photo`.
        quick: fewer rounds, and no row that takes long.
        say: takes a sentence for the person.
        clock: seconds from any start.
    """

    engine: CropEngine
    device: str
    photo: Photo
    quick: bool = False
    say: Callable[[str], None] = lambda text: None
    clock: Callable[[], float] = time.perf_counter
    _asked: Iterator[int] = field(default_factory=itertools.count)

    @cached_property
    def megapixels(self) -> int:
        """Of the photo."""
        return round(self.photo.width * self.photo.height / 1e6)

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """The photo as the encoder gets it: (256, w, 3)."""
        return net_pixels(self.photo)

    @cached_property
    def plain(self) -> PlainModules:
        """The same methods as plain modules."""
        return PlainModules(self.device)

    @cached_property
    def scene(self) -> Any:
        """The photo after one encoder pass."""
        return self.engine.encode(self.photo)

    def compare(self, *works: Operation, pace: Repeats | None = None) -> list[Timing]:
        """Time works side by side, each until the device is done with it."""
        wait = {"cuda": torch.cuda.synchronize, "mps": torch.mps.synchronize}.get(self.device)
        usual = QUICK if self.quick else THOROUGH
        return side_by_side(works, pace or usual, wait or (lambda: None), self.clock)

    def new_aspect(self) -> Aspect:
        """A ratio from 1:2 to 2:1 that nobody has asked for yet, so that nothing knows its answer."""
        place = next(self._asked) * 0.6180339887498949 % 1
        return Aspect("ratio", 0.5 * 4**place, 1)

    def by_device(self, cpu: float, cuda: float) -> Aim:
        """An aim in milliseconds that a GPU sets higher."""
        return Aim(cuda if self.device == "cuda" else cpu)


def first_candidates(bench: Workbench) -> Iterator[Row]:
    """From a photo's file to its first candidates, engine warm, beside what else people use."""
    path = bench.photo.path

    def ours(_: int, refine: bool = False) -> object:
        scene = bench.engine.encode(read_photo(path))
        return bench.engine.suggest(scene, PORTRAIT, k=CANDIDATES, refine=refine)

    others: list[tuple[str, Operation]] = [("full decode by Pillow", lambda _: _decode_fully(path))]
    for name, make in (
        ("smartcrop.py, one crop", _smartcrop),
        ("libvips thumbnail, attention crop", _libvips),
    ):
        try:
            others.append((name, make(path)))
        except (ImportError, OSError):
            bench.say(f"Not measured: {name}, which pip install 'cropsight[bench]' brings.")
    timing, refined, *beside = bench.compare(
        ours, lambda i: ours(i, refine=True), *(work for _, work in others)
    )
    size: dict[str, float | str] = {"megapixels": bench.megapixels}
    rested = {**size, "at": "rest"}
    yield Row("first_candidates", bench.device, rested, refined, others[0][0], beside[0].median_ms)
    for (name, _), other in zip(others, beside, strict=True):
        aim = Aim(1, "ratio")
        yield Row("first_candidates", bench.device, size, timing, name, other.median_ms, aim)


def decode(bench: Workbench) -> Iterator[Row]:
    """A photo's file to the pixels that the encoder wants."""
    photo = bench.photo
    timing, beside = bench.compare(lambda _: net_pixels(photo), lambda _: _decode_fully(photo.path))
    size: dict[str, float | str] = {"megapixels": bench.megapixels}
    yield Row("decode", "cpu", size, timing, "full decode by Pillow", beside.median_ms)


def encode(bench: Workbench) -> Iterator[Row]:
    """The encoder pass with and without layer maps, beside the same modules as torch runs them unprepared."""
    plain, without = bench.plain, without_layer_maps(bench.device)
    works: dict[str, tuple[Operation, Operation, float]] = {
        "with": (
            lambda _: bench.engine.encode(bench.pixels),
            lambda _: plain.encode(bench.pixels),
            0.45,
        ),
        "without": (
            lambda _: without.encode([bench.pixels]),
            lambda _: plain.encode(bench.pixels, layer_maps=False),
            0.35,
        ),
    }
    for maps, (ours, modules, wanted) in works.items():
        timing, beside = bench.compare(ours, modules)
        size: dict[str, float | str] = {
            "short_side": min(bench.pixels.shape[:2]),
            "layer_maps": maps,
        }
        aim = Aim(wanted, "ratio") if bench.device == "cpu" else None
        name = "plain eager modules"
        yield Row("encode", bench.device, size, timing, name, beside.median_ms, aim)


def without_layer_maps(device: str) -> Networks:
    """The shipped networks but for sfrc, whose encoder need not tell of its layers."""
    folder = read_folder(None)
    rest = {name: known for name, known in folder.calibrations.items() if name != REFINING}
    return load_networks(replace(folder, calibrations=rest, cascade=None), device)[0]


def busy(bench: Workbench) -> Iterator[Row]:
    """An encoder pass and a tick while other programs keep all cores busy, beside the same idle."""
    engine, scene = bench.engine, bench.scene

    def tick(_: int) -> object:
        return engine.suggest(scene, bench.new_aspect(), k=CANDIDATES, refine=False)

    works: tuple[Operation, Operation] = (lambda _: engine.encode(bench.pixels), tick)
    idle = bench.compare(*works)
    with occupied_cores():
        loaded = bench.compare(*works)
    for name, timing, beside in zip(("encoder pass", "slider tick"), loaded, idle, strict=True):
        size: dict[str, float | str] = {"work": name}
        aim = Aim(4, "ratio") if bench.device == "cpu" else None
        yield Row("busy", bench.device, size, timing, "the same, idle", beside.median_ms, aim)


@contextmanager
def occupied_cores() -> Iterator[None]:
    """As many processes as there are cores count for nothing meanwhile."""
    endless = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(endless) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def slider_tick(bench: Workbench) -> Iterator[Row]:
    """A new ratio on a known Scene, beside plain modules; the cascade also as the slider rests."""
    engine, scene, plain = bench.engine, bench.scene, bench.plain
    for method, refine in [(m, False) for m in engine.methods] + [(CASCADE, True)]:
        if method not in engine.methods:
            continue

        def known(_: int, method: str = method, refine: bool = refine) -> object:
            aspect = bench.new_aspect()
            return engine.suggest(scene, aspect, k=CANDIDATES, method=method, refine=refine)

        def over(_: int, method: str = method, refine: bool = refine) -> object:
            aspect = bench.new_aspect()
            return plain.best(bench.pixels, aspect.width / aspect.height, method, refine)

        timing, beside = bench.compare(known, over)
        size: dict[str, float | str] = {"method": method, "candidates": CANDIDATES}
        if refine:
            size["at"] = "rest"
        aim = bench.by_device(cpu=16, cuda=2)
        if method == CASCADE and bench.device == "cpu":
            aim = Aim(0.33 if refine else 0.2, "ratio")
        name = "plain modules, asked anew"
        yield Row("slider_tick", bench.device, size, timing, name, beside.median_ms, aim)


def dragged_score(bench: Workbench) -> Iterator[Row]:
    """The score of a crop that moves; the ratio stays, as it does during a drag."""
    engine, scene, crops = bench.engine, bench.scene, random_crops(997)
    for method in engine.methods:

        def score(index: int, method: str = method) -> object:
            crop = crops[index % len(crops)]
            return engine.calibrated(scene, [crop], CropQuestion(PORTRAIT, method=method))

        (timing,) = bench.compare(score)
        size: dict[str, float | str] = {"method": method, "crops": 1}
        yield Row("dragged_score", bench.device, size, timing, "a frame of 60 Hz", FRAME_MS, Aim(8))


def next_photo(bench: Workbench) -> Iterator[Row]:
    """The photo that comes next: its Scene made ahead, beside opening it cold."""
    engine, scene, path = bench.engine, bench.scene, bench.photo.path

    def ahead(_: int) -> object:
        return engine.suggest(scene, bench.new_aspect(), k=CANDIDATES)

    def cold(_: int) -> object:
        return engine.suggest(engine.encode(read_photo(path)), bench.new_aspect(), k=CANDIDATES)

    timing, beside = bench.compare(ahead, cold)
    size: dict[str, float | str] = {"megapixels": bench.megapixels}
    name = "opening it cold"
    yield Row("next_photo", bench.device, size, timing, name, beside.median_ms, Aim(100))


def score_crops(bench: Workbench) -> Iterator[Row]:
    """Many crops at once, beside the plain modules crop by crop."""
    engine, scene = bench.engine, bench.scene
    aims: dict[tuple[str, int], Aim] = {}
    if bench.device == "cpu":
        aims = {
            ("gaic", 1000): Aim(30),
            ("sfrc", 1000): Aim(0.022, "ratio"),
            ("mars", 1000): Aim(0.045, "ratio"),
        }
    counts = (10, 100, 1000) if bench.quick else (10, 100, 1000, 10_000)
    most = QUICK_LOOP if bench.quick else LOOP
    levels, gaze = bench.plain.encode(bench.pixels)
    for method, count in itertools.product(engine.methods, counts):
        if method == CASCADE or (count > MOST_SLOWLY and method not in AT_ONCE):
            continue
        boxes = as_boxes([crop.box for crop in random_crops(count)])
        plain = bench.plain.scorer(method, levels, gaze, bench.photo.ratio)

        def at_once(_: int, method: str = method, boxes: Boxes = boxes) -> object:
            return engine.terms(scene, boxes, [method])

        def one_by_one(_: int, plain: Any = plain, boxes: Boxes = boxes) -> object:
            return [plain(box[None]) for box in boxes[:most]]

        timing, loop = bench.compare(at_once, one_by_one)
        times = count / min(count, most)
        name = "plain loop over crops"
        if times > 1:
            name += f" ({most} measured, times {times:g})"
        size: dict[str, float | str] = {"method": method, "crops": count}
        aim = aims.get((method, count))
        beside = loop.scaled(times).median_ms
        yield Row("score_crops", bench.device, size, timing, name, beside, aim)
        if (method, count) == ("gaic", 1000):
            yield from _beside_torchvision(bench, size, levels.joined(), boxes, at_once)
    if "asm" in engine.methods:
        yield from _many_windows(bench, levels, gaze)


def _beside_torchvision(
    bench: Workbench, size: dict[str, float | str], joined: Any, boxes: Boxes, at_once: Operation
) -> Iterator[Row]:
    """All of gaic beside the pooling alone of torchvision, on as many channels."""
    try:
        from torchvision.ops import roi_align
    except ImportError:
        bench.say("Not measured: torchvision.ops.roi_align, as torchvision is not installed.")
        return
    h, w = joined.shape[-2:]
    sides = torch.tensor([w, h, w, h], dtype=torch.float32, device=joined.device)
    places = torch.from_numpy(boxes.astype(np.float32)).to(joined.device) * sides
    features = joined[:, :17].contiguous()

    def pool(_: int) -> object:
        with torch.inference_mode():
            return roi_align(features, [places], 9, sampling_ratio=2, aligned=True)

    timing, beside = bench.compare(at_once, pool)
    name = "torchvision.ops.roi_align, pooling alone"
    yield Row("score_crops", bench.device, size, timing, name, beside.median_ms)


def _many_windows(bench: Workbench, levels: Any, gaze: Any) -> Iterator[Row]:
    """Windows of a grid, which share their rows and columns as the product's do."""
    grid = free_windows(bench.photo.ratio, 24)
    boxes = grid[np.linspace(0, len(grid) - 1, MANY).astype(int)]
    most = QUICK_LOOP if bench.quick else LOOP
    plain = bench.plain.scorer("asm", levels, gaze, bench.photo.ratio)
    timing, loop = bench.compare(
        lambda _: bench.engine.terms(bench.scene, boxes, ["asm"]),
        lambda _: [plain(box[None]) for box in boxes[:most]],
    )
    size: dict[str, float | str] = {"method": "asm", "windows": MANY}
    name = f"plain loop over windows ({most} measured, times {MANY / most:g})"
    aim = Aim(10) if bench.device == "cpu" else None
    beside = loop.scaled(MANY / most).median_ms
    yield Row("score_crops", bench.device, size, timing, name, beside, aim)


BENCHMARKS: tuple[Callable[[Workbench], Iterator[Row]], ...] = (
    first_candidates,
    decode,
    encode,
    busy,
    slider_tick,
    next_photo,
    dragged_score,
    score_crops,
)
"""Measurements of one photo; those of whole files are in :mod:`cropcore.benchmark.file_cases`."""


def write_photo(folder: Path, size: tuple[int, int] | None = None) -> Photo:
    """Write a JPEG, of ``PHOTO_SIZE`` unless told, that costs as much to decode as a camera's.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / "photo.jpg"
    Image.fromarray(_picture(*(size or PHOTO_SIZE))).save(path, quality=QUALITY)
    return read_photo(path)


def random_crops(count: int) -> list[Crop]:
    """Boxes of all places, sizes and shapes; equal counts give equal boxes."""
    ends = np.random.default_rng(count).random((count, 2, 2))
    low, high = ends.min(axis=1) * 0.5, 0.5 + ends.max(axis=1) * 0.5
    return [Crop((x1, y1, x2, y2)) for x1, y1, x2, y2 in np.hstack([low, high]).tolist()]


WINDOW_PROGRAM = (
    "import os, runpy, sys; home = {home!r}; os.environ['QT_QPA_PLATFORM'] = 'offscreen'; "
    "os.environ.update(dict.fromkeys(('XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'), home)); "
    "run = lambda *what: (sys.argv.__setitem__(slice(1, None), ['--benchmark', *what]), "
    "runpy.run_module('app.main', run_name='__main__')); run("
)
"""Start of a program that has the desktop program time itself, offscreen, with ``home`` as its folders;
the arguments of ``--benchmark`` follow."""


def python_output(program: str) -> str:
    """What a program prints in a fresh interpreter that finds this package first.

    It may keep what it compiles, as it is kept of every package that is installed.

    Raises:
        CropsightError: it failed.
    """
    package = str(Path(cropcore.__file__).parents[1])
    lines = f"import sys; sys.path.insert(0, {package!r}); {program}"
    around = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, env=around)
    if done.returncode != 0:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CropsightError(
            "A fresh Python could not run {program!r}: {last}", program=program, last=last
        )
    return done.stdout


def _decode_fully(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def _smartcrop(path: Path) -> Operation:
    from smartcrop import SmartCrop

    cropper = SmartCrop()
    # As its own command asks: the shape alone, which it scales itself.
    height = round(100 * PORTRAIT.height / PORTRAIT.width)

    def work(_: int) -> object:
        return cropper.crop(_decode_fully(path).convert("RGB"), width=100, height=height)

    return work


def _libvips(path: Path) -> Operation:
    import pyvips

    pyvips.cache_set_max(0)  # or it would remember the first round's picture

    def work(_: int) -> object:
        found = pyvips.Image.thumbnail(str(path), 512, height=640, crop="attention")
        return found.write_to_memory()

    return work


def _picture(width: int, height: int) -> NDArray[np.uint8]:
    """A picture (height, width, 3) with structure of every size and a sensor's noise."""
    rng = np.random.default_rng(24)
    picture = np.full((height, width, 3), 118, np.int16)
    for cells, depth, channels in (
        (5, 48, 3),
        (20, 26, 3),
        (80, 18, 1),
        (320, 13, 1),
        (1280, 9, 1),
    ):
        coarse = rng.normal(0, depth, (max(cells * height // width, 2), cells, channels))
        layer = cv2.resize(
            coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        picture += layer.reshape(height, width, channels).astype(np.int16)
    # One patch of noise, laid out like tiles: decoding costs the same, and drawing it little.
    patch = rng.normal(0, 7, (512, 512, 3)).astype(np.int16)
    for top, left in itertools.product(range(0, height, 512), range(0, width, 512)):
        tile = picture[top : top + 512, left : left + 512]
        tile += patch[: tile.shape[0], : tile.shape[1]]
    return picture.clip(0, 255).astype(np.uint8)
