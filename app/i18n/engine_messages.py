"""Translates the engine's errors, warnings and titles.

The engine knows nothing of Qt: it hands up :class:`~cropcore.messages.Message`s, English templates with
values. ``docs/translations.py`` extracts the templates from the engine's code into the context
``Engine`` of the catalogues.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.i18n import languages
from cropcore.errors import CropsightError, FileError
from cropcore.messages import Message


def translated(said: Message | CropsightError) -> str:
    """A message or an error in the language that is spoken; may be called on any thread.

    Of an error about a file, a reason that is a predicate becomes one sentence with the file's name:
    "a.jpg is empty." where the command line writes "a.jpg: is empty."
    """
    if not isinstance(said, FileError):
        return _translated(said if isinstance(said, Message) else said.message)
    name = said.path.name or str(said.path)
    joint = " " if said.reason.template[:1].islower() else ": "
    return f"{name}{joint}{translated(said.reason_and_remedy)}"


def _translated(message: Message) -> str:
    template = message.template
    words = QCoreApplication.translate("Engine", template) if template else ""
    return _FORMATTER.vformat(words, (), dict(message.values))


class _LocalFormatter(Formatter):
    """Puts values into a translated template: messages translated too, decimals as they are written."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return _translated(value)
        text = format(value, format_spec)
        return (
            text.replace(".", QLocale(languages.spoken() or languages.SOURCE).decimalPoint())
            if isinstance(value, float)
            else text
        )


_FORMATTER = _LocalFormatter()
