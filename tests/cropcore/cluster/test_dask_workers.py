"""Workers of dask.distributed: killed at random, refused where they differ, told of in words."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cropcore.batch.jobs import PhotoOutcome
from cropcore.batch.journal import NAME
from cropcore.batch.preset import Preset
from cropcore.cli.main import main
from cropcore.cluster import dask_workers
from cropcore.cluster.cluster_batch import ClusterBatch
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.dask_workers import Facts, connected, prepared
from cropcore.cluster.listing import Listing
from cropcore.cluster.photo_work import WorkOrder
from cropcore.cluster.targets import JOBS, FolderTarget
from cropcore.errors import ClusterError, CropsightError
from cropcore.geometry.aspect import Aspect
from tests.cropcore.helpers.cluster_double import KILLER, DoubleLoader

PRESET = Preset("one", (Aspect.parse("4:5"),))
PATIENCE = 120
"""Seconds after which a test gives up waiting for another process."""


def wait_for(wanted: Callable[[], Any]) -> None:
    latest = time.monotonic() + PATIENCE
    while not wanted():
        assert time.monotonic() < latest
        time.sleep(0.02)


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> Path:
    for n in range(60):
        make_photo(f"a b/{n:02} ü.jpg", folder=tmp_path / "photos")
    (tmp_path / "out").mkdir()
    return tmp_path / "photos"


def batch_into(out: Path, photos: Path, **more: Any) -> ClusterBatch:
    target = FolderTarget(out)
    listing = Listing.of([photos], out)
    return ClusterBatch(PRESET, listing, target, CompactJournal(out), group=4, **more)


def crops(out: Path) -> list[str]:
    return sorted(p.name for p in out.glob("[!.]*"))


def noted(out: Path) -> list[str]:
    lines = (out / NAME).read_text().splitlines()
    return sorted(name for line in lines for name, _ in json.loads(line)["files"])


def of_ratio(out: Path) -> None:
    """Every crop can be read back whole, and is 4:5."""
    for path in out.glob("[!.]*"):
        with Image.open(path) as image:
            image.load()
            assert abs(image.width - image.height * 4 / 5) <= 1


def test_workers_killed_at_random_lose_and_double_nothing(
    two_workers: Any, photos: Path, tmp_path: Path
) -> None:
    out, marks = tmp_path / "out", tmp_path / "marks"
    marks.mkdir()
    for n in (7, 41):  # after these are published a worker dies before it can tell
        (marks / f"{n:02} ü_4x5_1").touch()
    loader = DoubleLoader(WorkOrder(PRESET, out), once=marks)
    chance = random.Random(0)
    outcomes: list[PhotoOutcome] = []
    with prepared(two_workers, loader.order, loader, own=True) as workers:
        for outcome in batch_into(out, photos).run(workers):
            outcomes.append(outcome)
            if len(outcomes) in (9, 30):
                pids = list(two_workers.run(os.getpid, on_error="ignore").values())
                os.kill(chance.choice(pids), signal.SIGKILL)
    assert [o.error for o in outcomes if o.error] == []
    assert sorted(o.path.name for o in outcomes) == [f"{n:02} ü.jpg" for n in range(60)]
    assert crops(out) == noted(out) == [f"{n:02} ü_4x5_1.jpg" for n in range(60)]
    assert list(marks.iterdir()) == []
    assert not (out / JOBS).exists()
    of_ratio(out)


def test_a_photo_that_kills_workers_is_named_and_the_rest_goes_on(
    two_workers: Any, photos: Path, tmp_path: Path
) -> None:
    (photos / "a b" / "20 ü.jpg").rename(photos / "a b" / f"{KILLER}.jpg")
    out = tmp_path / "out"
    loader = DoubleLoader(WorkOrder(PRESET, out))
    with prepared(two_workers, loader.order, loader, own=True) as workers:
        outcomes = list(batch_into(out, photos).run(workers))
    (failed,) = (o for o in outcomes if o.error)
    assert failed.path.stem == KILLER
    assert "died on it three times" in str(failed.error)
    assert crops(out) == noted(out) == [f"{n:02} ü_4x5_1.jpg" for n in range(60) if n != 20]


def test_workers_that_differ_are_refused_in_words(
    two_workers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = DoubleLoader(WorkOrder(PRESET, tmp_path))
    here = Facts.here()
    for other, told in (
        (Facts("9.9", here.weights), f"it has Cropsight {here.version}, and the client 9.9"),
        (Facts(here.version, "other"), "it has other weights"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(Facts, "here", classmethod(lambda cls, other=other: other))
            with (
                pytest.raises(ClusterError, match=f"Worker tcp://.*: {told}"),
                prepared(two_workers, loader.order, loader, own=True),
            ):
                pass


def test_a_worker_that_cannot_load_the_engine_tells_why(two_workers: Any, tmp_path: Path) -> None:
    preset = Preset("odd", (Aspect.parse("4:5"),), method="nothing")
    loader = DoubleLoader(WorkOrder(preset, tmp_path))
    with (
        pytest.raises(CropsightError, match="asks for the method nothing"),
        prepared(two_workers, loader.order, loader, own=True),
    ):
        pass
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@contextmanager
def another_worker(scheduler: str, *begin: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own that joins a scheduler; ``begin`` are lines of its program."""
    program = "\n".join(
        (
            "import asyncio, sys",
            *begin,
            "from distributed import Worker",
            "async def serve():",
            "    async with Worker(sys.argv[1], nthreads=1, dashboard_address='127.0.0.1:0',",
            "                      host='127.0.0.1') as worker:",
            "        await worker.finished()",
            "if __name__ == '__main__':",
            "    asyncio.run(serve())",
        )
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, scheduler], stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_worker_without_cropsight_is_named(two_workers: Any, tmp_path: Path) -> None:
    loader = DoubleLoader(WorkOrder(PRESET, tmp_path))
    address = two_workers.scheduler.address
    with another_worker(address, "sys.modules['cropcore'] = None"):
        wait_for(lambda: len(two_workers.nthreads()) == 3)
        with (
            pytest.raises(ClusterError, match=r"has no Cropsight .*pip install"),
            prepared(two_workers, loader.order, loader, own=True),
        ):
            pass
    wait_for(lambda: len(two_workers.nthreads()) == 2)


def test_a_worker_that_joins_later_and_differs_is_used_no_more(
    two_workers: Any, tmp_path: Path
) -> None:
    loader = DoubleLoader(WorkOrder(PRESET, tmp_path))
    begin = ("import cropcore", "cropcore.__version__ = '0.0.1'")
    with prepared(two_workers, loader.order, loader, own=True) as workers:
        before = set(two_workers.nthreads())
        with another_worker(two_workers.scheduler.address, *begin):
            wait_for(lambda: len(two_workers.nthreads()) == 3)
            (later,) = set(two_workers.nthreads()) - before
            workers.submit((), only=later)
            (finished,) = workers.wait()
            assert finished.trouble == "refused"
            assert f"Worker {later}: it has Cropsight 0.0.1" in finished.reason
            wait_for(lambda: set(two_workers.nthreads()) == before)


def test_without_a_scheduler_or_workers_it_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, make_photo, tmp_path: Path, capsys
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(dask_workers, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(dask_workers, "JOIN_SECONDS", 0.5)
    photo = make_photo("1.jpg")

    def batch(cluster: str) -> tuple[int, str]:
        status = main(
            ["batch", "4:5", str(photo), "--out", str(tmp_path / "out"), "--cluster", cluster]
        )
        return status, capsys.readouterr().err

    status, told = batch("tcp://127.0.0.1:1")
    assert status == 1
    assert "no scheduler answers there" in told
    assert batch("local:0")[0] == 2
    assert batch("what is that")[0] == 1
    with LocalCluster(
        n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", processes=True
    ) as empty:
        status, told = batch(empty.scheduler_address)
    assert status == 1
    assert "dask worker tcp://127.0.0.1" in told


def test_a_batch_whose_workers_are_all_gone_ends_with_a_word(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    loader = DoubleLoader(WorkOrder(PRESET, out))
    with (
        connected("local:1") as client,
        prepared(client, loader.order, loader, own=True) as workers,
    ):
        workers._lost_seconds = 1.0
        run = batch_into(out, photos).run(workers)
        next(run)
        client.cluster.scale(0)
        with pytest.raises(ClusterError, match="has had no worker"):
            list(run)
    assert crops(out) >= noted(out)


def test_ctrl_c_leaves_whole_files_and_an_exact_journal(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        *(sys.executable, "-m", "tests.cropcore.helpers.cluster_double", "batch", "4:5"),
        *(str(photos), "--out", str(out), "--cluster", "local:1"),
    ]
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline()  # the first photo is told
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to the workers as well
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told
    assert "--resume goes on from here" in told
    assert "Traceback" not in told
    assert crops(out) == noted(out)
    of_ratio(out)
    begun = len(crops(out))
    done = subprocess.run(
        [*command, "--resume"], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert f"{begun} resumed" in done.stdout
    assert crops(out) == noted(out) == [f"{n:02} ü_4x5_1.jpg" for n in range(60)]
