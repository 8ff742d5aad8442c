"""Scene 12: twenty results are reviewed and written, with real key events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.document.open_photo import OpenPhoto
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.images.output_size import Size
from cropcore.metadata.metadata import Keep
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import NO_KEY, Desk
from tests.app.helpers.review_maker import PORTRAIT, results

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
METADATA: Keep = "no-location"


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)], ids=["large", "small"])
def test_review_twenty_results(
    make_desk: Callable[..., Desk], tmp_path: Path, size: tuple[int, int]
) -> None:
    found = results(tmp_path / "photos", 20)
    before = {one.path: hashlib.sha256(one.path.read_bytes()).digest() for one in found}
    out = tmp_path / "out"
    preset = Preset("Shop", (PORTRAIT,), sizes=(Size(80, 100),), format="jpeg", metadata=METADATA)
    desk = make_desk(size)
    window = desk.window
    window.parts.review_mode.begin(found, preset, out)
    photo_list = window.parts.document.photos

    # Least sure first, each with its best candidate proposed and ten to choose from.
    assert [p.path for p in photo_list] == [f.path for f in by_confidence(found)]
    desk.until(lambda: desk.photo.preview is not None)
    assert desk.painted == 10
    assert window.parts.review_mode.bar.place.text() == "Review  1 of 20"

    seen = [desk.photo]
    for _ in range(3):
        press(desk, K.Key_Return)
        seen.append(desk.photo)
    assert seen == list(photo_list[:4])
    press(desk, K.Key_Period)
    press(desk, K.Key_Return)
    assert desk.photo is photo_list[4]
    press(desk, K.Key_Delete)
    assert (desk.photo, photo_list[4].edit.rejected) == (photo_list[5], True)
    press(desk, K.Key_Z, CONTROL)
    assert (desk.photo, photo_list[4].edit.rejected) == (photo_list[4], False)
    press(desk, K.Key_Return)
    assert desk.photo is photo_list[5]
    assert window.parts.review_mode.bar.facts.full_text.endswith("accepted 5, rejected 0")

    # The engine was not needed for any of it.
    assert desk.engine.asked == []

    accepted = {photo.path.stem: photo for photo in photo_list[:5]}
    export(desk)
    first = set(out.iterdir())
    assert {p.name for p in first} == {
        f"{stem}_4x5_{2 if photo is photo_list[3] else 1}.jpg" for stem, photo in accepted.items()
    }
    for path in first:
        assert_is_crop(path, accepted[path.name[:3]], rank=2 if path.stem.endswith("2") else 1)
    export(desk)
    second = set(out.iterdir()) - first
    assert {p.name for p in second} == {f"{p.stem} (2).jpg" for p in first}
    assert {one.path: hashlib.sha256(one.path.read_bytes()).digest() for one in found} == before


def by_confidence(found: list[FoundCrop]) -> list[FoundCrop]:
    return sorted(found, key=lambda one: one.suggestions.confidence)


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """A key on the canvas once the picture of the result is there, as a person would."""
    desk.until(lambda: desk.window.parts.review_mode.can_decide)
    desk.key(key, modifier)


def export(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.window.parts.review_mode.files.finished) as done:
        desk.key(K.Key_E, CONTROL)
    assert done.args == [5]
    assert "5 accepted crops written to out" in desk.notices()[-1]


def assert_is_crop(path: Path, photo: OpenPhoto, rank: int) -> None:
    """The file has the preset's size and shows the candidate of this rank."""
    assert photo.photo is not None
    crop = candidate_crops(PORTRAIT, photo.photo)[rank - 1]
    assert photo.edit.crop == crop
    with Image.open(path) as written, Image.open(photo.path) as whole:
        assert written.size == (80, 100)
        assert written.info["icc_profile"] == whole.info["icc_profile"]
        left, top, right, bottom = crop.box
        x = round((left + right) / 2 * whole.width)
        y = round((top + 0.1 * (bottom - top)) * whole.height)
        expected = whole.convert("RGB").getpixel((x, y))
        shown = written.convert("RGB").getpixel((40, 10))
    assert max(abs(a - b) for a, b in zip(expected, shown, strict=True)) < 16  # type: ignore[arg-type]
