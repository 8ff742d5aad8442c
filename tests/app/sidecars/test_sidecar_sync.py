"""Sidecars as the window writes and reads them."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.document.edit import CropScore, Edit, Owner
from app.document.edit_crops import all_crops, own_crops
from app.document.photo_transform import Origins, areas_at
from app.sidecars import sidecar_sync
from app.sidecars.edit_to_sidecar import EditHistory, folded, taken_in
from app.sidecars.sidecar_worker import FRESH
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_LEFT, TURN_RIGHT, UPRIGHT, Orientation
from cropcore.sidecar.json_format import to_json
from cropcore.sidecar.sidecar import NEVER, Change, PhotoFacts, SavedCrop, Sidecar
from cropcore.sidecar.store import SUFFIX, SidecarStore, default_library
from tests.app.helpers.engine_double import METHODS, candidate_crops
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo
from tests.cropcore.helpers.sidecar_maker import fresh

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key
SQUARE = Aspect.parse("1:1")


def stored(path: Path) -> Sidecar | None:
    return SidecarStore(default_library()).load(path).sidecar


def until_stored(desk: Desk, path: Path, what: Callable[[Sidecar], object]) -> Sidecar:
    desk.until(lambda: (found := stored(path)) is not None and what(found))
    found = stored(path)
    assert found is not None
    return found


def again(make_desk: Callable[..., Desk], desk: Desk, *paths: Path) -> Desk:
    """Close the window and open the photos in another."""
    desk.window.close()
    fresh = make_desk(held=False)
    fresh.open(*paths)
    return fresh


def test_what_is_only_proposed_leaves_no_trace(quick: Desk, small_photo: Path) -> None:
    quick.window.close()
    assert not default_library().exists()
    assert sorted(small_photo.parent.iterdir()) == sorted(
        [small_photo, small_photo.parent / "settings.ini"]
    )


@pytest.mark.timeout(120)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_sidecar_that_is_a_pipe_keeps_no_other_crop_from_being_kept(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    photos = [write_photo(tmp_path / f"{name}.jpg", 300 + n, 200) for n, name in enumerate("abc")]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in photos]
    os.mkfifo(photos[0].with_name(photos[0].name + SUFFIX))
    photos[1].with_name(photos[1].name + SUFFIX).symlink_to("/dev/zero")
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.until(lambda: any("is a device or a pipe" in text for text in desk.notices()))
    for _ in photos[1:]:
        desk.key(K.Key_PageDown)
    desk.until(lambda: desk.photo.path == photos[2] and desk.photo.preview is not None)
    desk.until(lambda: desk.painted)
    desk.key(K.Key_3)
    until_stored(desk, photos[2], lambda sidecar: sidecar.crops)
    desk.window.close()
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in photos] == before


def test_a_crop_is_kept_with_its_history(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_3)
    saved = until_stored(quick, small_photo, lambda s: s.crops).crops[0]
    assert saved.crop == quick.crop
    assert [(c.what, c.candidate) for c in saved.changes] == [("taken", 3)]
    assert (saved.method, saved.score) == (METHODS[0], 84.0)
    assert saved.weights_sha256 == f"{0:064x}"
    quick.key(K.Key_Right)
    quick.key(K.Key_Right)
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    saved = until_stored(quick, small_photo, lambda s: s.crops[0].aspect == SQUARE).crops[0]
    assert [c.what for c in saved.changes] == ["taken", "moved", "aspect"]
    quick.key(K.Key_Z, CTRL)
    saved = until_stored(quick, small_photo, lambda s: len(s.crops[0].changes) == 4).crops[0]
    assert saved.changes[-1].what == "undone"
    assert saved.crop == quick.crop
    assert saved.id == quick.photo.first_id


def test_no_deed_puts_off_the_write_that_the_one_before_it_began(
    quick: Desk, small_photo: Path
) -> None:
    """A key that is held down must not keep everything in memory until it is let go."""
    timer = quick.window.parts.sidecar_sync._timer
    assert timer.interval() <= 60
    timer.setInterval(WAIT_MS)
    quick.key(K.Key_3)
    begun = timer.timerId()
    assert begun != -1
    quick.key(K.Key_Right)
    assert timer.timerId() == begun
    timer.setInterval(0)
    until_stored(quick, small_photo, lambda s: s.crops and len(s.crops[0].changes) == 2)


def test_undone_to_nothing_is_no_longer_kept_and_redone_it_is(
    quick: Desk, small_photo: Path
) -> None:
    quick.key(K.Key_3)
    until_stored(quick, small_photo, lambda s: s.crops)
    quick.key(K.Key_Z, CTRL)
    until_stored(quick, small_photo, lambda s: not s.crops and s.removed)
    quick.key(K.Key_Z, CTRL | SHIFT)
    saved = until_stored(quick, small_photo, lambda s: s.crops)
    assert not saved.removed
    assert [c.what for c in saved.crops[0].changes] == ["taken", "redone"]


def test_a_score_that_comes_later_is_kept_too(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_3)
    quick.key(K.Key_Right)
    moved = quick.crop
    saved = until_stored(
        quick, small_photo, lambda s: s.crops and s.crops[0].crop == moved and s.crops[0].score
    )
    assert saved.crops[0].score == pytest.approx(quick.window.parts.editor.suggester.score)
    assert [c.what for c in saved.crops[0].changes] == ["taken", "moved"]


def test_reopening_shows_crops_flag_and_areas(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path
) -> None:
    quick.key(K.Key_2)
    quick.key(K.Key_N)
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    quick.until(lambda: quick.photo.is_answered)
    quick.key(K.Key_4)
    quick.key(K.Key_P)
    quick.window.parts.editor.set_protected([(0.1, 0.1, 0.3, 0.3)])
    before = quick.photo.edit
    # Closing writes what the timer has not written yet.
    fresh = again(make_desk, quick, small_photo)
    fresh.until(lambda: fresh.photo.edit.owner is Owner.MINE)
    edit = fresh.photo.edit
    assert [(k.crop, k.aspect, k.owner) for k in all_crops(edit)] == [
        (k.crop, k.aspect, k.owner) for k in all_crops(before)
    ]
    assert edit.crop == before.crop
    assert edit.starred
    assert edit.protect == before.protect
    assert fresh.undo_count == 0
    fresh.until(lambda: fresh.window.parts.canvas.crop == before.crop)
    assert fresh.window.parts.photo_crops_panel.isVisible()


def test_nothing_is_written_by_looking(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path
) -> None:
    quick.key(K.Key_2)
    quick.window.close()
    (file,) = default_library().glob("*.json")
    before = file.stat().st_mtime_ns
    fresh = again(make_desk, quick, small_photo)
    fresh.until(lambda: fresh.photo.edit.owner is Owner.MINE)
    fresh.until(lambda: fresh.photo.current_suggestions is not None)
    fresh.window.close()
    assert file.stat().st_mtime_ns == before


def test_beside_the_photo_takes_effect_at_once(quick: Desk, small_photo: Path) -> None:
    quick.window.parts.settings.sidecars_beside = True
    quick.key(K.Key_2)
    beside = small_photo.with_name(small_photo.name + SUFFIX)
    quick.until(beside.exists)
    assert json.loads(beside.read_bytes())["crops"][0]["changes"][0]["what"] == "taken"
    assert not list(default_library().glob("*.json"))


def test_a_place_that_takes_no_file_falls_back_and_says_so(quick: Desk, small_photo: Path) -> None:
    quick.window.parts.settings.sidecars_beside = True
    small_photo.with_name(small_photo.name + SUFFIX).mkdir()
    quick.key(K.Key_2)
    quick.until(lambda: list(default_library().glob("*.json")))
    # It merges with the notice that the folder in its place cannot be read.
    quick.until(lambda: "beside the photo" in told_in_full(quick))
    quick.key(K.Key_3)
    quick.until(lambda: not quick.window.parts.sidecar_sync._unsaved)
    assert told_in_full(quick).count("beside the photo") == 1


def told_in_full(desk: Desk) -> str:
    """All notices, with the details of those that tell of several things."""
    notices = desk.window.parts.notices.notices
    return "\n".join(n.details.text if n.details else n.text for n in notices)


def test_a_damaged_sidecar_is_set_aside_with_a_notice(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path
) -> None:
    quick.key(K.Key_2)
    quick.window.close()
    (file,) = default_library().glob("*.json")
    file.write_text("{")
    fresh = again(make_desk, quick, small_photo)
    fresh.until(lambda: any("damaged" in text for text in fresh.notices()))
    fresh.until(lambda: fresh.painted == 10)
    fresh.key(K.Key_3)
    until_stored(fresh, small_photo, lambda s: s.crops)
    assert len(list(default_library().glob("*.damaged-1.json"))) == 1


@pytest.mark.parametrize("turn", [None, K.Key_BracketRight])
def test_0_gives_the_first_crop_again_after_reopening(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path, turn: K | None
) -> None:
    quick.key(K.Key_F)
    first = quick.draw_crop((0.05, 0.05, 0.95, 0.9))
    quick.window.parts.straighten_tool.set_angle(8.0)
    straight = quick.crop
    quick.window.parts.photo_crops.begin()
    second = quick.draw_crop((0.3, 0.35, 0.6, 0.6))
    assert second.angle == 8.0, "a crop that was drawn in the straightened photo is a first one"
    quick.window.parts.photo_crops.choose_next()
    if turn is not None:
        quick.key(turn, CTRL)
    fresh = again(make_desk, quick, small_photo)
    fresh.until(lambda: len(own_crops(fresh.photo.edit)) == 2)
    fresh.window.parts.photo_crops.choose(own_crops(fresh.photo.edit)[0].id)
    window = fresh.window
    window.parts.straighten_tool.set_angle(3.0)
    window.parts.straighten_tool.set_angle(0.0)
    wanted = TURN_RIGHT.crop(first) if turn else first
    assert fresh.crop.box == pytest.approx(wanted.box)
    window.parts.straighten_tool.set_angle(8.0)
    assert fresh.crop.box == pytest.approx((TURN_RIGHT.crop(straight) if turn else straight).box)
    saved = until_stored(fresh, small_photo, lambda s: any(c.origin for c in s.crops))
    assert [c.origin is None for c in saved.crops] == [False, True]


def test_crops_are_kept_in_their_order(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_2)
    quick.key(K.Key_N)
    quick.key(K.Key_4)
    ids = [quick.photo.first_id, quick.photo.edit.crop_id]
    until_stored(quick, small_photo, lambda s: [c.id for c in s.crops] == ids)
    quick.window.parts.photo_crops.remove("")
    until_stored(quick, small_photo, lambda s: [c.id for c in s.crops] == ids[1:])
    quick.key(K.Key_Z, CTRL)
    until_stored(quick, small_photo, lambda s: [c.id for c in s.crops] == ids)


def test_what_was_proposed_before_the_crops_were_read_gives_way_to_them() -> None:
    kept = Edit().with_aspect(SQUARE).mine(Crop((0.1, 0.1, 0.4, 0.5)))
    saved = folded(FRESH, kept, EditHistory("elsewhere"), {}, Origins(), {}, (600, 400))
    proposed = replace(Edit(), crop=Crop((0.2, 0.2, 0.8, 0.8)), owner=Owner.PROPOSED)
    edit = taken_in(proposed, FRESH, saved, EditHistory("here"), (600, 400))
    assert [(one.crop, one.owner) for one in all_crops(edit)] == [(kept.crop, Owner.MINE)]
    assert edit.crop == kept.crop


def change_elsewhere(path: Path, crop: Crop, at: int = 0) -> None:
    """What another window would do: move the crop in a place of the list."""
    store = SidecarStore(default_library())
    found = store.load(path).sidecar
    assert found is not None
    moved = found.crops[at].with_change(crop, "moved")
    store.save(path, found.with_crop(moved))


def test_a_crop_changed_elsewhere_appears(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_2)
    until_stored(quick, small_photo, lambda s: s.crops)
    elsewhere = Crop((0.2, 0.2, 0.5, 0.5))
    change_elsewhere(small_photo, elsewhere)
    quick.window.parts.sidecar_sync.reload_changed()
    quick.until(lambda: quick.crop == elsewhere)
    assert quick.photo.edit.owner is Owner.MINE


def test_a_crop_that_is_held_is_not_replaced(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_2)
    own = quick.crop
    until_stored(quick, small_photo, lambda s: s.crops)
    change_elsewhere(small_photo, Crop((0.2, 0.2, 0.5, 0.5)))
    box = own.box
    start = quick.place((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    quick.press(start)
    with quick.qtbot.waitSignal(quick.window.parts.sidecar_sync._worker.loaded):
        quick.window.parts.sidecar_sync.reload_changed()
    assert quick.crop == own
    quick.move(start - quick.place(0.05, 0.05) + quick.place(0, 0))
    stop = start - quick.place(0.1, 0.1) + quick.place(0, 0)
    quick.move(stop)
    dragged = quick.window.parts.canvas.crop
    quick.release(stop)
    assert quick.crop == dragged
    until_stored(quick, small_photo, lambda s: s.crops[0].crop == dragged)
    assert quick.crop == dragged


def test_undo_leaves_a_crop_alone_that_came_from_elsewhere(quick: Desk, small_photo: Path) -> None:
    quick.key(K.Key_2)
    until_stored(quick, small_photo, lambda s: s.crops)
    store = SidecarStore(default_library())
    found = store.load(small_photo).sidecar
    other = replace(found.crops[0], id="theirs").with_change(Crop((0.0, 0.0, 0.5, 0.5)), "moved")
    store.save(small_photo, found.with_crop(other))
    quick.window.parts.sidecar_sync.reload_changed()
    quick.until(lambda: len(own_crops(quick.photo.edit)) == 2)
    quick.key(K.Key_Z, CTRL)
    until_stored(quick, small_photo, lambda s: [c.id for c in s.crops] == ["theirs"])
    assert [k.id for k in own_crops(quick.photo.edit)] == ["theirs"]


def test_a_photo_of_many_has_its_crops_before_it_is_shown(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path, tmp_path: Path
) -> None:
    quick.key(K.Key_2)
    crop = quick.crop
    first = write_photo(tmp_path / "first.jpg", 300, 200)
    fresh = again(make_desk, quick, first, small_photo)
    fresh.until(lambda: fresh.window.parts.document.photos[1].edit.crop == crop)
    assert fresh.window.parts.document.current.path == first


def test_a_closed_photo_keeps_its_crop(
    make_desk: Callable[..., Desk], quick: Desk, small_photo: Path
) -> None:
    quick.key(K.Key_2)
    crop = quick.crop
    quick.key(K.Key_W, CTRL)
    assert not quick.window.parts.document.photos
    quick.open(small_photo)
    quick.until(lambda: quick.crop == crop)
    assert quick.photo.edit.owner is Owner.MINE


def test_a_crop_is_kept_without_an_edit(quick: Desk, small_photo: Path, tmp_path: Path) -> None:
    other = write_photo(tmp_path / "other.jpg", 300, 200)
    box = Crop((0.1, 0.1, 0.6, 0.6))
    sidecar_sync = quick.window.parts.sidecar_sync
    name = sidecar_sync.keep_crop(
        other, box, SQUARE, crop_score=CropScore(box, "gaic", 70.0, 0.4), candidate=2
    )
    saved = until_stored(quick, other, lambda s: s.crops).crops[0]
    assert (saved.id, saved.crop, saved.aspect) == (name, box, SQUARE)
    assert (saved.method, saved.score, saved.confidence) == ("gaic", 70.0, 0.4)
    assert saved.changes[0].candidate == 2
    sidecar_sync.drop_crop(other, name, box)
    until_stored(quick, other, lambda s: not s.crops)
    sidecar_sync.keep_crop(small_photo, box, SQUARE)
    quick.until(lambda: quick.crop == box)
    assert quick.photo.edit.owner is Owner.MINE


def test_a_crop_of_whose_photo_the_engine_knew_nothing_is_kept(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk()
    desk.open(small_photo)
    desk.draw_crop((0.2, 0.2, 0.7, 0.6))
    saved = until_stored(desk, small_photo, lambda s: s.crops).crops[0]
    assert (saved.crop, saved.score) == (desk.crop, None)
    assert candidate_crops(Aspect("original"), desk.photo.photo)


def test_what_was_written_when_the_window_closed_is_kept(quick: Desk, small_photo: Path) -> None:
    assert quick.photo.edit.owner is Owner.PROPOSED
    proposed = quick.crop
    quick.window.parts.exporter.export_crop()
    end = time.monotonic() + WAIT_MS / 1000
    while not list(small_photo.parent.glob("Cropsight/*.jpg")):  # no event is handled meanwhile
        assert time.monotonic() < end
        time.sleep(0.01)
    assert not quick.window.close()
    assert quick.window.close()
    found = stored(small_photo)
    assert found is not None
    assert [saved.crop for saved in found.crops] == [proposed]


def test_a_crop_of_a_turned_photo_is_kept_with_its_ratio(
    quick: Desk, small_photo: Path, tmp_path: Path
) -> None:
    other = write_photo(tmp_path / "other.jpg", 300, 200)
    tall = Crop((0.0, 0.0, 0.8, 2 / 3))  # 4:5 in 200 x 300 pixels
    quick.window.parts.sidecar_sync.keep_crop(other, tall, Aspect.parse("4:5"), TURN_LEFT)
    saved = until_stored(quick, other, lambda s: s.crops)
    assert saved.orientation.value == UPRIGHT
    x1, y1, x2, y2 = saved.crops[0].crop.box
    assert saved.crops[0].aspect == Aspect.parse("5:4")
    assert (x2 - x1) * 300 / ((y2 - y1) * 200) == pytest.approx(5 / 4)


@pytest.mark.parametrize("turned", [UPRIGHT, TURN_LEFT])
def test_a_kept_crop_that_the_person_moved_is_not_taken_back(
    quick: Desk, small_photo: Path, turned: Orientation
) -> None:
    first, sidecar_sync = Crop((0.1, 0.2, 0.5, 0.6)), quick.window.parts.sidecar_sync
    name = sidecar_sync.keep_crop(small_photo, first, SQUARE, turned)
    quick.until(lambda: quick.photo.edit.owner is Owner.MINE)
    quick.key(K.Key_Right)
    moved = quick.crop
    until_stored(quick, small_photo, lambda s: s.crops[0].crop == moved)
    sidecar_sync.drop_crop(small_photo, name, first, turned)
    sidecar_sync.keep_crop(small_photo, first, SQUARE)
    quick.until(lambda: len(all_crops(quick.photo.edit)) == 2)
    assert quick.crop == moved
    quick.key(K.Key_Left)
    until_stored(quick, small_photo, lambda s: s.crops[0].crop != moved)
    sidecar_sync.drop_crop(small_photo, name, first, turned)
    until_stored(quick, small_photo, lambda s: len(s.crops) == 1)


@pytest.mark.parametrize("closing", [False, True])
def test_what_could_not_be_kept_is_kept_as_soon_as_it_can(
    quick: Desk, small_photo: Path, tmp_path: Path, closing: bool
) -> None:
    folder = default_library()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    failures: list[str] = []
    quick.window.parts.sidecar_sync._worker.failed.connect(lambda _, text: failures.append(text))
    quick.key(K.Key_3)
    crop = quick.crop
    quick.until(lambda: failures)
    folder.unlink()
    if closing:
        quick.window.close()
    else:
        quick.open(write_photo(tmp_path / "other.jpg", 300, 200))
        quick.until(lambda: quick.photo.edit.owner is Owner.PROPOSED)
        quick.key(K.Key_P)
    saved = until_stored(quick, small_photo, lambda s: s.crops)
    assert [one.crop for one in saved.crops] == [crop]


def test_areas_of_a_photo_that_cannot_be_read_lie_where_they_did(
    quick: Desk, tmp_path: Path
) -> None:
    area, straight = (0.6, 0.3, 0.7, 0.5), Crop((0.3, 0.3, 0.6, 0.6), angle=10.0)
    gone = tmp_path / "gone.jpg"
    edit = replace(Edit().mine(straight), protect=areas_at([area], 0.0, 10.0, SIDE))
    SidecarStore(default_library()).save(gone, kept_area(edit, EditHistory("first")))
    (photo,) = quick.window.parts.document.add([gone], Edit())
    quick.until(lambda: photo.edit.owner is Owner.MINE)
    assert photo.edit.protect[0] == pytest.approx(edit.protect[0])
    quick.window.parts.document.amend(photo, replace(photo.edit, starred=True))
    saved = until_stored(quick, gone, lambda s: s.flag.value == "star")
    assert saved.protect.value[0] == pytest.approx(area)


SIDE = (1200, 800)


def kept_area(edit: Edit, memory: EditHistory) -> Sidecar:
    """The sidecar of an edit, as it comes back from the disk."""
    facts = PhotoFacts("a.jpg", *SIDE, 1, "")
    return replace(folded(FRESH, edit, memory, {}, Origins(), {}, SIDE), photo=facts)


def test_protected_areas_stay_where_another_program_straightened_the_crop() -> None:
    area = (0.1, 0.4, 0.3, 0.6)
    edit = replace(Edit().mine(Crop((0.2, 0.2, 0.6, 0.6))), protect=(area,))
    memory = EditHistory("first")
    old = kept_area(edit, memory)
    straight = Crop((0.3, 0.3, 0.6, 0.6), angle=10.0)
    new = old.with_crop(old.crops[0].with_change(straight, "straightened"))
    after = taken_in(edit, old, new, memory, SIDE)
    assert after.crop == straight
    assert after.protect[0] != area
    again = folded(new, after, memory, {}, Origins(), {}, SIDE)
    assert again.protect.value[0] == pytest.approx(area)


@pytest.mark.parametrize("turn", [UPRIGHT, TURN_LEFT])
def test_protected_areas_come_back_though_the_file_was_not_looked_into(turn: Orientation) -> None:
    area = (0.4, 0.4, 0.5, 0.6)
    size = SIDE[::-1] if turn.swaps_sides else SIDE
    crop = Crop((0.3, 0.3, 0.6, 0.6), angle=10.0)
    edit = replace(Edit().mine(crop), protect=(area,), orientation=turn)
    facts = PhotoFacts("a.jpg", *SIDE, 1, "")
    kept = replace(folded(FRESH, edit, EditHistory("first"), {}, Origins(), {}, size), photo=facts)
    for known in ((0, 0), SIDE):
        memory = EditHistory("first")
        after = taken_in(Edit(), FRESH, kept, memory, known)
        assert after.protect[0] == pytest.approx(area)
        starred = folded(kept, replace(after, starred=True), memory, {}, Origins(), {}, (0, 0))
        assert starred.protect.value[0] == pytest.approx(kept.protect.value[0])


HOSTILE: dict[str, dict[str, Any]] = {
    "box_giant": {"box": [-5, -5, 1e300, 1e308]},
    "box_empty": {"box": [0.5, 0.5, 0.5, 0.5]},
    "angle_giant": {"angle": 1e308},
    "far_future": {"changes": [{"what": "drawn", "at": "9999-12-31T23:59:59.999999Z"}]},
}


def write_sidecar(path: Path, **spoilt: Any) -> Path:
    """A sidecar beside a photo, with one crop of which some fields are spoilt."""
    crop = Crop((0.1, 0.1, 0.9, 0.9))
    saved = SavedCrop("i", crop, Aspect("free"), (Change("drawn", NEVER),))
    data = json.loads(to_json(fresh(path, saved)))
    data["crops"][0].update(spoilt)
    file = path.with_name(path.name + SUFFIX)
    file.write_text(json.dumps(data))
    return file


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sidecar_with_impossible_values_is_set_aside_and_nothing_else_suffers(
    make_desk: Callable[..., Desk], tmp_path: Path, name: str
) -> None:
    bad, good = (write_photo(tmp_path / n, 300, 200) for n in ("bad.jpg", "good.jpg"))
    before = digest(bad), digest(good)
    text = write_sidecar(bad, **HOSTILE[name]).read_bytes()
    desk = make_desk(held=False)
    desk.open(bad, good)
    desk.until(lambda: any("was damaged" in text for text in desk.notices()))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED and desk.painted == 10)
    desk.key(K.Key_2)
    until_stored(desk, bad, lambda s: s.crops)
    desk.key(K.Key_PageDown)
    desk.until(lambda: desk.photo.path == good and desk.painted == 10)
    desk.key(K.Key_3)
    until_stored(desk, good, lambda s: s.crops)
    assert desk.window.close()
    assert desk.window.left_running == []
    (aside,) = tmp_path.glob("*.damaged-1.json")
    assert aside.read_bytes() == text
    assert (digest(bad), digest(good)) == before


def test_what_fails_for_one_photo_is_told_and_the_others_are_kept(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (
        write_photo(tmp_path / f"{n}.jpg", w, 200) for n, w in (("bad", 300), ("good", 320))
    )
    desk = make_desk(held=False)
    desk.open(bad, good)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED and desk.painted == 10)
    (broken,) = (photo for photo in desk.window.parts.document.photos if photo.path == bad)

    def fold(
        sidecar: Sidecar, edit: Edit, memory: EditHistory, crop_score: object, *more: Any
    ) -> Sidecar:
        if crop_score is broken.suggestion_state.crop_scores:
            raise OverflowError("date value out of range")
        return folded(sidecar, edit, memory, crop_score, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(sidecar_sync, "folded", fold)
    desk.key(K.Key_3)
    desk.until(lambda: any("bad.jpg: its crops cannot be kept" in t for t in desk.notices()))
    desk.key(K.Key_PageDown)
    desk.until(lambda: desk.photo.path == good and desk.painted == 10)
    desk.key(K.Key_3)
    until_stored(desk, good, lambda s: s.crops)
    desk.key(K.Key_4)
    crop = desk.crop
    assert desk.window.close()
    kept = stored(good)
    assert kept is not None
    assert [saved.crop for saved in kept.crops] == [crop]
    assert stored(bad) is None
