"""Seldom kinds of files in the program: a quiet notice, and formats that are not installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.export.export_panel import ExportPanel
from cropcore.export.options import ExportOptions
from cropcore.images import photo_file
from tests.app.helpers.gui import Desk, write_photo


def test_of_several_pictures_a_quiet_notice_says_which_is_used(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    pages = [Image.new("RGB", (320, 200), colour) for colour in ("navy", "olive")]
    path = tmp_path / "scan.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    desk = make_desk(held=False)
    desk.open(path)
    desk.until(lambda: desk.notices() == ["scan.tif: 2 pages: the first is used."])
    desk.open(write_photo(tmp_path / "plain.jpg", 320, 200))
    assert len(desk.notices()) == 1


def heic_of(panel: ExportPanel) -> object:
    return panel.format.model().item(panel.format.findData("heic"))


def test_heic_can_be_chosen_where_it_is_installed(qtbot: object) -> None:
    pytest.importorskip("pillow_heif")
    panel = ExportPanel(ExportOptions(format="heic", quality=70))
    assert panel.format.currentData() == "heic"
    assert heic_of(panel).isEnabled()
    assert not panel._quality_row.isHidden()


def test_where_heic_is_not_installed_the_choice_says_so(
    qtbot: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert not photo_file.reads_heif()
    panel = ExportPanel(ExportOptions())
    assert not heic_of(panel).isEnabled()
    assert "pillow-heif" in heic_of(panel).toolTip()


def test_heic_is_exported_from_the_window(quick: Desk, small_photo: Path) -> None:
    pytest.importorskip("pillow_heif")
    quick.window.parts.settings.export = ExportOptions(format="heic")
    with quick.qtbot.waitSignal(quick.window.parts.exporter.finished) as done:
        quick.window.commands.export()
    assert done.args == [1]
    (path,) = (small_photo.parent / "Cropsight").iterdir()
    assert path.suffix == ".heic"
    with Image.open(path) as image:
        assert image.info["icc_profile"]
        assert image.getexif()[0x010F] == "Cropsight tests"
