"""Whoever waits for the decodes of others ends at once when the program does, and blames no photo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from app.document.document import Edit
from app.export.export_job import ExportJob
from app.export.export_plan import ExportTask
from app.photos.photo_loader import PhotoLoader, ReadAhead
from app.photos.thumbnail_cache import ThumbnailCache
from app.photos.thumbnails import ThumbnailRequest, Thumbnails
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.decode_budget import budget
from cropcore.images.photo import read_photo
from tests.app.export.test_export_job import SilentEngine

ALL = 10**12


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A photo too large to be decoded beside others when these take everything."""
    path = tmp_path / "large.png"
    Image.effect_noise((2600, 1800), 60).save(path, compress_level=1)
    return path


def waiting(qtbot: Any, count: int = 1) -> None:
    qtbot.waitUntil(lambda: budget.waiting >= count)


def test_the_loader_stops(qtbot: Any, large: Path) -> None:
    loader, failed = PhotoLoader(), list[object]()
    loader.failed.connect(lambda *what: failed.append(what))
    with budget.taken(ALL):
        loader.show(0, large, None)
        loader.prepare([ReadAhead(1, large, None)])
        waiting(qtbot, 2)
        loader.stop()
        assert not budget.waiting
    loader._signals.deliver()
    assert failed == []


def test_miniatures_stop(qtbot: Any, large: Path, tmp_path: Path) -> None:
    parent = QObject()
    made, failed = Thumbnails(parent, ThumbnailCache(tmp_path / "cache")), list[object]()
    made.failed.connect(lambda *what: failed.append(what))
    with budget.taken(ALL):
        made.want([ThumbnailRequest(0, large, True)])
        waiting(qtbot)
        made.stop()
        assert not budget.waiting
    made._signals.deliver()
    assert failed == []


def test_a_cancelled_export_ends_without_a_failure(qtbot: Any, large: Path, tmp_path: Path) -> None:
    square = Aspect.parse("1:1")
    task = ExportTask(0, read_photo(large), Crop(), square, 1, Edit(aspect=square).question)
    out = tmp_path / "out"
    job, heard = ExportJob([task], ExportOptions(folder=out), SilentEngine()), list[object]()
    job.failed.connect(heard.append)
    job.wrote.connect(lambda *what: heard.append(what))
    with budget.taken(ALL):
        job.start()
        waiting(qtbot)
        job.end()
    assert heard == []
    assert not out.exists()
