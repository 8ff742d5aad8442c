"""The strip of photos: which one is shown, which ones are selected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ownership import Owner
from app.standing import Standing, standing_of
from tests.app.gui import LEFT, NO_KEY, Desk, write_photo

K, M = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def six(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Six small photos, a to f; the first is shown."""
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "abcdef"))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    return desk


def names(desk: Desk) -> str:
    """The selected photos."""
    return "".join(photo.path.stem for photo in desk.window.film.selected())


def click(desk: Desk, name: str, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """Click a photo of the strip."""
    view = desk.window.film.view
    row = next(r for r, photo in enumerate(view.film.rows) if photo.path.stem == name)
    view.scrollTo(view.model().index(row, 0))
    at = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, modifier, at)


def test_the_shown_photo_is_always_selected(six: Desk) -> None:
    assert names(six) == "a"
    six.key(K.Key_PageDown)
    assert names(six) == "b"
    click(six, "d", M.ShiftModifier)
    assert names(six) == "bcd"
    assert six.photo.path.stem == "d"
    click(six, "f", M.ControlModifier)
    assert names(six) == "bcdf"
    assert six.photo.path.stem == "f"
    click(six, "c", M.ControlModifier)
    assert names(six) == "bdf"
    assert six.photo.path.stem == "f"
    click(six, "f", M.ControlModifier)
    assert names(six) == "bdf"
    click(six, "c")
    assert names(six) == "c"


def test_all_photos_are_selected_by_one_key(six: Desk) -> None:
    told = []
    six.window.film.selection_changed.connect(lambda: told.append(names(six)))
    six.key(K.Key_A, M.ControlModifier)
    assert names(six) == "abcdef"
    assert told[-1] == "abcdef"
    assert six.photo.path.stem == "a"
    six.key(K.Key_PageDown)
    assert names(six) == "b"


def test_arrow_keys_extend_the_selection(six: Desk) -> None:
    film = six.window.film.view
    film.setFocus()
    for _ in range(2):
        QTest.keyClick(film, K.Key_Down, M.ShiftModifier)
    assert names(six) == "abc"
    assert six.photo.path.stem == "c"


def test_a_selection_outlasts_photos_that_come_and_go(six: Desk, tmp_path: Path) -> None:
    click(six, "c", M.ShiftModifier)
    six.window.opening.open([write_photo(tmp_path / "g.jpg", 300, 200)])
    six.until(lambda: len(six.window.document.photos) == 7)
    assert six.photo.path.stem == "g"
    click(six, "b")
    click(six, "d", M.ShiftModifier)
    six.window.document.remove(six.window.document.photos[2])
    assert names(six) == "bd"
    assert six.photo.path.stem == "d"


def test_where_a_photo_stands(six: Desk) -> None:
    photo = six.photo
    assert standing_of(photo) is Standing.TO_REVIEW
    six.key(K.Key_2)
    assert standing_of(photo) is Standing.ACCEPTED
    assert photo.confidence == 0.8
    six.window.document.set_failure(photo, "gone")
    assert standing_of(photo) is Standing.FAILED
    six.window.document.set_failure(photo, "")
    assert standing_of(photo) is Standing.ACCEPTED
    last = six.window.document.photos[-1]
    assert standing_of(last) is Standing.UNCROPPED
    assert last.confidence is None
