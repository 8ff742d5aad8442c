"""Settings are read under their keys, and what cannot be read is the default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings

from app.document.photo_order import Order, Show
from app.settings import Settings
from app.style.theme import Mode
from cropcore.geometry.aspect import Aspect

STORED = [
    ("mode", "theme", Mode.DARK, "dark", Mode.SYSTEM),
    ("language", "language", "de", "de", ""),
    ("still", "still", True, "true", False),
    ("device", "device", "cuda", "cuda", "auto"),
    ("sidecars_beside", "sidecars_beside", True, "true", False),
    ("restore_session", "restore_session", False, "false", True),
    ("fixed_aspect", "fixed_aspect", Aspect.parse("4:5"), "4:5", None),
    ("aspect", "aspect", Aspect.parse("16:9"), "16:9", Aspect("original")),
    ("method", "method", "gaic", "gaic", "default"),
    ("also", "also", (Aspect.parse("1:1"), Aspect("circle")), "1:1 circle", ()),
    ("guide", "guide", "spiral", "spiral", "thirds"),
    ("guides_always", "guides_always", True, "true", False),
    ("film_order", "film_order", Order.NAME, str(Order.NAME), Order.OPENED),
    ("film_backwards", "film_backwards", True, "true", False),
    ("film_show", "film_show", Show.STARRED, str(Show.STARRED), Show.ALL),
    ("open_folder", "open_folder", "/photos", "/photos", ""),
    ("batch_preset", "batch_preset", Path("/a.json"), str(Path("/a.json")), None),
]


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.mark.parametrize(("name", "key", "value", "text", "default"), STORED)
def test_each_setting_is_kept_under_its_key(
    store: QSettings, name: str, key: str, value: Any, text: str, default: Any
) -> None:
    settings = Settings(store)
    assert getattr(settings, name) == default
    setattr(settings, name, value)
    assert store.value(key) == text
    assert getattr(Settings(store), name) == value


@pytest.mark.parametrize(
    "name", ["mode", "device", "fixed_aspect", "aspect", "also", "film_order", "film_show", "still"]
)
def test_what_cannot_be_read_is_the_default(store: QSettings, name: str) -> None:
    key, default = next((key, default) for n, key, *_, default in STORED if n == name)
    store.setValue(key, "no such value: 0:-1")
    assert getattr(Settings(store), name) == default


def test_a_fixed_aspect_goes_before_the_one_used_last(store: QSettings) -> None:
    settings = Settings(store)
    settings.aspect, settings.fixed_aspect = Aspect.parse("3:2"), Aspect.parse("1:1")
    assert settings.aspect == Aspect.parse("1:1")
    settings.fixed_aspect = None
    assert settings.aspect == Aspect.parse("3:2")
