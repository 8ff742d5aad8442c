"""The page before the first photo, and the answer to files that are dragged over the window."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.edit import Owner
from app.photos import sample_photos
from app.style import theme
from app.style.resources import resource
from cropcore.files.user_dirs import samples_dir
from tests.app.helpers.gui import LEFT, NO_KEY, Desk


def drag_over(desk: Desk, url: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls([url])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    QApplication.sendEvent(desk.window, enter)
    return data


def border_colour(desk: Desk) -> str:
    """Of the empty page's card, in the middle of its left border."""
    card = desk.window.parts.welcome_page.card
    return card.grab().toImage().pixelColor(0, card.height() // 2).name()


class TestDragging:
    def test_the_empty_page_lights_up_until_the_files_leave(self, desk: Desk) -> None:
        accent = theme.current().accent.name()
        assert border_colour(desk) != accent
        data = drag_over(desk, QUrl.fromLocalFile("/photos/a.jpg"))
        assert data.hasUrls()
        assert border_colour(desk) == accent
        assert not desk.window.parts.drop_overlay.isVisible()
        QApplication.sendEvent(desk.window, QDragLeaveEvent())
        assert border_colour(desk) != accent

    def test_over_a_photo_a_veil_says_what_a_drop_does(self, desk: Desk, small_photo: Path) -> None:
        desk.open(small_photo)
        data = drag_over(desk, QUrl.fromLocalFile("/photos/a.jpg"))
        assert data.hasUrls()
        assert desk.window.parts.drop_overlay.isVisible()
        assert desk.window.parts.stage.rect().contains(desk.window.parts.drop_overlay.geometry())
        desk.drop(small_photo)
        assert not desk.window.parts.drop_overlay.isVisible()

    def test_what_is_no_file_is_not_invited(self, desk: Desk) -> None:
        data = drag_over(desk, QUrl("https://example.org/a.jpg"))
        assert data.hasUrls()
        assert border_colour(desk) != theme.current().accent.name()


class TestSamples:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sample_photos, "WIDTH", 480)
        monkeypatch.setattr(sample_photos, "HEIGHT", 320)

    def test_a_click_on_a_picture_opens_that_photo_alone(self, desk: Desk) -> None:
        (boat,) = (b for b in desk.window.parts.welcome_page.samples if b.name == "boat")
        desk.click(boat)
        desk.until(lambda: desk.window.parts.document.photos)
        desk.until(lambda: desk.photo.preview is not None)
        assert [p.path.name for p in desk.window.parts.document.photos] == ["boat.jpg"]

    def test_by_keyboard_too(self, desk: Desk) -> None:
        last = desk.window.parts.welcome_page.samples[-1]
        desk.window.parts.welcome_page.samples_button.setFocus()
        for _ in range(len(desk.window.parts.welcome_page.samples)):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert last.hasFocus()
        QTest.keyClick(last, Qt.Key.Key_Space)
        desk.until(lambda: desk.window.parts.document.photos)
        assert desk.window.parts.document.photos[0].path.stem == last.name

    def test_the_button_opens_all(self, desk: Desk) -> None:
        desk.click(desk.window.parts.welcome_page.samples_button)
        desk.until(
            lambda: len(desk.window.parts.document.photos) == len(sample_photos.sample_names())
        )

    def test_their_crops_go_to_the_person_s_pictures(
        self, make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path / "My pictures"))
        desk = make_desk(held=False)
        desk.click(desk.window.parts.welcome_page.samples[0])
        desk.until(lambda: desk.window.parts.document.photos)
        desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
        desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: list((tmp_path / "My pictures" / "Cropsight").glob("*.jpg")))
        assert not list(samples_dir().glob("Cropsight*"))

    def test_the_pictures_show_what_is_painted(self, tmp_path: Path) -> None:
        """docs/sample_pictures.py makes them anew when a scene changes."""
        for path in sample_photos.write_samples(tmp_path):
            with Image.open(path) as photo, Image.open(resource(f"samples/{path.name}")) as small:
                painted = np.asarray(photo.convert("RGB").resize((48, 32)), float)
                shown = np.asarray(small.convert("RGB").resize((48, 32)), float)
            assert abs(painted - shown).mean() < 6, path.name
