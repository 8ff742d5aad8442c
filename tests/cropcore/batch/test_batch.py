"""Batches: every file is read back, every bad one named, memory is bounded, stops lose nothing."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.batch import preset as preset_module
from cropcore.batch.batch import IN_FLIGHT, Batch
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.cli.main import main
from cropcore.export.write_queue import WriteEvent
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size
from cropcore.job_control import JobControl, Progress, ProgressMeter
from tests.cropcore.helpers import photo_maker as maker

PRESET = Preset("p", (Aspect.parse("4:5"),), format="png")


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    status = main(["batch", *(str(a) for a in arguments), "--json", "-"])
    return status, json.loads(capsys.readouterr().out)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for i in range(6):
        make_photo(f"{i}.jpg", size=(150 + 10 * i, 100), folder=folder / ("in" if i > 3 else ""))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


# --- what is made -------------------------------------------------------------------------------


def test_files_have_size_ratio_profile_and_metadata(installed_engine, tmp_path, capsys) -> None:
    maker.full_jpeg(tmp_path / "full.jpg", orientation=6)
    preset = Preset(
        "two",
        (Aspect.parse("4:5"), Aspect.parse("1:1")),
        sizes=(Size(80, 100), None),
        metadata="no-location",
    )
    (tmp_path / "two.json").write_text(preset.to_json())
    out = tmp_path / "out"
    status, told = run_json(capsys, tmp_path / "two.json", tmp_path / "full.jpg", "--out", out)
    assert status == 0
    assert names(out) == ["full_1x1_1.jpg", "full_4x5_1.jpg"]
    with Image.open(out / "full_4x5_1.jpg") as first, Image.open(out / "full_1x1_1.jpg") as second:
        assert first.size == (80, 100)
        assert second.size == (64, 64)
        assert first.info["icc_profile"] == maker.icc_profile()
        assert first.getexif()[0x010F] == "Cam"
        assert first.getexif().get(0x0112, 1) == 1
        assert not first.getexif().get_ifd(0x8825)
    (photo,) = told["photos"]
    assert (photo["width"], photo["height"]) == (64, 96)
    assert [r["aspect"] for r in photo["results"]] == ["4x5", "1x1"]
    candidate = photo["results"][0]["candidates"][0]
    assert candidate["output"] == str(out / "full_4x5_1.jpg")
    assert set(candidate) == {
        *("rank", "box", "pixels", "shape", "angle", "score", "raw_score", "proposed_by", "output"),
        *("idea", "cuts"),
    }
    assert (told["schema"], told["failures"], told["skipped"], told["resumed"]) == (1, [], 0, 0)


@pytest.mark.parametrize("keep", [True, False])
def test_heads_are_kept_whole_unless_the_preset_says_otherwise(
    photos, installed_engine, out, capsys, tmp_path, keep: bool
) -> None:
    text = Preset("heads", (Aspect.parse("1:1"),), keep_heads=keep).to_json()
    assert ("keep_heads" in text) is not keep
    (tmp_path / "heads.json").write_text(text)
    status, _ = run_json(capsys, tmp_path / "heads.json", photos / "0.jpg", "--out", out)
    assert status == 0
    assert installed_engine.heads_asked == [None if keep else ()]


def test_every_bad_one_is_named_and_the_rest_goes_on(photos, installed_engine, out, capsys) -> None:
    good = (photos / "0.jpg").read_bytes()
    (photos / "1a.jpg").write_bytes(good[: len(good) // 2])
    (photos / "2a.jpg").touch()
    (photos / "3a.png").write_text("no photo")
    (photos / "notes.txt").write_text("not looked at")
    (photos / ".hidden.jpg").write_bytes(good)
    absent = photos / "absent.jpg"
    status, told = run_json(capsys, "4:5", photos, absent, "--out", out)
    assert status == 1
    assert names(out) == [f"{i}_4x5_1.jpg" for i in range(6)]
    bad = {f["file"]: f["error"] for f in told["failures"]}
    assert list(bad) == [str(photos / n) for n in ("1a.jpg", "2a.jpg", "3a.png", "absent.jpg")]
    assert "damaged" in bad[str(photos / "1a.jpg")]
    assert "is empty" in bad[str(photos / "2a.jpg")]
    assert "is not a photo" in bad[str(photos / "3a.png")]
    assert "is not there" in bad[str(absent)]


def test_the_engine_may_fail_on_one_photo(photos, installed_engine, out, capsys) -> None:
    encode = installed_engine.encode

    def failing(photo, pixels=None):
        if photo.path.name == "2.jpg":
            raise RuntimeError("CUDA out of memory\nand more")
        return encode(photo, pixels)

    installed_engine.encode = failing
    status, told = run_json(capsys, "4:5", photos, "--out", out)
    assert status == 1
    assert len(names(out)) == 5
    assert "CUDA out of memory" in told["failures"][0]["error"]


def test_too_small_crops_are_passed_over_and_jobs_skipped(
    make_photo, engine_double, installed_engine, out, capsys, tmp_path
) -> None:
    boxes = [(0.0, 0.0, 0.3, 0.3), (0.0, 0.0, 0.9, 0.9), (0.1, 0.1, 1.0, 1.0)]
    engine_double.answers = {"gaic": boxes}
    preset = Preset("least", (Aspect("free"),), min_pixels=80, k=2)
    (tmp_path / "least.json").write_text(preset.to_json())
    large, small = make_photo("a.jpg", size=(300, 200)), make_photo("b.jpg", size=(80, 90))
    status, told = run_json(capsys, tmp_path / "least.json", large, small, "--out", out)
    assert (status, told["skipped"]) == (0, 1)
    assert names(out) == ["a_free_2.jpg", "a_free_3.jpg"]
    (result,) = told["photos"][1]["results"]
    assert result["candidates"] == []
    assert result["skipped"] == (
        "No crop for free has a short side of 80 pixels; the largest has 72."
    )
    _, told = run_json(capsys, tmp_path / "least.json", large, small, "--out", out, "--resume")
    assert (told["skipped"], told["resumed"]) == (1, 1)
    assert len(engine_double.encoded) == 2


def test_names_are_the_same_in_every_run(make_photo, installed_engine, tmp_path) -> None:
    for i in range(12):  # one name, in twelve folders, of sizes that take differently long
        side = 400 if i % 3 == 0 else 60
        make_photo("same.jpg", size=(side, side + i), folder=tmp_path / "photos" / f"{i:02}")
    found = []
    for run in ("one", "two"):
        assert main(["batch", "1:1", str(tmp_path / "photos"), "--out", str(tmp_path / run)]) == 0
        found.append({p.name: p.read_bytes() for p in (tmp_path / run).glob("*.jpg")})
    assert len(found[0]) == 12
    assert found[0] == found[1]
    with Image.open(tmp_path / "one" / "same_1x1_1.jpg") as first:
        assert first.size == (400, 400)


def test_nothing_is_overwritten_and_resume_is_told_once(
    photos, installed_engine, out, capsys
) -> None:
    for _ in range(2):
        assert main(["batch", "4:5", str(photos), "--out", str(out)]) == 0
    assert len(names(out)) == 12
    assert capsys.readouterr().err.count("With --resume") == 1


def test_wrong_usage_is_told(photos, installed_engine, out, capsys, tmp_path) -> None:
    (tmp_path / "m.json").write_text(
        '{"schema": 1, "name": "m", "aspects": ["1:1"], "method": "x"}'
    )
    for arguments, told in (
        (["nothing", photos, "--out", out], "'nothing' is no preset: choose one of a4"),
        ([tmp_path / "m.json", photos, "--out", out], "choose default, gaic, asm"),
        (["1:1", photos, "--out", photos], "the folder of the photos itself"),
        (["1:1", out, "--out", tmp_path / "other"], "There are no photos in"),
        (["1:1", photos, "--out", photos / "0.jpg"], "cannot be a folder"),
        ([tmp_path / "m.json", photos, "--out", out, "--json", tmp_path / "m.json"], "to read"),
        (["1:1", photos, "--out", out, "--report", photos / "0.jpg"], "--report"),
    ):
        assert main(["batch", *map(str, arguments)]) == 2
        assert told in capsys.readouterr().err


# --- memory, pause, cancel ----------------------------------------------------------------------


def started(engine, photos, out, **more: Any) -> Any:
    paths = sorted(photos.rglob("*.jpg"))
    return Batch(PRESET, paths, out, Journal(out), **more).run(engine)


@pytest.mark.parametrize("count", [3 * IN_FLIGHT, 6 * IN_FLIGHT])
def test_photos_in_flight_are_bounded(
    count, make_photo, engine_double, tmp_path, out, monkeypatch
) -> None:
    for i in range(count):
        make_photo(f"{i:03}.jpg", size=(20, 30), folder=tmp_path / "many")
    lock, flying, most = threading.Lock(), [0], [0]
    decode, note = preset_module.read_photo, Batch._note

    def counted(photo: Any) -> Any:
        with lock:
            flying[0] += 1
            most[0] = max(most[0], flying[0])
        return decode(photo)

    def noted(self: Batch, event: WriteEvent[Any]) -> None:
        note(self, event)
        with lock:
            flying[0] -= event.state == "ended"

    monkeypatch.setattr(preset_module, "read_photo", counted)
    monkeypatch.setattr(Batch, "_note", noted)
    assert len(list(started(engine_double, tmp_path / "many", out))) == count
    assert 1 < most[0] <= IN_FLIGHT
    assert flying == [0]


def test_small_pixels_come_only_where_they_are_asked_for(photos, engine_double, out) -> None:
    assert all(o.pixels is None for o in started(engine_double, photos, out))
    for outcome in started(engine_double, photos, out, pixels=True, resume=True):
        assert outcome.jobs[0].state == "resumed"
        assert outcome.pixels is not None
        assert outcome.pixels.dtype == np.uint8


@pytest.fixture
def many(make_photo, tmp_path: Path) -> Path:
    """More photos than can be in flight."""
    for i in range(IN_FLIGHT + 4):
        make_photo(f"{i:02}.jpg", size=(40 + i, 30), folder=tmp_path / "many")
    return tmp_path / "many"


def test_pause_holds_and_goes_on(many, engine_double, out) -> None:
    control, seen = JobControl(), []
    running = started(engine_double, many, out, control=control)
    seen.append(next(running))
    control.pause()
    worker = threading.Thread(target=lambda: seen.extend(running))
    worker.start()
    held = len(engine_double.encoded)
    give_up = time.monotonic() + 120
    while len(names(out)) < held and time.monotonic() < give_up:
        time.sleep(0.01)
    worker.join(0.3)
    assert worker.is_alive()
    # Those under way were finished, and no other was begun.
    assert len(names(out)) == len(engine_double.encoded) == held <= IN_FLIGHT
    control.go_on()
    worker.join(120)
    assert [o.path.name for o in seen] == [f"{i:02}.jpg" for i in range(IN_FLIGHT + 4)]


@pytest.mark.parametrize("paused", [False, True])
def test_cancel_ends_with_whole_files_and_resume_goes_on(paused, many, engine_double, out) -> None:
    control = JobControl()
    running = started(engine_double, many, out, control=control)
    first = next(running)
    if paused:
        control.pause()
    control.cancel()
    done, made = [first, *running], names(out)
    wanted = [f"{i:02}_4x5_1.png" for i in range(IN_FLIGHT + 4)]
    assert len(done) <= IN_FLIGHT
    assert made == wanted[: len(done)]
    assert not list(out.glob(".*part"))
    again = list(started(engine_double, many, out, resume=True))
    states = [o.jobs[0].state for o in again]
    assert states == ["resumed"] * len(made) + ["made"] * (len(wanted) - len(made))
    assert names(out) == wanted


def test_a_batch_that_is_let_go_ends_its_threads(photos, engine_double, out) -> None:
    running = started(engine_double, photos, out)
    next(running)
    running.close()
    assert not [t for t in threading.enumerate() if t.name.startswith(("decode", "export"))]


def test_ctrl_c_says_how_to_go_on(photos, installed_engine, out, capsys) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    installed_engine.answer = interrupted
    assert main(["batch", "4:5", str(photos), "--out", str(out)]) == 130
    assert "--resume goes on from here" in capsys.readouterr().err


def test_progress_is_reckoned_from_what_was_worked(photos, engine_double, out) -> None:
    told: list[Progress] = []
    list(started(engine_double, photos, out, progress=lambda p, path: told.append(p)))
    assert [(p.done, p.total) for p in told] == [(i, 6) for i in range(1, 7)]
    assert told[-1].seconds_left == 0
    now = [0.0]
    pace = ProgressMeter(10, lambda: now[0])
    pace.count(2, resumed=2)
    assert pace.progress() == Progress(2, 10)
    now[0] = 2.0
    pace.rest(lambda: now.__setitem__(0, 102.0))
    pace.count(4)
    assert pace.progress() == Progress(6, 10, 2.0, 2.0)
