"""Crops by numbers in the window: pasted and entered, one undo step each."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.document.edit import Owner
from cropcore.geometry.aspect import Aspect
from tests.app.helpers.gui import Desk

K = Qt.Key


def test_pasted_entered_and_taken_back(quick: Desk) -> None:
    desk, parts = quick, quick.window.parts
    before, steps = desk.photo.edit, desk.undo_count
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("120 80 600 400\n")
    parts.actions["paste_numbers"].trigger()
    assert desk.crop.box == pytest.approx((0.1, 0.1, 0.6, 0.6))
    assert desk.photo.edit.owner is Owner.MINE
    assert desk.photo.edit.aspect == before.aspect  # 3:2, which the crop keeps
    assert desk.undo_count == steps + 1
    parts.actions["undo"].trigger()
    assert desk.photo.edit == before
    # What is no crop opens the field instead.
    clipboard.setText("https://example.org")
    parts.actions["paste_numbers"].trigger()
    assert desk.undo_count == steps + 1
    assert parts.numbers_panel.text.isVisible()
    QTest.keyClicks(parts.numbers_panel.text, "centre 400 400")
    QTest.keyClick(parts.numbers_panel.text, K.Key_Return)
    assert desk.crop.box == pytest.approx((1 / 3, 0.25, 2 / 3, 0.75))
    assert desk.photo.edit.aspect == Aspect("free")
    assert parts.numbers_panel.text.text() == ""
    parts.numbers_panel.text.setFocus()
    QTest.keyClicks(parts.numbers_panel.text, "5000 0 10 10")
    QTest.keyClick(parts.numbers_panel.text, K.Key_Return)
    assert any("lies beyond the photo" in text for text in desk.notices())


def test_json_of_the_command_lies_in_the_file_as_it_is(quick: Desk) -> None:
    desk, parts = quick, quick.window.parts
    parts.actions["turn_right"].trigger()
    photo = {"file": "small.jpg", "results": [{"candidates": [{"box": [0, 0, 0.5, 0.25]}]}]}
    QGuiApplication.clipboard().setText(json.dumps({"photos": [photo]}))
    parts.actions["paste_numbers"].trigger()
    assert desk.crop.box == pytest.approx((0.75, 0, 1, 0.5))
