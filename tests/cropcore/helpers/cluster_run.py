"""Long runs of a batch on a cluster of this machine: workers killed at random, a million names, speed.

Run as a program, from the checkout: ``python -m tests.cropcore.helpers.cluster_run kills|names|speed``.
Each prints its figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cropcore.batch.batch import Batch
from cropcore.batch.journal import NAME, Journal, JournalEntry
from cropcore.batch.preset import Preset
from cropcore.cluster.cluster_batch import ClusterBatch
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.dask_workers import WorkLoader, connected, prepared
from cropcore.cluster.listing import Listing
from cropcore.cluster.photo_work import PhotoDone, PhotoTask, WorkOrder
from cropcore.cluster.sources import Listed
from cropcore.cluster.targets import FolderTarget, _ListedSizes
from cropcore.cluster.workers import OwnProcess
from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import read_photo
from tests.cropcore.helpers.cluster_double import DoubleLoader

PRESET = Preset("square", (Aspect.parse("1:1"),), method="asm")
PLAIN = Preset("square", (Aspect.parse("1:1"),))


def make_photos(folder: Path, count: int, size: tuple[int, int]) -> None:
    """JPEGs that differ: noise that is smooth enough for photos, and a bright place each."""
    folder.mkdir(parents=True)
    chance = np.random.default_rng(0)
    for n in range(count):
        noise = chance.integers(0, 90, (size[1] // 16, size[0] // 16, 3), np.uint8)
        image = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
        left = int(chance.integers(0, size[0] // 2))
        image.paste((230, 210, 180), (left, size[1] // 4, left + size[0] // 4, size[1] // 2))
        image.save(folder / f"{n:05}.jpg", quality=90)


def kills(work: Path, photos: int, workers: int, deaths: int) -> dict[str, Any]:
    """Kill workers at random while photos are cropped, and read back what is there."""
    out = work / "out"
    make_photos(work / "photos", photos, (240, 160))
    out.mkdir()
    chance = random.Random(0)
    moments = sorted(chance.sample(range(photos // 20, photos - photos // 20), deaths))
    loader = DoubleLoader(WorkOrder(PLAIN, out))
    target = FolderTarget(out)
    batch = ClusterBatch(PLAIN, Listing.of([work / "photos"], out), target, CompactJournal(out))
    start, told, failures, killed = time.monotonic(), 0, list[str](), 0
    with (
        connected(f"local:{workers}") as client,
        prepared(client, loader.order, loader, own=True) as hands,
    ):
        for outcome in batch.run(hands):
            told += 1
            failures += [str(outcome.error)] if outcome.error else []
            if moments and told >= moments[0]:
                moments.pop(0)
                pids = list(client.run(os.getpid, on_error="ignore").values())
                if pids:
                    os.kill(chance.choice(pids), signal.SIGKILL)
                    killed += 1
    crops = sorted(path.name for path in out.glob("[!.]*"))
    lines = (out / NAME).read_text().splitlines()
    noted = sorted(name for line in lines for name, _ in json.loads(line)["files"])
    right = 0
    for path in out.glob("[!.]*"):
        with Image.open(path) as image:
            image.load()
            right += image.width == image.height
    wanted = [f"{n:05}_1x1_1.jpg" for n in range(photos)]
    return {
        "photos": photos, "workers": workers, "killed": killed, "told": told,
        "failed": len(failures), "right": right, "lost": len(set(wanted) - set(crops)),
        "doubled": len(set(crops) - set(wanted)), "journal_exact": noted == crops == wanted,
        "seconds": round(time.monotonic() - start, 1),
    }  # fmt: skip


class StubWork:
    """Says of each photo that it is cropped."""

    def do(
        self, tasks: Sequence[PhotoTask], stopped: Callable[[], bool] = lambda: False
    ) -> list[PhotoDone]:
        candidate = {
            "rank": 1, "box": [0.1, 0.1, 0.9, 0.9], "pixels": [600, 400, 5400, 3600],
            "shape": "rect", "angle": 0.0, "score": 77.123, "raw_score": 0.123456,
            "proposed_by": "cascade", "idea": "closer", "cuts": [],
        }  # fmt: skip
        result = {
            "aspect": "1x1", "method": "cascade", "confidence": 0.7, "candidates": [candidate],
        }  # fmt: skip
        return [
            PhotoDone(t, 6000, 4000, ((0, JournalEntry(6000, 4000, result, (crop_of(t.place),))),))
            for t in tasks
        ]


@dataclass(frozen=True, slots=True)
class StubLoader:
    def __call__(self) -> StubWork:
        return StubWork()


def crop_of(place: int) -> tuple[str, int]:
    return f"photo {place:09}_1x1_1.jpg", 1_000_000 + place


def made_up(count: int) -> Iterator[Listed]:
    for n in range(count):
        yield Listed(f"s3://bucket/photos/{n // 1000:06}/photo {n:09}.jpg", 5_000_000 + n, n)


def names(work: Path, count: int, group: int) -> dict[str, Any]:
    """The client's memory and time with made-up names and a worker that does nothing, and the resume."""
    target = FolderTarget(work)
    figures: dict[str, Any] = {"names": count, "group": group}
    with (
        connected("local:1") as client,
        prepared(client, WorkOrder(PLAIN, work), StubLoader(), own=True) as hands,
    ):
        start = time.monotonic()
        batch = ClusterBatch(
            PLAIN, Listing(made_up(count)), target, CompactJournal(work), group=group
        )
        done = sum(1 for _ in batch.run(hands))
        figures |= {"done": done, "seconds": round(time.monotonic() - start, 1)}
        figures["client_peak_mb"] = peak_mb()
    figures["journal_mb"] = (work / NAME).stat().st_size // 2**20
    return figures | resumed(work, count)


def resumed(work: Path, count: int) -> dict[str, Any]:
    """The resume of :func:`names`: all is finished, of which a listing of the target's files tells."""
    sizes = _ListedSizes()
    for n in range(count):
        sizes.add(*crop_of(n))
    start, cpu = time.monotonic(), time.process_time()
    listing = Listing(made_up(count))
    listed = time.monotonic()
    journal = CompactJournal(work, sizes)
    opened = time.monotonic()
    batch = ClusterBatch(PLAIN, listing, FolderTarget(work), journal, resume=True)
    with OwnProcess(StubWork) as nobody:
        assert list(batch.run(nobody)) == []
    return {
        "resumed": batch.untold, "resume_seconds": round(time.monotonic() - start, 1),
        "resume_cpu_seconds": round(time.process_time() - cpu, 1),
        "of_it_listing": round(listed - start, 1), "of_it_journal": round(opened - listed, 1),
        "client_peak_mb_with_resume": peak_mb(),
    }  # fmt: skip


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**10


def speed(work: Path, photos: int, workers: int, rounds: int, method: str) -> dict[str, Any]:
    """Photos a second of a batch in one process, and by workers, in turns; and the bytes moved."""
    from cropcore.engine.engine import CropEngine

    preset = Preset("square", (Aspect.parse("1:1"),), method=method)
    make_photos(work / "photos", photos, (3000, 2000))
    listing = sorted((work / "photos").iterdir())
    engine = CropEngine.load("cpu")
    engine.suggest(engine.encode(read_photo(listing[0])), preset.aspects[0], 1, method)
    loader = WorkLoader(WorkOrder(preset, work), "cpu")
    one, many, one_cpu, many_cpu = [], [], [], []
    with connected(f"local:{workers}") as client:
        for turn in range(rounds):
            out = work / f"one {turn}"
            out.mkdir()
            start, cpu = time.monotonic(), time.process_time()
            made = list(Batch(preset, listing, out, Journal(out)).run(engine))
            one.append(photos / (time.monotonic() - start))
            one_cpu.append((time.process_time() - cpu) / photos)
            assert all(o.jobs for o in made)
            out = work / f"many {turn}"
            out.mkdir()
            loader = WorkLoader(WorkOrder(preset, out), "cpu")
            with prepared(client, loader.order, loader, own=True) as hands:
                batch = ClusterBatch(
                    preset, Listing.of([work / "photos"], out), FolderTarget(out),
                    CompactJournal(out),
                )  # fmt: skip
                start, cpu = time.monotonic(), sum(client.run(time.process_time).values())
                assert all(o.jobs for o in batch.run(hands))
                many.append(photos / (time.monotonic() - start))
                many_cpu.append((sum(client.run(time.process_time).values()) - cpu) / photos)
    read = sum(path.stat().st_size for path in listing)
    written = sum(path.stat().st_size for path in out.glob("[!.]*"))
    return {
        "photos": photos, "megapixels": 6, "method": method, "workers": workers,
        "cores": os.cpu_count(), "load_before": os.getloadavg()[0],
        "one_process_per_second": round(statistics.median(one), 2),
        "workers_per_second": round(statistics.median(many), 2),
        "one_process_cpu_seconds_per_photo": round(statistics.median(one_cpu), 3),
        "workers_cpu_seconds_per_photo": round(statistics.median(many_cpu), 3),
        "one_process_each": [round(v, 2) for v in one],
        "workers_each": [round(v, 2) for v in many],
        "bytes_read_per_photo": read // photos, "bytes_written_per_photo": written // photos,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", choices=("kills", "names", "speed"))
    parser.add_argument(
        "--photos", type=int, help="default: 1000 to be killed at, 1000000 names, 40"
    )
    parser.add_argument("--workers", type=int)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--group", type=int, default=256, help="made-up names of a group")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--method", default="default")
    args = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="cluster-run-"))
    try:
        if args.run == "kills":
            found = kills(work, args.photos or 1000, args.workers or 4, args.kills)
        elif args.run == "names":
            found = names(work, args.photos or 1_000_000, args.group)
        else:
            workers = args.workers or os.cpu_count() or 1
            found = speed(work, args.photos or 40, workers, args.rounds, args.method)
    finally:
        shutil.rmtree(work)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
