"""A hundred raw files: suggested, reviewed, handed to darktable, cropped otherwise there, read back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.document.edit import Owner
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.export.export import export_crop
from cropcore.export.options import ExportOptions
from cropcore.files.photo_scan import reads_raw
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Suggestions
from cropcore.geometry.crop_json import crop_in
from cropcore.images.photo import read_photo
from cropcore.interop.xmp_sidecar import read_xmp
from tests.app.helpers.gui import Desk
from tests.app.helpers.notice_buttons import button_in_notice
from tests.cropcore.helpers.commands import run_json
from tests.cropcore.helpers.foreign_maker import darktable_crop, darktable_history, grid
from tests.cropcore.helpers.raw_maker import write_dng
from tests.cropcore.interop.test_real_programs import program

COUNT = 100
RENDERED = 8
"""So many of them are rendered by darktable: it takes seconds for each."""
PORTRAIT = Aspect.parse("4:5")
ORIENTATIONS = (1, 6, 3, 8)


def found_crop(entry: dict[str, object]) -> FoundCrop:
    """What the command listed of a photo, as a batch hands it to a review."""
    result = entry["results"][0]  # type: ignore[index]
    candidates = tuple(
        Candidate(c["rank"], crop_in([c["box"], c["shape"], c["angle"]]), c["score"], 0.0, "asm")
        for c in result["candidates"]
    )
    path = Path(str(entry["file"]))
    found = Suggestions(PORTRAIT, "cascade", result["confidence"], candidates)
    return FoundCrop(path, read_photo(path), PORTRAIT, found)


def changed_there(place: int) -> tuple[float, float, float, float]:
    return 0.1 + place / 1000, 0.2, 0.7, 0.6 + place / 1000


def press(desk: Desk, text: str) -> None:
    desk.until(lambda: button_in_notice(desk.window, text))
    button = button_in_notice(desk.window, text)
    assert button is not None
    button.click()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not reads_raw(), reason="needs rawpy")
def test_a_hundred_raw_files_there_and_back(
    make_desk: Callable[..., Desk], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    darktable = program("darktable-cli")
    folder = tmp_path / "raw"
    folder.mkdir()
    paths = [
        write_dng(
            folder / f"{place:03}.dng",
            orientation=ORIENTATIONS[place % 4],
            preview=grid(592, 392) if place % 2 else None,
        )
        for place in range(COUNT)
    ]
    before = [path.read_bytes() for path in paths]

    # Suggested.
    status, told = run_json(capsys, "crop", *paths, "--aspect", "4:5", "-k", 3)
    assert status == 0
    found = [found_crop(entry) for entry in told["photos"]]
    assert len(found) == COUNT

    # Reviewed, and handed over.
    desk = make_desk(held=False)
    parts = desk.window.parts
    parts.settings.lightroom_danger_told = True
    parts.review_mode.begin(found, Preset.of_aspect(PORTRAIT), tmp_path / "out")
    for _ in range(COUNT):
        desk.until(lambda: parts.review_mode.can_decide)
        desk.key(Qt.Key.Key_Return)
    desk.until(lambda: all(photo.edit.accepted for photo in parts.document.photos))
    accepted = {photo.path: photo.edit.crop for photo in parts.document.photos}
    parts.actions["export_foreign"].trigger()
    press(desk, "Lightroom, darktable")
    desk.until(lambda: any(f"{COUNT} sidecars written." in text for text in desk.notices()))
    for path in paths:
        there = read_xmp(read_photo(path)).crop
        assert there is not None
        assert there.crop.box == pytest.approx(accepted[path].box, abs=1e-5)

    # Opened there: what darktable cuts out is what we would export.
    for path in paths[:RENDERED]:
        out = path.with_name(path.stem + "-darktable.png")
        core = ("--core", "--library", ":memory:", "--configdir", tmp_path / "conf")
        darktable(path, out, *core, "--disable-opencl")
        own = export_crop(
            read_photo(path), accepted[path], PORTRAIT, ExportOptions(folder=tmp_path / "own")
        )
        with Image.open(out) as theirs:
            assert np.abs(np.subtract(theirs.size, (own.width, own.height))).max() <= 1
        out.unlink()

    # Cropped otherwise there, which darktable keeps in its own sidecars.
    for place, path in enumerate(paths):
        history = path.with_name(path.name + ".xmp")
        crop = darktable_crop(*changed_there(place))
        history.write_bytes(darktable_history([("crop", True, crop)]))
        later = time.time() + 3600
        os.utime(history, (later, later))

    # Read back.
    parts.review_mode.leave()
    parts.opener.open([folder])
    desk.until(lambda: len(parts.document.own.photos) == COUNT)
    desk.until(lambda: all(p.edit.owner is Owner.MINE for p in parts.document.own.photos))
    desk.until(lambda: len(parts.sidecar_sync._newer) == COUNT)
    press(desk, "Read again")
    for place, path in enumerate(paths):
        photo = parts.document.own.at(path)
        assert photo is not None
        assert photo.edit.crop.box == pytest.approx(changed_there(place), abs=1e-6)
        mark = photo.foreign_mark
        assert mark is not None
        assert (mark.source, mark.approximate) == ("darktable", False)
    assert [path.read_bytes() for path in paths] == before
