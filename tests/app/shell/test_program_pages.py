"""The pages about the program: preferences that hold at once, and what it is made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.canvas.fade import Fade
from app.settings import Settings
from app.shell import program_pages
from app.shell.licences import components, data_and_terms, system_details
from app.style import motion, theme
from app.widgets.controls import ComboBox
from cropcore.geometry.aspect import Aspect
from tests.app.helpers.gui import WAIT_MS, Desk


def pick(box: ComboBox, data: object) -> None:
    """Choose by keyboard, as a person does who never touches the mouse."""
    box.setFocus()
    target = box.findData(data)
    assert target >= 0
    for _ in range(box.count()):
        if box.currentIndex() == target:
            return
        down = target > box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    assert box.currentIndex() == target


@pytest.fixture
def opened(desk: Desk) -> Desk:
    QTest.keyClick(desk.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.parts.program_pages.preferences.isVisible()
    return desk


class TestPreferences:
    def test_esc_and_the_same_keys_close_it(self, opened: Desk) -> None:
        page = opened.window.parts.program_pages.preferences
        opened.key(Qt.Key.Key_Escape)
        assert not page.isVisible()
        assert opened.window.parts.welcome_page.hasFocus()
        opened.window.parts.actions["preferences"].trigger()
        assert page.isVisible()
        opened.window.parts.actions["preferences"].trigger()
        assert not page.isVisible()

    def test_the_theme_changes_at_once(self, opened: Desk) -> None:
        page = opened.window.parts.program_pages.preferences
        assert theme.is_dark()
        pick(page.theme_box, theme.Mode.LIGHT)
        assert not theme.is_dark()
        assert opened.window.parts.settings.mode is theme.Mode.LIGHT

    def test_new_photos_begin_with_the_chosen_ratio(self, opened: Desk, small_photo: Path) -> None:
        pick(opened.window.parts.program_pages.preferences.aspect_box, "4:5")
        opened.key(Qt.Key.Key_Escape)
        opened.open(small_photo)
        assert opened.photo.edit.aspect == Aspect.parse("4:5")
        opened.window.commands.choose_aspect(Aspect.parse("1:1"))
        assert opened.window.parts.settings.aspect == Aspect.parse("4:5")
        opened.window.parts.settings.fixed_aspect = None
        assert opened.window.parts.settings.aspect == Aspect.parse("1:1")

    def test_guides_follow_both_ways(self, opened: Desk) -> None:
        window, page = opened.window, opened.window.parts.program_pages.preferences
        pick(page.guide_box, "golden")
        page.always_box.click()
        assert window.parts.guides_panel.name == "golden"
        assert window.parts.guides_panel.box.isChecked()
        window.commands.set_guide("spiral", 0)
        opened.key(Qt.Key.Key_Escape)
        window.parts.actions["preferences"].trigger()
        assert page.guide_box.currentData() == "spiral"

    def test_the_export_folder_and_metadata_are_those_of_the_export_page(
        self, opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page, panel = (
            opened.window.parts.program_pages.preferences,
            opened.window.parts.export_controls.panel,
        )
        monkeypatch.setattr(
            QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path), raising=True
        )
        pick(page.export_box, True)
        pick(page.metadata_box, "none")
        assert panel.options.folder == tmp_path
        assert panel.metadata.currentData() == "none"
        assert opened.window.parts.settings.export == panel.options
        assert page.export_folder.full_text == str(tmp_path)
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
        pick(page.export_box, False)
        assert panel.options.folder is None
        QTest.keyClick(page.export_box, Qt.Key.Key_Down)
        assert page.export_box.currentData() is False, "no folder was picked"

    def test_where_decisions_are_kept_is_said(self, opened: Desk) -> None:
        page = opened.window.parts.program_pages.preferences
        assert page.folder.full_text.endswith("sidecars")
        pick(page.beside_box, True)
        assert page.folder.full_text == "Beside each photo"
        assert not page.show_folder.isVisible()
        assert opened.window.parts.settings.sidecars_beside

    def test_device_and_language_say_when_they_hold(self, opened: Desk) -> None:
        page = opened.window.parts.program_pages.preferences
        assert not page.device_note.isVisible()
        pick(page.device_box, "cpu")
        assert page.device_note.isVisible()
        assert not page.language_note.isVisible()
        assert opened.window.parts.settings.device == "cpu"

    def test_stored_thumbnails_are_measured_and_cleared(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(program_pages, "cache_folder", lambda: tmp_path / "cache")
        kept = tmp_path / "cache" / "ab" / "cd.mini"
        other = tmp_path / "cache" / "ab" / "note.txt"
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"x" * 5_000_000)
        other.write_text("not ours")
        desk.window.parts.actions["preferences"].trigger()
        page = desk.window.parts.program_pages.preferences
        desk.until(lambda: "4.77 M" in page.cache.text())
        desk.click(page.clear_button)
        desk.until(lambda: page.cache.text().startswith("0 "))
        assert not kept.exists()
        assert other.exists()

    def test_reset_brings_back_the_defaults_and_keeps_the_rest(self, opened: Desk) -> None:
        page, settings = opened.window.parts.program_pages.preferences, opened.window.parts.settings
        settings.remember_opened([Path("/photos/a.jpg")])
        pick(page.still_box, True)
        pick(page.aspect_box, "1:1")
        pick(page.guide_box, "golden")
        page.restore_box.click()
        assert not settings.restore_session
        page.reset_button.click()
        assert (settings.still, settings.fixed_aspect, settings.guide) == (False, None, "thirds")
        assert settings.restore_session
        assert page.restore_box.isChecked()
        assert page.guide_box.currentData() == opened.window.parts.guides_panel.name == "thirds"
        assert settings.recent == (Path("/photos/a.jpg"),)

    def test_everything_can_be_reached_by_tab(self, opened: Desk) -> None:
        page = opened.window.parts.program_pages.preferences
        wanted = {page.theme_box, page.aspect_box, page.restore_box, page.device_box,
                  page.reset_button, page.close_button}  # fmt: skip
        for _ in range(60):
            wanted.discard(QApplication.focusWidget())  # type: ignore[arg-type]
            QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        assert not wanted

    def test_unreadable_values_fall_back(self, settings: Settings) -> None:
        settings._store.setValue("device", "abacus")
        settings._store.setValue("fixed_aspect", "0:0")
        assert settings.device == "auto"
        assert settings.fixed_aspect is None


class TestMotion:
    def test_nothing_fades_where_the_person_wants_no_motion(self, opened: Desk) -> None:
        fade = Fade(0.0, opened.window)
        pick(opened.window.parts.program_pages.preferences.still_box, True)
        fade.send(1.0)
        assert fade.value == 1.0
        pick(opened.window.parts.program_pages.preferences.still_box, False)
        assert motion.is_allowed()
        fade.send(0.0)
        assert fade.value > 0.9
        opened.until(lambda: fade.value == 0)

    def test_the_system_is_obeyed(self, desk: Desk) -> None:
        motion.set_system_still(True)
        try:
            assert not motion.is_allowed()
        finally:
            motion.set_system_still(False)
        assert motion.is_allowed()


PORTAL = """
from PySide6.QtCore import ClassInfo, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant
from PySide6.QtWidgets import QApplication

from app.style import motion
from app.style.motion_portal import SystemMotion

app = QApplication([])
NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"

@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Settings"})
class Portal(QObject):
    @Slot(str, str, result=QDBusVariant)
    def Read(self, space, key):
        value = {"enable-animations": False, "reduced-motion": 0}.get(key, "1")
        return QDBusVariant(QDBusVariant(value))

portal = Portal()
desktop = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "desktop")
assert desktop.registerService(NAME)
assert desktop.registerObject(PATH, portal, QDBusConnection.RegisterOption.ExportAllSlots)
seen = [motion.is_allowed()]
system = SystemMotion(app)
system.start()

def change():
    signal = QDBusMessage.createSignal(PATH, "org.freedesktop.portal.Settings", "SettingChanged")
    signal.setArguments(["org.gnome.desktop.interface", "enable-animations", QDBusVariant(True)])
    desktop.send(signal)

def look():
    if motion.is_allowed() != seen[-1]:
        seen.append(motion.is_allowed())
        change()
    if len(seen) == 3:
        print(seen)
        app.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
QTimer.singleShot(110_000, app.quit)
app.exec()
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-run-session") is None,
    reason="asks a desktop bus",
)
def test_a_desktop_that_wants_no_motion_is_heard(tmp_path: Path) -> None:
    """A portal as desktops have it, on a bus of its own: animations off, then on again."""
    script = tmp_path / "portal.py"
    script.write_text(PORTAL)
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=WAIT_MS / 1000,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert "[True, False, True]" in done.stdout, done.stderr


class TestAbout:
    def test_every_part_with_its_version_and_licence(self, desk: Desk) -> None:
        desk.window.parts.actions["about"].trigger()
        page = desk.window.parts.program_pages.about
        desk.until(lambda: page.components)
        listed = {part.title: part for part in page.components}
        assert listed["NumPy"].version == metadata.version("numpy")
        assert "Redistribution and use" in listed["NumPy"].text
        assert "LESSER GENERAL PUBLIC LICENSE" in listed["Qt and PySide6"].text
        assert "Apache License" in listed["Cropsight"].text
        assert "MIT1003" in listed["Weights"].text
        for part in listed.values():
            assert len(part.text) > 200, part.title
            assert part.licence, part.title
        page.list.setCurrentRow(1)
        assert "Flickr" in page.text.toPlainText()

    def test_system_details_are_copied(self, desk: Desk) -> None:
        desk.window.parts.actions["about"].trigger()
        page = desk.window.parts.program_pages.about
        desk.until(lambda: page.components)
        desk.click(page.copy_button)
        copied = QGuiApplication.clipboard().text()
        assert f"torch: {metadata.version('torch')}" in copied
        assert "Engine: " in copied
        assert "offscreen" in copied

    def test_what_is_required_to_run_is_listed(self) -> None:
        """A dependency that is added must be named here too."""

        project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
        needed = {
            re.split(r"[^\w-]", line, maxsplit=1)[0] for line in project["project"]["dependencies"]
        }
        details = system_details()
        assert not [name for name in needed if f"{name}: " not in details]
        assert len(components()) >= len(needed) + 2

    def test_a_table_of_a_card_becomes_plain_text(self) -> None:
        table = "| data | used for | terms |\n|---|---|---|\n| A | b | c |"
        card = f"# x\n\n## Data and terms\n\n{table}\n\nEnd.\n\n## Next\n"
        assert data_and_terms(card) == "A\n    used for: b\n    terms: c\n\n\nEnd."


def test_one_page_at_a_time(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.window.parts.actions["preferences"].trigger()
    desk.window.parts.actions["about"].trigger()
    assert not desk.window.parts.program_pages.preferences.isVisible()
    assert desk.window.parts.program_pages.about.isVisible()
