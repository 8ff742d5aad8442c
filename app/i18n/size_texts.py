"""What sizes of files are called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cropcore.images.output_size import Size


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sizes", text)


def size_name(size: Size, ratio: float | None = None) -> str:
    """A size in words: ``1080 × 1350``, ``10 × 15 cm``, ``12 MP``; with a ratio both sides where it can."""
    if size.paper is not None:
        return size.paper.label
    if size.kind == "megapixels":
        return _tr("{0} MP").format(f"{size.megapixels:g}")
    if size.exact or ratio is not None:
        wide, high = size.for_ratio(ratio or 1.0)
        return f"{wide} × {high}"
    said = _tr("{0} short") if size.kind == "short" else _tr("{0} long")
    return said.format(size.width)
