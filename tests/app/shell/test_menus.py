"""The menus of recent files and of themes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from app.actions import specs
from app.style.theme import Mode
from tests.app.helpers.gui import Desk, write_photo


def test_a_recent_file_is_opened_again(desk: Desk, tmp_path: Path) -> None:
    first, second = write_photo(tmp_path / "a.jpg", 60, 40), write_photo(tmp_path / "b.jpg", 60, 40)
    desk.open(first, second)
    window = desk.window
    window.parts.actions["close"].trigger()
    window.parts.actions["close"].trigger()
    assert not window.parts.document.photos
    window.parts.recent_menu.aboutToShow.emit()
    action = next(a for a in window.parts.recent_menu.actions() if a.text() == "b.jpg")
    action.trigger()
    desk.until(lambda: [p.path for p in window.parts.document.photos] == [second])


def test_the_list_of_recent_files_can_be_cleared(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_photo(tmp_path / "a.jpg", 60, 40))
    recent = desk.window.parts.recent_menu
    recent.aboutToShow.emit()
    recent.actions()[-1].trigger()
    assert not desk.window.parts.settings.recent
    recent.aboutToShow.emit()
    (only,) = recent.actions()
    assert not only.isEnabled()


def test_a_theme_is_chosen_and_remembered(desk: Desk) -> None:
    menu = desk.window.parts.theme_menu
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Light"].trigger()
    assert desk.window.parts.settings.mode is Mode.LIGHT
    desk.window.parts.settings.mode = Mode.DARK
    menu.aboutToShow.emit()
    assert by_text["Dark"].isChecked()
    assert not by_text["Light"].isChecked()


def test_no_key_stands_for_two_actions() -> None:
    """Qt would then do neither of them."""
    keys = Counter(key for spec in specs() for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []
