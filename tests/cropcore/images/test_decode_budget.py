"""The budget of pixels: decodes wait for one another, none for ever, and none for itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import tifffile

from cropcore.batch.batch import Batch
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.batch.review import AcceptedCrop, write_accepted
from cropcore.errors import DecodeStoppedError
from cropcore.export import export, write_queue
from cropcore.export.export import Pick, export_crops
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images import photo as photo_module
from cropcore.images import sixteen_bit
from cropcore.images.decode_budget import DecodeBudget, budget, give_up_when
from cropcore.images.photo import Photo, decode, net_pixels, read_photo, srgb_preview
from cropcore.job_control import JobControl
from tests.cropcore.helpers import photo_maker as maker

LONG = 60.0
"""Seconds after which a wait is taken for one without end."""


def until_waiting(of: DecodeBudget, count: int) -> None:
    """Return once so many threads stand in line."""
    end = time.monotonic() + LONG
    while of.waiting < count:
        assert time.monotonic() < end
        time.sleep(0.001)


class Decodes:
    """Decodes in threads, each of which goes on when it is told to."""

    def __init__(self, of: DecodeBudget) -> None:
        self.budget = of
        self.begun: list[str] = []
        self._go: dict[str, threading.Event] = {}
        self._threads: dict[str, threading.Thread] = {}

    def begin(self, name: str, pixels: int) -> None:
        self._go[name] = threading.Event()
        self._threads[name] = threading.Thread(
            target=self._decode, args=(name, pixels), daemon=True
        )
        self._threads[name].start()

    def end(self, name: str) -> None:
        self._go[name].set()
        self._threads[name].join(LONG)
        assert not self._threads[name].is_alive()

    def until_begun(self, names: str) -> None:
        end = time.monotonic() + LONG
        while sorted(self.begun) != sorted(names):
            assert time.monotonic() < end, self.begun
            time.sleep(0.001)

    def _decode(self, name: str, pixels: int) -> None:
        with self.budget.taken(pixels):
            self.begun.append(name)
            self._go[name].wait(LONG)


@pytest.fixture
def decodes() -> Decodes:
    return Decodes(DecodeBudget(100, small=1))


def test_those_that_fit_in_together_run_together_and_the_next_one_waits(decodes: Decodes) -> None:
    decodes.begin("a", 60)
    decodes.begin("b", 40)
    decodes.until_begun("ab")
    decodes.begin("c", 2)
    until_waiting(decodes.budget, 1)
    assert sorted(decodes.begun) == ["a", "b"]
    decodes.end("b")
    decodes.until_begun("abc")
    decodes.end("a")
    decodes.end("c")


def test_one_too_large_for_the_budget_runs_alone_and_is_not_passed_by(decodes: Decodes) -> None:
    decodes.begin("a", 50)
    decodes.until_begun("a")
    decodes.begin("g", 1000)
    until_waiting(decodes.budget, 1)
    decodes.begin("b", 10)
    until_waiting(decodes.budget, 2)
    decodes.begin("s", 1)
    decodes.until_begun("as")
    decodes.end("a")
    decodes.until_begun("asg")
    decodes.end("g")
    decodes.until_begun("asgb")
    decodes.end("b")
    decodes.end("s")


def test_a_decode_that_fails_gives_its_pixels_back(decodes: Decodes) -> None:
    with pytest.raises(ValueError, match="damaged"), decodes.budget.taken(100):
        raise ValueError("damaged")
    with decodes.budget.taken(100):
        pass


def test_a_decode_within_a_decode_is_an_error_and_no_deadlock(decodes: Decodes) -> None:
    with (
        decodes.budget.taken(100),
        pytest.raises(RuntimeError, match="wait for itself"),
        decodes.budget.taken(1),
    ):
        pass


def test_who_gives_up_waits_no_longer_and_lets_the_next_one_pass(decodes: Decodes) -> None:
    stopped, raised = threading.Event(), threading.Event()

    def wait() -> None:
        give_up_when(stopped.is_set)
        try:
            with decodes.budget.taken(100):
                pass
        except DecodeStoppedError:
            raised.set()

    decodes.begin("a", 50)
    decodes.until_begun("a")
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    until_waiting(decodes.budget, 1)
    decodes.begin("b", 50)
    until_waiting(decodes.budget, 2)
    stopped.set()
    assert raised.wait(LONG)
    decodes.until_begun("ab")
    decodes.end("a")
    decodes.end("b")
    thread.join(LONG)


# --- who passes through it ----------------------------------------------------------------------


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pixels of each decode."""
    counted: list[int] = []
    whole = DecodeBudget()

    class Watched:
        @contextmanager
        def taken(self, pixels: int) -> Iterator[None]:
            counted.append(pixels)
            with whole.taken(pixels):
                yield

    monkeypatch.setattr(photo_module, "budget", Watched())
    return counted


SIZE = 800, 600


@pytest.mark.parametrize(
    ("kind", "preview", "net"),
    [
        ("plain.jpg", 100 * 75, 400 * 300),
        ("progressive.jpg", 800 * 600, 800 * 600),
        ("a.png", 800 * 600, 800 * 600),
        ("deep.png", 800 * 600, 800 * 600),
        ("deep.tif", 800 * 600, 800 * 600),
    ],
)
def test_every_decode_counts_as_what_it_holds(
    kind: str, preview: int, net: int, taken: list[int], tmp_path: Path
) -> None:
    path = tmp_path / kind
    if kind == "deep.tif":
        tifffile.imwrite(path, maker.scene(*SIZE, bits=16), photometric="rgb")
    elif kind == "deep.png":
        path.write_bytes(maker.png16(maker.scene(*SIZE, bits=16)))
    else:
        more = {"progressive": True} if kind == "progressive.jpg" else {}
        maker.image("RGB", *SIZE).save(path, **more)
    photo = read_photo(path)
    assert taken == []
    srgb_preview(photo, 60)
    net_pixels(photo)
    assert taken == [preview, net]
    picks = [Pick(Crop((0.1, 0.1, 0.6, 0.6)), Aspect("free"))] * 2
    list(export_crops(photo, picks, ExportOptions(folder=tmp_path / "out")))
    assert taken == [preview, net, 480_000]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A photo that waits while the budget is taken."""
    path = tmp_path / "large.png"
    maker.image("L", 2600, 1800).save(path, compress_level=1)
    return path


def test_a_batch_that_is_cancelled_waits_for_no_decode(
    large: Path, engine_double: object, tmp_path: Path
) -> None:
    (out := tmp_path / "out").mkdir()
    control = JobControl()
    whole = Batch(Preset("p", (Aspect.parse("1:1"),)), [large], out, Journal(out), control=control)
    ended: list[object] = []

    def run() -> None:
        ended.append(list(whole.run(engine_double)))  # type: ignore[arg-type]

    with budget.taken(10**12):
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        until_waiting(budget, 1)
        control.cancel()
        thread.join(LONG)
    assert ended == [[]]
    assert [p for p in out.iterdir() if p.suffix == ".png"] == []


def test_accepted_crops_that_are_cancelled_wait_for_no_decode(large: Path, tmp_path: Path) -> None:
    control, ended = JobControl(), list[object]()
    aspect = Aspect.parse("1:1")
    accepted = [AcceptedCrop(read_photo(large), Crop((0.1, 0.1, 0.5, 0.5)), aspect)]

    def run() -> None:
        written = write_accepted(accepted, Preset("p", (aspect,)), tmp_path / "out", control)
        ended.append(list(written))

    with budget.taken(10**12):
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        until_waiting(budget, 1)
        control.cancel()
        thread.join(LONG)
    assert ended == [[]]


def test_exporters_hold_only_one_giant_photo(
    make_photo, engine_double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits until the one before it is written."""
    paths = [make_photo(f"{n}.jpg", size=(90 + n, 60)) for n in range(5)]
    (out := tmp_path / "out").mkdir()
    holding, most, lock = [0], [0], threading.Lock()
    decode, write = export.decode, export.EncodedFile.write

    def watched(photo: Photo) -> object:
        with lock:
            holding[0] += 1
            most[0] = max(most[0], holding[0])
        return decode(photo)

    def written(file: export.EncodedFile, *known: object, **more: object) -> export.Exported:
        with lock:
            holding[0] -= 1
        return write(file, *known, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(export, "decode", watched)
    monkeypatch.setattr(export.EncodedFile, "write", written)
    monkeypatch.setattr(write_queue, "budget", DecodeBudget(small=0, held=100))
    outcomes = list(
        Batch(Preset("p", (Aspect.parse("1:1"),)), paths, out, Journal(out)).run(engine_double)
    )
    assert [outcome.error for outcome in outcomes] == [None] * 5
    assert most == [1]


def test_a_large_photo_of_16_bits_does_not_wait_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sixteen_bit, "LARGE_PIXELS", 1)
    monkeypatch.setattr(photo_module, "budget", DecodeBudget(1, small=0))
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, maker.scene(bits=16), photometric="rgb")
    assert np.asarray(decode(read_photo(path))).shape == (64, 96, 3)
