"""The slider that others are made of: what the keys do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.editor.angle_slider import MOST, AngleSlider
from app.editor.ratio_slider import RatioSlider, plain_aspect
from cropcore.geometry.aspect import Aspect

K = Qt.Key
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def recorded(slider: RatioSlider | AngleSlider) -> list[object]:
    """What the slider says from now on."""
    said: list[object] = []
    slider.pressed.connect(lambda: said.append("pressed"))
    slider.released.connect(lambda: said.append("released"))
    slider.moved.connect(said.append)
    return said


@pytest.mark.parametrize(
    ("key", "modifier", "angle"),
    [
        (K.Key_Right, NO_KEY, 7.1),
        (K.Key_Up, SHIFT, 8.0),
        (K.Key_Left, NO_KEY, 6.9),
        (K.Key_Down, SHIFT, 6.0),
        (K.Key_Home, NO_KEY, 0.0),
    ],
)
def test_keys_change_the_angle_in_one_press(
    qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, angle: float
) -> None:
    slider = AngleSlider()
    qtbot.addWidget(slider)
    slider.show_angle(7.0)
    said = recorded(slider)
    QTest.keyClick(slider, key, modifier)
    assert said == ["pressed", angle, "released"]


def test_keys_stop_at_the_ends(qtbot: QtBot) -> None:
    angles, ratios = AngleSlider(), RatioSlider()
    qtbot.addWidget(angles)
    qtbot.addWidget(ratios)
    angles.show_angle(MOST)
    ratios.show_ratio(2.0, loose=False)
    said, ratios_said = recorded(angles), recorded(ratios)
    QTest.keyClick(angles, K.Key_Right)
    QTest.keyClick(ratios, K.Key_Right)
    assert said == ["pressed", MOST, "released"]
    assert ratios_said == ["pressed", Aspect("ratio", 2.0, 1.0), "released"]


def test_keys_change_the_ratio_in_one_press(qtbot: QtBot) -> None:
    slider = RatioSlider()
    qtbot.addWidget(slider)
    slider.show_ratio(1.5, loose=False)
    said = recorded(slider)
    for key in (K.Key_Right, K.Key_End, K.Key_Home):
        QTest.keyClick(slider, key)
    assert said[1::3] == [
        plain_aspect(1.5 * 2 ** (1 / 48)),
        Aspect.of_ratio(2.0),
        Aspect.of_ratio(0.5),
    ]


def test_other_keys_are_left_to_the_window(qtbot: QtBot) -> None:
    slider = AngleSlider()
    qtbot.addWidget(slider)
    said = recorded(slider)
    for key in (K.Key_End, K.Key_A):
        QTest.keyClick(slider, key)
    assert said == []
    assert slider.angle == 0.0
