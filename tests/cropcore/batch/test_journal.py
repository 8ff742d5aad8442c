"""A batch that was killed, wherever it was, goes on: nothing half, nothing twice, nothing lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cropcore.batch.journal import LOCK, NAME, JobKey, Journal, JournalEntry
from cropcore.cli.main import main
from cropcore.errors import ExportError
from cropcore.files.file_lock import locked

ROOT = Path(__file__).parents[3]
PRESET = "p.json"
RESULT: dict[str, Any] = {
    "aspect": "4x5",
    "method": "cascade",
    "confidence": 0.5,
    "candidates": [
        {"box": [0, 0, 1, 1], "pixels": [0, 0, 4, 5], "shape": "rect", "angle": 0, "score": None}
    ],
}


LINE = (
    json.dumps(
        {
            "schema": 1,
            "photo": "strange.jpg",
            "size": 1,
            "mtime_ns": 2,
            "preset": "strange",
            "aspect": "4x5",
            "width": 4,
            "height": 5,
            "result": RESULT,
            "files": [["a.png", 3]],
            "skipped": "",
        }
    ).encode()
    + b"\n"
)


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> Path:
    for i in range(6):
        make_photo("x.jpg", size=(90 + i % 2, 60), folder=tmp_path / "photos" / str(i))
    (tmp_path / PRESET).write_text(
        '{"schema": 1, "name": "p", "aspects": ["4:5", "1:1"], "format": "png"}'
    )
    return tmp_path / "photos"


@pytest.fixture
def whole(photos: Path, installed_engine, tmp_path: Path) -> dict[str, bytes]:
    """What an undisturbed run writes: some of the files have the very same bytes."""
    assert batch(photos, tmp_path / "whole") == 0
    files = visible(tmp_path / "whole")
    assert len(files) == 12
    assert len(set(files.values())) < 12
    return files


def batch(photos: Path, out: Path, *more: str) -> int:
    return main(["batch", str(photos.parent / PRESET), str(photos), "--out", str(out), *more])


def visible(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.iterdir() if not p.name.startswith(".")}


def start(moment: str, nth: int, photos: Path, out: Path) -> subprocess.Popen[bytes]:
    driver = ["-m", "tests.cropcore.helpers.batch_driver", moment, str(nth)]
    command = ["batch", str(photos.parent / PRESET), str(photos), "--out", str(out), "--resume"]
    return subprocess.Popen(
        [sys.executable, *driver, *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def state(told: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(told)
    return {"resumed": document["resumed"], "failures": document["failures"]}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL there")
@pytest.mark.parametrize(
    ("moment", "nth", "written", "noted"),
    [
        ("part", 1, 0, 0),
        ("part", 6, 5, 5),
        ("named", 1, 1, 0),
        ("named", 8, 8, 7),
        ("torn", 5, 5, 4),
        ("noted", 9, 9, 9),
    ],
)
def test_killed_at_a_moment(moment, nth, written, noted, photos, whole, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    process = start(moment, nth, photos, out)
    assert process.wait(240) == -signal.SIGKILL
    assert process.stderr is not None
    process.stderr.close()
    left = visible(out)
    assert len(left) == written
    assert left.items() <= whole.items()  # whole files under their final names
    assert bool(list(out.glob(".*.cropsight-part"))) == (moment in ("part", "named"))
    capsys.readouterr()
    assert batch(photos, out, "--resume", "--json", "-") == 0
    assert state(capsys.readouterr().out) == {"resumed": noted, "failures": []}
    assert visible(out) == whole
    assert not list(out.glob(".*.cropsight-part"))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL there")
def test_killed_at_any_time_again_and_again(photos, whole, tmp_path) -> None:
    out, dice = tmp_path / "out", random.Random(7)
    for _ in range(20):
        process = start("never", 0, photos, out)
        while process.poll() is None and not (out / NAME).exists():
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.06))
        process.kill()
        process.communicate()
        assert not out.exists() or visible(out).items() <= whole.items()
    assert batch(photos, out, "--resume") == 0
    assert visible(out) == whole


def test_nothing_is_done_twice(photos, whole, tmp_path, installed_engine, capsys) -> None:
    out, before = tmp_path / "whole", len(installed_engine.encoded)
    capsys.readouterr()
    assert batch(photos, out, "--resume", "--json", "-") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["resumed"] == 12
    assert len(installed_engine.encoded) == before
    assert told["photos"][0]["width"] == 90
    outputs = [c["output"] for p in told["photos"] for r in p["results"] for c in r["candidates"]]
    assert sorted(Path(o).name for o in outputs) == sorted(whole)
    assert visible(out) == whole


def test_a_finished_batch_needs_no_engine(photos, whole, tmp_path, monkeypatch, capsys) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the engine was loaded")

    out = tmp_path / "whole"
    monkeypatch.setattr(sys.modules["cropcore.engine.engine"].CropEngine, "load", refuse)
    capsys.readouterr()
    report = tmp_path / "report"
    assert batch(photos, out, "--resume", "--json", "-", "--report", str(report)) == 0
    assert state(capsys.readouterr().out) == {"resumed": 12, "failures": []}
    assert (report / "report.html").read_text().count("<img") == 12
    (out / "x_4x5_1.png").unlink()
    with pytest.raises(AssertionError, match="was loaded"):
        batch(photos, out, "--resume")


def test_what_is_missing_or_altered_is_made_again(photos, whole, tmp_path, capsys) -> None:
    out = tmp_path / "whole"
    (out / "x_4x5_1.png").unlink()
    (out / "x_1x1_1.png").write_bytes(b"somebody's own")
    capsys.readouterr()
    assert batch(photos, out, "--resume", "--json", "-") == 0
    assert state(capsys.readouterr().out) == {"resumed": 10, "failures": []}
    again = visible(out)
    assert again.pop("x_1x1_1.png") == b"somebody's own"
    assert again.pop("x_1x1_1 (7).png") == whole["x_1x1_1.png"]
    assert again.items() <= whole.items()
    assert len(again) == 11


def test_a_changed_photo_is_done_again(photos, whole, tmp_path, capsys) -> None:
    out = tmp_path / "whole"
    Image.new("RGB", (80, 80), "red").save(photos / "3" / "x.jpg")
    os.utime(photos / "4" / "x.jpg", (1, 1))
    capsys.readouterr()
    assert batch(photos, out, "--resume", "--json", "-") == 0
    assert state(capsys.readouterr().out) == {"resumed": 8, "failures": []}
    assert visible(out).items() > whole.items()
    assert len(visible(out)) == 16


def test_another_preset_is_another_batch(photos, whole, tmp_path, capsys) -> None:
    capsys.readouterr()
    out = tmp_path / "whole"
    assert main(["batch", "4:5", str(photos), "--out", str(out), "--resume", "--json", "-"]) == 0
    assert state(capsys.readouterr().out) == {"resumed": 0, "failures": []}


@pytest.mark.parametrize(
    "strange",
    [
        b"",
        b"\n\n",
        b"not JSON\n",
        b"\xff\xfe\x00\n",
        b"[1]\n",
        b'{"schema": 2}\n',
        b'{"schema": 1, "photo": "x"}\n',
        b"[" * 5000 + b"\n",
        LINE.replace(b'"size": 1', b'"size": 1e999'),
        LINE.replace(b'"width": 4', b'"width": 1e999'),
        LINE.replace(b'"width": 4', b'"width": 0'),
        LINE.replace(b'"candidates": [{', b'"candidates": [{}], "nothing": [{'),
        LINE.replace(b'"angle": 0', b'"angle": 1e308'),
        LINE.replace(b'"box": [0, 0, 1, 1]', b'"box": [0, 0, 1e999, 1]'),
        LINE.replace(b'"pixels": [0, 0, 4, 5]', b'"pixels": [0, 0]'),
        LINE.replace(b'"confidence": 0.5', b'"confidence": "high"'),
        LINE.replace(b'"confidence": 0.5', b'"confidence": 0.5, "unknown": 1e999'),
    ],
)
def test_strange_lines_are_passed_over(strange: bytes, tmp_path: Path) -> None:
    key = JobKey("a\udc80.jpg", 1, 2, "digest", "4x5")
    entry = JournalEntry(4, 5, RESULT, (("a.png", 3),))
    (tmp_path / "a.png").write_bytes(b"abc")
    (tmp_path / NAME).write_bytes(strange)
    Journal(tmp_path).add(key, entry)
    with (tmp_path / NAME).open("ab") as file:
        file.write(strange + b'{"schema": 1, "pho')
    journal = Journal(tmp_path)
    assert journal.finished(key) == entry
    assert journal.knows("digest")
    assert not journal.knows("strange")
    other = JobKey("b.jpg", 1, 2, "digest", "4x5")
    journal.add(other, entry)  # after a torn line
    assert journal.finished(other) == entry
    assert Journal(tmp_path).finished(other) == entry
    (tmp_path / "a.png").write_bytes(b"abcd")
    assert journal.finished(key) is None


def test_a_journal_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    key = JobKey("a.jpg", 1, 2, "digest", "4x5")
    (tmp_path / "out").mkdir()
    (tmp_path / "a.png").write_bytes(b"abc")
    journal = Journal(tmp_path / "out")
    journal.add(key, JournalEntry(4, 5, RESULT, (("../a.png", 3),)))
    assert Journal(tmp_path / "out").finished(key) is None


def test_two_batches_never_write_to_one_folder(photos, installed_engine, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with locked(out / LOCK):
        assert batch(photos, out) == 1
    assert "Another batch is writing to this folder" in capsys.readouterr().err
    assert visible(out) == {}


def test_a_journal_that_cannot_be_written_to_is_named(
    photos, installed_engine, tmp_path, capsys
) -> None:
    (tmp_path / "out" / NAME).mkdir(parents=True)
    assert batch(photos, tmp_path / "out") == 1
    assert f"{NAME}: could not be read" in capsys.readouterr().err


def test_a_journal_that_is_a_link_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(LINE)
    (tmp_path / NAME).symlink_to(tmp_path / "other")
    with pytest.raises(ExportError, match=r"another file\. Remove it or choose another folder"):
        Journal(tmp_path)


def test_a_time_without_a_zone_is_no_beginning(tmp_path: Path) -> None:
    lines = {"naive": "2020-01-02T03:04:05", "whole": "2020-01-02T03:04:05+02:00"}
    for preset, told in lines.items():
        line = json.dumps({"schema": 1, "preset": preset, "begun": told})
        with (tmp_path / NAME).open("a") as file:
            file.write(line + "\n")
    journal = Journal(tmp_path)
    assert journal.begin("whole", resume=True).isoformat() == lines["whole"]
    assert journal.begin("naive", resume=True).year > 2020
