"""An open photo whose file is replaced: what was decided, and every step back, follow what the file holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.document import Document
from app.document.edit import Edit, Owner
from app.document.edit_crops import all_crops, begun
from app.document.open_photo import OpenPhoto
from app.document.replaced_file import carried, turn_between
from app.photos import file_watcher
from app.widgets.painted_slider import MIDDLE, PaintedSlider
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import (
    FLIP_HORIZONTAL,
    TURN_LEFT,
    TURN_RIGHT,
    UPRIGHT,
    Orientation,
)
from cropcore.geometry.refit import keeps
from cropcore.images.photo import Photo
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo
from tests.cropcore.helpers.rotated import inside_rotated

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key
SQUARE = Aspect.parse("1:1")


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_watcher, "LOOK_MS", 50)
    monkeypatch.setattr(file_watcher, "_DOUBT_MS", 50)


def header(width: int, height: int, exif: int = 1) -> Photo:
    """Of a file whose pixels are so many, before its EXIF turns them."""
    turn = Orientation.of_exif(exif)
    size = (height, width) if turn.swaps_sides else (width, height)
    return Photo(Path("a.jpg"), *size, "JPEG", "RGB", exif=turn)


def write_turned(path: Path, exif: int) -> None:
    """The same pixels with another orientation, as a viewer turns a photo."""
    with Image.open(path) as image:
        data = image.getexif()
        data[0x0112] = exif
        image.save(path, "JPEG", quality=85, exif=data)


def sound(photo: OpenPhoto) -> bool:
    """Whether every crop has the ratio of its aspect and shows no empty corner."""
    wide, high = photo.width, photo.height
    for kept in all_crops(photo.edit):
        ratio = kept.aspect.ratio_for(wide, high)
        if ratio is not None and not keeps(kept.crop, ratio, wide, high):
            return False
        if not inside_rotated(kept.crop.box, wide, high, kept.crop.angle):
            return False
    return True


@pytest.mark.parametrize("turned_here", [False, True])
def test_undo_after_another_program_turned_the_photo(
    quick: Desk, small_photo: Path, turned_here: bool
) -> None:
    window, photo = quick.window, quick.photo
    quick.click(window.parts.aspect_panel.chips["1:1"])
    window.parts.editor.set_protected([(0.1, 0.1, 0.2, 0.3)])
    if turned_here:
        quick.key(K.Key_BracketRight, CTRL)
    quick.until(lambda: photo.current_suggestions)
    quick.key(K.Key_2)
    window.parts.photo_crops.begin()
    quick.click(window.parts.aspect_panel.chips["4:5"])
    window.parts.straighten_tool.set_angle(6.0)
    steps = [photo.edit]
    while photo.stack.canUndo():
        photo.stack.undo()
        steps.append(photo.edit)
    while photo.stack.canRedo():
        photo.stack.redo()
    size = photo.width, photo.height
    write_turned(small_photo, 6)
    quick.until(lambda: (photo.width, photo.height) == size[::-1])
    quick.until(lambda: photo.preview is not None)
    assert sound(photo)
    for was in steps:
        here = was.orientation.inverse.then(TURN_RIGHT).then(was.orientation)
        assert photo.edit.orientation == was.orientation
        assert sound(photo)
        for kept, before in zip(all_crops(photo.edit), all_crops(was), strict=True):
            if kept.owner is Owner.MINE:
                wanted = here.crop(before.crop)
                assert kept.crop.box == pytest.approx(wanted.box, abs=2e-3)
                assert kept.crop.angle == pytest.approx(wanted.angle)
        photo.stack.undo()
    while photo.stack.canRedo():
        photo.stack.redo()
        assert sound(photo)


def test_undo_after_a_photo_of_another_shape_took_the_place(quick: Desk, small_photo: Path) -> None:
    photo, window = quick.photo, quick.window
    quick.click(window.parts.aspect_panel.chips["1:1"])
    quick.key(K.Key_2)
    window.parts.straighten_tool.set_angle(10.0)
    quick.click(window.parts.aspect_panel.chips["4:5"])
    write_photo(small_photo, 500, 900)
    quick.until(lambda: photo.height == 900 and photo.preview is not None)
    while photo.stack.canUndo():
        assert sound(photo)
        photo.stack.undo()
    while photo.stack.canRedo():
        photo.stack.redo()
        assert sound(photo)


def test_the_straighten_tool_is_left_when_the_file_becomes_another(
    quick: Desk, small_photo: Path
) -> None:
    photo = quick.photo
    quick.key(K.Key_2)
    quick.key(K.Key_S)
    quick.key(K.Key_Right, SHIFT)
    write_turned(small_photo, 8)
    quick.until(lambda: photo.height == 1200 and photo.preview is not None)
    assert not quick.window.parts.straighten_tool.is_on
    before = photo.edit
    quick.key(K.Key_Escape)
    assert photo.edit == before
    assert sound(photo)


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


def test_a_slide_that_a_changed_file_cuts_short_leaves_the_crop_of_the_person(
    quick: Desk, small_photo: Path
) -> None:
    photo, slider = quick.photo, quick.window.parts.aspect_panel.slider
    quick.until(lambda: photo.current_suggestions)
    quick.key(K.Key_2)
    assert photo.edit.owner is Owner.MINE
    drawn, steps = photo.edit, photo.stack.count()
    thumb = QPoint(round(slider.thumb_x()), round(MIDDLE))
    QTest.mousePress(slider, LEFT, NO_KEY, thumb)
    QTest.mouseMove(slider, thumb + QPoint(-40, 0))
    assert photo.edit.crop != drawn.crop
    write_turned(small_photo, 3)
    quick.until(lambda: photo.header and photo.header.exif != UPRIGHT)
    quick.until(lambda: photo.preview is not None)
    QTest.mouseRelease(slider, LEFT, NO_KEY, thumb + QPoint(-60, 0))
    half = TURN_LEFT.then(TURN_LEFT)
    assert photo.edit.crop.box == pytest.approx(half.crop(drawn.crop).box)
    assert (photo.edit.aspect, photo.edit.owner) == (drawn.aspect, Owner.MINE)
    assert photo.stack.count() == steps
    assert not quick.window.parts.editor.button_down


@pytest.mark.parametrize("group", ["aspect_panel", "straighten_panel"])
def test_a_slide_that_another_photo_cuts_short_leaves_the_crop_of_the_person(
    quick: Desk, tmp_path: Path, group: str
) -> None:
    window, photo = quick.window, quick.photo
    quick.until(lambda: photo.current_suggestions)
    quick.key(K.Key_2)
    assert photo.edit.owner is Owner.MINE
    if group == "straighten_panel":
        window.parts.actions["straighten"].trigger()
    drawn, steps = photo.edit, photo.stack.count()
    slider: PaintedSlider = getattr(window.parts, group).slider
    thumb = QPoint(round(slider.thumb_x()), round(MIDDLE))
    QTest.mousePress(slider, LEFT, NO_KEY, thumb)
    QTest.mouseMove(slider, thumb + QPoint(40, 0))
    assert photo.edit.crop != drawn.crop
    quick.drop(write_photo(tmp_path / "another.jpg", 900, 600))
    quick.until(lambda: quick.photo is not photo and quick.photo.preview is not None)
    QTest.mouseRelease(slider, LEFT, NO_KEY, thumb + QPoint(60, 0))
    assert (photo.edit, photo.stack.count()) == (drawn, steps)


def test_a_file_that_is_put_back_finds_its_crops_as_they_were(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    photo.header = header(600, 400)
    edit = Edit().with_aspect(SQUARE).mine(Crop((0.2, 0.0, 0.8, 0.9)))
    document.amend(photo, edit)
    for other in (header(300, 500), header(600, 400, 6), header(40, 300)):
        document.refresh(photo, other, (1, 1))
        assert photo.edit.crop != edit.crop
    document.refresh(photo, header(600, 400), (2, 2))
    assert photo.edit == edit
    document.refresh(photo, header(300, 500), (3, 3))
    moved = photo.edit.mine(Crop((0.0, 0.0, 0.5, 0.3)))
    document.amend(photo, moved)
    document.refresh(photo, header(300, 500, 3), (4, 4))
    assert photo.edit.crop.box == pytest.approx((0.5, 0.7, 1.0, 1.0)), "decided since"


EXIFS = st.integers(1, 8)


@given(EXIFS, EXIFS)
def test_another_orientation_of_the_same_pixels_is_recognised(before: int, now: int) -> None:
    by = turn_between(header(600, 400, before), header(600, 400, now))
    wanted = Orientation.of_exif(before).inverse.then(Orientation.of_exif(now))
    if now == 1 and not wanted.swaps_sides:
        # Whoever turns the pixels of a photo upright leaves a file like this, which looks as before.
        wanted = UPRIGHT
    assert by == wanted


@given(EXIFS)
def test_pixels_that_were_turned_upright_look_as_before(before: int) -> None:
    first = header(600, 400, before)
    assert turn_between(first, header(first.width, first.height)) == UPRIGHT


@given(EXIFS, st.sampled_from([UPRIGHT, TURN_LEFT, FLIP_HORIZONTAL, Orientation(90, True)]))
def test_every_crop_shows_the_same_whichever_way_the_photo_lies(
    exif: int, own: Orientation
) -> None:
    first = header(600, 400)
    edit = Edit(aspect=Aspect("free")).mine(Crop((0.1, 0.2, 0.3, 0.5)))
    edit = begun(edit, "b", Crop((0.3, 0.3, 0.5, 0.6), angle=5.0), Owner.MINE)
    edit = replace(edit, orientation=own, protect=((0.1, 0.1, 0.2, 0.4),))
    now = header(600, 400, exif)
    after = carried(edit, first, now)
    assert after.orientation == own
    # From the photo as it is shown down to the pixels of the file, both times.
    for mine, theirs in zip(all_crops(edit), all_crops(after), strict=True):
        down = own.inverse
        again = down.then(now.exif.inverse)
        assert again.crop(theirs.crop).box == pytest.approx(down.crop(mine.crop).box)
        assert abs(theirs.crop.angle) == abs(mine.crop.angle)
