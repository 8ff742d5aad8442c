"""The photos that come next are ready before they are shown, and cost the shown one nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.ownership import Owner
from tests.app.gui import Desk, write_photo

K = Qt.Key


@pytest.fixture
def five(tmp_path: Path) -> list[Path]:
    return [write_photo(tmp_path / f"{name}.jpg", 600, 400) for name in "abcde"]


def ready(desk: Desk) -> str:
    """The photos that wait with a picture and suggestions."""
    return "".join(
        photo.path.stem
        for photo in desk.window.document.photos
        if photo.preview is not None and photo.current_suggestions is not None
    )


def test_the_next_photos_are_ready_when_they_are_shown(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False, ahead=True)
    desk.open(*five)
    desk.until(lambda: ready(desk) == "abc")
    asked = len(desk.engine.asked)
    desk.key(K.Key_PageDown)
    # No waiting: everything is there with the key itself.
    assert desk.photo.path.stem == "b"
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert len(desk.window.canvas.pills()) == 10
    assert desk.undo_count == 0
    desk.until(lambda: "d" in ready(desk))
    assert len(desk.engine.asked) == asked + 1


def test_it_goes_the_way_that_the_person_goes(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*five)
    desk.window.document.show(desk.window.document.photos[4])
    desk.until(lambda: ready(desk) == "ae")
    desk.window.preparing.set_on(True)
    desk.key(K.Key_PageUp)
    desk.until(lambda: ready(desk) == "abcde")


def test_the_shown_photo_comes_first(make_desk: Callable[..., Desk], five: list[Path]) -> None:
    desk = make_desk(held=True, ahead=True)
    desk.open(*five)
    desk.deliver()
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.until(lambda: desk.engine.running)  # the next photo is asked about
    desk.click(desk.window.aspect.chips["1:1"])
    desk.engine.deliver_next()
    desk.until(lambda: len(desk.engine.asked) == 3)
    assert str(desk.engine.asked[2]) == "1:1"
    desk.engine.deliver_next()
    desk.until(lambda: desk.photo.current_suggestions is not None)


def test_a_held_button_lets_nothing_begin(make_desk: Callable[..., Desk], five: list[Path]) -> None:
    desk = make_desk(held=False)
    desk.open(*five)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    start = desk.place(0.5, 0.5)
    desk.press(start)
    desk.window.preparing.set_on(True)
    desk.qtbot.wait(300)
    assert len(desk.engine.asked) == 1
    desk.release(start)
    desk.until(lambda: ready(desk) == "abc")


def test_a_photo_that_is_prepared_stays_undecided(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False, ahead=True)
    desk.open(*five)
    desk.until(lambda: ready(desk) == "abc")
    photos = desk.window.document.photos
    assert [p.edit.owner for p in photos[1:]] == [
        *(Owner.PROPOSED, Owner.PROPOSED),
        *(Owner.WHOLE, Owner.WHOLE),
    ]
    assert all(p.stack.count() == 0 for p in photos)
