import json
import os
import re
import subprocess
import sys
import tempfile
import types
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from cropcore.benchmark import engine_cases, file_cases, gpu_cases, window_cases
from cropcore.benchmark.engine_cases import Workbench, python_output, random_crops, write_photo
from cropcore.benchmark.plain_modules import PlainModules, plain_encode
from cropcore.benchmark.plots import figure, write_plots
from cropcore.benchmark.timing import Aim, Repeats, Row, Timing, side_by_side
from cropcore.cli.main import main
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError, WeightsError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.images.photo import read_photo
from cropcore.messages import NOTHING
from cropcore.process import peak_mb
from tests.cropcore.helpers.untrained import photo as picture
from tests.cropcore.helpers.untrained import write_untrained_weights


class HandMadeClock:
    """Stands still until a work moves it on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def work(self, *durations: float, told: list[int] | None = None) -> Any:
        """A work that takes these seconds by turns."""

        def run(index: int) -> None:
            self.now += durations[index % len(durations)]
            if told is not None:
                told.append(index)

        return run


class QuickEngine:
    """Knows one answer, and counts what it was asked."""

    methods = ("cascade", "gaic", "asm")
    device = "CPU"
    device_note = NOTHING
    trouble = ""

    def __init__(self) -> None:
        self.aspects: list[Aspect] = []
        self.scored: list[int] = []
        self.together: list[int] = []

    def encode(self, photo: Any, pixels: Any = None) -> object:
        return object()

    def encode_all(self, photos: Sequence[Any], pixels: Sequence[Any]) -> list[object]:
        self.together.append(len(photos))
        return [object() for _ in zip(photos, pixels, strict=True)]

    def suggest(
        self,
        scene: object,
        aspect: Aspect,
        k: int,
        method: str = "gaic",
        *wishes: Any,
        refine: bool = True,
    ) -> Suggestions:
        self.aspects.append(aspect)
        candidates = [Candidate(i + 1, Crop(WHOLE), 50.0, 0.0, method) for i in range(k)]
        return Suggestions(aspect, method, 0.5, tuple(candidates))

    def answer(self, scene: object, question: CropQuestion) -> Suggestions:
        return self.suggest(scene, question.aspect, question.k, question.method)

    def terms(self, scene: object, boxes: np.ndarray, names: Sequence[str]) -> dict[str, Any]:
        self.scored.append(len(boxes))
        return {name: np.zeros(len(boxes)) for name in names}

    def calibrated(
        self, scene: object, crops: Sequence[Crop], question: CropQuestion
    ) -> np.ndarray:
        return np.zeros(len(crops))


class QuickPlain:
    """Plain modules that take one millisecond of a hand-made clock for each question."""

    def __init__(self, clock: HandMadeClock | None = None) -> None:
        self._clock = clock or HandMadeClock()

    def encode(self, pixels: np.ndarray, layer_maps: bool = True) -> tuple[Any, Any]:
        joined = torch.zeros(1, 20, 4, 6)
        return types.SimpleNamespace(joined=lambda: joined), sum(range(999))

    def scorer(self, *asked: Any) -> Any:
        def score(boxes: np.ndarray) -> np.ndarray:
            self._clock.now += 0.001
            return np.zeros(len(boxes))

        return score

    def best(self, *asked: Any) -> int:
        return sum(range(999))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> QuickEngine:
    """Everything slow is replaced: the engine, the large photo, the modules, the processes."""
    engine = QuickEngine()
    module: Any = types.ModuleType("cropcore.engine.engine")
    module.CropEngine = types.SimpleNamespace(load=lambda device, weights_dir=None: engine)
    monkeypatch.setitem(sys.modules, "cropcore.engine.engine", module)
    monkeypatch.setattr(engine_cases, "PHOTO_SIZE", (1200, 800))
    monkeypatch.setattr(engine_cases, "QUICK", Repeats(5, 5, 0.0))
    monkeypatch.setattr(engine_cases, "PlainModules", lambda device: QuickPlain())
    monkeypatch.setattr(engine_cases, "without_layer_maps", lambda device: engine)
    monkeypatch.setattr(engine_cases, "occupied_cores", nullcontext)
    monkeypatch.setattr(file_cases, "python_output", lambda program: "123")
    monkeypatch.setattr(window_cases, "python_output", lambda program: "[0.02, 0.03, 0.09]")
    monkeypatch.setattr(file_cases, "MEGAPIXELS", ((1200, 800), (2000, 1500)))
    monkeypatch.setattr(file_cases, "BATCH_SIZE", (300, 200))
    return engine


# --- the stopwatch ----------------------------------------------------------------------------


def test_medians_and_quartiles_by_a_hand_made_clock() -> None:
    clock = HandMadeClock()
    works = [clock.work(0.010, 0.020, 0.030, 0.040, 0.500), clock.work(0.002)]
    first, second = side_by_side(works, Repeats(5, 5, 0, warm_up=0), clock=clock)
    assert first.seconds == pytest.approx((0.010, 0.020, 0.030, 0.040, 0.500))
    assert first.median_ms == pytest.approx(30)
    assert first.iqr_ms == pytest.approx(20)
    assert second.median_ms == pytest.approx(2)
    assert second.iqr_ms == pytest.approx(0)
    assert second.scaled(10).median_ms == pytest.approx(20)


def test_the_warm_up_does_not_count_and_works_take_turns() -> None:
    clock, turns = HandMadeClock(), []
    told: list[int] = []

    def slow_at_first(index: int) -> None:
        turns.append("a")
        clock.now += 9.0 if index < 2 else 0.001

    def other(index: int) -> None:
        turns.append("b")
        clock.work(0.003, told=told)(index)

    first, second = side_by_side([slow_at_first, other], Repeats(3, 3, 0, warm_up=2), clock=clock)
    assert "".join(turns) == "ababababab"
    assert told == [0, 1, 2, 3, 4]
    assert first.seconds == pytest.approx((0.001,) * 3)
    assert second.seconds == pytest.approx((0.003,) * 3)


@pytest.mark.parametrize(
    ("pace", "rounds"), [(Repeats(3, 100, 10), 5), (Repeats(8, 100, 10), 8), (Repeats(3, 4, 10), 4)]
)
def test_rounds_end_with_the_time_but_not_before_the_least(pace: Repeats, rounds: int) -> None:
    clock = HandMadeClock()
    timings = side_by_side([clock.work(1.5), clock.work(0.5)], pace, clock=clock)
    assert [len(t.seconds) for t in timings] == [rounds, rounds]


def test_what_a_device_still_owes_is_part_of_the_time() -> None:
    clock = HandMadeClock()
    (timing,) = side_by_side(
        [clock.work(0.001)], Repeats(3, 3, 0), wait=lambda: clock.work(0.004)(0), clock=clock
    )
    assert timing.median_ms == pytest.approx(5)


@pytest.mark.parametrize(
    ("aim", "met"),
    [
        (Aim(16), True),
        (Aim(10), False),
        (Aim(0.5, "ratio"), False),
        (Aim(1, "ratio"), True),
        (Aim(5, "ms more"), True),
    ],
)
def test_an_aim_is_met_below_its_value(aim: Aim, met: bool) -> None:
    row = Row("x", "cpu", {"crops": 1}, Timing((0.010,)), "other", 20.0, aim)
    assert row.ratio == pytest.approx(0.5)
    assert row.met is met
    entry = row.to_json()
    assert entry["aim"] == {"op": "<", "value": aim.value, "unit": aim.unit}
    assert entry["met"] is met


@pytest.mark.parametrize(("peak", "met"), [(299, True), (301, False)])
def test_an_aim_for_memory_looks_at_the_peak(peak: int, met: bool) -> None:
    row = Row("memory", "cpu", {"peak_mb": peak}, Timing((0.1,)), "idle", 1.0, Aim(300, "MB"))
    assert row.met is met


def test_other_programs_end_with_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*told: Any) -> subprocess.Popen[bytes]:
        begun.append(start(*told))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with engine_cases.occupied_cores():
        assert len(begun) == os.cpu_count()
        assert all(other.poll() is None for other in begun)
    assert all(other.poll() is not None for other in begun)


def test_time_beyond_the_allowed_surplus_misses_the_aim() -> None:
    row = Row("start", "cpu", {}, Timing((3.0,)), "import torch", 1500.0, Aim(1000, "ms more"))
    assert row.met is False


# --- the command ------------------------------------------------------------------------------

IDS = {
    "first_candidates": 2,
    "decode": 1,
    "encode": 2,
    "busy": 2,
    "slider_tick": 4,
    "next_photo": 1,
    "dragged_score": 3,
    "score_crops": 8,
    "by_megapixels": 2,
    "batch": 2,
    "cold_start": 1,
    "start": 2,
    "memory": 3,
    "start_to_candidates": 1,
    "slider_to_painted": 1,
}

REPEATS = {
    "start": 3,
    "cold_start": 3,
    "start_to_candidates": 3,
    "memory": 1,
    "batch": 1,
    "slider_to_painted": 3,
}


def test_quick_writes_the_contracts_json(
    engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)
    monkeypatch.setitem(sys.modules, "smartcrop", None)
    assert main(["bench", "--quick", "--device", "cpu", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert set(result) == {"schema", "machine", "versions", "rows"}
    assert result["schema"] == 1
    assert {"cpu", "cores", "gpu"} <= set(result["machine"])
    assert result["machine"]["cores"] >= 1
    assert "torch" in result["versions"]
    rows = result["rows"]
    assert {i: sum(row["id"] == i for row in rows) for i in IDS} == IDS
    assert len(rows) == sum(IDS.values())
    for row in rows:
        assert set(row) == {
            *("id", "device", "size", "median_ms", "iqr_ms", "repeats"),
            *("beside", "ratio", "aim", "met"),
        }
        assert row["device"] == "cpu"
        assert row["repeats"] == REPEATS.get(row["id"], 5)
        assert set(row["beside"]) == {"name", "median_ms"}
        assert (row["aim"] is None) == (row["met"] is None)
    keys = [(row["id"], str(row["size"]), row["beside"]["name"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for name in ("smartcrop.py", "libvips", "the graphics card"):
        assert err.count(f"Not measured: {name}") == 1
    speeds = [row["size"]["photos_per_second"] for row in rows if row["id"] == "batch"]
    assert all(speed > 0 for speed in speeds)


def test_a_person_gets_a_table(engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--quick", "--device", "cpu"]) == 0
    header, titles, *rows = capsys.readouterr().out.splitlines()
    assert "cores" in header
    assert titles.split()[-2:] == ["ratio", "aim"]
    dragged = [row for row in rows if row.startswith("dragged_score")]
    assert len(dragged) == 3
    assert all("1 crop  " in row for row in dragged)
    assert all("a frame of 60 Hz" in row and row.endswith("< 8 ms: met") for row in dragged)


def test_every_tick_asks_for_a_ratio_never_asked_before(engine, tmp_path) -> None:
    bench = Workbench(engine, "cpu", write_photo(tmp_path), quick=True)
    rows = list(engine_cases.slider_tick(bench))
    assert [row.size["method"] for row in rows] == ["cascade", "gaic", "asm", "cascade"]
    assert [row.size.get("at") for row in rows] == [None, None, None, "rest"]
    assert rows[0].aim == Aim(0.2, "ratio")
    assert rows[-1].aim == Aim(0.33, "ratio")
    assert len(engine.aspects) == len(set(engine.aspects)) > 20
    assert all(0.5 <= aspect.width / aspect.height <= 2 for aspect in engine.aspects)


def test_the_loop_over_many_crops_is_measured_on_some_and_scaled(
    engine, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    clock = HandMadeClock()
    terms = engine.terms

    def half_a_millisecond_a_call(*asked: Any) -> Any:
        clock.now += 0.0005
        return terms(*asked)

    engine.terms = half_a_millisecond_a_call
    monkeypatch.setattr(engine_cases, "PlainModules", lambda device: QuickPlain(clock))
    bench = Workbench(engine, "cpu", write_photo(tmp_path), quick=True, clock=clock)
    row = next(r for r in engine_cases.score_crops(bench) if r.size.get("crops") == 1000)
    assert row.timing.median_ms == pytest.approx(0.5)
    assert row.beside_ms == pytest.approx(1000)
    assert "20 measured, times 50" in row.beside
    assert set(engine.scored) == {10, 100, 1000}


def test_without_haste_more_crops_and_the_import_alone_are_measured(
    engine, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr(engine_cases, "THOROUGH", Repeats(1, 1, 0.0))
    bench = Workbench(engine, "cpu", write_photo(tmp_path))
    rows = list(engine_cases.score_crops(bench))
    assert {row.size.get("crops") for row in rows} == {10, 100, 1000, 10_000, None}
    started = {row.size["until"]: row for row in file_cases.start(bench)}
    assert set(started) == {"engine imported", "engine ready", "window shown"}
    assert all(len(row.timing.seconds) == 9 for row in started.values())


def test_a_graphics_card_is_measured_beside_the_cpu(
    engine, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    engine.trouble = "No more of it."
    said: list[str] = []
    monkeypatch.setattr(gpu_cases, "graphics", lambda: "a card")
    bench = Workbench(engine, "cpu", write_photo(tmp_path), quick=True, say=said.append)
    rows = list(gpu_cases.on_graphics_card(bench))
    assert [(row.id, row.size.get("photos"), row.size.get("at")) for row in rows] == [
        ("encode", 1, None),
        ("encode_and_suggest", 1, None),
        ("encode", 8, None),
        ("encode_and_suggest", 8, None),
        ("slider_tick", None, None),
        ("slider_tick", None, "rest"),
    ]
    assert {(row.device, row.beside) for row in rows} == {("a card", "the CPU")}
    assert set(engine.together) == {1, 8}
    assert rows[4].aim == Aim(2)
    assert said == ["Measured without all of the card's CUDA graphs: No more of it."]


def test_the_drag_in_a_window_is_told_by_its_median(engine, tmp_path) -> None:
    (row,) = window_cases.slider_to_painted(
        Workbench(engine, "cpu", write_photo(tmp_path), quick=True)
    )
    assert row.timing.median_ms == pytest.approx(30)
    assert row.aim == Aim(50)
    assert row.met is True


def test_memory_is_compared_between_a_short_batch_and_a_long_one(
    engine, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    peaks = iter(["500", "600", "650", "700", "900", "930"])
    programs: list[str] = []

    def ran(program: str) -> str:
        programs.append(program)
        return next(peaks)

    monkeypatch.setattr(file_cases, "python_output", ran)
    monkeypatch.setattr(file_cases, "MANY", (2, 3))
    monkeypatch.setattr(file_cases, "MANY_SIZE", (30, 20))
    monkeypatch.setattr(file_cases, "LARGE_SIZE", (300, 200))
    rows = list(file_cases.memory(Workbench(engine, "cpu", write_photo(tmp_path))))
    assert [row.size["peak_mb"] for row in rows] == [500, 600, 650, 700, 900, 930]
    assert rows[-1].size == {"after": "a batch of 3", "peak_mb": 930, "more_mb": 30}
    assert "[:3]" in programs[-1]


def test_weights_that_are_missing_end_the_command_with_a_sentence(
    engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(device: str) -> Any:
        raise WeightsError("The weights record encoder.json is missing.")

    monkeypatch.setattr(engine_cases, "PlainModules", missing)
    assert main(["bench", "--quick", "--device", "cpu"]) == 1
    assert capsys.readouterr().err.endswith(
        "cropcore: The weights record encoder.json is missing.\n"
    )


def test_a_full_disk_is_told_with_a_remedy(
    engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(engine_cases, "write_photo", full)
    assert main(["bench", "--quick", "--device", "cpu"]) == 1
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert "TMPDIR" in err


# --- what is measured -------------------------------------------------------------------------


def test_the_photo_has_the_detail_and_noise_of_a_cameras(engine, tmp_path) -> None:
    photo = write_photo(tmp_path)
    assert (photo.width, photo.height, photo.format) == (1200, 800, "JPEG")
    # Between a smooth sky and foliage: a camera spends two to four bits on a pixel.
    assert 1.5 < photo.path.stat().st_size * 8 / (1200 * 800) < 5
    assert read_photo(photo.path) == photo


def test_random_crops_are_boxes_in_the_photo_and_the_same_each_time() -> None:
    crops = random_crops(500)
    assert crops == random_crops(500)
    assert all(0 <= x1 < x2 <= 1 and 0 <= y1 < y2 <= 1 for x1, y1, x2, y2 in (c.box for c in crops))
    assert all(a != b for a, b in pairwise(crops))


def test_the_plain_modules_do_what_the_engine_does(tmp_path) -> None:
    from cropcore.engine.engine import CropEngine

    write_untrained_weights(tmp_path)
    pixels = picture(384, 256)
    levels, gaze = plain_encode("cpu", tmp_path)(pixels)
    scene = CropEngine.load("cpu", tmp_path).encode(pixels)
    assert levels.s32.shape == (1, 320, 8, 12)
    assert np.allclose(levels.s32, scene.encoded.features.levels.s32, atol=1e-3)
    assert np.allclose(gaze[0, 0], scene.encoded.gaze, atol=1e-3)


def test_a_fresh_python_that_fails_is_told() -> None:
    assert python_output("import cropcore; print('here')") == "here\n"
    with pytest.raises(CropsightError, match="No module named 'no_such_module'"):
        python_output("import no_such_module")


def test_plain_modules_score_as_the_engine_does(tmp_path) -> None:
    from cropcore.engine.engine import CropEngine

    write_untrained_weights(tmp_path)
    pixels, boxes = picture(384, 256), np.array([c.box for c in random_crops(9)])
    plain, engine = PlainModules("cpu", tmp_path), CropEngine.load("cpu", tmp_path)
    scene, (levels, gaze) = engine.encode(pixels), plain.encode(pixels)
    for name in ("gaic", "sfrc", "asm", "mars", "setpred"):
        found = plain.scorer(name, levels, gaze, 1.5)(boxes)
        assert np.allclose(found, engine.terms(scene, boxes, [name])[name], atol=1e-2), name
    best = plain.best(pixels, 0.8, "cascade", refine=True)
    assert (best[2] - best[0]) / (best[3] - best[1]) * 1.5 == pytest.approx(0.8)


def test_a_process_is_asked_for_its_own_memory_not_that_of_its_parent() -> None:
    held = bytearray(300 << 20)
    held[:: 1 << 12] = b"x" * (len(held) >> 12)
    assert peak_mb() > 300
    small = "from cropcore.process import peak_mb; {}print(peak_mb())"
    alone = int(python_output(small.format("")))
    more = int(python_output(small.format("held = b'x' * (100 << 20); ")))
    assert alone < 200
    assert 90 < more - alone < 150
    assert len(held)


# --- growth, drawn ----------------------------------------------------------------------------


def test_growth_is_drawn_from_the_rows(engine, tmp_path) -> None:
    assert main(["bench", "--quick", "--device", "cpu", "--plot", str(tmp_path / "plots")]) == 0
    names = {path.name for path in (tmp_path / "plots").iterdir()}
    assert names == {"crops.svg", "megapixels.svg", "batch.svg"}


def test_a_figure_that_is_there_is_kept(tmp_path: Path) -> None:
    rows = [
        Row("batch", "cpu", {"photos": n}, Timing((n / 10,)), "one after another", 1.0)
        for n in (2, 4)
    ]
    mine = tmp_path / "batch.svg"
    mine.write_text("mine", "utf-8")
    made = [path.name for _ in range(2) for path in write_plots(rows, tmp_path)]
    assert made == ["batch (2).svg", "batch (3).svg"]
    assert mine.read_text("utf-8") == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"batch.svg", *made}


def test_a_line_rises_on_even_steps_where_times_grow_tenfold() -> None:
    rows = [
        Row("score_crops", "cpu", {"method": "a & b", "crops": n}, Timing((n / 1e4,)), "x", 1.0)
        for n in (1000, 10, 100)
    ]
    root = ElementTree.fromstring(figure({"a & b": [(10, 1), (100, 10), (1000, 100)]}, "crops"))
    (line,) = (element for element in root.iter() if element.attrib.get("id") == "a & b")
    path = next(element.attrib["d"] for element in line.iter() if "d" in element.attrib)
    points = np.array(re.findall(r"[-\d.]+", path), float).reshape(-1, 2)
    steps = np.diff(points, axis=0)
    assert np.allclose(steps[0], steps[1], atol=0.2)
    assert (steps[:, 0] > 50).all()
    assert (steps[:, 1] < -50).all()
    assert "a & b" in [element.text for element in root.iter()]
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_plots(rows, Path(folder))
        assert "a &amp; b" in path.read_text("utf-8")
        assert write_plots(rows[:1], Path(folder)) == []
