"""The compact journal is that of a local batch: either goes on with what the other has noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cropcore.batch.journal import NAME, JobKey, Journal, JournalEntry
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.targets import FolderTarget

PRESET = "ab" * 32


def job(folder: Path, n: int, size: int = 3) -> tuple[JobKey, JournalEntry]:
    """A finished job, whose file is there."""
    (folder / f"{n}_1x1_1.jpg").write_bytes(b"123")
    candidate = {
        "rank": 1, "box": [0, 0, 1, 1], "pixels": [0, 0, 9, 9], "shape": "rect", "angle": 0.0,
        "score": None, "raw_score": 0.5, "proposed_by": "gaic",
    }  # fmt: skip
    result = {"aspect": "1x1", "method": "gaic", "confidence": 0.5, "candidates": [candidate]}
    entry = JournalEntry(9, 9, result, ((f"{n}_1x1_1.jpg", size),))
    return JobKey(f"/photos/é {n}.jpg", 100 + n, n, PRESET, "1x1"), entry


def opened(folder: Path) -> CompactJournal:
    return CompactJournal(folder, FolderTarget(folder).sizes())


def test_one_journal_goes_on_with_the_other(tmp_path: Path) -> None:
    local, jobs = Journal(tmp_path), [job(tmp_path, n) for n in range(6)]
    for key, entry in jobs[:3]:
        local.add(key, entry)
    compact = opened(tmp_path)
    for key, entry in jobs[3:]:
        compact.add(key, entry)
    for journal in (opened(tmp_path), opened(tmp_path)):
        assert len(journal) == 6
        assert journal.knows(PRESET)
        assert not journal.knows("cd" * 32)
        for key, entry in jobs:
            assert journal.is_finished(key.digest)
            assert journal.finished(key.digest) == entry
        assert not journal.is_finished(job(tmp_path, 7)[0].digest)
        journal.close()
    again = Journal(tmp_path)
    assert [again.finished(key) for key, _ in jobs] == [entry for _, entry in jobs]


def test_a_job_counts_while_its_files_are_there_as_they_were(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    keys = []
    for n in range(3):
        key, entry = job(tmp_path, n)
        journal.add(key, entry)
        keys.append(key.digest)
    (tmp_path / "0_1x1_1.jpg").unlink()
    (tmp_path / "1_1x1_1.jpg").write_bytes(b"half")
    again = opened(tmp_path)
    assert [again.is_finished(key) for key in keys] == [False, False, True]
    assert [again.finished(key) is None for key in keys] == [True, True, False]


def test_the_last_line_of_a_job_counts(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    key, entry = job(tmp_path, 1, size=99)
    journal.add(key, entry)
    assert not opened(tmp_path).is_finished(key.digest)
    journal.add(*job(tmp_path, 1))
    assert opened(tmp_path).is_finished(key.digest)


@pytest.mark.parametrize(
    "torn", [b'{"job": "0123', b'{"job": "' + b"zz" * 16 + b'", "schema": 1}\n', b"\xff\n"]
)
def test_torn_and_strange_lines_are_passed_over(torn: bytes, tmp_path: Path) -> None:
    first, second = job(tmp_path, 1), job(tmp_path, 2)
    opened(tmp_path).add(*first)
    with (tmp_path / NAME).open("ab") as file:
        file.write(torn)
    opened(tmp_path).add(*second)
    again = opened(tmp_path)
    assert again.is_finished(first[0].digest)
    assert again.is_finished(second[0].digest)
    assert len(again) == 2


def test_a_line_that_tells_of_another_job_than_it_says_is_none(tmp_path: Path) -> None:
    key, entry = job(tmp_path, 1)
    opened(tmp_path).add(key, entry)
    path = tmp_path / NAME
    other = job(tmp_path, 2)[0].digest
    path.write_bytes(path.read_bytes().replace(key.digest.hex().encode(), other.hex().encode()))
    assert opened(tmp_path).finished(other) is None
