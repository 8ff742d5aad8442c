"""``cropcore batch``: runs a preset over many photos and folders; resumable."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cropcore.batch.batch import Batch
from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.journal import Journal, opened_journal
from cropcore.batch.preset import Preset
from cropcore.batch.preset_library import resolve_preset
from cropcore.batch.report import Report
from cropcore.cli.console import Console, UsageError, counted, make_folder
from cropcore.cli.load_engine import load_engine
from cropcore.cli.sidecars import check_arguments, sidecar_entry, sidecar_lines, sidecar_writer
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError, ExportError
from cropcore.files.photo_scan import gather
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.crop_json import crop_in
from cropcore.images.photo import Photo, read_photo
from cropcore.interop.sidecar_writer import SidecarWriter
from cropcore.job_control import Progress

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine


def run(args: argparse.Namespace) -> int:
    """Do all jobs, tell of each, and write the report; returns the exit status.

    Raises:
        CropsightError: nothing could be done at all (preset, folders, device, weights).
    """
    with Console(args) as console:
        check_arguments(args)
        preset = resolve_preset(args.preset)
        photos = _photos(args, console)
        make_folder(args.out)
        if args.report is not None:
            make_folder(args.report, "--report")
        with opened_journal(args.out) as journal:
            if not args.resume and journal.knows(preset.digest):
                console.warn_once(
                    f"{args.out} has crops of this preset from before; all are made anew, under new "
                    "names. With --resume only those are made that are missing."
                )
            telling = _Telling(args, preset, console, sidecar_writer(args))
            return telling.batch(photos, journal)


def _photos(args: argparse.Namespace, console: Console) -> list[Path]:
    gathered = gather(args.photos, args.out)
    for failure in gathered.failures:
        console.fail(str(failure.path), failure)
    if gathered.left_out:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(gathered.kinds.items()))
        among = f" Among them, of kinds that cannot be read: {kinds}." if kinds else ""
        console.warn(
            f"Left out {counted(gathered.left_out, 'file')} without a photo's ending.{among}"
        )
    if gathered.raw_left_out:
        console.warn("Raw files need the package rawpy: pip install 'cropsight[raw]'.")
    if not gathered.photos and not gathered.failures:
        raise UsageError(
            "There are no photos in {choices}.", choices=", ".join(map(str, args.photos))
        )
    return gathered.photos


class _LateEngine:
    """An engine that is loaded when it is asked first: a batch that is finished needs none."""

    def __init__(self, load: Callable[[], CropEngine]) -> None:
        self._load = load
        self._engine: CropEngine | None = None

    def load(self) -> CropEngine:
        """The engine; loaded once."""
        if self._engine is None:
            self._engine = self._load()
        return self._engine

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = None, /) -> Any:
        """As the engine's."""
        return self.load().encode(photo, pixels)

    def answer(self, scene: Any, question: CropQuestion, /) -> Suggestions:
        """As the engine's."""
        return self.load().answer(scene, question)


class _Telling:
    """Prints and counts the outcomes of a batch, for terminal, JSON and report.

    What the JSON and the report need is kept only where they are wanted.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        preset: Preset,
        console: Console,
        sidecars: SidecarWriter | None,
    ) -> None:
        self._args = args
        self._sidecars = sidecars
        self._preset = preset
        self._console = console
        self._states: Counter[str] = Counter()
        self._entries: list[dict[str, Any]] = []
        self._files = 0
        self._speed: float | None = None

    def batch(self, photos: list[Path], journal: Journal) -> int:
        """Run the batch and return the exit status."""
        args, console = self._args, self._console
        wanted = args.report is not None
        batch = Batch(
            self._preset,
            photos,
            args.out,
            journal,
            resume=args.resume,
            pixels=wanted,
            progress=self._progress,
        )
        unasked = self._preset.fixed_crop is not None or batch.is_finished()
        engine = _LateEngine(self._load) if unasked else self._load()
        report = Report(self._preset, args.report) if wanted else None
        if report is not None:
            for failure in console.failures:
                report.add_failure(failure.file, failure.error)
        try:
            with closing(batch.run(engine)) as outcomes:
                for outcome in outcomes:
                    self._photo(outcome)
                    if report is not None:
                        report.add(outcome)
        except KeyboardInterrupt:
            console.warn("Stopped. What is written is whole; --resume goes on from here.")
            raise
        console.say(self._summary(len(photos)))
        if self._sidecars is not None:
            console.say(*sidecar_lines(self._sidecars))
        if report is not None:
            try:
                console.say(f"Report: {report.write(self._speed)}")
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

    def _load(self) -> CropEngine:
        engine = load_engine(self._args.device, self._console)
        if self._preset.method not in ("default", *engine.methods):
            raise UsageError(
                "The preset {file} asks for the method {method}: choose default, {choices}.",
                file=self._preset.name,
                method=self._preset.method,
                choices=", ".join(engine.methods),
            )
        return engine

    def _photo(self, outcome: PhotoOutcome) -> None:
        console, path = self._console, outcome.path
        for note in outcome.notes:
            console.warn(f"{path}: {note}")
        for job in outcome.jobs:
            self._states[job.state] += 1
            self._files += len(job.result["candidates"]) * (job.state == "made")
            console.say(*_lines(path, job))
        if outcome.error is not None:
            console.fail(str(path), outcome.error)
        sidecar = self._sidecar(outcome)
        if self._args.json is not None and outcome.jobs:
            self._entries.append(
                {
                    "file": str(path),
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

    def _progress(self, progress: Progress, path: Path) -> None:
        self._speed = progress.per_second
        text = path.name
        if progress.per_second is not None and progress.seconds_left is not None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            text += f"  {progress.per_second:.1f} a second, {minutes}:{seconds:02} left"
        self._console.progress(progress.done, progress.total, text)

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


def _lines(path: Path, job: JobOutcome) -> Iterator[str]:
    """A job for a person: one line for each of its files."""
    if job.reason:
        yield f"{path}  {job.aspect}  skipped: {job.reason}"
    for candidate in job.result["candidates"]:
        left, top, right, bottom = candidate["pixels"]
        size = f"{right - left} x {bottom - top}"
        done = "  (resumed)" if job.state == "resumed" else ""
        yield f"{path}  {job.aspect}  {size}  -> {candidate['output']}{done}"
