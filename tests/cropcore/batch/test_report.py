"""The report of a batch: unsure first, everything escaped, nothing from elsewhere, moved with its files."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import json
import re
import urllib.parse
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.preset import Preset
from cropcore.batch.report import PICTURE, Report
from cropcore.cli.main import main
from cropcore.errors import ExportError, PhotoError
from cropcore.geometry.aspect import Aspect
from tests.cropcore.helpers.commands import run_json

PRESET = Preset("<b>Bold</b> & co", (Aspect.parse("4:5"),))


class Page(HTMLParser):
    """What is in a page: tags, their attributes, and the text that a person reads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def outcome(
    path: str, confidence: float = 0.8, state: Any = "made", score: float | None = 70.0, **more: Any
) -> PhotoOutcome:
    candidate = {
        "rank": 1,
        "box": [0.1, 0.0, 0.6, 1.0],
        "shape": "rect",
        "angle": 0.0,
        "score": score,
        "output": f"out/{Path(path).stem}_4x5_1.jpg",
    }
    reason = "No crop is large enough." if state == "skipped" else ""
    result = {
        "aspect": "4x5",
        "method": "gaic",
        "confidence": confidence,
        "candidates": [] if reason else [candidate],
    }
    pixels = np.full((256, 400, 3), 90, np.uint8)
    job = JobOutcome(PRESET.aspects[0], state, result, reason)
    return PhotoOutcome(Path(path), 4000, 2560, (job,), pixels=pixels, **more)


def written(folder: Path, *outcomes: PhotoOutcome) -> tuple[Page, dict[str, Any]]:
    report = Report(PRESET, folder)
    for each in outcomes:
        report.add(each)
    page = Page(report.write(2.5))
    return page, json.loads((folder / "report.json").read_text())


def test_unsure_crops_come_first(tmp_path: Path) -> None:
    prior_edits = [
        outcome(f"{n}.jpg", confidence=c) for n, c in (("a", 0.9), ("b", 0.2), ("c", 0.6))
    ]
    page, told = written(tmp_path, *prior_edits)
    assert [r["file"] for r in told["results"]] == ["b.jpg", "c.jpg", "a.jpg"]
    places = [page.text.index(f"{n}.jpg4:5") for n in "bca"]
    assert places == sorted(places)
    classes = [figure.get("class") for figure in page.all("figure")]
    assert classes == ["unsure", None, None]


def test_the_json_holds_results_failures_and_totals(tmp_path: Path) -> None:
    bad = PhotoOutcome(Path("bad.jpg"), error=PhotoError("bad.jpg", "is empty.", "Copy it again."))
    page, told = written(
        tmp_path,
        outcome("a.jpg"),
        outcome("b.jpg", state="resumed", score=None),
        outcome("c.jpg", state="skipped"),
        bad,
    )
    assert told["schema"] == 1
    assert told["totals"] == {"photos": 4, "made": 1, "resumed": 1, "skipped": 1, "failed": 1}
    assert told["jobs_per_second"] == 2.5
    assert told["failures"] == [{"file": "bad.jpg", "error": "bad.jpg: is empty. Copy it again."}]
    assert told["preset"]["aspects"] == ["4:5"]
    assert {r["state"] for r in told["results"]} == {"made", "resumed", "skipped"}
    for text in ("is empty. Copy it again.", "No crop is large enough.", "2.5 jobs a second"):
        assert text in page.text
    assert len(page.all("figure")) == 2
    assert page.text.index("Failed") < page.text.index("Skipped") < page.text.index("Crops")


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    name = "<script>alert('x')<script>\"&' \udc80.jpg"
    bad = PhotoOutcome(Path(name), error=PhotoError(name, "is <b>bad</b>."))
    page, _ = written(tmp_path, outcome(name), outcome(name, state="skipped"), bad)
    assert not page.all("script")
    assert not page.all("b")[0]
    assert page.text.count("<script>alert('x')") >= 3
    assert "is <b>bad</b>." in page.text
    assert "<b>Bold</b> & co" in page.text
    assert all(set(a) <= {"href"} for a in page.all("a"))
    assert all(set(a) <= {"alt", "src"} for a in page.all("img"))


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    page, _ = written(tmp_path, outcome("a.jpg"))
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"https?://|url\(|@import|<link|<script", text)
    (image,) = page.all("img")
    kind, _, data = str(image["src"]).partition(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert max(picture.size) == PICTURE
    (frame,) = page.all("i")
    assert frame["style"] == "left:10.00%;top:0.00%;width:50.00%;height:100.00%"


def test_an_existing_report_stays(tmp_path: Path) -> None:
    for _ in range(2):
        Report(PRESET, tmp_path).write()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        *("report (2).html", "report (2).json", "report.html", "report.json")
    ]


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"report\.html: could not be written"):
        Report(PRESET, tmp_path / "gone").write()


def test_a_batch_writes_its_report(make_photo, installed_engine, tmp_path, capsys) -> None:
    make_photo("ä #1?.jpg", size=(300, 200), folder=tmp_path / "photos")
    make_photo("b.jpg", size=(90, 300), folder=tmp_path / "photos")
    (tmp_path / "photos" / "empty.jpg").touch()
    folders = ("--out", tmp_path / "out", "--report", tmp_path / "report")
    for more in ((), ("--resume",)):
        arguments = ("batch", "circle", tmp_path / "photos", tmp_path / "gone.jpg", *folders, *more)
        assert main([str(a) for a in arguments]) == 1
        assert "Report: " in capsys.readouterr().out
    told = json.loads((tmp_path / "report" / "report (2).json").read_text())
    assert told["totals"] == {"photos": 4, "made": 0, "resumed": 2, "skipped": 0, "failed": 2}
    for name in ("report.html", "report (2).html"):
        page = Page(tmp_path / "report" / name)
        assert len(page.all("img")) == len(page.all("a")) == 2
        assert page.all("i")[0]["class"] == "circle"
        for link in page.all("a"):
            assert (tmp_path / "report" / urllib.parse.unquote(str(link["href"]))).is_file()


def full_folder() -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def full_file() -> Any:
    return Path("/dev/full").open("r+b")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "temporary",
    [full_folder, full_file],
    ids=["from the start", "later"],
)
def test_a_full_temporary_folder_costs_the_report_alone(
    temporary: Callable[[], Any], make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    originals = [make_photo(n, folder=tmp_path / "photos") for n in ("a.jpg", "b.jpg")]
    before = [hashlib.sha256(p.read_bytes()).hexdigest() for p in originals]
    monkeypatch.setattr("cropcore.batch.report.tempfile.TemporaryFile", temporary)
    folders = ("--out", tmp_path / "out", "--report", tmp_path / "report")
    assert main([str(a) for a in ("batch", "4:5", tmp_path / "photos", *folders)]) == 1
    told = capsys.readouterr()
    assert "2 photos, 2 crops written" in told.out
    (line,) = told.err.splitlines()
    assert line.startswith(f"cropcore: {tmp_path / 'report' / 'report.html'}: could not be made: ")
    assert "temporary files takes no more (no space left on device)" in line
    assert len(list((tmp_path / "out").glob("*.jpg"))) == 2
    assert list((tmp_path / "report").iterdir()) == []
    assert [hashlib.sha256(p.read_bytes()).hexdigest() for p in originals] == before


def test_the_json_names_a_report_that_failed(
    make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    make_photo("a.jpg", folder=tmp_path / "photos")
    monkeypatch.setattr("cropcore.batch.report.tempfile.TemporaryFile", full_folder)
    folders = ("--out", tmp_path / "out", "--report", tmp_path / "report")
    status, told = run_json(capsys, "batch", "4:5", tmp_path / "photos", *folders)
    assert status == 1
    assert len(told["photos"]) == 1
    assert [f["file"] for f in told["failures"]] == [str(tmp_path / "report" / "report.html")]
