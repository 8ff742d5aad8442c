"""Translated texts of candidates' ideas and of what a candidate cuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("Ideas", text)


def idea_text(idea: str) -> str:
    """Translated label of a candidate, such as ``Closer, subject left``; unknown words stay English.

    ``idea`` is as :func:`cropcore.engine.crop_ideas.ideas` writes it: labels with commas between them,
    behind which a number may stand.
    """
    plain, _, number = idea.rpartition(" ")
    plain, number = (plain, f" {number}") if number.isdecimal() else (idea, "")
    words = _words()
    text = ", ".join(words.get(word, word) for word in plain.split(", ") if word)
    return text[:1].upper() + text[1:] + number


def cuts_text(cuts: Sequence[str]) -> str:
    """What a candidate cuts, in words; empty where it cuts nothing."""
    words = {
        "head": _tr("cuts a head"),
        "text": _tr("cuts a text"),
        "protected": _tr("cuts a protected area"),
    }
    return ", ".join(words.get(cut, cut) for cut in cuts)


def _words() -> dict[str, str]:
    return {
        "best": _tr("best"),
        "as taken": _tr("as taken"),
        "closer": _tr("closer"),
        "wider": _tr("wider"),
        "subject left": _tr("subject left"),
        "subject right": _tr("subject right"),
        "subject centred": _tr("subject centred"),
        "more above": _tr("more above"),
        "more below": _tr("more below"),
        "more left": _tr("more left"),
        "more right": _tr("more right"),
        "taller": _tr("taller"),
        "flatter": _tr("flatter"),
        "a little closer": _tr("a little closer"),
        "a little wider": _tr("a little wider"),
        "a little left": _tr("a little left"),
        "a little right": _tr("a little right"),
        "a little higher": _tr("a little higher"),
        "a little lower": _tr("a little lower"),
    }
