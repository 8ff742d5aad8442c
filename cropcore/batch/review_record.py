"""Record of a review on the disk: crops and verdicts, kept as they are made.

It is one file of JSON lines: the preset and the folder, the results in the order of their batch, then
verdicts as they come, of which the last one on a result counts. A line that is torn or strange is
passed over. A lock tells the reviews that somebody has open from those that were left behind.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.errors import CropsightError
from cropcore.files.atomic_write import write_at
from cropcore.files.own_files import open_own
from cropcore.files.record_files import lock_record, oldest_first, remove_record
from cropcore.files.user_dirs import moved_sample
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.geometry.crop_json import crop_in, crop_out, number_in, turn_in, turn_out, whole_in
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.images.photo import read_photo

log = logging.getLogger(__name__)

SCHEMA = 1
_ENDING = ".jsonl"
_MOST = 2**31 - 1
_STRANGE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    CropsightError,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands about one result, by its place ``n`` in the batch, from 1.

    ``crop`` is the person's own, in the photo turned by ``orientation``; None is the best candidate.
    ``written`` says that it is in a file, ``crop_id`` by which name it is in the photo's sidecar.
    """

    n: int
    accepted: bool = False
    rejected: bool = False
    crop: Crop | None = None
    orientation: Orientation = UPRIGHT
    written: bool = False
    crop_id: str = ""


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """A result without its photo, whose file may be another by now, turned by ``orientation``."""

    n: int
    path: Path
    suggestions: Suggestions
    orientation: Orientation = UPRIGHT


@dataclass(frozen=True, slots=True)
class UnfinishedReview:
    """A review that nobody has open: its record, its results, and the last verdict on each."""

    record: Path
    preset: Preset
    folder: Path
    jobs: tuple[ReviewJob, ...]
    verdicts: Mapping[int, Verdict]

    @property
    def undecided(self) -> int:
        """How many results are neither accepted nor rejected."""
        decided = sum(v.accepted or v.rejected for v in self.verdicts.values())
        return len(self.jobs) - decided

    @property
    def unwritten(self) -> int:
        """How many accepted crops are in no file yet."""
        return sum(v.accepted and not v.written for v in self.verdicts.values())

    def found(self) -> tuple[dict[int, FoundCrop], list[CropsightError]]:
        """The results by their places, with their photos; and why some photos cannot be read."""
        found: dict[int, FoundCrop] = {}
        errors: dict[Path, CropsightError] = {}
        for job in self.jobs:
            if job.path in errors:
                continue
            try:
                photo = read_photo(job.path)
            except CropsightError as error:
                errors[job.path] = error
                continue
            if job.orientation != UPRIGHT:
                photo = photo.turned(job.orientation)
            found[job.n] = FoundCrop(job.path, photo, job.suggestions.aspect, job.suggestions)
        return found, list(errors.values())


class ReviewRecord:
    """The record of a review that is open here; others are kept out until it is closed."""

    def __init__(self, path: Path) -> None:
        """Open a record.

        Raises:
            TimeoutError: somebody else has it open.
        """
        self.path = path
        self._held = ExitStack()
        self._held.enter_context(lock_record(path))

    @classmethod
    def begun(
        cls, records: Path, preset: Preset, folder: Path, found: Sequence[FoundCrop]
    ) -> ReviewRecord:
        """Write the record of a new review to the folder ``records``.

        Raises:
            OSError: it cannot be written.
        """
        records.mkdir(parents=True, exist_ok=True)
        record = cls(records / f"{secrets.token_hex(8)}{_ENDING}")
        head = {
            "schema": SCHEMA,
            "preset": json.loads(preset.to_json()),
            "folder": str(folder),
        }
        lines = [head, *(_job_out(n, one) for n, one in enumerate(found, 1))]
        try:
            write_at(record.path, b"".join(map(_line, lines)))
        except BaseException:
            record.forget()
            raise
        return record

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Note verdicts; they are on the disk afterwards.

        Raises:
            OSError: the record cannot be written to.
        """
        # A line that was torn by a crash ends here at the latest.
        text = b"\n" + b"".join(_line(_verdict_out(verdict)) for verdict in verdicts)
        with os.fdopen(open_own(self.path, append=True), "ab") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Let others have it; the record stays."""
        self._held.close()

    def forget(self) -> None:
        """Remove the record: the review is at its end, or given up."""
        with suppress(OSError):
            # While it is held: nobody may take it for one that was left behind.
            self.path.unlink(missing_ok=True)
        self.close()
        remove_record(self.path)


def left_behind(records: Path) -> list[UnfinishedReview]:
    """The reviews in the folder ``records`` that nobody has open, the oldest first."""
    left = []
    for path in oldest_first(records, _ENDING):
        try:
            with lock_record(path):
                left.append(_read(path))
        except TimeoutError:
            continue
        except (OSError, *_STRANGE) as error:
            log.warning("The record %s cannot be read: %s", path, error)
    return left


def _read(path: Path) -> UnfinishedReview:
    with os.fdopen(open_own(path), "rb") as file:
        head = json.loads(file.readline())
        if head["schema"] != SCHEMA:
            raise ValueError(f"it has the schema {head['schema']}")
        preset = Preset.from_json(json.dumps(head["preset"]))
        jobs: list[ReviewJob] = []
        verdicts: dict[int, Verdict] = {}
        for line in file:
            try:
                values = json.loads(line)
                if "verdict" in values:
                    verdict = _verdict_in(values)
                    verdicts[verdict.n] = verdict
                else:
                    jobs.append(_job_in(values))
            except _STRANGE:
                continue
    known = {job.n for job in jobs}
    verdicts = {n: verdict for n, verdict in verdicts.items() if n in known}
    return UnfinishedReview(path, preset, Path(head["folder"]), tuple(jobs), verdicts)


def _job_out(n: int, one: FoundCrop) -> dict[str, Any]:
    suggestions = one.suggestions
    return {
        "n": n,
        "file": str(one.path),
        # The terms, not the text: that is another ratio by a hair now and then.
        "aspect": [one.aspect.kind, one.aspect.width, one.aspect.height],
        "orientation": turn_out(one.photo.turn),
        "method": suggestions.method,
        "confidence": suggestions.confidence,
        "candidates": [
            [*crop_out(c.crop), c.rank, c.score, c.raw_score, c.proposed_by]
            for c in suggestions.candidates
        ],
    }


def _job_in(values: Mapping[str, Any]) -> ReviewJob:
    kind, width, height = values["aspect"]
    candidates = tuple(
        Candidate(
            whole_in(rank, 1, _MOST),
            crop_in([box, shape, angle]),
            None if score is None else number_in(score, 0, 100),
            number_in(raw_score),
            str(proposed_by),
        )
        for box, shape, angle, rank, score, raw_score, proposed_by in values["candidates"]
    )
    if not candidates:
        raise ValueError("nothing was found")
    suggestions = Suggestions(
        Aspect(kind, number_in(width), number_in(height)),
        str(values["method"]),
        number_in(values["confidence"], 0, 1),
        candidates,
    )
    turn = turn_in(values["orientation"]) if "orientation" in values else UPRIGHT
    path = moved_sample(Path(values["file"]))
    return ReviewJob(whole_in(values["n"], 1, _MOST), path, suggestions, turn)


def _verdict_out(verdict: Verdict) -> dict[str, Any]:
    crop = verdict.crop
    return {
        "verdict": verdict.n,
        "accepted": verdict.accepted,
        "rejected": verdict.rejected,
        "crop": None if crop is None else crop_out(crop),
        "orientation": turn_out(verdict.orientation),
        "written": verdict.written,
        "crop_id": verdict.crop_id,
    }


def _verdict_in(values: Mapping[str, Any]) -> Verdict:
    return Verdict(
        whole_in(values["verdict"], 1, _MOST),
        bool(values["accepted"]),
        bool(values["rejected"]),
        None if values["crop"] is None else crop_in(values["crop"]),
        turn_in(values["orientation"]),
        bool(values["written"]),
        str(values["crop_id"]),
    )


def _line(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, allow_nan=False).encode() + b"\n"
