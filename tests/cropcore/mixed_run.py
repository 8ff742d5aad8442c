"""Sends a large folder of mixed photos through ``cropcore batch``, killed on the way, and checks all.

``python -m tests.cropcore.mixed_run --pictures FOLDER --work FOLDER`` makes the photos from pictures that
the person has, runs one undisturbed batch while it watches its memory, then one that is killed again
and again at random moments, and reads back every file that either wrote.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from cropcore.gathering import SUFFIXES
from cropcore.journal import NAME
from tests.cropcore.mixed_check import faults
from tests.cropcore.mixed_files import MixedFile, make_mixed


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, run, kill, check; 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--largest", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--preset", default="4:5")
    parser.add_argument("--skip-undisturbed", action="store_true")
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
    wrong = 0
    if not chosen.skip_undisturbed:
        wrong += _undisturbed(chosen.preset, photos, chosen.work / "whole", files)
    wrong += _killed(chosen.preset, photos, chosen.work / "killed", files, chosen)
    return 1 if wrong else 0


def _undisturbed(preset: str, photos: Path, out: Path, files: Sequence[MixedFile]) -> int:
    begun = time.monotonic()
    process = _start(preset, photos, out)
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


def _killed(
    preset: str, photos: Path, out: Path, files: Sequence[MixedFile], chosen: argparse.Namespace
) -> int:
    dice = random.Random(chosen.seed + 1)
    for kill in range(chosen.kills):
        process = _start(preset, photos, out)
        before = _written(out)
        # At its work, not while it starts; and at last somewhere within the whole of it.
        goal = before + dice.randint(1, max(2 * len(files) // (chosen.kills + 1), 2))
        while process.poll() is None and _written(out) < goal:
            time.sleep(0.05)
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        process.wait()
        _say(f"  kill {kill + 1}: {_written(out)} crops")
    process = _start(preset, photos, out)
    process.wait()
    _say(f"resumed to the end: status {process.returncode}")
    return _check(files, out)


def _check(files: Sequence[MixedFile], out: Path) -> int:
    told = json.loads(_json(out).read_text())
    found = list(faults(files, told, out))
    for fault in found[:50]:
        _say("  WRONG " + fault)
    good = sum(not f.damage for f in files)
    named = len(told["failures"])
    _say(
        f"  {good} good files checked, {named} failures named, {told['resumed']} resumed, {len(found)} faults"
    )
    return len(found)


def _start(preset: str, photos: Path, out: Path) -> subprocess.Popen[bytes]:
    command = ["-m", "cropcore.cli", "batch", preset, str(photos), "--out", str(out), "--resume"]
    return subprocess.Popen(
        [sys.executable, *command, "--json", str(_json(out))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _json(out: Path) -> Path:
    return out.with_suffix(".json")


def _written(out: Path) -> int:
    journal = out / NAME
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


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
