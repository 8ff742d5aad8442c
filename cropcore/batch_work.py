"""What goes through a batch: jobs and photos on their way, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.aspect import Aspect
from cropcore.crop import Candidate, Suggestions
from cropcore.errors import CropsightError
from cropcore.journal import Entry, JobKey
from cropcore.photo import Photo


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

    ``pixels`` are small sRGB ones (h, w, 3) where the photo was decoded and they were asked for.
    """

    path: Path
    width: int = 0
    height: int = 0
    jobs: tuple[JobOutcome, ...] = ()
    error: CropsightError | None = None
    notes: tuple[str, ...] = ()
    pixels: NDArray[np.uint8] | None = None


@dataclass(slots=True)
class Job:
    """A job on its way: known from the journal, or chosen by the engine, or skipped."""

    place: int
    aspect: Aspect
    key: JobKey
    known: Entry | None = None
    suggestions: Suggestions | None = None
    chosen: tuple[Candidate, ...] = ()
    skipped: str = ""


@dataclass(slots=True)
class Work:
    """A photo on its way through the batch."""

    place: int
    path: Path
    jobs: list[Job] = field(default_factory=list)
    photo: Photo | None = None
    pixels: NDArray[np.uint8] | None = None
    error: CropsightError | None = None

    @property
    def known(self) -> bool:
        """Whether the journal knows all of its jobs as finished."""
        return bool(self.jobs) and all(job.known for job in self.jobs)
