"""What ``cropcore batch`` tells: lines, progress, summary, report and JSON."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import PurePosixPath
from typing import Any

from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.preset import Preset
from cropcore.batch.report import Report
from cropcore.cli.console import Console, counted
from cropcore.cli.sidecars import sidecar_entry, sidecar_lines
from cropcore.errors import CropsightError, ExportError
from cropcore.geometry.crop_json import crop_in
from cropcore.images.photo import read_photo
from cropcore.interop.sidecar_writer import SidecarWriter
from cropcore.job_control import Progress


class BatchTelling:
    """What is told of a batch, and counted on the way.

    What the JSON and the report need is kept only where they are wanted.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        preset: Preset,
        console: Console,
        sidecars: SidecarWriter | None = None,
    ) -> None:
        """``sidecars`` writes those of other programs beside local photos."""
        self._args = args
        self._sidecars = sidecars
        self._console = console
        self._states: Counter[str] = Counter()
        self._entries: list[dict[str, Any]] = []
        self._files = 0
        self._speed: float | None = None
        self._report = Report(preset, args.report) if args.report is not None else None

    def all_of(self, outcomes: Generator[PhotoOutcome, None, None]) -> None:
        """Tell of each photo as it comes.

        Raises:
            KeyboardInterrupt: after it is told how to go on.
        """
        if self._report is not None:
            for failure in self._console.failures:
                self._report.add_failure(failure.file, failure.error)
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    self._photo(outcome)
                    if self._report is not None:
                        self._report.add(outcome)
        except KeyboardInterrupt:
            self._console.warn("Stopped. What is written is whole; --resume goes on from here.")
            raise

    def end(self, photos: int, untold: int = 0) -> int:
        """Summary, report and JSON; ``untold`` jobs were finished before. Returns the exit status."""
        console = self._console
        self._states["resumed"] += untold
        console.say(self._summary(photos))
        if self._sidecars is not None:
            console.say(*sidecar_lines(self._sidecars))
        if self._report is not None:
            try:
                console.say(f"Report: {self._report.write(self._speed)}")
            except ExportError as error:
                console.fail(str(error.path), error)
        return console.finish(
            {
                "schema": 1,
                "photos": self._entries,
                "failures": console.failures_json(),
                "skipped": self._states["skipped"],
                "resumed": self._states["resumed"],
            }
        )

    def progress(self, progress: Progress, photo: str) -> None:
        """Show how far the batch is; ``photo`` is a path or URL."""
        self._speed = progress.per_second
        text = PurePosixPath(photo).name
        if progress.per_second is not None and progress.seconds_left is not None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            text += f"  {progress.per_second:.1f} a second, {minutes}:{seconds:02} left"
        self._console.progress(progress.done, progress.total, text)

    def _photo(self, outcome: PhotoOutcome) -> None:
        console, photo = self._console, outcome.photo
        for note in outcome.notes:
            console.warn(f"{photo}: {note}")
        for job in outcome.jobs:
            self._states[job.state] += 1
            self._files += len(job.result["candidates"]) * (job.state == "made")
            console.say(*_lines(photo, job))
        if outcome.error is not None:
            console.fail(photo, outcome.error)
        sidecar = self._sidecar(outcome)
        if self._args.json is not None and outcome.jobs:
            self._entries.append(
                {
                    "file": photo,
                    "width": outcome.width,
                    "height": outcome.height,
                    "results": [_result(job) for job in outcome.jobs],
                    **sidecar,
                }
            )

    def _sidecar(self, outcome: PhotoOutcome) -> dict[str, Any]:
        """Write the first crop as another program's sidecar; what the JSON tells of it."""
        first = next((job for job in outcome.jobs if job.result["candidates"]), None)
        if self._sidecars is None or first is None:
            return {}
        candidate = first.result["candidates"][0]
        crop = crop_in([candidate["box"], candidate["shape"], candidate["angle"]])
        try:
            photo = read_photo(outcome.path)
        except CropsightError as error:
            self._console.fail(str(outcome.path), error)
            return {}
        return sidecar_entry(self._sidecars, photo, crop, first.aspect, self._console)

    def _summary(self, photos: int) -> str:
        parts = [counted(photos, "photo"), counted(self._files, "crop") + " written"]
        for state in ("resumed", "skipped"):
            if self._states[state]:
                parts.append(f"{self._states[state]} {state}")
        if self._console.failures:
            parts.append(f"{len(self._console.failures)} failed")
        return ", ".join(parts)


def _result(job: JobOutcome) -> dict[str, Any]:
    return {**job.result, "skipped": job.reason} if job.reason else job.result


def _lines(photo: str, job: JobOutcome) -> Iterator[str]:
    """A job for a person: one line for each of its files."""
    if job.reason:
        yield f"{photo}  {job.aspect}  skipped: {job.reason}"
    for candidate in job.result["candidates"]:
        left, top, right, bottom = candidate["pixels"]
        size = f"{right - left} x {bottom - top}"
        done = "  (resumed)" if job.state == "resumed" else ""
        yield f"{photo}  {job.aspect}  {size}  -> {candidate['output']}{done}"
