"""Folders: opened by a key, on the start page and from the recent ones; watched; how much is decided."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.document.photo_order import PhotoStatus, Show, is_undecided, status_of
from app.photos import folder_watcher
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos, one of them in a folder below, and a text."""
    here = tmp_path / "A & B"
    (here / "more").mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "more/c.jpg"):
        write_photo(here / name, 300, 200)
    (here / "notes.txt").write_text("no photo")
    return here


def names(desk: Desk) -> list[str]:
    return [photo.path.name for photo in desk.window.parts.document.photos]


@pytest.fixture
def opened(make_desk: Callable[..., Desk], folder: Path) -> Desk:
    desk = make_desk(held=False)
    desk.open(folder)
    desk.until(lambda: len(names(desk)) == 3)
    desk.until(lambda: desk.window.parts.settings.recent_folders)
    return desk


def test_a_folder_is_opened_by_a_key_and_on_the_start_page(
    make_desk: Callable[..., Desk], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(parent: object, title: str, begin: str) -> str:
        asked.append(title)
        return str(folder) if len(asked) > 1 else ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", ask)
    desk = make_desk(held=False)
    desk.key(K.Key_O, CTRL | SHIFT)
    assert names(desk) == []
    desk.click(desk.window.parts.welcome_page.folder_button)
    desk.until(lambda: names(desk) == ["a.jpg", "b.jpg", "c.jpg"])
    assert asked == ["Open a folder"] * 2
    assert desk.window.parts.settings.open_folder == str(folder)


def test_recent_folders_have_path_and_count(opened: Desk, folder: Path) -> None:
    window = opened.window
    for _ in range(3):
        window.parts.actions["close"].trigger()
    assert names(opened) == []
    menu = window.parts.recent_menu
    menu.aboutToShow.emit()
    action = menu.actions()[0]
    assert action.text().endswith("A && B\t3 photos")
    assert action.toolTip() == str(folder)
    action.trigger()
    opened.until(lambda: len(names(opened)) == 3)
    assert window.parts.settings.recent_folders == ((folder, 3),)
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert window.parts.settings.recent_folders == ()


def test_files_that_come_into_an_open_folder_are_shown(
    make_desk: Callable[..., Desk], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watcher, "LOOK_MS", 20)
    looks: list[float] = []
    desk = make_desk(held=False)
    watcher = desk.window.parts.folder_watcher
    watcher._looked.connect(lambda _, seconds: looks.append(seconds))
    desk.open(folder)
    desk.until(lambda: len(names(desk)) == 3 and looks)
    shown = desk.photo
    write_photo(folder / "more" / "d.jpg", 300, 200)
    (folder / "e.txt").write_text("no photo")
    desk.until(lambda: names(desk) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
    assert desk.photo is shown
    desk.window.parts.actions["close"].trigger()
    assert names(desk) == ["b.jpg", "c.jpg", "d.jpg"]
    looks.clear()
    desk.until(lambda: len(looks) > 3)
    assert names(desk) == ["b.jpg", "c.jpg", "d.jpg"], "what was closed stays closed"
    for _ in range(3):
        desk.window.parts.actions["close"].trigger()
    assert watcher._folders == (), "a folder of which nothing is open is left"


def test_a_file_that_grows_is_left_alone(
    opened: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = opened.window.parts.folder_watcher
    whole = write_photo(folder.parent / "whole.jpg", 300, 200).read_bytes()

    def look() -> None:
        with opened.qtbot.waitSignal(watcher._looked):
            watcher.look()

    look()
    for share in (3, 2):
        (folder / "d.jpg").write_bytes(whole[: len(whole) // share])
        look()
        assert len(names(opened)) == 3
    shutil.copy(folder.parent / "whole.jpg", folder / "d.jpg")
    look()
    assert len(names(opened)) == 3
    look()
    assert names(opened)[-1] == "d.jpg"


def test_how_much_is_decided_and_the_next_that_is_not(opened: Desk) -> None:
    bar = opened.window.parts.tool_bar.progress
    photos = opened.window.parts.document.photos
    opened.until(lambda: bar.text() == "0 of 3 decided")
    opened.until(lambda: status_of(photos[0]) is PhotoStatus.TO_REVIEW)
    opened.key(K.Key_3)
    opened.until(lambda: bar.text() == "1 of 3 decided")
    opened.key(K.Key_PageDown)
    opened.key(K.Key_Delete)
    opened.until(lambda: bar.text() == "2 of 3 decided")
    opened.key(K.Key_PageUp)
    assert opened.photo is photos[0]
    opened.key(K.Key_PageDown, CTRL)
    assert opened.photo is photos[2], "the rejected one is passed over"
    assert opened.window.parts.filmstrip.model.count(Show.UNDECIDED) == 1
    opened.until(lambda: opened.photo.current_suggestions)
    opened.key(K.Key_2)
    opened.until(lambda: bar.text() == "3 of 3 decided")
    opened.key(K.Key_PageDown, CTRL)
    assert "All photos are decided." in opened.notices()


def test_from_the_end_the_next_undecided_is_the_first(opened: Desk) -> None:
    photos = opened.window.parts.document.photos
    opened.key(K.Key_PageDown)
    opened.key(K.Key_PageDown)
    assert opened.photo is photos[2]
    opened.key(K.Key_PageDown, CTRL)
    assert opened.photo is photos[0]


@pytest.mark.skipif("sys.platform != 'linux'")
def test_the_folder_of_the_photo_is_shown_in_the_file_manager(
    opened: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    opened.key(K.Key_R, CTRL | SHIFT)
    assert [Path(url.toLocalFile()) for url in shown] == [folder]


def test_a_folder_opens_at_its_first_undecided_photo(
    make_desk: Callable[..., Desk], folder: Path
) -> None:
    for wide, name in ((310, "b.jpg"), (320, "more/c.jpg")):
        write_photo(folder / name, wide, 200)  # what is decided goes along with copies of a file
    opened = make_desk(held=False)
    opened.open(folder)
    opened.until(lambda: opened.photo.current_suggestions)
    opened.key(K.Key_3)
    opened.key(K.Key_PageDown)
    opened.key(K.Key_Delete)
    opened.window.close()
    again = make_desk(held=False)
    again.open(folder)
    again.until(lambda: len(names(again)) == 3 and again.photo.path.name == "c.jpg")
    again.key(K.Key_PageUp)
    assert again.photo.path.name == "b.jpg", "whoever goes back stays there"


def test_folders_of_the_last_run_are_watched_again(
    opened: Desk, make_desk: Callable[..., Desk], folder: Path
) -> None:
    opened.window.close()
    again = make_desk(held=False)
    watcher = again.window.parts.folder_watcher
    with again.qtbot.waitSignal(watcher._looked):
        again.window.parts.session.restore()
    write_photo(folder / "d.jpg", 300, 200)
    for _ in range(2):  # what is still being copied is left alone
        with again.qtbot.waitSignal(watcher._looked):
            watcher.look()
    assert names(again) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_what_came_while_the_program_was_closed_is_new_and_what_was_closed_stays_closed(
    make_desk: Callable[..., Desk], opened: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.key(K.Key_PageDown)
    opened.key(K.Key_W, CTRL)
    assert names(opened) == ["a.jpg", "c.jpg"]
    opened.window.close()
    write_photo(folder / "d.jpg", 300, 200)
    write_photo(folder / "more" / "e.jpg", 300, 200)
    (folder / "a.jpg").unlink()
    monkeypatch.setattr(folder_watcher, "LOOK_MS", 20)
    fresh = make_desk(held=False)
    fresh.window.parts.session.restore()
    fresh.until(lambda: names(fresh) == ["c.jpg", "d.jpg", "e.jpg"])
    parts = fresh.window.parts
    assert all(is_undecided(photo) for photo in parts.document.photos)
    assert fresh.photo.path.name == "c.jpg"
    told = "2 photos came into the open folders since the last time."
    fresh.until(lambda: told in fresh.notices())
    assert "Not there any more, so not opened again: a.jpg." in fresh.notices()
    write_photo(folder / "f.jpg", 300, 200)
    fresh.until(lambda: names(fresh) == ["c.jpg", "d.jpg", "e.jpg", "f.jpg"])
    assert fresh.notices().count(told) == 1, "what comes while it is open is seen to come"
