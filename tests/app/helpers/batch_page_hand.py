"""A hand on the batch page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.batch.page import BatchPage
from tests.app.helpers.batch_photos import make_pile
from tests.app.helpers.gui import Desk

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def open_three(desk: Desk, folder: Path) -> Desk:
    """Three open photos, and the page."""
    desk.open(*make_pile(folder, 3).good)
    open_page(desk)
    return desk


def open_page(desk: Desk) -> BatchPage:
    desk.key(K.Key_B, CTRL)
    page = desk.window.parts.batch_controller.page
    assert page is not None
    desk.until(lambda: page.isActiveWindow() and page.presets.current is not None)
    settle(desk)
    return page


def page(desk: Desk) -> BatchPage:
    shown = desk.window.parts.batch_controller.page
    assert shown is not None
    return shown


def settle(desk: Desk) -> None:
    """Until everything that is looked up behind the page is there."""
    desk.until(lambda: is_settled(desk))


def is_settled(desk: Desk) -> bool:
    batch = desk.window.parts.batch_controller
    behind = (batch._presets._worker._worker, batch._preview._worker)
    for worker in behind:
        worker._pool.submit(lambda: None).result()  # what was begun before is done
    return not (
        batch._gathering
        or batch._rest.isActive()
        or any(worker._signals._waiting for worker in behind)
    )


def retype(desk: Desk, field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keyClick(field, K.Key_A, CTRL)
    QTest.keyClick(field, K.Key_Delete)
    QTest.keyClicks(field, text)
    settle(desk)


def choose(desk: Desk, name: str) -> None:
    """Walk to a preset by the arrow keys."""
    shown = page(desk).presets
    shown.list.setFocus()
    QTest.keyClick(shown.list, K.Key_Home)
    while shown.current is not None and shown.current.preset.name != name:
        before = shown.current
        QTest.keyClick(shown.list, K.Key_Down)
        assert shown.current != before, f"no preset {name}"
    settle(desk)


def names(desk: Desk) -> list[str]:
    """The file names that are shown."""
    return [label.full_text for label in page(desk).files._names if label.full_text]


def name_note(desk: Desk) -> str:
    """What is said of the names that are not shown."""
    return page(desk).files._more.text()


def note(desk: Desk) -> str:
    return page(desk).note.text()
