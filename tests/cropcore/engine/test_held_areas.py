"""Heads and protected areas are held whole by every candidate, wherever a crop of the shape can."""

import numpy as np
import pytest
from skimage import data

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import as_boxes, to_pixels
from cropcore.geometry.crop import Crop
from cropcore.geometry.holding import can_hold, held_together, holds

ASPECTS = [Aspect.parse(text) for text in ("free", "1:1", "4:5", "16:9", "9:16", "circle")]


@pytest.fixture(scope="module")
def engine() -> CropEngine:
    return CropEngine.load("cpu")


@pytest.fixture(scope="module")
def portrait(engine: CropEngine) -> Scene:
    return engine.encode(data.astronaut())


@pytest.fixture(scope="module")
def things(engine: CropEngine) -> Scene:
    return engine.encode(data.coffee())


def test_the_head_of_a_portrait_is_found(portrait: Scene, things: Scene) -> None:
    x1, y1, x2, y2 = portrait.heads[0]
    # The astronaut's face, by hand: x 175 to 275, y 65 to 185 of 512.
    assert (x1 <= 0.36, y1 <= 0.15, x2 >= 0.52, y2 >= 0.34) == (True,) * 4
    assert (x2 - x1) * (y2 - y1) < 0.2
    assert things.heads == ()


@pytest.mark.parametrize("aspect", ASPECTS, ids=str)
def test_no_candidate_cuts_the_head(engine: CropEngine, portrait: Scene, aspect: Aspect) -> None:
    found = engine.suggest(portrait, aspect)
    boxes = as_boxes([c.crop.box for c in found.candidates])
    ratio = aspect.ratio_for(512, 512)
    held = portrait.heads[:1]
    if can_hold(held, ratio, 1.0, aspect.is_circle):
        assert holds(boxes, held, 1.0, aspect.is_circle).all()
        assert all("head" not in c.cuts for c in found.candidates)


def test_heads_may_be_dismissed_and_drawn(engine: CropEngine, things: Scene) -> None:
    corner = (0.02, 0.02, 0.2, 0.3)
    for aspect in ASPECTS[:5]:
        kept = engine.suggest(things, aspect, heads=[corner])
        assert holds([c.crop.box for c in kept.candidates], [corner], 1.5).all()
    free = engine.suggest(things, Aspect("free"), heads=())
    assert not holds([c.crop.box for c in free.candidates], [corner], 1.5).all()


@pytest.mark.parametrize("method", ["gaic", "sfrc", "asm", "mars", "setpred"])
def test_every_method_keeps_them(engine: CropEngine, things: Scene, method: str) -> None:
    corner = (0.75, 0.6, 0.98, 0.95)
    for aspect in ASPECTS[:4]:
        found = engine.suggest(things, aspect, method=method, protect=[corner])
        assert holds([c.crop.box for c in found.candidates], [corner], 1.5).all()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("aspect", ASPECTS, ids=str)
def test_protected_areas_are_held_to_the_pixel(
    engine: CropEngine, things: Scene, aspect: Aspect, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.05, 0.35, (2, 2))
    low = rng.uniform(0, 1, (2, 2)) * (1 - size)
    areas = np.concatenate([low, low + size], axis=1)
    wide, high = things.photo_width, things.photo_height
    ratio = aspect.ratio_for(wide, high)
    kept = held_together(areas, ratio, wide / high, aspect.is_circle)
    found = engine.suggest(things, aspect, protect=[tuple(a) for a in areas.tolist()], heads=())
    for candidate in found.candidates:
        held = holds([candidate.crop.box], areas, wide / high, aspect.is_circle)[0]
        # As many as possible, if not to the last pixel at the limit of what fits.
        assert held.sum() >= kept.sum() - 1
        assert ("protected" in candidate.cuts) == (not held.all())
        if held.all() and ratio is not None and not aspect.is_circle:
            left, top, right, bottom = to_pixels(candidate.crop.box, wide, high, ratio)
            assert (left <= areas[:, 0] * wide + 1e-6).all()
            assert (top <= areas[:, 1] * high + 1e-6).all()
            assert (right >= areas[:, 2] * wide - 1e-6).all()
            assert (bottom >= areas[:, 3] * high - 1e-6).all()


def test_a_crop_that_cuts_the_head_scores_lower(engine: CropEngine, portrait: Scene) -> None:
    aspect = Aspect.parse("4:5")
    best = engine.suggest(portrait, aspect).candidates[0]
    _, top, _, bottom = portrait.heads[0]
    middle = (top + bottom) / 2
    beheaded = Crop((0.1, middle, 0.1 + 0.8 * (1 - middle), 1.0))
    assert best.score is not None
    assert engine.calibrated(portrait, [beheaded], CropQuestion(aspect))[0] < best.score - 1
