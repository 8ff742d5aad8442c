"""Changes of single fields of a recipe, as text: ``epochs=2``, ``sfrc.mask=false``, ``drops=0.5,0.8``."""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from cropcore.errors import OptionError
from cropcore.training.recipe import Recipe

R = TypeVar("R", bound=Recipe)


def changed(recipe: R, settings: Sequence[str]) -> R:
    """The recipe with fields changed, one after the other.

    Each of ``settings`` is ``FIELD=VALUE``; a dot leads to a field of a field. ``none`` stands for None,
    commas part the items of a tuple.

    Raises:
        OptionError: a text is malformed, there is no such field, or the value does not suit it.
    """
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise OptionError("--set {text}: give FIELD=VALUE.", text=setting)
        try:
            recipe = _with(recipe, name.strip().split("."), value.strip(), setting)
        except ValueError as error:
            if isinstance(error, OptionError):
                raise
            raise OptionError("--set {text}: {reason}", text=setting, reason=str(error)) from error
    return recipe


def _with(settings: Any, path: Sequence[str], value: str, setting: str) -> Any:
    known = {field.name: getattr(settings, field.name) for field in fields(settings)}
    first, *rest = path
    inner = known.get(first)
    if first not in known or (rest and not is_dataclass(inner)):
        raise OptionError(
            "--set {text}: there is no field {name}; there are {known}.",
            text=setting,
            name=first if first not in known else ".".join(path),
            known=", ".join(known),
        )
    if rest:
        return replace(settings, **{first: _with(inner, rest, value, setting)})
    if is_dataclass(inner):
        raise OptionError(
            "--set {text}: {name} has fields of its own: {known}.",
            text=setting,
            name=first,
            known=", ".join(field.name for field in fields(inner)),
        )
    return replace(settings, **{first: _parsed(value, get_type_hints(type(settings))[first])})


def _parsed(text: str, kind: Any) -> Any:
    """A text as a value of a type.

    Raises:
        ValueError: it is none; says which values suit.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if text.lower() == "none":
            return None
        (kind,) = (one for one in inner if one is not type(None))
        return _parsed(text, kind)
    if origin is Literal:
        if text not in inner:
            raise ValueError(f"choose one of {', '.join(inner)}.")
        return text
    if origin is tuple:
        items = [part.strip() for part in text.split(",") if part.strip()]
        if inner[-1] is not Ellipsis and len(items) != len(inner):
            raise ValueError(f"give {len(inner)} values, parted by commas.")
        return tuple(_parsed(item, inner[0]) for item in items)
    if kind is bool:
        if text.lower() not in _BOOLS:
            raise ValueError("give true or false.")
        return _BOOLS[text.lower()]
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"give a{'n integer' if kind is int else ' number'}.") from None
    return text


_BOOLS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
