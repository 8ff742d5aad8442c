"""Edits, undo and ownership, without a window."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from app.document.document import Document, Edit
from app.document.edit import Owner, may_propose
from app.document.edit_crops import begun
from app.document.open_photo import OpenPhoto
from app.document.photo_list import PhotoList
from app.document.undo import NUDGE
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import keeps, nudged, pixel_ratio, pixels, refit, typed
from cropcore.images.photo import Photo

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


def test_undo_keeps_no_photo_of_a_document_that_is_gone(qapp: object) -> None:
    def used() -> ref[OpenPhoto]:
        window = QObject()
        document = Document(window)
        (photo,) = document.add([Path("a.jpg")], Edit())
        document.show(photo)
        document.push(photo, photo.edit, photo.edit.mine(A), "Move crop")
        return ref(photo)

    photo = used()
    gc.collect()
    assert photo() is None


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


def test_a_lost_photo_with_a_crop_of_the_persons_own_is_not_passed_over(document: Document) -> None:
    first, lost, last = document.add([Path(f"{name}.jpg") for name in "abc"], Edit())
    document.show(first)
    document.set_failure(lost, "gone")
    assert document.after(1) is last
    document.amend(lost, begun(Edit().mine(A), "b", B, Owner.PROPOSED))
    assert document.after(1) is lost


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
    photo.header = Photo(Path("a.jpg"), 600, 400, "JPEG", "RGB")
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


# Another list in place of the person's own -----------------------------------------------------------


def over(document: Document, count: int = 3, aspect: Aspect | None = None) -> PhotoList:
    stack = QUndoStack()
    edit = Edit(aspect=aspect) if aspect else Edit()
    photos = [
        OpenPhoto(document.next_key(), Path(f"r{i}.jpg"), edit, stack, aspect) for i in range(count)
    ]
    return PhotoList(photos, photos[0])


def test_the_own_roll_comes_back_as_it_was(document: Document) -> None:
    own = document.add([Path("a.jpg"), Path("b.jpg")], Edit())
    document.push(own[1], own[1].edit, own[1].edit.mine(A), "Move crop")
    document.show(own[1])
    told: list[tuple[int, int]] = []
    document.photos_changed.connect(lambda: told.append((len(document.photos), document.index)))
    photo_list = over(document)
    document.show_list(photo_list)
    assert (document.photos, document.current) == (photo_list.photos, photo_list.current)
    assert document.undo_group.activeStack() is photo_list.photos[0].stack
    assert not document.undo_group.canUndo()
    document.show(photo_list.photos[2])

    # The own list waits, and is known.
    assert document.own.photos == tuple(own)
    assert document.own.current is own[1]
    assert document.find(own[0].key) is own[0]
    (added,) = document.add([Path("c.jpg")], Edit())
    document.remove(own[0])
    assert document.photos == photo_list.photos

    document.show_own()
    assert photo_list.current is photo_list.photos[2]
    assert document.photos == (own[1], added)
    assert document.current is own[1]
    assert document.own.current is own[1]
    assert document.undo_group.undoText() == "Move crop"
    assert document.find(photo_list.photos[0].key) is None
    # Never was a list announced without the photo that was said to be shown.
    assert told == [(3, 0), (3, 2), (3, 2), (2, 0)]
    document.show_own()
    assert len(told) == 4


def test_a_waiting_photo_that_was_shown_can_go(document: Document) -> None:
    own = document.add([Path("a.jpg"), Path("b.jpg")], Edit())
    document.show(own[0])
    document.show_list(over(document))
    document.remove(own[0])
    document.show_own()
    assert document.current is own[1]


def test_undo_shows_the_photo_that_it_changes(document: Document) -> None:
    document.add([Path("a.jpg")], Edit())
    photo_list = over(document)
    first, second, third = photo_list.photos
    document.show_list(photo_list)
    for photo in (first, second):
        # A step that is made shows nothing by itself.
        document.push(photo, photo.edit, photo.edit.mine(A), "Accept", NUDGE)
        assert document.current is first
    document.show(third)
    stack = first.stack
    assert stack.count() == 2, "steps of two photos never become one"
    stack.undo()
    assert (document.current, second.edit.owner) == (second, Owner.WHOLE)
    stack.undo()
    assert (document.current, first.edit.owner) == (first, Owner.WHOLE)
    document.show(third)
    stack.redo()
    assert (document.current, first.edit.crop) == (first, A)
    document.show_own()
    stack.undo()
    assert first.edit.crop == A, "a photo that is not open is not changed"


def test_one_of_a_shared_stack_goes_and_the_others_can_still_be_undone(document: Document) -> None:
    photo_list = over(document)
    first, second, _ = photo_list.photos
    document.show_list(photo_list)
    document.push(second, second.edit, second.edit.mine(A), "Accept")
    document.remove(first)
    assert document.undo_group.canUndo()


def test_a_kept_aspect_stays_whatever_is_done(document: Document) -> None:
    aspect = Aspect.parse("4:5")
    photo_list = over(document, aspect=aspect)
    document.show_list(photo_list)
    photo = photo_list.photos[0]
    photo.header = Photo(photo.path, 1000, 800, "JPEG", "RGB")
    for change in (
        photo.edit.with_aspect(Aspect.parse("16:9")).mine(Crop((0.1, 0.3, 0.9, 0.8625))),
        photo.edit.with_aspect(Aspect("free")).mine(Crop((0.1, 0.3, 0.9, 0.5))),
        photo.edit.with_aspect(Aspect("circle")).mine(Crop((0.1, 0.1, 0.5, 0.6), "circle")),
        photo.edit.with_aspect(Aspect("original")).mine(Crop()),
    ):
        document.push(photo, photo.edit, change, "Change")
        assert photo.edit.aspect == aspect
        assert photo.edit.crop.shape == "rect"
        assert keeps(photo.edit.crop, 0.8, 1000, 800)
    document.show_list(over(document, aspect=Aspect("free")))
    free = document.photos[0]
    free.header = photo.header
    document.push(free, free.edit, free.edit.mine(A), "Draw")
    assert free.edit.crop == A
