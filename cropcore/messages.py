"""Texts for people: an English template and the values of its placeholders.

The engine never formats a text that a person may read in another language: it hands up a
:class:`Message`, whose template the program translates before the values are put in. Templates are
literals, so that ``docs/translations.py`` finds them where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, float, Path, "Message"]


@dataclass(frozen=True, init=False)
class Message:
    """One text: ``template.format(**values)``; a value may be a message itself.

    ``str()`` gives the English text. Messages compare by template and values, and can be pickled.
    """

    template: str
    values: tuple[tuple[str, Value], ...]

    def __init__(self, template: str, /, **values: Value) -> None:
        """``template`` names each of ``values`` in braces, as for :meth:`str.format`."""
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple(values.items()))

    @classmethod
    def of(cls, text: str | Message, /, **values: Value) -> Message:
        """A template with its ``values``, or a finished message as it is."""
        return text if isinstance(text, Message) else cls(text, **values)

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.template)


NOTHING = Message("")
"""Where there is nothing to say."""
