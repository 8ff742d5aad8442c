"""A batch of open photos honours what the person did to them: turned, straightened, cropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.batch.batch_order import BatchOrder
from app.batch.batch_thread import BatchResult
from app.batch.search_thread import SearchResult
from app.document.edit import Owner
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PERSON, PriorEdits
from cropcore.batch.review_record import left_behind
from cropcore.export.export import PhotoSource, Pick
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT, UPRIGHT
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import Photo, read_photo
from tests.app.helpers.batch_photos import made
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk, write_photo
from tests.app.helpers.review_maker import PORTRAIT

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
OWN = Crop((0.1, 0.1, 0.5, 0.85))
SQUARE = Crop((0.1, 0.1, 0.4, 0.55))
ANGLE = 6.0
PRESET = Preset("Plain", (PORTRAIT,), format="png")


@pytest.fixture
def done(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Four open photos: turned, straightened, cropped in 4:5 and cropped in 1:1."""
    desk = make_desk(held=False)
    paths = [write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "abcd"]
    desk.open(*paths)
    document = desk.window.parts.document
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.window.parts.actions["turn_right"].trigger()
    assert desk.photo.edit.orientation == TURN_RIGHT
    _, straight, own, square = document.photos
    straightened = replace(straight.edit, crop=Crop((0.2, 0.2, 0.8, 0.8), angle=ANGLE))
    document.push(
        straight, straight.edit, replace(straightened, owner=Owner.PROPOSED), "Straighten"
    )
    for photo, ratio, crop in ((own, "4:5", OWN), (square, "1:1", SQUARE)):
        edit = photo.edit.with_aspect(Aspect.parse(ratio)).mine(crop)
        document.push(photo, photo.edit, edit, "Crop")
    return desk


def start(desk: Desk, out: Path, review: bool = False, keep_own: bool = True) -> BatchOrder:
    """From the page, by Ctrl+Enter."""
    desk.key(K.Key_B, CTRL)
    batch = desk.window.parts.batch_controller
    desk.until(lambda: batch.page is not None and batch.page.presets.current is not None)
    page = batch.page
    assert page is not None
    page.show_preset(PRESET)
    page.finding.keep_own.setChecked(keep_own)
    page.out.set_folder(out)
    page.out.review.setChecked(review)
    desk.until(lambda: page.start_button.isEnabled() and batch.order is not None)
    orders = []
    whole = desk.window.parts.running_batch.start
    desk.window.parts.running_batch.start = lambda order: orders.append(order) or whole(order)  # type: ignore
    QTest.keyClick(page, K.Key_Return, CTRL)
    (order,) = orders
    return order


def run(desk: Desk, out: Path, **state: bool) -> tuple[BatchOrder, BatchResult | SearchResult]:
    ends: list[BatchResult | SearchResult] = []
    desk.window.parts.running_batch.ended.connect(ends.append)
    order = start(desk, out, **state)
    desk.until(lambda: ends)
    return order, ends[0]


def expected(path: Path, prior_edits: PriorEdits) -> Crop:
    """The best crop that the double finds for a photo that lies so."""
    photo = prior_edits.oriented(read_photo(path))
    if (own := prior_edits.own(PORTRAIT)) is not None:
        return own.candidates[0].crop
    crop = candidate_crops(PORTRAIT, photo)[0]
    if not prior_edits.angle:
        return crop
    return StraightView.of(photo.width, photo.height, prior_edits.angle).crop(crop)


def assert_shows(file: Path, photo: Photo, crop: Crop) -> None:
    exact = PhotoSource.read(photo, PRESET.options(file.parent)).encode(Pick(crop, PORTRAIT))
    (file.parent.parent / "exact.png").write_bytes(exact.data)
    with Image.open(file) as written, Image.open(file.parent.parent / "exact.png") as wanted:
        assert (np.array(written) == np.array(wanted)).all()


def test_turned_straightened_and_cropped_photos_are_exported_so(done: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    order, end = run(done, out)
    assert isinstance(end, BatchResult)
    paths = [photo.path for photo in done.window.parts.document.photos]
    assert {path.stem: prior_edits for path, prior_edits in order.prior_edits.items()} == {
        "a": PriorEdits(TURN_RIGHT),
        "b": PriorEdits(angle=ANGLE),
        "c": PriorEdits(crops=((PORTRAIT, OWN),)),
        "d": PriorEdits(crops=((Aspect.parse("1:1"), SQUARE),)),
    }
    files = made(out)
    assert [file.name for file in files] == [f"{name}_4x5_1.png" for name in "abcd"]
    for path, file in zip(paths, files, strict=True):
        prior_edits = order.prior_edits[path]
        assert_shows(file, prior_edits.oriented(read_photo(path)), expected(path, prior_edits))
    assert BatchOrder.from_json(order.to_json()) == order
    # Nothing was done to the photos themselves.
    assert [p.edit.owner for p in done.window.parts.document.photos[2:]] == [Owner.MINE, Owner.MINE]


def test_own_crops_are_looked_for_anew_where_the_person_says_so(done: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(done, out, keep_own=False)
    path = done.window.parts.document.photos[2].path
    assert_shows(made(out)[2], read_photo(path), expected(path, PriorEdits()))


def test_a_record_from_before_knows_of_nothing_that_was_done(tmp_path: Path) -> None:
    order = BatchOrder(PRESET, (tmp_path / "a.jpg",), tmp_path)
    text = order.to_json().replace(', "given": {}', "")
    assert "given" not in text
    assert BatchOrder.from_json(text) == order
    with pytest.raises(ValueError, match="no record"):
        BatchOrder.from_json(order.to_json().replace('"given": {}', '"given": []'))


def test_a_review_shows_and_writes_them_as_they_lie(done: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    order, end = run(done, out, review=True)
    assert isinstance(end, SearchResult)
    assert [one.suggestions.method for one in end.found].count(PERSON) == 1
    reviewing = done.window.parts.review_mode
    done.until(lambda: left_records(done))
    buttons = done.window.parts.running_batch.bar.findChildren(QAbstractButton)
    done.click(next(button for button in buttons if button.text() == "Review"))
    photo_list = done.window.parts.document.photos
    assert all(photo.is_result for photo in photo_list)
    kept = [photo.path.stem for photo in photo_list]
    assert kept[-1] == "c", "the person's own is the surest"
    for photo in photo_list:
        prior_edits = order.prior_edits[photo.path]
        assert photo.edit.orientation == prior_edits.orientation
        assert photo.header == read_photo(photo.path)
        assert photo.edit.crop == expected(photo.path, prior_edits)
        done.until(lambda: reviewing.can_decide)
        done.key(K.Key_Return)
    assert all(photo.edit.accepted for photo in photo_list)
    with done.qtbot.waitSignal(reviewing.files.finished, timeout=20_000):
        done.key(K.Key_E, CTRL)
    for path, file in zip(sorted(order.prior_edits), made(out), strict=True):
        prior_edits = order.prior_edits[path]
        assert_shows(file, prior_edits.oriented(read_photo(path)), expected(path, prior_edits))


def left_records(desk: Desk) -> bool:
    return bool(list(desk.window.parts.review_mode.records._folder.glob("*.jsonl")))


def test_a_review_that_was_left_behind_lies_as_it_did(done: Desk, tmp_path: Path) -> None:
    _, end = run(done, tmp_path / "out", review=True)
    assert isinstance(end, SearchResult)
    folder = done.window.parts.review_mode.records._folder
    done.until(lambda: left_records(done))
    done.window.parts.review_mode.records.stop()
    (left,) = left_behind(folder)
    found, errors = left.found()
    assert errors == []
    assert list(found.values()) == list(end.found)
    assert [one.photo.turn for one in found.values()] == [TURN_RIGHT, UPRIGHT, UPRIGHT, UPRIGHT]
