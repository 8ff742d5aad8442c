"""What places that crops are made for are called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("Places", text)


def place_name(name: str) -> str:
    """A place in a word: ``Story``."""
    return {"story": _tr("Story"), "banner": _tr("Banner"), "avatar": _tr("Avatar")}.get(name, name)
