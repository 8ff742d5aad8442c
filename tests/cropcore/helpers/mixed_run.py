"""Sends a large folder of mixed photos through a batch, killed on the way, and checks every file.

``python -m tests.cropcore.helpers.mixed_run --pictures FOLDER --work FOLDER`` makes the photos from
pictures that the person has, runs one undisturbed ``cropcore batch`` while it watches its memory, then one
that is killed again and again at random moments, and reads back every file that either wrote. With ``--app``
the batches run in the program's window.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cropcore.batch.journal import NAME
from cropcore.files.photo_scan import SUFFIXES
from tests.cropcore.helpers.mixed_check import faults
from tests.cropcore.helpers.mixed_files import MixedFile, make_mixed

Start = Callable[[Path], "subprocess.Popen[bytes]"]
"""Begins or resumes the batch into a folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, run, kill, check; 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--largest", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--aspect", default="4:5")
    parser.add_argument("--app", action="store_true")
    chosen = parser.parse_args(arguments)
    pictures = sorted(
        p for f in chosen.pictures for p in f.iterdir() if p.suffix.lower() in SUFFIXES
    )
    begun = time.monotonic()
    photos = chosen.work / "photos"
    files = make_mixed(photos, chosen.count, pictures, chosen.seed, chosen.largest)
    megabytes = sum(f.path.stat().st_size for f in files) / 1e6
    damaged = sum(bool(f.damage) for f in files)
    _say(
        f"{len(files)} files, {damaged} damaged, {megabytes:.0f} MB, {time.monotonic() - begun:.0f} s"
    )
    kind = "app" if chosen.app else "command"
    start = partial(_start_app if chosen.app else _start, chosen.aspect, photos)
    wrong = _undisturbed(start, chosen.work / f"{kind}_whole", files)
    if chosen.kills:
        wrong += _killed(start, chosen.work / f"{kind}_killed", files, chosen)
    return 1 if wrong else 0


def _undisturbed(start: Start, out: Path, files: Sequence[MixedFile]) -> int:
    begun = time.monotonic()
    process = start(out)
    memory: list[tuple[int, int]] = []
    while process.poll() is None:
        memory.append((_written(out), _resident(process.pid)))
        time.sleep(1)
    seconds = time.monotonic() - begun
    _say(
        f"undisturbed: status {process.returncode}, {seconds:.0f} s, {len(files) / seconds:.1f} a second"
    )
    for share in range(1, 11):
        part = [mb for done, mb in memory if (share - 1) / 10 < done / len(files) <= share / 10]
        if part:
            _say(f"  {share * 10} %: at most {max(part)} MB")
    return _check(files, out)


def _killed(start: Start, out: Path, files: Sequence[MixedFile], chosen: argparse.Namespace) -> int:
    dice = random.Random(chosen.seed + 1)
    for kill in range(chosen.kills):
        process = start(out)
        before = _written(out)
        # At its work, not while it starts; and at last somewhere within the whole of it.
        goal = before + dice.randint(1, max(2 * len(files) // (chosen.kills + 1), 2))
        while process.poll() is None and _written(out) < goal:
            time.sleep(0.05)
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        process.wait()
        _say(f"  kill {kill + 1}: {_written(out)} crops")
    process = start(out)
    process.wait()
    _say(f"resumed to the end: status {process.returncode}")
    return _check(files, out)


def _check(files: Sequence[MixedFile], out: Path) -> int:
    told = _told(out)
    found = list(faults(files, told, out))
    for fault in found[:50]:
        _say("  WRONG " + fault)
    good = sum(not f.damage for f in files)
    named = len(told["failures"])
    _say(f"  {good} good files checked, {named} failures named, {len(found)} faults")
    return len(found)


def _start(aspect: str, photos: Path, out: Path) -> subprocess.Popen[bytes]:
    command = ["-m", "cropcore.cli", "batch", aspect, str(photos), "--out", str(out), "--resume"]
    return subprocess.Popen(
        [sys.executable, *command, "--json", str(_json(out))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _start_app(aspect: str, photos: Path, out: Path) -> subprocess.Popen[bytes]:
    home = out.with_suffix(".home")
    command = ["-m", "tests.app.helpers.mixed_app_driver", aspect, str(photos), str(out), str(home)]
    return subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _json(out: Path) -> Path:
    return out.with_suffix(".json")


def _told(out: Path) -> dict[str, Any]:
    """What the batch said of each photo: the command's JSON, or the report of the program."""
    if _json(out).exists():
        told: dict[str, Any] = json.loads(_json(out).read_text())
        return told
    report = json.loads((out / "report.json").read_text())
    for page in out.glob("report.*"):
        page.rename(out.parent / f"{out.name}_{page.name}")
    photos = [{**result, "results": [result]} for result in report["results"]]
    return {"photos": photos, "failures": report["failures"]}


def _written(out: Path) -> int:
    """How many crops are noted; a journal has lines on its beginning and its end too."""
    journal = out / NAME
    lines = journal.read_bytes().splitlines() if journal.exists() else []
    return sum(b'"photo"' in line for line in lines)


def _resident(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1000
    except (OSError, ProcessLookupError):
        pass
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
