"""What ``cropcore bench`` measures of the graphics card, beside the CPU in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from cropcore.benchmark.engine_cases import CANDIDATES, PORTRAIT, Workbench
from cropcore.benchmark.timing import Aim, Operation, Row
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine
    from cropcore.engine.scene import Scene

TOGETHER = (1, 8, 32)
"""Photos that are encoded at once."""

_BESIDE = "the CPU"

Photos = Sequence[Photo]
Many = Sequence[NDArray[np.uint8]]
Ask = Callable[["CropEngine"], object]


def graphics() -> str | None:
    """The graphics card that is at hand: ``cuda`` or ``mps``, or None."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def on_graphics_card(bench: Workbench) -> Iterator[Row]:
    """Encoding, candidates and a slider's tick on a graphics card, where there is one."""
    card = graphics()
    if card is None:
        bench.say("Not measured: the graphics card, as there is none here.")
        return
    cpu, gpu = _engine(bench, "cpu"), _engine(bench, card)
    measured = replace(bench, engine=gpu, device=card)
    yield from _encoding(measured, cpu, gpu)
    yield from _ticks(measured, cpu, gpu)
    if gpu.trouble:
        bench.say(f"Measured without all of the card's CUDA graphs: {gpu.trouble}")


def _engine(bench: Workbench, device: str) -> CropEngine:
    from cropcore.engine.engine import CropEngine

    return bench.engine if bench.device == device else CropEngine.load(device)


def _encoding(bench: Workbench, cpu: CropEngine, gpu: CropEngine) -> Iterator[Row]:
    """One photo and several at once, alone and with their candidates."""
    for count in TOGETHER[:2] if bench.quick else TOGETHER:
        photos = [bench.photo] * count
        pixels = [np.roll(bench.pixels, 8 * place, axis=1) for place in range(count)]

        def encode(
            engine: CropEngine, photos: Photos = photos, pixels: Many = pixels
        ) -> list[Scene]:
            return engine.encode_all(photos, pixels)

        def suggest(engine: CropEngine, photos: Photos = photos, pixels: Many = pixels) -> object:
            scenes = engine.encode_all(photos, pixels)
            return [engine.suggest(s, PORTRAIT, k=CANDIDATES, refine=False) for s in scenes]

        asks: tuple[tuple[str, Ask], ...] = (("encode", encode), ("encode_and_suggest", suggest))
        for name, ask in asks:
            timing, beside = bench.compare(_asked(ask, gpu), _asked(ask, cpu))
            size: dict[str, float | str] = {"photos": count}
            yield Row(name, bench.device, size, timing, _BESIDE, beside.median_ms)


def _asked(ask: Ask, engine: CropEngine) -> Operation:
    return lambda _: ask(engine)


def _ticks(bench: Workbench, cpu: CropEngine, gpu: CropEngine) -> Iterator[Row]:
    """A new ratio on a known Scene, as the slider moves and as it rests."""
    here, there = cpu.encode(bench.photo), gpu.encode(bench.photo)
    for refine in (False, True):

        def known(_: int, refine: bool = refine) -> object:
            return gpu.suggest(there, bench.new_aspect(), k=CANDIDATES, refine=refine)

        def beside(_: int, refine: bool = refine) -> object:
            return cpu.suggest(here, bench.new_aspect(), k=CANDIDATES, refine=refine)

        timing, other = bench.compare(known, beside)
        size: dict[str, float | str] = {"method": gpu.methods[0], "candidates": CANDIDATES}
        if refine:
            size["at"] = "rest"
        aim = None if refine else Aim(2)
        yield Row("slider_tick", bench.device, size, timing, _BESIDE, other.median_ms, aim)
