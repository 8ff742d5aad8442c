"""A review in the window, and a hand that decides in it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from cropcore.batch.preset import Preset
from cropcore.export import export
from tests.app.helpers.gui import Desk, write_photo
from tests.app.helpers.notice_buttons import button_in_notice
from tests.app.helpers.review_maker import PORTRAIT, results

K = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRESET = Preset("Shop", (PORTRAIT,), format="jpeg")


def begin_four(desk: Desk, folder: Path, out: Path) -> Desk:
    """A review of four results over two photos of the person's own, of which one is cropped."""
    desk.open(write_photo(folder / "a.jpg", 600, 400), write_photo(folder / "b.jpg", 500, 400))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    press(desk, K.Key_PageDown)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    press(desk, K.Key_2)
    desk.window.parts.review_mode.begin(results(folder / "photos", 4), PRESET, out)
    desk.until(lambda: desk.photo.preview is not None)
    return desk


def press(
    desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    desk.until(lambda: desk.window.parts.review_mode.can_decide)
    desk.key(key, modifier)


def click_in_notice(desk: Desk, text: str) -> None:
    button = button_in_notice(desk.window, text)
    assert button is not None
    desk.click(button)


def write(desk: Desk, count: int) -> None:
    with desk.qtbot.waitSignal(desk.window.parts.review_mode.files.finished) as done:
        press(desk, K.Key_E, CONTROL)
    assert done.args == [count]


def decisions(desk: Desk) -> list[str]:
    words = {(True, False): "accepted", (False, True): "rejected", (False, False): "open"}
    return [words[p.edit.accepted, p.edit.rejected] for p in desk.window.parts.document.photos]


def hold_files(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The first file is there, and is told of and followed by others once the event is set."""
    go = threading.Event()
    write = export.EncodedFile.write

    def held(file: export.EncodedFile, *known: object, **more: object) -> export.Exported:
        done = write(file, *known, **more)  # type: ignore[arg-type]
        go.wait(60)
        return done

    monkeypatch.setattr(export.EncodedFile, "write", held)
    return go
