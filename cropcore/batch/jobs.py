"""Jobs of a batch, one for each photo and aspect: their states and outcomes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.batch.journal import JobKey, JournalEntry
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError, DecodeStoppedError
from cropcore.export.export import Exported
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Suggestions
from cropcore.images.photo import Photo
from cropcore.images.render import plan

LISTED = 10
"""How many candidates are looked at where the smallest may be too small."""


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """A finished job: ``made`` now, ``resumed`` from the journal, or ``skipped`` for a ``reason``.

    ``result`` is the published form; its candidates are those that were exported, each with its
    ``output``.
    """

    aspect: Aspect
    state: Literal["made", "resumed", "skipped"]
    result: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PhotoOutcome:
    """What became of a photo: its finished jobs, and what went wrong with the others.

    ``pixels`` are small sRGB ones (h, w, 3) where the photo was decoded and they were asked for; they
    lie as the person turned the photo, and are not straightened. ``url`` is that of a photo that is no
    local file; its ``path`` is then a name only.
    """

    path: Path
    width: int = 0
    height: int = 0
    jobs: tuple[JobOutcome, ...] = ()
    error: CropsightError | None = None
    notes: tuple[str, ...] = ()
    pixels: NDArray[np.uint8] | None = None
    url: str = ""

    @property
    def photo(self) -> str:
        """The photo's path or URL."""
        return self.url or str(self.path)


@dataclass(slots=True)
class Job:
    """A job on its way: known from the journal, the person's own, chosen by the engine, or skipped.

    ``told`` counts the crops of which it is known what became of them; ``written`` are their files.
    """

    place: int
    aspect: Aspect
    key: JobKey
    known: JournalEntry | None = None
    own: Suggestions | None = None
    suggestions: Suggestions | None = None
    chosen: tuple[Candidate, ...] = ()
    skipped: str = ""
    told: int = 0
    written: list[Exported] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Whether it is known of each of its crops what became of it."""
        return self.told == len(self.chosen)

    @property
    def is_complete(self) -> bool:
        """Whether all its files are written; a skipped job has none."""
        return self.suggestions is not None and len(self.written) == len(self.chosen)

    def turn(self, photo: Photo, preset: Preset) -> None:
        """Take the aspect as the photo wants it, or that of the person's own crops."""
        own = self.own.aspect if self.own is not None else None
        self.aspect = own or preset.aspect_of(self.aspect, photo)

    def choose(self, photo: Photo, preset: Preset) -> None:
        """Choose the candidates that the preset wants, or say why there are none.

        The person's own crops are all wanted.
        """
        assert self.suggestions is not None
        if self.own is not None:
            self.chosen = self.suggestions.candidates
            return
        fitting, largest = large_enough(photo, self.suggestions, preset.min_pixels)
        self.chosen = fitting[: preset.k]
        if not self.chosen:
            self.skipped = too_small(self.aspect, preset.min_pixels, largest)


@dataclass(slots=True)
class BatchPhoto:
    """A photo on its way through the batch: ``pixels`` are for the engine, ``small`` for a report.

    ``owners`` is the job of each crop that is written, ``following`` the jobs that are neither finished nor
    failed yet, ``finished`` the others' outcomes.
    """

    place: int
    path: Path
    prior_edits: PriorEdits = field(default_factory=PriorEdits)
    jobs: list[Job] = field(default_factory=list)
    photo: Photo | None = None
    pixels: NDArray[np.uint8] | None = None
    small: NDArray[np.uint8] | None = None
    error: CropsightError | None = None
    owners: list[Job] = field(default_factory=list)
    following: deque[Job] = field(default_factory=deque)
    finished: list[JobOutcome] = field(default_factory=list)

    @property
    def needs_engine(self) -> bool:
        """Whether a job of it is neither finished nor the person's own."""
        return any(job.known is None and job.own is None for job in self.jobs)

    @property
    def known(self) -> bool:
        """Whether the journal knows all of its jobs as finished."""
        return bool(self.jobs) and all(job.known for job in self.jobs)

    def outcome(self) -> PhotoOutcome:
        """What became of it; an error that only says that it was given up is none."""
        error = None if isinstance(self.error, DecodeStoppedError) else self.error
        known = next((job.known for job in self.jobs if job.known), None)
        size: Photo | JournalEntry | None = self.photo or known
        width, height = (size.width, size.height) if size else (0, 0)
        notes = [str(note) for note in self.photo.notes] if self.photo else []
        for job in self.jobs:
            notes += [f"{done.path}: {text}" for done in job.written for text in done.warnings]
        return PhotoOutcome(
            self.path, width, height, tuple(self.finished), error, tuple(notes), self.small
        )

    @property
    def asks(self) -> bool:
        """Whether the engine has something to do for it."""
        return self.error is None and self.photo is not None and not self.known


def question_of(preset: Preset, aspect: Aspect, more: bool = False) -> CropQuestion:
    """What a batch asks the engine about an aspect.

    More candidates than are written are asked for where small ones may be passed over, or with ``more``,
    as when a person is to choose.
    """
    k = max(preset.k, LISTED) if more or preset.min_pixels else preset.k
    return CropQuestion(
        aspect,
        preset.tightness,
        preset.method,
        keep_heads=preset.keep_heads,
        keep_text=preset.keep_text,
        k=k,
    )


def large_enough(
    photo: Photo, suggestions: Suggestions, least: int
) -> tuple[tuple[Candidate, ...], int]:
    """Candidates whose short side has ``least`` pixels of the photo, and the largest short side."""
    sides = [_short_side(photo, c, suggestions.aspect) for c in suggestions.candidates]
    pairs = zip(sides, suggestions.candidates, strict=True)
    return tuple(c for side, c in pairs if side >= least), max(sides, default=0)


def too_small(aspect: Aspect, least: int, largest: int) -> str:
    """Why a job is skipped."""
    return f"No crop for {aspect} has a short side of {least} pixels; the largest has {largest}."


def _short_side(photo: Photo, candidate: Candidate, aspect: Aspect) -> int:
    left, top, right, bottom = plan(photo.width, photo.height, candidate.crop, aspect).pixels
    return min(right - left, bottom - top)
