"""Choosing who proposes, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from app.settings import Settings
from tests.app.helpers.engine_double import METHODS, EngineDouble, candidate_crops
from tests.app.helpers.gui import Desk, write_photo

ALT = Qt.KeyboardModifier.AltModifier
K = Qt.Key


def test_the_chooser_lists_the_cascade_first(quick: Desk) -> None:
    combo = quick.window.parts.method_panel.combo
    titles = [combo.itemText(place) for place in range(combo.count())]
    assert titles == ["Cascade", "GAIC", "SFRC", "ASM", "Mars", "Set prediction"]
    assert all(combo.itemData(place, Qt.ItemDataRole.ToolTipRole) for place in range(combo.count()))
    assert quick.window.parts.method_panel.name == "cascade"
    assert quick.window.parts.actions["method_cascade"].isChecked()
    assert not quick.window.parts.method_panel.isVisible()


@pytest.mark.parametrize("place", range(1, 7))
def test_each_method_has_a_key(quick: Desk, place: int) -> None:
    quick.key(Qt.Key(K.Key_0 + (2 if place == 1 else 1)), ALT)
    quick.key(Qt.Key(K.Key_0 + place), ALT)
    name = METHODS[place - 1]
    assert quick.window.parts.method_panel.name == name
    assert [m for m in METHODS if quick.window.parts.actions[f"method_{m}"].isChecked()] == [name]
    wanted = candidate_crops(quick.photo.edit.aspect, quick.photo.photo, name)[0]
    quick.until(lambda: quick.crop == wanted)
    assert quick.photo.edit.owner is Owner.PROPOSED


def test_the_choice_is_one_step_and_remembered(
    quick: Desk, settings: Settings, tmp_path: Path
) -> None:
    combo = quick.window.parts.method_panel.combo
    combo.setCurrentIndex(combo.findData("mars"))
    assert quick.photo.edit.method == "mars"
    assert quick.undo_count == 1
    assert settings.method == "mars"
    quick.open(write_photo(tmp_path / "next.jpg", 900, 600))
    assert quick.photo.path.name == "next.jpg"
    assert quick.photo.edit.method == "mars"
    quick.key(K.Key_1, ALT)
    assert settings.method == "default"


def test_a_remembered_method_that_is_gone_is_the_default(
    make_desk: Callable[..., Desk], settings: Settings, small_photo: Path
) -> None:
    settings.method = "vpn"
    desk = make_desk(held=False)
    desk.open(small_photo)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    assert desk.engine.asked_methods == ["cascade"]
    assert desk.window.parts.method_panel.name == "cascade"
    assert desk.notices() == []


def test_an_engine_with_fewer_methods_offers_only_those(
    make_desk: Callable[..., Desk], small_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineDouble, "methods", ("gaic", "asm"))
    monkeypatch.setattr(EngineDouble, "map_names", ("saliency",))
    desk = make_desk(held=False)
    desk.open(small_photo)
    offered = [m for m in METHODS if desk.window.parts.actions[f"method_{m}"].isEnabled()]
    assert offered == ["gaic", "asm"]
    assert desk.window.parts.method_panel.name == "gaic"
    assert not desk.window.parts.actions["masked"].isEnabled()


def test_set_prediction_tells_the_validity(quick: Desk) -> None:
    window = quick.window
    window.parts.numbers_section.set_open(True)
    assert not window.parts.numbers_panel.validity.isVisible()
    assert "validity" not in window.parts.strip.cards[1].toolTip()
    quick.key(K.Key_6, ALT)
    quick.until(lambda: "validity 0.50" in window.parts.strip.cards[1].toolTip())
    quick.until(lambda: window.parts.numbers_panel.validity.text() == "Validity: 1.00")
    assert window.parts.numbers_panel.validity.isVisible()
    quick.key(K.Key_2)
    assert window.parts.numbers_panel.validity.text() == "Validity: 0.50"
    quick.key(K.Key_Right)
    assert window.parts.numbers_panel.validity.text() == "Validity: only of predicted crops"
    quick.key(K.Key_2, ALT)
    quick.until(lambda: not window.parts.numbers_panel.validity.isVisible())
