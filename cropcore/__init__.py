"""The Cropsight engine: ranked crops and the maps that explain them. No Qt, no printing."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing's own would have to be imported for it
if TYPE_CHECKING:
    from typing import Any

    from cropcore import errors
    from cropcore.engine.engine import CropEngine
    from cropcore.engine.scene import Scene
    from cropcore.errors import (
        AspectError,
        CropsightError,
        DeviceError,
        FileError,
        GeometryError,
        ImageError,
        PhotoError,
        QuestionError,
        WeightsError,
    )
    from cropcore.export.cut_image import cut
    from cropcore.geometry.aspect import Aspect
    from cropcore.geometry.crop import Candidate, Crop, Explanation, Map, Nested, Suggestions
    from cropcore.images.photo import Photo, read_photo

__version__ = "0.2.0"

__all__ = [
    "Aspect",
    "AspectError",
    "Candidate",
    "Crop",
    "CropEngine",
    "CropsightError",
    "DeviceError",
    "Explanation",
    "FileError",
    "GeometryError",
    "ImageError",
    "Map",
    "Nested",
    "Photo",
    "PhotoError",
    "QuestionError",
    "Scene",
    "Suggestions",
    "WeightsError",
    "cut",
    "errors",
    "read_photo",
]

_HOMES = {
    "Aspect": "cropcore.geometry.aspect",
    "Candidate": "cropcore.geometry.crop",
    "Crop": "cropcore.geometry.crop",
    "CropEngine": "cropcore.engine.engine",
    "Explanation": "cropcore.geometry.crop",
    "Map": "cropcore.geometry.crop",
    "Nested": "cropcore.geometry.crop",
    "Photo": "cropcore.images.photo",
    "Scene": "cropcore.engine.scene",
    "Suggestions": "cropcore.geometry.crop",
    "cut": "cropcore.export.cut_image",
    "read_photo": "cropcore.images.photo",
}
"""The module of each name that is no error; it is imported when the name is used, torch included."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "errors":
        return import_module("cropcore.errors")
    return getattr(import_module(_HOMES.get(name, "cropcore.errors")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
