"""Report of a batch as HTML, least certain crops first, and as JSON.

The page holds its pictures itself and needs nothing else. Pictures wait in a temporary file until the
page is written, so that memory does not grow with them.
"""

from __future__ import annotations

import base64
import io
import json
import os
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PERSON
from cropcore.errors import ExportError, system_reason
from cropcore.files.atomic_write import write_new
from cropcore.files.package_data import report_template
from cropcore.geometry.boxes import rotated_size

if TYPE_CHECKING:
    from jinja2 import Template

SCHEMA = 1
PICTURE = 240
"""Long side of the pictures, in pixels."""

_CORNER = (128, 128, 128)

UNSURE = 0.5
"""Confidence below which a crop is marked as one to look at."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A finished job, as the JSON has it, and where its picture waits: start and length."""

    facts: dict[str, Any]
    picture: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A candidate's outline over the photo: CSS that places it by fractions."""

    circle: bool
    place: str


@dataclass(frozen=True, slots=True)
class _Card:
    """One job on the page; ``shape`` is a CSS ratio, ``files`` are links with names."""

    name: str
    unsure: bool
    shape: str
    picture: Callable[[], str] | None
    frames: tuple[_Frame, ...]
    told: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


class Report:
    """Gathers what became of a batch and writes ``report.html`` and ``report.json`` into a folder.

    Existing reports stay: names are numbered.
    """

    def __init__(self, preset: Preset, folder: Path) -> None:
        self._preset = preset
        self._folder = folder
        self._rows: list[_Row] = []
        self._failures: list[dict[str, str]] = []
        self._notes: list[dict[str, str]] = []
        self._photos = 0
        self._failed: OSError | None = None
        try:
            # Open as long as the report lives; it has no name and ends with it.
            self._pictures = tempfile.TemporaryFile()  # noqa: SIM115
        except OSError as error:
            self._failed = error

    def add(self, outcome: PhotoOutcome) -> None:
        """A photo is done, or failed, or both in part."""
        self._photos += 1
        if outcome.error is not None:
            self.add_failure(outcome.photo, str(outcome.error))
        self._notes += [{"file": outcome.photo, "note": note} for note in outcome.notes]
        pictures: dict[float, tuple[int, int]] = {}
        for job in outcome.jobs:
            angle = next((float(c["angle"]) for c in job.result["candidates"]), 0.0)
            if outcome.pixels is not None and angle not in pictures and self._failed is None:
                try:
                    pictures[angle] = self._kept(_jpeg(outcome.pixels, angle))
                except OSError as error:  # told by write: the batch goes on
                    self._failed = error
            self._rows.append(_Row(_facts(outcome, job), pictures.get(angle)))

    def _kept(self, jpeg: bytes) -> tuple[int, int]:
        data = base64.b64encode(jpeg)
        place = self._pictures.seek(0, io.SEEK_END), len(data)
        self._pictures.write(data)
        self._pictures.flush()
        return place

    def add_failure(self, file: str, error: str) -> None:
        """A file or folder that came to nothing."""
        self._failures.append({"file": file, "error": error})

    def write(self, per_second: float | None = None) -> Path:
        """Write page and JSON and return the page's path; ``per_second`` are jobs done.

        Raises:
            ExportError: a file cannot be written, or the pictures did not fit in the temporary folder.
        """
        if self._failed is not None:
            raise ExportError(
                self._folder / "report.html",
                "could not be made: the folder for temporary files takes no more ({reason}).",
                "The crops are written; free some space there, then ask for the report again.",
                reason=system_reason(self._failed),
            ) from self._failed
        rows = sorted(
            self._rows, key=lambda row: (row.facts["confidence"], row.facts["file"])
        )  # unsure first
        document = {
            "schema": SCHEMA,
            "preset": json.loads(self._preset.to_json()),
            "totals": self._totals(),
            "jobs_per_second": None if per_second is None else round(per_second, 3),
            "results": [row.facts for row in rows],
            "failures": self._failures,
            "notes": self._notes,
        }
        text = json.dumps(document, indent=1, allow_nan=False) + "\n"
        try:
            path = write_new(self._folder, "report", ".html", self._page(rows, per_second))
            write_new(self._folder, "report", ".json", text.encode())
        except OSError as error:
            raise ExportError(
                self._folder / "report.html",
                "could not be written: {reason}.",
                "Choose another folder with --report.",
                reason=system_reason(error),
            ) from error
        return path

    def _totals(self) -> dict[str, int]:
        states = [row.facts["state"] for row in self._rows]
        return {
            "photos": self._photos,
            "made": states.count("made"),
            "resumed": states.count("resumed"),
            "skipped": states.count("skipped"),
            "failed": len(self._failures),
        }

    def _page(self, rows: list[_Row], per_second: float | None) -> Iterator[bytes]:
        skipped = [row.facts for row in rows if row.facts["state"] == "skipped"]
        page = _template().stream(
            name=self._preset.name,
            totals=self._totals(),
            per_second=per_second,
            lists=(
                ("Failed", [(f["file"], f["error"]) for f in self._failures]),
                ("Notes", [(n["file"], n["note"]) for n in self._notes]),
                ("Skipped", [(f["file"], f["reason"]) for f in skipped]),
            ),
            cards=[self._card(row) for row in rows if row.facts["state"] != "skipped"],
        )
        page.enable_buffering()
        return (part.encode() for part in page)

    def _card(self, row: _Row) -> _Card:
        facts = row.facts
        candidates = facts["candidates"]
        angle = next((c["angle"] for c in candidates), 0.0)
        wide, high = rotated_size(facts["width"], facts["height"], angle)
        score = next((c["score"] for c in candidates), None)
        sure = "own crop" if facts["method"] == PERSON else f"confidence {facts['confidence']:.2f}"
        told = [facts["aspect"].replace("x", ":"), sure]
        told += [f"score {score:.0f}"] if score is not None else []
        told += ["resumed"] if facts["state"] == "resumed" else []
        return _Card(
            name=Path(facts["file"]).name,
            unsure=facts["confidence"] < UNSURE,
            shape=f"{wide:.0f}/{high:.0f}",
            picture=partial(self._picture, row.picture) if row.picture is not None else None,
            frames=tuple(_frame(c) for c in candidates),
            told=tuple(told),
            files=tuple((self._link(c["output"]), Path(c["output"]).name) for c in candidates),
        )

    def _picture(self, place: tuple[int, int]) -> str:
        """Base64 of a JPEG; read while the page is written, so that one is in memory at a time."""
        self._pictures.seek(place[0])
        return self._pictures.read(place[1]).decode()

    def _link(self, output: str) -> str:
        """From the report to a file or URL; relative, so that both can be moved together."""
        if "://" in output:
            return output
        try:
            return urllib.parse.quote(os.fsencode(os.path.relpath(output, self._folder)))
        except ValueError:  # another drive
            return Path(output).absolute().as_uri()


def _facts(outcome: PhotoOutcome, job: JobOutcome) -> dict[str, Any]:
    return {
        "file": outcome.photo,
        "width": outcome.width,
        "height": outcome.height,
        "state": job.state,
        "reason": job.reason,
        **job.result,
    }


def _frame(candidate: dict[str, Any]) -> _Frame:
    x1, y1, x2, y2 = (100 * float(v) for v in candidate["box"])
    place = f"left:{x1:.2f}%;top:{y1:.2f}%;width:{x2 - x1:.2f}%;height:{y2 - y1:.2f}%"
    return _Frame(candidate["shape"] == "circle", place)


def _template() -> Template:
    """The page's template, ``resources/report.html``, whose values are all escaped."""
    from jinja2 import Environment  # here, because few batches write a report

    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=_writable,
    )
    return environment.from_string(report_template().read_text(encoding="utf-8"))


def _writable(value: Any) -> Any:
    """Names of odd bytes, as escapes that UTF-8 can hold."""
    return value.encode("utf-8", "backslashreplace").decode() if type(value) is str else value


def _jpeg(pixels: NDArray[np.uint8], angle: float) -> bytes:
    """A small picture of the canvas that holds the photo turned clockwise by ``angle`` degrees."""
    image = Image.fromarray(pixels)
    if angle:
        image = image.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_CORNER)
    image.thumbnail((PICTURE, PICTURE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()
