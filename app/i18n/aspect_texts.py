"""What aspects are called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cropcore.geometry.aspect import Aspect


def _tr(text: str) -> str:
    return QCoreApplication.translate("Aspects", text)


def aspect_name(aspect: Aspect) -> str:
    """An aspect in a word: ``Circle``, ``4:5``."""
    words = {"original": _tr("Original"), "free": _tr("Free"), "circle": _tr("Circle")}
    return words.get(aspect.kind, str(aspect))


def aspect_label(aspect: Aspect) -> str:
    """An aspect as short as a chip needs it: ``Orig``, ``4:5``; a circle has an icon instead."""
    words = {"original": _tr("Orig"), "free": _tr("Free"), "circle": ""}
    return words.get(aspect.kind, str(aspect))
