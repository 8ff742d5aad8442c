"""File names from templates such as ``{name}_{aspect}_{rank}``, valid on every file system."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from cropcore.errors import OptionError

FIELDS = ("name", "aspect", "rank", "width", "height", "date", "n")

# The longest name of every usual file system is 255 bytes; the rest is room for an ending and for
# the number that makes a name unique.
_MOST_BYTES = 230
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(
    r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$", re.IGNORECASE
)
_PADDING = re.compile(r"^0?[1-9]$")


class TemplateError(OptionError):
    """A naming template with an unknown field, a stray brace or a slash."""


@dataclass(frozen=True, slots=True)
class NameFields:
    """What a template can name: ``name`` of the photo without ending, ``aspect`` as in ``4x5``,
    ``rank`` of the crop, ``width`` and ``height`` in pixels, ``date`` as YYYY-MM-DD, and ``n``,
    the place in a run of exports.
    """  # fmt: skip

    name: str
    aspect: str
    rank: int
    width: int
    height: int
    date: str
    n: int = 1


_EXAMPLE = NameFields("IMG_0412", "4x5", 1, 2400, 3000, "2026-05-17")


def check(template: str) -> None:
    """Raise TemplateError, saying what is wrong, where a template cannot name a file."""
    _expand(template, _EXAMPLE)


def file_stem(template: str, fields: NameFields) -> str:
    """The file name, without ending, that a template gives.

    Characters that some system forbids become ``_``, names that Windows reserves get a ``_``
    behind, and a photo's name that is too long is cut so that the other fields remain.

    Raises:
        TemplateError: the template cannot name a file.
    """
    stem = _clean(_expand(template, fields))
    excess = len(stem.encode()) - _MOST_BYTES
    if excess > 0:
        short = _cut(_clean(fields.name), max(1, len(_clean(fields.name).encode()) - excess))
        values = NameFields(
            short, fields.aspect, fields.rank, fields.width, fields.height, fields.date, fields.n
        )
        stem = _cut(_clean(_expand(template, values)), _MOST_BYTES)
    return stem


def _expand(template: str, fields: NameFields) -> str:
    if "/" in template or "\\" in template:
        raise TemplateError("A template names a file, not a folder: leave out the slash.")
    parts = []
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        raise TemplateError(
            "{template!r} has a brace without its partner; write {{{{ for a plain brace.",
            template=template,
        ) from None
    for text, field, padding, conversion in pieces:
        parts.append(text)
        if field is None:
            continue
        if field not in FIELDS:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise TemplateError("{{{field}}} is no field: use {known}.", field=field, known=known)
        value = getattr(fields, field)
        if conversion or (padding and not (isinstance(value, int) and _PADDING.match(padding))):
            raise TemplateError(
                "{{{field}}} takes no such form; numbers take {{n:03}}.", field=field
            )
        parts.append(format(value, padding or ""))
    if not any(text.strip(" .") or field for text, field, _, _ in pieces):
        raise TemplateError("A template needs at least one letter or field.")
    return "".join(parts)


def _clean(stem: str) -> str:
    stem = _FORBIDDEN.sub("_", stem).strip(" .")
    first, dot, rest = stem.partition(".")
    if _RESERVED.match(first.rstrip()):
        stem = f"{first}_{dot}{rest}"
    return stem or "_"


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore").rstrip(" .")
