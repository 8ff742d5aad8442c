"""Describes a preset in one translated line."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.i18n.aspect_texts import aspect_name
from app.i18n.size_texts import size_name
from cropcore.batch.preset import Preset
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size

_NAMED = 3


def _tr(text: str) -> str:
    return QCoreApplication.translate("Presets", text)


def say_size(aspect: Aspect, size: Size | None) -> str:
    """The size of the files of an aspect, in pixels; nothing where they keep the crop's own."""
    if size is None:
        return ""
    known = aspect.ratio_for(1, 1) if aspect.kind in ("circle", "ratio") else None
    return size_name(size, known)


def say_preset(preset: Preset) -> str:
    """What it makes: shapes, sizes, format, and how many of each where it is more than one."""
    pairs = list(zip(preset.aspects, preset.sizes, strict=True))
    shapes = [" ".join(w for w in (aspect_name(a), say_size(a, s)) if w) for a, s in pairs[:_NAMED]]
    if len(pairs) > _NAMED:
        shapes.append(_tr("{0} more").format(len(pairs) - _NAMED))
    words = [", ".join(shapes)]
    words.append(_tr("as the photo") if preset.format == "keep" else preset.format.upper())
    if preset.k > 1:
        words.append(_tr("{0} each").format(preset.k))
    return " · ".join(words)
