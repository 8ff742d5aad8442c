"""Edits, undo and ownership, without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands import NUDGE
from app.document import Document, Edit
from app.ownership import Owner, may_propose
from app.refit import keeps, nudged, pixel_ratio, pixels, refit, typed
from cropcore.aspect import Aspect
from cropcore.crop import Crop
from cropcore.photo import Photo

A, B, C = (Crop((0.1, 0.1, x, 0.9)) for x in (0.5, 0.6, 0.7))


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


def test_steps_are_undone_and_redone_in_order(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    for crop in (A, B):
        document.push(photo, photo.edit, photo.edit.mine(crop), "Move crop")
    photo.stack.undo()
    assert photo.edit.crop == A
    photo.stack.undo()
    assert photo.edit == Edit()
    photo.stack.redo()
    photo.stack.redo()
    assert photo.edit == Edit().mine(B)


def test_a_step_that_changes_nothing_is_none(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    document.push(photo, photo.edit, photo.edit, "Move crop")
    assert photo.stack.count() == 0


def test_a_run_of_nudges_is_one_step_until_something_else_happens(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    document.push(photo, photo.edit, photo.edit.mine(A), "Nudge crop", NUDGE)
    document.push(photo, photo.edit, photo.edit.mine(B), "Nudge crop", NUDGE)
    assert photo.stack.count() == 1
    document.push(photo, photo.edit, replace(photo.edit, starred=True), "Star")
    document.push(photo, photo.edit, photo.edit.mine(C), "Nudge crop", NUDGE)
    assert photo.stack.count() == 3
    photo.stack.setIndex(0)
    assert photo.edit == Edit()


def test_a_star_taken_back_leaves_a_crop_that_was_exported_since(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    document.push(photo, photo.edit, replace(photo.edit, starred=True), "Star")
    crop = Crop((0.1, 0.1, 0.5, 0.6))
    document.amend(photo, photo.edit.mine(crop))
    photo.stack.undo()
    assert photo.edit == Edit().mine(crop)
    photo.stack.redo()
    assert photo.edit == replace(Edit().mine(crop), starred=True)


def test_each_photo_has_its_own_undo(document: Document) -> None:
    first, second = document.add([Path("a.jpg"), Path("b.jpg")], Edit())
    document.show(first)
    document.push(first, first.edit, first.edit.mine(A), "Move crop")
    document.show(second)
    assert not document.undo_group.canUndo()
    document.show(first)
    document.undo_group.undo()
    assert first.edit == Edit()


def test_opening_twice_shows_the_same_photo(document: Document) -> None:
    (first,) = document.add([Path("a.jpg")], Edit())
    again, other = document.add([Path("a.jpg"), Path("b.jpg")], Edit())
    assert again is first
    assert document.photos == (first, other)


def test_closing_shows_the_next(document: Document) -> None:
    first, second, third = document.add([Path(n) for n in "abc"], Edit())
    document.show(second)
    document.remove(second)
    assert document.current is third
    document.remove(third)
    assert document.current is first
    document.remove(first)
    assert document.current is None


@pytest.mark.parametrize("due", [True, False])
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("owner", list(Owner))
def test_nothing_ever_moves_the_persons_own_crop(owner: Owner, held: bool, due: bool) -> None:
    allowed = may_propose(owner, button_down=held, due=due)
    if owner is Owner.MINE or held:
        assert not allowed
    elif owner is Owner.WHOLE:
        assert allowed == due


def test_a_circle_remembers_where_it_came_from() -> None:
    edit = Edit().with_aspect(Aspect.parse("4:5")).with_aspect(Aspect("circle"))
    assert edit.before_circle == Aspect.parse("4:5")


sides = st.integers(40, 6000)
ratios = st.floats(0.4, 2.5)


@st.composite
def crops(draw: st.DrawFn) -> Crop:
    x, y = draw(st.floats(0, 0.7)), draw(st.floats(0, 0.7))
    wide, high = draw(st.floats(0.1, 0.3)), draw(st.floats(0.1, 0.3))
    return Crop((x, y, x + wide, y + high))


@given(crops(), ratios, sides, sides)
def test_refitted_crops_have_the_ratio_and_stay_inside(
    crop: Crop, ratio: float, width: int, height: int
) -> None:
    aspect = Aspect("ratio", ratio, 1.0)
    fitted = refit(crop, aspect, width, height)
    assert pixel_ratio(fitted, width, height) == pytest.approx(ratio)
    assert min(fitted.box) >= 0
    assert max(fitted.box) <= 1
    assert refit(fitted, aspect, width, height) == fitted


@given(crops(), st.integers(-9000, 9000), st.integers(-9000, 9000), sides, sides)
def test_a_nudge_keeps_the_size_and_stops_at_the_border(
    crop: Crop, dx: int, dy: int, width: int, height: int
) -> None:
    box = nudged(crop, dx, dy, width, height).box
    assert min(box) >= 0
    assert max(box) <= 1 + 1e-9
    assert box[2] - box[0] == pytest.approx(crop.box[2] - crop.box[0])
    assert box[3] - box[1] == pytest.approx(crop.box[3] - crop.box[1])


@given(
    crops(), st.sampled_from(["left", "top", "width", "height"]), st.integers(0, 9000), sides, sides
)
def test_a_typed_number_is_what_an_export_would_have(
    crop: Crop, side: str, value: int, width: int, height: int
) -> None:
    free = Aspect("free")
    made = typed(crop, free, side, value, width, height)  # type: ignore[arg-type]
    left, top, wide, high = pixels(made, free, width, height)
    assert 0 <= left <= left + wide <= width
    assert 0 <= top <= top + high <= height
    if side == "width":
        assert wide == min(max(value, 1), width)
    if side == "height":
        assert high == min(max(value, 1), height)


@given(crops(), st.sampled_from(["width", "height"]), st.integers(1, 9000))
def test_a_typed_number_keeps_the_ratio(crop: Crop, side: str, value: int) -> None:
    aspect = Aspect.parse("4:5")
    start = refit(crop, aspect, 3000, 2000)
    made = typed(start, aspect, side, value, 3000, 2000)  # type: ignore[arg-type]
    assert keeps(made, 0.8, 3000, 2000)


def test_a_changed_file_keeps_the_aspect_of_the_crop(document: Document) -> None:
    (photo,) = document.add([Path("a.jpg")], Edit())
    photo.photo = Photo(Path("a.jpg"), 600, 400, "JPEG", "RGB")
    square = Aspect.parse("1:1")
    crop = Crop((0.2, 0.2, 0.6, 0.8))
    document.amend(photo, Edit().with_aspect(square).mine(crop))
    document.refresh(photo, Photo(Path("a.jpg"), 1200, 800, "JPEG", "RGB"), (1, 1))
    assert photo.edit.crop == crop
    document.refresh(photo, Photo(Path("a.jpg"), 400, 600, "JPEG", "RGB"), (2, 2))
    left, top, right, bottom = photo.edit.crop.box
    assert (right - left) * 400 == pytest.approx((bottom - top) * 600, abs=1)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((0.4, 0.5))
    assert photo.edit.owner is Owner.MINE
