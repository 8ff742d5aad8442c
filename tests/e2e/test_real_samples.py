"""The comparison of exports of real samples notices what is wrong with a crop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cropcore.export.export import Exported
from tests.cropcore.helpers import photo_maker as maker
from tests.e2e import real_samples

LARGEST = 10**6


def samples(folder: Path) -> list[Path]:
    maker.full_jpeg(folder / "a.jpg", 6)
    maker.full_png(folder / "b.png", 3)
    (folder / "c.png").write_bytes(maker.png16(maker.scene(bits=16)))
    (folder / "d.txt").write_text("no photo")
    return sorted(folder.iterdir())


def test_what_is_right_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    found = real_samples.compare(samples(folder), tmp_path / "work", LARGEST)
    assert not found.wrong
    assert found.kinds["refused: is not a photo that Cropsight can read."] == ["d.txt"]
    assert found.kinds["pixels: the very same"] == ["b.png", "c.png"]
    assert found.kinds["pixels: the same but for the lossy format"] == ["a.jpg"]


def test_other_pixels_and_lost_tags_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = real_samples.export_crop

    def spoilt(*arguments: Any) -> Exported:
        done = whole(*arguments)
        with Image.open(done.path) as image:
            image.load()
        Image.eval(image, lambda value: 255 - value).save(done.path)
        return done

    monkeypatch.setattr(real_samples, "export_crop", spoilt)
    folder = tmp_path / "samples"
    folder.mkdir()
    found = real_samples.compare([maker.full_png(folder / "b.png")], tmp_path / "work", LARGEST)
    assert found.wrong["pixels: others, PNG, RGB, 8 bits"] == ["b.png"]
    before = {"IFD0:Make": "Cam", "XMP-dc:Creator": "José", "IFD0:Orientation": 6}
    assert real_samples.tag_kinds(before, {"XMP-dc:Creator": "José"}, "") == [
        ("tags: IFD0 lost", True)
    ]
    assert real_samples.tag_kinds(before, {"IFD0:Make": "Cam"}, "The XMP data were left out.") == [
        ("tags: XMP lost, which is told", False)
    ]
