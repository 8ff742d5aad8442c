"""Lossless crops in the window: the grid while dragging, and the file that is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.canvas.block_grid import moved_onto
from cropcore.batch.preset import Preset
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.lossless_jpeg import BlockGrid, cuts_lossless
from cropcore.images.photo import read_photo
from tests.app.helpers.gui import Desk

pytestmark = pytest.mark.skipif(not cuts_lossless(), reason="needs libturbojpeg")


def test_the_grid_is_shown_while_dragging_and_the_file_lies_on_it(quick: Desk) -> None:
    desk, parts = quick, quick.window.parts
    parts.actions["free"].trigger()
    parts.actions["export_with"].trigger()
    parts.export_controls.panel.keep.lossless.click()
    assert parts.settings.export.lossless
    desk.until(lambda: parts.canvas.state.blocks is not None)
    grid = parts.canvas.state.blocks
    assert grid is not None
    x1, y1, x2, y2 = desk.crop.box
    middle = desk.place((x1 + x2) / 2, (y1 + y2) / 2)
    desk.press(middle)
    desk.move(middle + desk.place(0.1, 0.1) - desk.place(0, 0))
    with_grid = parts.canvas.viewport().grab().toImage()
    parts.canvas.set_blocks(None)
    assert parts.canvas.viewport().grab().toImage() != with_grid
    parts.canvas.set_blocks(grid)
    desk.release(middle + desk.place(0.1, 0.1) - desk.place(0, 0))
    wanted = moved_onto(grid, desk.crop, None, (1200, 800))
    assert wanted is not None
    parts.export_controls.button.main.click()
    desk.until(lambda: any("Exported" in text for text in desk.notices()))
    (made,) = (desk.photo.path.parent / "Cropsight").iterdir()
    with Image.open(made) as image, Image.open(desk.photo.path) as source:
        box = tuple(round(side * size) for side, size in zip(wanted, (1200, 800) * 2, strict=True))
        assert image.size == (box[2] - box[0], box[3] - box[1])
        assert (box[0] % grid.block[0], box[1] % grid.block[1]) == (0, 0)
        # The very pixels, but for chroma that is interpolated at the edge.
        inner = source.crop((box[0] + 2, box[1] + 2, box[2] - 2, box[3] - 2))
        cut = image.crop((2, 2, image.width - 2, image.height - 2))
        assert max(high for _, high in _extrema(inner, cut)) <= 2
    parts.export_controls.panel.keep.lossless.click()
    assert parts.canvas.state.blocks is None


def _extrema(one: Image.Image, other: Image.Image) -> list[tuple[int, int]]:
    return ImageChops.difference(one, other).getextrema()  # type: ignore[return-value]


def test_what_has_to_be_decoded_shows_none(small_photo: Path) -> None:
    grid = BlockGrid.of(read_photo(small_photo))
    assert moved_onto(grid, Crop((0.1, 0.1, 0.9, 0.9)), None, (1200, 800)) is not None
    assert moved_onto(grid, Crop((0.1, 0.1, 0.9, 0.9), "rect", 2.0), None, (1200, 800)) is None
    assert moved_onto(grid, Crop((0.1, 0.1, 0.9, 0.9), "circle"), None, (1200, 800)) is None


def test_presets_hold_the_switches() -> None:
    preset = Preset("p", (Aspect("free"),), lossless=True, source_quality=True, keep_date=True)
    assert Preset.from_json(preset.to_json()) == preset
    assert preset.options(Path()).lossless
    # Those from before they were there, and what is digested of them, stay as they are.
    assert "lossless" not in Preset("p", (Aspect("free"),)).to_json()
