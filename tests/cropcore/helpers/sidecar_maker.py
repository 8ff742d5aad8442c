"""Sidecars to test with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.sidecar.sidecar import Change, PhotoFacts, SavedCrop, Sidecar, photo_facts

START = datetime(2024, 5, 17, 8, 9, 10, tzinfo=UTC)
FACTS = PhotoFacts("a.jpg", 6000, 4000, 12345, "ab" * 32)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def kept(key: str = "a", seconds: float = 0, side: float = 0.5, **more: Any) -> SavedCrop:
    """A crop that was moved so many seconds after the start."""
    crop = Crop((0.0, 0.0, side, 0.5))
    return SavedCrop(key, crop, Aspect("free"), (Change("moved", at(seconds)),), **more)


def fresh(path: Path, *saved: SavedCrop) -> Sidecar:
    """The sidecar of a photo, with these crops."""
    return Sidecar(photo_facts(read_photo(path)), saved)
