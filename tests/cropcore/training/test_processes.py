"""Training on two processes is training on one: sums, shares of a batch, and whole runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from cropcore.training import processes
from tests.cropcore.helpers import layout_maker, train_together

ROOT = Path(__file__).parents[3]
NEAR = 1e-6


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_each_photo_of_a_batch_counts_once(rank: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "together", lambda: True)
    monkeypatch.setattr(processes.dist, "get_rank", lambda: rank)
    monkeypatch.setattr(processes.dist, "get_world_size", lambda: 3)
    photos, places, counted = processes.own_part("abcdefg")
    assert (list(photos), counted) == ([["a", "d", "g"], ["b", "e"], ["c", "f"]][rank], True)
    assert [int(p) % 3 for p in places] == [rank] * len(places)
    photos, places, counted = processes.own_part("ab")
    assert (list(photos), counted) == ([["a"], ["b"], ["a"]][rank], rank < 2)


def test_one_process_sees_everything() -> None:
    assert processes.own_part("ab") == ("ab", (0, 1), True)
    assert processes.summed(torch.tensor(3.0)) == 3.0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_processes_train_as_one_and_each_goes_on_from_the_other(tmp_path: Path) -> None:
    """Seven photos in batches of three: some steps have two photos here and one there, some none."""
    data = layout_maker.gaicd(tmp_path / "data", train=7, validation=2, test=3)
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"),
        *("-m", "tests.cropcore.helpers.train_together", str(data), str(tmp_path / "two")),
    ]
    (tmp_path / "two").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    for method in train_together.SMALL:
        start = train_together.trainer(method, data, tmp_path / "one" / method)
        before = {k: v.clone() for k, v in start.network.state_dict().items()}
        alone = start.run().state_dict()
        assert start._step == 21
        together = torch.load(tmp_path / "two" / f"{method}.pt", weights_only=True)
        # What two processes began, one ends.
        resumed = train_together.trainer(method, data, tmp_path / "two" / method).run(resume=True)
        moved = max(float((alone[k] - before[k]).abs().max()) for k in alone)
        assert moved > 100 * NEAR
        for other in (together, resumed.state_dict()):
            for name, values in alone.items():
                difference = float((other[name] - values).abs().max())
                assert difference < NEAR, (method, name, difference)
