"""Results of a batch without its engine, for tests."""

from __future__ import annotations

import random
from pathlib import Path

from cropcore.batch.review import FoundCrop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Suggestions
from cropcore.images.photo import read_photo
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import write_photo

PORTRAIT = Aspect.parse("4:5")


def found_for(path: Path, confidence: float, aspect: Aspect = PORTRAIT) -> FoundCrop:
    """Ten candidates for a photo, as a batch hands them over."""
    photo = read_photo(path)
    crops = candidate_crops(aspect, photo)
    candidates = tuple(
        Candidate(rank, crop, 90.0 - 2 * rank, 1 / rank, "asm")
        for rank, crop in enumerate(crops, 1)
    )
    return FoundCrop(path, photo, aspect, Suggestions(aspect, "cascade", confidence, candidates))


def results(folder: Path, count: int) -> list[FoundCrop]:
    """Photos of their own in ``folder``, as sure as it happens."""
    folder.mkdir(parents=True, exist_ok=True)
    sure = [place / count for place in range(count)]
    random.Random(7).shuffle(sure)
    return [
        found_for(write_photo(folder / f"{place:03}.jpg", 300 + place, 200), confidence)
        for place, confidence in enumerate(sure)
    ]
