"""The strip of photos: which one is shown, which ones are selected."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.document.document import Document, Edit
from app.document.edit import Owner
from app.document.edit_crops import begun
from app.document.open_photo import OpenPhoto
from app.document.photo_order import Order, PhotoStatus, Show, status_of
from app.document.suggestion_state import SuggestionState
from app.filmstrip.model import FilmModel
from app.settings import Settings
from app.widgets import grouped_notice
from cropcore.files.path_checks import file_stamp
from cropcore.files.photo_scan import gather
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo

K, M = Qt.Key, Qt.KeyboardModifier
ENABLED = Qt.ItemFlag.ItemIsEnabled


@pytest.fixture
def six(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Six small photos, a to f; the first is shown."""
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "abcdef"))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    return desk


def names(desk: Desk) -> str:
    """The selected photos."""
    return "".join(photo.path.stem for photo in desk.window.parts.filmstrip.selected())


def click(desk: Desk, name: str, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """Click a photo of the strip."""
    view = desk.window.parts.filmstrip.view
    row = next(r for r, photo in enumerate(view.film_model.rows) if photo.path.stem == name)
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
    six.window.parts.filmstrip.selection_changed.connect(lambda: told.append(names(six)))
    six.key(K.Key_A, M.ControlModifier)
    assert names(six) == "abcdef"
    assert told[-1] == "abcdef"
    assert six.photo.path.stem == "a"
    six.key(K.Key_PageDown)
    assert names(six) == "b"


def test_arrow_keys_extend_the_selection(six: Desk) -> None:
    film = six.window.parts.filmstrip.view
    film.setFocus()
    for _ in range(2):
        QTest.keyClick(film, K.Key_Down, M.ShiftModifier)
    assert names(six) == "abc"
    assert six.photo.path.stem == "c"


def test_the_selected_photos_are_exported(six: Desk, tmp_path: Path) -> None:
    """The page offers them while there are several."""
    six.window.parts.actions["export_with"].trigger()
    page, button = six.window.parts.export_controls.panel, six.window.parts.export_controls.button
    place = page.scope_box.findData("selected")
    assert not page.scope_box.model().flags(page.scope_box.model().index(place, 0)) & ENABLED
    click(six, "d", M.ShiftModifier)
    click(six, "b", M.ControlModifier)
    assert names(six) == "acd"
    assert page.scope_box.model().flags(page.scope_box.model().index(place, 0)) & ENABLED
    assert page.scope_box.itemText(place) == "3 selected photos"
    page.scope_box.setCurrentIndex(place)
    six.until(lambda: button.main.text() == "Export 3 files")
    photos = six.window.parts.filmstrip.selected()
    six.until(lambda: all(photo.header is not None for photo in photos))
    with six.qtbot.waitSignal(six.window.parts.exporter.finished):
        six.click(button.main)
    written = tmp_path / "Cropsight"
    assert [path.name[0] for path in sorted(written.iterdir())] == ["a", "c", "d"]
    with six.qtbot.waitSignal(six.window.parts.exporter.finished):
        six.key(K.Key_E, M.ControlModifier)  # what the button says, not the crop in hand alone
    assert [path.name[0] for path in sorted(written.iterdir())] == ["a", "a", "c", "c", "d", "d"]
    click(six, "e")
    assert page.scope == "crop"
    assert button.main.text() == "Export original ratio"


def test_miniatures_are_wanted_as_soon_far_down_as_at_the_top(six: Desk) -> None:
    view = six.window.parts.filmstrip.view
    six.window.resize(960, 600)
    bar = view.verticalScrollBar()
    bar.setRange(0, 90_000)
    before = view._scroll_pause.interval()
    bar.setValue(90_000)
    assert view._scroll_pause.isActive()
    assert view._scroll_pause.interval() == before


def test_photos_that_cannot_be_read_are_not_counted_for_export(six: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "g.jpg"
    broken.write_text("no photo")
    six.open(broken)
    six.until(lambda: any(photo.failure for photo in six.window.parts.document.photos))
    six.window.parts.actions["export_with"].trigger()
    page = six.window.parts.export_controls.panel
    page.scope_box.setCurrentIndex(page.scope_box.findData("photos"))
    six.until(lambda: six.window.parts.export_controls.button.main.text() == "Export 6 files")


def test_the_shown_photo_stays_in_view_when_the_cells_or_the_window_change(six: Desk) -> None:
    view = six.window.parts.filmstrip.view

    def in_view() -> bool:
        return view.viewport().rect().contains(view.visualRect(view.currentIndex()))

    six.window.resize(1440, 900)
    for name in "fa":
        click(six, name)
        assert in_view()
        six.window.resize(1000, 600)
        six.until(lambda: view.viewport().height() < 600)
        assert in_view()
        six.window.resize(1440, 900)
        six.until(lambda: view.viewport().height() > 600)
        assert in_view()


def test_a_selection_outlasts_photos_that_come_and_go(six: Desk, tmp_path: Path) -> None:
    click(six, "c", M.ShiftModifier)
    six.window.parts.opener.open([write_photo(tmp_path / "g.jpg", 300, 200)])
    six.until(lambda: len(six.window.parts.document.photos) == 7)
    assert six.photo.path.stem == "g"
    click(six, "b")
    click(six, "d", M.ShiftModifier)
    six.window.parts.document.remove(six.window.parts.document.photos[2])
    assert names(six) == "bd"
    assert six.photo.path.stem == "d"


def test_where_a_photo_stands(six: Desk) -> None:
    photo = six.photo
    assert status_of(photo) is PhotoStatus.TO_REVIEW
    six.key(K.Key_2)
    assert status_of(photo) is PhotoStatus.ACCEPTED
    assert photo.suggestion_state.confidence == 0.8
    six.window.parts.document.set_failure(photo, "gone")
    assert status_of(photo) is PhotoStatus.FAILED
    six.window.parts.document.set_failure(photo, "")
    assert status_of(photo) is PhotoStatus.ACCEPTED
    last = six.window.parts.document.photos[-1]
    assert status_of(last) is PhotoStatus.UNCROPPED
    assert last.suggestion_state.confidence is None


def test_a_photo_stands_by_all_its_crops(six: Desk) -> None:
    photo = six.photo
    six.key(K.Key_2)
    six.key(K.Key_N)
    assert photo.edit.owner is Owner.PROPOSED
    assert status_of(photo) is PhotoStatus.TO_REVIEW
    six.key(K.Key_N, M.ShiftModifier)
    assert photo.edit.owner is Owner.MINE
    assert status_of(photo) is PhotoStatus.TO_REVIEW, "the proposal waits beside the crop in hand"
    six.key(K.Key_N, M.ShiftModifier)
    six.key(K.Key_3)
    assert status_of(photo) is PhotoStatus.ACCEPTED
    whole = begun(photo.edit, "further", Crop(), Owner.WHOLE)
    six.window.parts.document.amend(photo, whole)
    assert status_of(photo) is not PhotoStatus.UNCROPPED, "there are crops of the person's own"


def shown(desk: Desk) -> str:
    """The photos in the order of the strip."""
    return "".join(photo.path.stem for photo in desk.window.parts.filmstrip.model.rows)


def choose(desk: Desk, menu: int, text: str) -> None:
    """Choose an entry of one of the strip's menus: 0 sorts, 1 filters."""
    actions = desk.window.parts.filmstrip.menus()[menu].actions()
    next(action for action in actions if action.text().split("\t")[0] == text).trigger()


def test_the_walk_follows_the_order_of_the_strip(six: Desk) -> None:
    choose(six, 0, "Name")
    choose(six, 0, "Backwards")
    assert shown(six) == "fedcba"
    assert six.photo.path.stem == "a"
    assert six.window.parts.tool_bar.count.text() == "6 / 6"
    six.key(K.Key_PageUp)
    assert six.photo.path.stem == "b"
    six.key(K.Key_PageDown)
    six.key(K.Key_PageDown)
    assert six.photo.path.stem == "a"


def test_numbers_in_names_sort_by_their_value(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(held=False)
    for number in (10, 9, 1):
        write_photo(tmp_path / f"IMG_{number}.jpg", 300, 200)
    desk.window.parts.opener.open([tmp_path])
    desk.until(lambda: len(desk.window.parts.document.photos) == 3)
    assert [p.path.stem for p in desk.window.parts.filmstrip.model.rows] == [
        "IMG_1",
        "IMG_9",
        "IMG_10",
    ]


def test_the_strip_orders_a_folder_as_a_batch_does(qapp: object, tmp_path: Path) -> None:
    photos = [tmp_path / name for name in ("IMG_1.jpg", "IMG_01.jpg", "IMG_10.jpg", "IMG_9.jpg")]
    for path in photos:
        path.touch()
    document = Document()
    film = FilmModel(document)
    document.add(photos, Edit())
    film.choose(Order.NAME, False, Show.ALL)
    assert [photo.path for photo in film.rows] == gather([tmp_path], tmp_path / "out").photos


def test_photos_sort_by_time_and_confidence(six: Desk) -> None:
    photos = six.window.parts.document.photos
    # A header that is still on its way would bring the time that its file had before.
    six.until(lambda: all(photo.header is not None for photo in photos))
    for place, photo in enumerate(photos):
        os.utime(photo.path, (1_000_000 + 10 * (place * 5 % 6),) * 2)
        photo.stamp = file_stamp(photo.path)
        sure = (0.9, 0.2, 0.5, 0.7, None, 0.3)[place]
        photo.suggestion_state = replace(photo.suggestion_state, confidence_before=sure)
    choose(six, 0, "Time changed")
    assert shown(six) == "afedcb"
    choose(six, 0, "Confidence, least sure first")
    assert shown(six) == "bfcdae"  # a: 0.8 by its suggestions; e: unknown
    photos[1].suggestion_state = SuggestionState(confidence_before=0.95)
    six.window.parts.document.set_failure(photos[5], "gone")
    assert shown(six) == "bfcdae"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2001:02:03 04:05:06"
    Image.new("RGB", (30, 20)).save(photos[3].path, exif=exif)
    choose(six, 0, "As opened")
    choose(six, 0, "Time taken")
    six.until(lambda: photos[3].taken)
    six.until(lambda: shown(six)[-1] == "d")


def test_a_filter_shows_what_it_says_and_keeps_the_shown_photo(six: Desk) -> None:
    six.key(K.Key_2)  # a is accepted
    choose(six, 1, "Uncropped")
    assert shown(six) == "abcdef"
    six.key(K.Key_PageDown)
    six.until(lambda: six.photo.edit.owner is Owner.PROPOSED)
    assert shown(six) == "bcdef"  # b is proposed now, but shown
    six.key(K.Key_Return)
    assert six.photo.path.stem == "c"
    assert shown(six) == "cdef"
    assert six.window.parts.tool_bar.count.text() == "1 / 4"
    menu = six.window.parts.filmstrip.menus()[1]
    menu.aboutToShow.emit()
    texts = [action.text().split("\t") for action in menu.actions() if action.text()]
    counts = {name: int(count) for name, count in texts}
    assert (counts["All"], counts["Accepted"]) == (6, 2)
    choose(six, 1, "Accepted")
    assert shown(six) == "abc"
    choose(six, 1, "All")
    assert shown(six) == "abcdef"


def test_order_and_filter_are_remembered(six: Desk) -> None:
    choose(six, 0, "Name")
    choose(six, 1, "Starred")
    assert six.window.parts.settings.film_order is Order.NAME
    assert six.window.parts.settings.film_show is Show.STARRED


def test_yesterdays_filter_does_not_hide_a_new_folder(
    make_desk: Callable[..., Desk], settings: Settings, tmp_path: Path
) -> None:
    settings.film_show = Show.ACCEPTED
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "ab"))
    assert shown(desk) == "ab"


def test_stars_and_rejects_of_a_selection_are_one_step(six: Desk) -> None:
    photos = six.window.parts.document.photos
    click(six, "c", M.ShiftModifier)
    six.key(K.Key_P)
    assert [p.edit.starred for p in photos] == [True] * 3 + [False] * 3
    assert six.undo_count == 1
    six.key(K.Key_Delete)
    assert [p.edit.rejected for p in photos] == [True] * 3 + [False] * 3
    assert not any(p.edit.starred for p in photos)
    six.key(K.Key_Z, M.ControlModifier)
    six.key(K.Key_Z, M.ControlModifier)
    assert not any(p.edit.starred or p.edit.rejected for p in photos)


def test_a_star_of_many_outlasts_the_undo_of_one(six: Desk) -> None:
    first = six.photo
    six.key(K.Key_2)
    click(six, "b")
    click(six, "a", M.ControlModifier)
    click(six, "b", M.ControlModifier)
    click(six, "a")
    click(six, "b", M.ShiftModifier)
    six.key(K.Key_P)
    click(six, "a")
    six.key(K.Key_Z, M.ControlModifier)
    assert first.edit.owner is not Owner.MINE
    assert first.edit.starred


def test_many_files_that_cannot_be_read_share_one_notice(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    write_photo(tmp_path / "a.jpg", 300, 200)
    for number in range(1, 6):
        (tmp_path / f"torn {number}.jpg").write_bytes(b"nothing")
    desk = make_desk(held=False)
    desk.window.parts.opener.open([tmp_path])
    desk.until(lambda: sum(bool(p.failure) for p in desk.window.parts.document.photos) == 5)
    desk.until(lambda: [text[:9] for text in desk.notices()] == ["5 photos "])
    (notice,) = desk.window.parts.notices.notices
    assert re.fullmatch(
        r"5 photos cannot be read: torn \d.jpg, torn \d.jpg, torn \d.jpg and 2 more.", notice.text
    )
    show = next(b for b in notice.findChildren(QPushButton) if b.text() == "Show them")
    desk.click(show)
    assert len(desk.window.parts.filmstrip.model.rows) == 6  # and the shown one
    desk.key(K.Key_PageDown)
    assert desk.photo.path.stem == "a"  # nothing to walk to but what cannot be shown


def test_what_is_told_of_files_leaves_the_photo_free_again(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped_notice, "_SHOWN_MS", 150)
    write_photo(tmp_path / "a.jpg", 300, 200)
    for number in range(1, 6):
        (tmp_path / f"torn {number}.jpg").write_bytes(b"nothing")
    desk = make_desk(held=False)
    told = []
    desk.window.parts.opener.unreadable.connect(lambda *_: told.append(len(desk.notices())))
    desk.window.parts.opener.open([tmp_path])
    desk.until(lambda: len(told) >= 5)
    assert max(told) > 0
    desk.until(lambda: not desk.notices())
    assert sum(bool(p.failure) for p in desk.window.parts.document.photos) == 5


def test_five_thousand_rows_come_in_portions_and_find_themselves(qapp: object) -> None:
    document = Document()
    film = FilmModel(document)
    inserted = []
    film.rowsInserted.connect(lambda _, first, last: inserted.append(last - first + 1))
    paths = [Path(f"/photos/DSC_{number}.jpg") for number in range(5000)]
    for start in range(0, 5000, 500):
        document.add(paths[start : start + 500], Edit())
    assert inserted == [500] * 10
    photos = document.photos
    assert [film.row_of(p) for p in photos[::777]] == list(range(0, 5000, 777))
    asked = 0

    def count(photo: OpenPhoto) -> bool:
        nonlocal asked
        asked += 1
        return plain(photo)

    plain = film._admits
    film._admits = count  # type: ignore[method-assign]
    changed = []
    film.dataChanged.connect(lambda first, _: changed.append(first.row()))
    document.amend(photos[4321], replace(Edit(), starred=True))
    assert changed == [4321]
    assert asked <= 2  # one photo's change looks at no other
    film._admits = plain  # type: ignore[method-assign]
    film.choose(Order.NAME, True, Show.ALL)
    assert film.row_of(photos[0]) == 4999
    film.choose(Order.NAME, True, Show.STARRED)
    assert film.rows == [photos[4321]]
    assert film.count(Show.ALL) == 5000


@pytest.mark.parametrize("where", ["canvas", "strip"])
def test_home_end_and_page_keys_go_through_the_photos(six: Desk, where: str) -> None:
    parts = six.window.parts
    (parts.canvas if where == "canvas" else parts.filmstrip.view).setFocus()
    for key, shown in (
        (K.Key_End, "f"), (K.Key_PageDown, "f"), (K.Key_PageUp, "e"),
        (K.Key_Home, "a"), (K.Key_PageUp, "a"), (K.Key_PageDown, "b"),
    ):  # fmt: skip
        six.key(key)
        six.until(lambda name=shown: six.photo.path.stem == name)
