"""Reviews: a batch's crops, least certain first, and writing those that were accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cropcore.batch.preset import Preset
from cropcore.errors import CropsightError
from cropcore.export.export import Exported, Pick
from cropcore.export.write_queue import WriteQueue, WriteRequest
from cropcore.files.natural_order import natural
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Suggestions
from cropcore.images.photo import Photo
from cropcore.job_control import JobControl, Progress, ProgressMeter


@dataclass(frozen=True, slots=True)
class FoundCrop:
    """What the engine found for one job of a batch; a job that failed has none."""

    path: Path
    photo: Photo
    aspect: Aspect
    suggestions: Suggestions


@dataclass(frozen=True, slots=True)
class AcceptedCrop:
    """A crop that the person accepted.

    ``rank`` is that of the candidate it equals, 1 for a crop of the person's own; ``n`` the place of
    the job in its batch.
    """

    photo: Photo
    crop: Crop
    aspect: Aspect
    rank: int = 1
    n: int = 1


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of an accepted crop: its file, or why there is none."""

    accepted: AcceptedCrop
    exported: Exported | None = None
    error: CropsightError | None = None


def least_sure_first(found: Iterable[FoundCrop]) -> list[FoundCrop]:
    """By confidence, the lowest first; equal ones by the photo's name, then as they came."""
    return sorted(found, key=lambda one: (one.suggestions.confidence, natural(one.path.name)))


def write_accepted(
    accepted: Iterable[AcceptedCrop],
    preset: Preset,
    folder: Path,
    control: JobControl | None = None,
    progress: Callable[[Progress, Path], None] | None = None,
) -> Iterator[WriteOutcome]:
    """Write each crop to a new file in ``folder`` as the preset says, in the order of the batch.

    Files are made in parallel, behind whatever else the program does, and named one after the other,
    so that names are the same in every run. One that fails has its error in its outcome, and the rest
    goes on. What was cancelled has no outcome.
    """
    jobs = sorted(accepted, key=lambda one: one.n)
    pace = ProgressMeter(len(jobs))
    writer = WriteQueue[list[AcceptedCrop]](control, rest=pace.rest, behind=True)
    with closing(writer.run(_requests(jobs, preset, folder))) as events:
        for event in events:
            if event.index is None or event.state == "cancelled":
                continue
            one = event.request.tag[event.index]
            pace.count(1)
            if progress is not None:
                progress(pace.progress(), one.photo.path)
            yield WriteOutcome(one, event.exported, event.error)


def _requests(
    jobs: Iterable[AcceptedCrop], preset: Preset, folder: Path
) -> Iterator[WriteRequest[list[AcceptedCrop]]]:
    """Neighbours of one photo together, so that it is decoded once."""
    options = preset.options(folder)
    for photo, group in groupby(jobs, key=lambda one: one.photo):
        crops = list(group)
        folder_of = preset.folder_of(photo.path)
        picks = [
            Pick(c.crop, c.aspect, c.rank, c.n, preset.size_of(c.aspect), folder_of) for c in crops
        ]
        yield WriteRequest(photo, picks, options, crops)
