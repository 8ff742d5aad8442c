"""Signals of the window's parts reach somebody, also after the garbage collection."""

from __future__ import annotations

import gc
from collections.abc import Iterator

from PySide6.QtCore import QMetaMethod, QMetaObject, QObject

from app.shell.main_window import MainWindow
from tests.app.helpers.gui import Desk

OPTIONAL = {
    "foreign_exporter.finished", "copy_paste.finished", "running_batch.ended", "crop_picture.copied",
    "canvas.drag_started",
    "nested_crops_section.toggled", "numbers_section.toggled", "method_section.toggled",
    "heads_section.toggled", "protect_section.toggled",
}  # fmt: skip
"""Signals that the window itself does not need; tests wait for the first ones."""


def own_signals(part: QObject) -> Iterator[QMetaMethod]:
    """The public signals that the program's own classes declare, not Qt's."""
    own = {c.__name__ for c in type(part).__mro__ if c.__module__.startswith("app.")}
    meta: QMetaObject | None = part.metaObject()
    while meta is not None and meta.className() in own:
        for place in range(meta.methodOffset(), meta.methodCount()):
            method = meta.method(place)
            is_signal = method.methodType() is QMetaMethod.MethodType.Signal
            if is_signal and not method.name().startsWith(b"_"):
                yield method
        meta = meta.superClass()


def heard(window: MainWindow) -> dict[str, bool]:
    """Whether anybody receives each signal of the window's parts, by ``part.signal``."""
    return {
        f"{name}.{signal.name().toStdString()}": part.isSignalConnected(signal)
        for name, part in vars(window.parts).items()
        if isinstance(part, QObject)
        for signal in own_signals(part)
    }


def test_every_signal_of_the_parts_has_a_receiver_that_lives(desk: Desk) -> None:
    gc.collect()
    signals = heard(desk.window)
    assert {
        "canvas.crop_edited",
        "editor.changed",
        "recent_menu.chosen",
        "why.focus_released",
    } <= set(signals)
    assert {name for name, is_heard in signals.items() if not is_heard} <= OPTIONAL
