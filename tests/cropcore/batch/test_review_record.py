"""Records of reviews: what was found and decided comes back exactly, torn lines and all."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.batch.review_record import ReviewRecord, Verdict, left_behind
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.geometry.orientation import Orientation
from cropcore.images.output_size import Size
from cropcore.images.photo import read_photo

SQUARE = Aspect.parse("1:1")
ODD = Aspect("ratio", 1.910000000000001, 1.0)
PRESET = Preset("Läden", (SQUARE, ODD), sizes=(Size(80), None), quality=71)
OWN = Crop((0.1, 0.2, 1 / 3, 0.9), "circle", -2.5)


@pytest.fixture
def found(make_photo) -> list[FoundCrop]:
    def one(name: str, aspect: Aspect, confidence: float) -> FoundCrop:
        path = make_photo(name)
        candidates = (
            Candidate(1, Crop((0.0, 0.1, 1 / 3, 0.7)), 81.25, 0.3, "asm"),
            Candidate(2, OWN, None, -1 / 7, "gaic"),
        )
        suggestions = Suggestions(aspect, "cascade", confidence, candidates)
        return FoundCrop(path, read_photo(path), aspect, suggestions)

    return [one("a ü.jpg", SQUARE, 1 / 3), one("a ü.jpg", ODD, 0.9), one("b.jpg", SQUARE, 0.5)]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return tmp_path / "data" / "reviews"


def test_what_was_found_and_decided_comes_back(found: list[FoundCrop], records: Path) -> None:
    record = ReviewRecord.begun(records, PRESET, Path("out"), found)
    first = Verdict(3, accepted=True)
    own = Verdict(
        2, accepted=True, crop=OWN, orientation=Orientation(90, True), written=True, crop_id="ab12"
    )
    record.add([first, Verdict(1, rejected=True)])
    record.add([own, Verdict(1)])
    assert left_behind(records) == [], "it is open"
    record.close()
    (left,) = left_behind(records)
    assert (left.preset, left.folder, left.record) == (PRESET, Path("out"), record.path)
    assert dict(left.verdicts) == {3: first, 2: own, 1: Verdict(1)}
    assert (left.undecided, left.unwritten) == (1, 1)
    again, errors = left.found()
    assert again == dict(enumerate(found, 1))
    assert errors == []


def test_photos_that_went_away_are_named_once(found: list[FoundCrop], records: Path) -> None:
    ReviewRecord.begun(records, PRESET, Path("out"), found).close()
    found[0].path.unlink()
    (left,) = left_behind(records)
    again, errors = left.found()
    assert again == {3: found[2]}
    assert [str(e).split(":")[0] for e in errors] == ["a ü.jpg"]


def test_a_torn_line_costs_itself_alone(found: list[FoundCrop], records: Path) -> None:
    record = ReviewRecord.begun(records, PRESET, Path("out"), found)
    record.add([Verdict(1, accepted=True)])
    whole = record.path.read_bytes()
    record.add([Verdict(2, accepted=True)])
    text = record.path.read_bytes()
    record.close()
    for end in range(len(whole), len(text) - 1):
        record.path.write_bytes(text[:end])
        (left,) = left_behind(records)
        assert set(left.verdicts) == {1}
        again = ReviewRecord(record.path)
        again.add([Verdict(3, rejected=True)])
        again.close()
        (left,) = left_behind(records)
        assert set(left.verdicts) == {1, 3}
    strange = b'{"verdict": 1}\n[]\n{"verdict": 9, "accepted": 1}\nnull\n'
    record.path.write_bytes(text + strange)
    (left,) = left_behind(records)
    assert set(left.verdicts) == {1, 2}
    assert len(left.jobs) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda job: job.update(confidence=1e999),
        lambda job: job.update(candidates=[]),
        lambda job: job["candidates"][0].__setitem__(0, [-5, -5, 1e300, 1e308]),
        lambda job: job["candidates"][0].__setitem__(0, [0.5, 0.5, 0.5, 0.5]),
        lambda job: job["candidates"][0].__setitem__(2, 1e308),
        lambda job: job["candidates"][0].__setitem__(3, 1e999),
        lambda job: job["candidates"][0].__setitem__(4, math.nan),
        lambda job: job["candidates"][0].__setitem__(5, 10**400),
        lambda job: job.update(aspect=["round", 0, 0]),
        lambda job: job.update(orientation=[90.0, False]),
        lambda job: job.update(n=1e999),
    ],
)
def test_a_result_out_of_range_costs_itself_alone(
    spoil: Callable[[Any], object], found: list[FoundCrop], records: Path
) -> None:
    record = ReviewRecord.begun(records, PRESET, Path("out"), found)
    record.add([Verdict(1, accepted=True), Verdict(2, rejected=True)])
    record.close()
    head, job, *rest = record.path.read_bytes().splitlines(keepends=True)
    values = json.loads(job)
    spoil(values)
    bad_verdict = rest[-1].replace(b'"verdict": 2', b'"verdict": 1e999')
    bad_crop = rest[-1].replace(b'"crop": null', b'"crop": [[0, 0, 9e9, 1], "rect", 0]')
    assert len({bad_verdict, bad_crop, rest[-1]}) == 3
    lines = (head, json.dumps(values).encode() + b"\n", *rest, bad_verdict, bad_crop)
    record.path.write_bytes(b"".join(lines))
    (left,) = left_behind(records)
    assert [one.n for one in left.jobs] == [2, 3]
    assert dict(left.verdicts) == {2: Verdict(2, rejected=True)}


def test_records_that_cannot_be_read_are_left_alone(
    found: list[FoundCrop], records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = ReviewRecord.begun(records, PRESET, Path("out"), found)
    record.close()
    head, rest = record.path.read_bytes().split(b"\n", 1)
    newer = json.dumps({**json.loads(head), "schema": 99}).encode() + b"\n" + rest
    for text in (b"", b"\x00\xff", b"[1]\n", newer):
        record.path.write_bytes(text)
        assert left_behind(records) == []
        assert record.path.read_bytes() == text
        assert record.path.name in caplog.text
        caplog.clear()


def test_a_forgotten_record_leaves_nothing(found: list[FoundCrop], records: Path) -> None:
    assert left_behind(records) == []
    record = ReviewRecord.begun(records, PRESET, Path("out"), found)
    with pytest.raises(TimeoutError):
        ReviewRecord(record.path)
    record.forget()
    assert list(records.iterdir()) == []


def test_a_record_that_cannot_be_written_is_an_error(
    found: list[FoundCrop], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        ReviewRecord.begun(tmp_path / "file", PRESET, Path("out"), found)
