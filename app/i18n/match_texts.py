"""Translated reasons why a crop that matches another one may be wrong."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cropcore.geometry.match import SubjectKind


def _tr(text: str) -> str:
    return QCoreApplication.translate("Match", text)


def doubt_text(doubt: str, kind: SubjectKind) -> str:
    """What is doubtful about a crop placed by a head or an object, in a few words."""
    if doubt == "missing":
        return _tr("no head found") if kind == "head" else _tr("no object found")
    if doubt == "several":
        return _tr("several heads")
    if doubt == "beyond":
        return _tr("no room for it")
    return _tr("head not measured well") if kind == "head" else _tr("object not found clearly")
