"""Reviews: a batch's crops, least certain first, and writing those that were accepted."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cropcore.batch.batch import EXPORTERS
from cropcore.batch.preset import Preset
from cropcore.errors import CropsightError, DecodeStoppedError, ExportError, PhotoError
from cropcore.export.export import EncodedFile, Exported, Pick, make_crops
from cropcore.export.options import ExportOptions
from cropcore.files.natural_order import natural
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Suggestions
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo
from cropcore.job_control import JobControl, Progress, ProgressMeter
from cropcore.process import step_back

log = logging.getLogger(__name__)


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

    Files are made in parallel, behind whatever else the program does, and written one after the other,
    so that names are the same in every run. One that fails has its error in its outcome, and the rest
    goes on. What was cancelled has no outcome.
    """
    control = control or JobControl()
    work = _Work(preset, folder)
    jobs = sorted(accepted, key=lambda one: one.n)
    # Neighbours of one photo are decoded once.
    photos = deque(list(group) for _, group in groupby(jobs, key=lambda one: one.photo))
    pace = ProgressMeter(len(jobs))
    waiting: deque[tuple[list[AcceptedCrop], Future[list[EncodedFile | CropsightError]]]] = deque()

    def settle_in() -> None:
        give_up_when(lambda: control.cancelled)
        step_back()

    with ThreadPoolExecutor(EXPORTERS, "review", settle_in) as pool:
        try:
            while photos or waiting:
                while photos and len(waiting) <= EXPORTERS:
                    group = photos.popleft()
                    waiting.append((group, pool.submit(work.make, group)))
                pace.rest(control.wait)
                if control.cancelled:
                    return
                group, making = waiting.popleft()
                for one, made in zip(group, making.result(), strict=True):
                    if isinstance(made, DecodeStoppedError):
                        return
                    outcome = _written(one, made)
                    pace.count(1)
                    if progress is not None:
                        progress(pace.progress(), one.photo.path)
                    yield outcome
        finally:
            for _, making in waiting:
                making.cancel()


class _Work:
    """How the crops of one photo become files in memory."""

    def __init__(self, preset: Preset, folder: Path) -> None:
        self._options: ExportOptions = preset.options(folder)
        self._sizes = dict(zip(preset.aspects, preset.sizes, strict=True))

    def make(self, group: Sequence[AcceptedCrop]) -> list[EncodedFile | CropsightError]:
        """The file of each, or why there is none."""
        result: list[EncodedFile | CropsightError] = []
        while len(result) < len(group):
            picks = [
                Pick(one.crop, one.aspect, one.rank, one.n, self._sizes.get(one.aspect))
                for one in group[len(result) :]
            ]
            try:
                for made in make_crops(group[0].photo, picks, self._options):
                    result.append(made)
            except (PhotoError, DecodeStoppedError) as error:
                # Its other crops would fail alike.
                result += [error] * (len(group) - len(result))
            except CropsightError as error:
                result.append(error)
            except Exception as error:  # One bad file must not take the others along.
                log.exception("Cannot write %s", group[0].photo.path)
                result.append(
                    ExportError(
                        group[0].photo.path,
                        "cannot be written ({reason}).",
                        "Try another format.",
                        reason=str(error),
                    )
                )
        return result


def _written(one: AcceptedCrop, made: EncodedFile | CropsightError) -> WriteOutcome:
    if isinstance(made, CropsightError):
        return WriteOutcome(one, error=made)
    try:
        return WriteOutcome(one, made.write())
    except CropsightError as error:
        return WriteOutcome(one, error=error)
