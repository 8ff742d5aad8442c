"""Checks arguments of the engine's public methods; errors say what is wanted."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from cropcore.engine.scene import Scene
from cropcore.errors import QuestionError


def as_scene(scene: Any) -> Scene:
    """Return ``scene`` if it is a Scene.

    Raises:
        QuestionError: it is something else, such as a photo.
    """
    if isinstance(scene, Scene):
        return scene
    raise QuestionError(
        "A scene comes from encode(image); this is {kind}.", kind=type(scene).__name__
    )


def as_count(k: Any) -> int:
    """Return ``k`` as an int of at least 1.

    Raises:
        QuestionError: it is none.
    """
    try:
        count = operator.index(k)
    except TypeError:
        raise QuestionError("k is a whole number of crops, not {k}.", k=repr(k)) from None
    if count < 1:
        raise QuestionError("At least 1 crop can be asked for, not {count}.", count=count)
    return count


def as_several(images: Any) -> Iterable[Any]:
    """Return ``images`` if they are several.

    Raises:
        QuestionError: it is a single image, or none.
    """
    rows = isinstance(images, np.ndarray) and images.ndim < 4
    if rows or isinstance(images, str | bytes) or not isinstance(images, Iterable):
        raise QuestionError("Several images are wanted: put a single one in a list.")
    return images
