"""Where the packaged icons and the style sheet lie."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """Path of a resource such as ``icons/open.svg``.

    An installed wheel carries them inside the package; a source checkout keeps them beside it.
    """
    packaged = Path(__file__).parent / "_resources"
    root = packaged if packaged.is_dir() else Path(__file__).parents[1] / "resources"
    return root / name
