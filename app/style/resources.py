"""Paths of packaged resources such as icons and the style sheet."""

from __future__ import annotations

from pathlib import Path

import app


def resource(name: str) -> Path:
    """Path of a resource such as ``icons/open.svg``.

    An installed wheel carries them inside the package; a source checkout keeps them beside it.
    """
    package = Path(app.__file__).parent
    packaged = package / "_resources"
    root = packaged if packaged.is_dir() else package.parent / "resources"
    return root / name
