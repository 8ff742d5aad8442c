"""The photos that come next are ready before they are shown, and cost the shown one nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from app.photos.photo_loader import PhotoLoader, ReadAhead
from cropcore import job_control as courtesy_module
from cropcore.batch.preset import Preset
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk, write_photo
from tests.app.helpers.review_maker import PORTRAIT, results

K = Qt.Key


@pytest.fixture
def five(tmp_path: Path) -> list[Path]:
    return [write_photo(tmp_path / f"{name}.jpg", 600, 400) for name in "abcde"]


def ready(desk: Desk) -> str:
    """The photos that wait with a picture and suggestions."""
    return "".join(
        photo.path.stem
        for photo in desk.window.parts.document.photos
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
    assert len(desk.window.parts.canvas.pills()) == 10
    assert desk.undo_count == 0
    desk.until(lambda: "d" in ready(desk))
    assert len(desk.engine.asked) == asked + 1


def test_it_goes_the_way_that_the_person_goes(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*five)
    desk.window.parts.document.show(desk.window.parts.document.photos[4])
    desk.until(lambda: ready(desk) == "ae")
    desk.window.parts.prefetcher.set_on(True)
    desk.key(K.Key_PageUp)
    desk.until(lambda: ready(desk) == "abcde")


def test_the_shown_photo_comes_first(make_desk: Callable[..., Desk], five: list[Path]) -> None:
    desk = make_desk(held=True, ahead=True)
    desk.open(*five)
    desk.deliver()
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.until(lambda: desk.engine.running)  # the next photo is asked about
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
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
    desk.window.parts.prefetcher.set_on(True)
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
    photos = desk.window.parts.document.photos
    assert [p.edit.owner for p in photos[1:]] == [
        *(Owner.PROPOSED, Owner.PROPOSED),
        *(Owner.WHOLE, Owner.WHOLE),
    ]
    assert all(p.stack.count() == 0 for p in photos)


def test_the_ratio_used_last_is_what_photos_begin_with_that_nobody_saw(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False, ahead=True)
    desk.open(*five)
    desk.until(lambda: ready(desk) == "abc")
    desk.key(K.Key_PageDown)  # b is seen, and stays with what it had then
    desk.until(lambda: ready(desk) == "abcd")
    desk.click(desk.window.parts.aspect_panel.chips["4:5"])
    photos = desk.window.parts.document.photos
    desk.until(
        lambda: all(str(p.edit.aspect) == "4:5" and p.suggestion_state.refined for p in photos[2:4])
    )
    desk.key(K.Key_PageDown)
    assert str(desk.photo.edit.aspect) == "4:5"
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert len(desk.window.parts.canvas.pills()) == 10
    assert desk.undo_count == 0
    desk.key(K.Key_PageDown)
    desk.key(K.Key_PageDown)
    assert desk.photo.path.stem == "e"
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    assert [str(p.edit.aspect) for p in photos] == ["original", "4:5", "4:5", "4:5", "4:5"]


def test_what_was_decided_about_a_photo_that_nobody_saw_stays(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*five)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    second = desk.window.parts.document.photos[1]
    pasted = second.edit.mine(Crop((0.1, 0.1, 0.5, 0.5)))
    desk.window.parts.document.push(second, second.edit, pasted, "Paste crop")
    desk.click(desk.window.parts.aspect_panel.chips["4:5"])
    desk.key(K.Key_PageDown)
    assert desk.photo is second
    assert desk.photo.edit == pasted


def test_no_picture_of_the_photo_before_stands_for_a_candidate(
    make_desk: Callable[..., Desk], five: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(held=False, ahead=True)
    desk.open(*five)
    strip = desk.window.parts.strip
    desk.until(lambda: "b" in ready(desk) and strip.cards[9].has_picture)
    monkeypatch.setattr(desk.window.parts.crop_thumbnails, "make", lambda *_: -1)
    desk.key(K.Key_PageDown)
    assert desk.painted == 10
    assert not any(thumb.has_picture for thumb in strip.cards)


def test_a_batch_gives_way_until_all_is_there_that_the_person_waits_for(
    make_desk: Callable[..., Desk], five: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy_module, "_CLAIM_SECONDS", 1e6)
    desk = make_desk(held=True, ahead=True)
    claimed = desk.window.parts.prefetcher.priority
    desk.open(*five)
    for waited_for in "abc":
        desk.until(lambda: desk.engine.running)
        assert claimed.claimed, waited_for
        desk.engine.deliver_next()
    desk.until(lambda: not claimed.claimed)
    assert ready(desk) == "abc"
    desk.key(K.Key_PageDown)
    assert claimed.claimed
    desk.engine.let_all_go()
    desk.until(lambda: not claimed.claimed)
    assert ready(desk) == "abcd"


def test_a_photo_that_cannot_be_read_holds_no_batch_up(
    make_desk: Callable[..., Desk], five: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy_module, "_CLAIM_SECONDS", 1e6)
    five[1].write_bytes(b"no photo")
    desk = make_desk(held=False, ahead=True)
    desk.open(*five[:2])
    desk.until(lambda: desk.window.parts.document.photos[1].failure)
    desk.until(lambda: not desk.window.parts.prefetcher.priority.claimed)


def test_pixels_that_were_read_ahead_are_not_read_again(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=True, ahead=True)
    file_checked: list[int] = []
    desk.window.parts.opener.file_checked.connect(lambda key, *_: file_checked.append(key))
    desk.open(*five[:3])
    desk.deliver()
    last = desk.window.parts.document.photos[2]
    desk.until(lambda: last.key in file_checked and desk.engine.running)
    desk.key(K.Key_PageDown)
    desk.key(K.Key_PageDown)
    assert desk.photo is last
    desk.engine.deliver_next()
    desk.until(lambda: desk.engine.encoded[-1][0] is last.photo)
    assert desk.engine.encoded[-1][1] is not None


def test_beside_a_batch_quick_suggestions_come_first(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=True)
    desk.engine.quick_moved = 0.03
    desk.window.parts.editor.suggester.set_hurried(True)
    desk.open(*five)
    desk.deliver()
    quick = candidate_crops(desk.photo.edit.aspect, desk.photo.photo, moved=0.03)
    assert desk.crop == quick[0]
    desk.deliver()
    refined = candidate_crops(desk.photo.edit.aspect, desk.photo.photo)
    assert desk.crop == refined[0] != quick[0]
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert desk.undo_count == 0
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
    desk.deliver()
    assert desk.engine.refined == [False, True, True]
    desk.window.parts.editor.suggester.set_hurried(False)
    desk.key(K.Key_PageDown)
    desk.deliver()
    assert desk.engine.refined == [False, True, True, True]


def test_quick_suggestions_move_no_crop_of_the_persons_own(
    make_desk: Callable[..., Desk], five: list[Path]
) -> None:
    desk = make_desk(held=True)
    desk.window.parts.editor.suggester.set_hurried(True)
    desk.open(*five)
    mine = desk.draw_crop((0.3, 0.3, 0.7, 0.7))
    desk.deliver()
    desk.deliver()
    desk.until(lambda: desk.window.parts.editor.suggester.score is not None)
    assert desk.crop == mine
    assert desk.engine.refined == [False, True]
    assert all(desk.engine.scored_refined)


def test_of_a_review_the_pictures_of_the_next_results_are_ready(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(ahead=True)
    file_checked: list[int] = []
    desk.window.parts.opener.file_checked.connect(lambda key, *_: file_checked.append(key))
    desk.window.parts.review_mode.begin(
        results(tmp_path / "found", 12), Preset("p", (PORTRAIT,)), tmp_path / "out"
    )
    photo_list = desk.window.parts.document.photos

    def pictures() -> list[int]:
        return [place for place, photo in enumerate(photo_list) if photo.preview is not None]

    desk.until(lambda: pictures() == [0, 1, 2, 3, 4, 5, 6])
    desk.until(lambda: desk.window.parts.review_mode.can_decide)
    desk.key(K.Key_Return)
    desk.until(lambda: pictures() == [0, 1, 2, 3, 4, 5, 6, 7])
    assert file_checked == [], "the engine has nothing to look at"
    assert desk.engine.asked == []


def test_what_is_being_read_ahead_is_not_begun_again(
    qtbot: Any, five: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, reads, read = threading.Event(), list[Path](), PhotoLoader._load_preview

    def load(loader: PhotoLoader, key: int, path: Path, photo: Photo | None) -> None:
        reads.append(path)
        slow.wait()
        read(loader, key, path, photo)

    monkeypatch.setattr(PhotoLoader, "_load_preview", load)
    loader = PhotoLoader()
    done: list[int] = []
    loader.previewed.connect(lambda key, _: done.append(key))
    photos = [ReadAhead(key, path, None, encode=False) for key, path in enumerate(five)]
    try:
        loader.prepare(photos[:3])
        qtbot.waitUntil(lambda: len(reads) == 2)
        loader.prepare(photos[1:4])
    finally:
        slow.set()
    qtbot.waitUntil(lambda: {1, 2, 3} <= set(done))
    loader.stop()
    assert sorted(reads) == five[:4]
