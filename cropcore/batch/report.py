"""Report of a batch as HTML, least certain crops first, and as JSON.

The page holds its pictures itself and needs nothing else. Pictures wait in a temporary file until the
page is written, so that memory does not grow with them.
"""

from __future__ import annotations

import base64
import html
import io
import json
import os
import tempfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PERSON
from cropcore.errors import ExportError, system_reason
from cropcore.files.atomic_write import write_new
from cropcore.geometry.boxes import rotated_size

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
            self.add_failure(str(outcome.path), str(outcome.error))
        self._notes += [{"file": str(outcome.path), "note": note} for note in outcome.notes]
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
        title = _text(f"{self._preset.name} – batch report")
        yield HEAD.replace("{title}", title).encode()
        yield f"<h1>{_text(self._preset.name)}</h1>\n".encode()
        totals = [f"<b>{n}</b> {_text(name)}" for name, n in self._totals().items()]
        if per_second is not None:
            totals.append(f"<b>{per_second:.1f}</b> jobs a second")
        yield f"<p class=totals>{' · '.join(totals)}</p>\n".encode()
        yield from _list("Failed", [(f["file"], f["error"]) for f in self._failures])
        yield from _list("Notes", [(n["file"], n["note"]) for n in self._notes])
        skipped = [row.facts for row in rows if row.facts["state"] == "skipped"]
        yield from _list("Skipped", [(f["file"], f["reason"]) for f in skipped])
        crops = [row for row in rows if row.facts["state"] != "skipped"]
        if crops:
            yield b"<h2>Crops, the unsure first</h2>\n<div class=cards>\n"
            for row in crops:
                yield self._card(row).encode()
            yield b"</div>\n"
        yield TAIL.encode()

    def _card(self, row: _Row) -> str:
        facts = row.facts
        unsure = facts["confidence"] < UNSURE
        frames = "".join(_frame(c) for c in facts["candidates"])
        angle = next((c["angle"] for c in facts["candidates"]), 0.0)
        wide, high = rotated_size(facts["width"], facts["height"], angle)
        files = "".join(
            f'<a href="{self._link(c["output"])}">{_text(Path(c["output"]).name)}</a>'
            for c in facts["candidates"]
        )
        score = next((c["score"] for c in facts["candidates"]), None)
        sure = "own crop" if facts["method"] == PERSON else f"confidence {facts['confidence']:.2f}"
        told = [facts["aspect"].replace("x", ":"), sure]
        told += [f"score {score:.0f}"] if score is not None else []
        told += ["resumed"] if facts["state"] == "resumed" else []
        return (
            f'<figure{" class=unsure" if unsure else ""}><div class=photo style="aspect-ratio:'
            f'{wide:.0f}/{high:.0f}">{self._picture(row)}{frames}</div><figcaption>'
            f"<strong>{_text(Path(facts['file']).name)}</strong>"
            f"<span>{_text(' · '.join(told))}</span>{files}</figcaption></figure>\n"
        )

    def _picture(self, row: _Row) -> str:
        if row.picture is None:
            return ""
        self._pictures.seek(row.picture[0])
        data = self._pictures.read(row.picture[1]).decode()
        return f'<img alt="" src="data:image/jpeg;base64,{data}">'

    def _link(self, output: str) -> str:
        """From the report to a file; relative, so that both can be moved together."""
        try:
            return html.escape(
                urllib.parse.quote(os.fsencode(os.path.relpath(output, self._folder)))
            )
        except ValueError:  # another drive
            return html.escape(Path(output).absolute().as_uri())


def _facts(outcome: PhotoOutcome, job: JobOutcome) -> dict[str, Any]:
    return {
        "file": str(outcome.path),
        "width": outcome.width,
        "height": outcome.height,
        "state": job.state,
        "reason": job.reason,
        **job.result,
    }


def _list(title: str, rows: list[tuple[str, str]]) -> Iterator[bytes]:
    if rows:
        yield f"<h2>{title}</h2>\n<ul>\n".encode()
        for file, reason in rows:
            yield f"<li><b>{_text(file)}</b> {_text(reason)}</li>\n".encode()
        yield b"</ul>\n"


def _frame(candidate: dict[str, Any]) -> str:
    """A candidate's outline over the photo, placed by fractions."""
    x1, y1, x2, y2 = (100 * float(v) for v in candidate["box"])
    shape = " class=circle" if candidate["shape"] == "circle" else ""
    return (
        f'<i{shape} style="left:{x1:.2f}%;top:{y1:.2f}%;width:{x2 - x1:.2f}%;'
        f'height:{y2 - y1:.2f}%"></i>'
    )


def _text(text: str) -> str:
    """Text for the page: nothing in it is markup, and names of odd bytes can be written."""
    return html.escape(text.encode("utf-8", "backslashreplace").decode())


def _jpeg(pixels: NDArray[np.uint8], angle: float) -> bytes:
    """A small picture of the canvas that holds the photo turned clockwise by ``angle`` degrees."""
    image = Image.fromarray(pixels)
    if angle:
        image = image.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_CORNER)
    image.thumbnail((PICTURE, PICTURE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root { --back: #fafafa; --card: #fff; --text: #1c1c1e; --soft: #5f6368; --line: #d8d8dc;
  --mark: #a85b00; --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --back: #17181a; --card: #222427; --text: #ececee; --soft: #a6a9ae; --line: #3a3d42;
    --mark: #f0a850; --link: #8ab4f8 }
}
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--back);
  color: var(--text); font: 15px/1.45 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.5rem }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem }
ul { margin: 0; padding-left: 1.2rem }
li, strong, a { overflow-wrap: anywhere }
.totals { color: var(--soft) }
.totals b { color: var(--text) }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 1rem;
  align-items: start }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  overflow: hidden }
figure.unsure { border-color: var(--mark) }
figure.unsure span { color: var(--mark) }
.photo { position: relative; overflow: hidden; background: #888 }
.photo img { display: block; width: 100%; height: 100% }
.photo i { position: absolute; box-sizing: border-box; border: 2px solid #fff;
  box-shadow: 0 0 0 1px #000 }
.photo i:nth-of-type(1) { box-shadow: 0 0 0 1px #000, 0 0 0 100rem rgb(0 0 0 / .5) }
.photo i.circle { border-radius: 50% }
figcaption { display: grid; gap: .15rem; padding: .6rem .7rem; font-size: 13px }
figcaption span { color: var(--soft) }
a { color: var(--link) }
</style>
</head>
<body>
"""

TAIL = "</body>\n</html>\n"
