"""What the trained weights must hold to on real photos."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from cropcore.engine.cascade import CASCADE
from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.engine.weights_folder import METHODS as ALONE
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop

METHODS = (CASCADE, *ALONE)


ASPECTS = [Aspect.parse(t) for t in ("free", "4:5")]


@pytest.fixture(scope="module")
def engine() -> CropEngine:
    return CropEngine.load("cpu")


@pytest.fixture(scope="module", params=["astronaut", "coffee", "chelsea"])
def pixels(request: pytest.FixtureRequest) -> NDArray[np.uint8]:
    return np.asarray(getattr(data, request.param)(), np.uint8)


def resized(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def loss_of_the_other_s_first(
    engine: CropEngine, scene: Scene, other: Scene, aspect: Aspect, method: str
) -> float:
    """How many points of score ``scene`` gives away by taking the first crop of ``other``."""
    own = engine.suggest(scene, aspect, method=method).candidates[0]
    theirs = engine.suggest(other, aspect, method=method).candidates[0]
    taken = engine.calibrated(scene, [own.crop, theirs.crop], CropQuestion(aspect, method=method))
    return float(taken[0] - taken[1])


def some_windows(scene: Scene, aspect: Aspect) -> list[Crop]:
    """Two hundred of the windows of an aspect."""
    boxes = scene.request(aspect).windows
    chosen = np.random.default_rng(0).permutation(len(boxes))[:200]
    return [Crop(tuple(b)) for b in boxes[chosen].tolist()]


def turned_around(crop: Crop) -> Crop:
    """The crop in the mirrored photo."""
    return Crop(tuple(geometry.flip_horizontal(crop.box).tolist()))


@pytest.mark.parametrize("method", METHODS)
def test_a_photo_of_another_size_gets_the_same_crops(
    engine: CropEngine, pixels: NDArray[np.uint8], method: str
) -> None:
    scene, larger = engine.encode(pixels), engine.encode(resized(pixels, 2))
    for aspect in ASPECTS:
        given_away = loss_of_the_other_s_first(engine, scene, larger, aspect, method)
        assert given_away < 1
        crops = some_windows(scene, aspect)
        a, b = (engine.score(s, crops, method) for s in (scene, larger))
        assert np.corrcoef(a, b)[0, 1] > 0.98


@pytest.mark.parametrize("method", METHODS)
def test_a_mirrored_photo_gets_mirrored_opinions(
    engine: CropEngine, pixels: NDArray[np.uint8], method: str
) -> None:
    """Strided layers are not exactly equivariant, so nearly the same opinions."""
    scene = engine.encode(pixels)
    mirrored = engine.encode(np.ascontiguousarray(pixels[:, ::-1]))
    for aspect in ASPECTS:
        crops = some_windows(scene, aspect)
        a = engine.score(scene, crops, method)
        turned = [turned_around(crop) for crop in crops]
        assert np.corrcoef(a, engine.score(mirrored, turned, method))[0, 1] > 0.9
        back = turned_around(engine.suggest(mirrored, aspect, method=method).candidates[0].crop)
        assert engine.score(scene, [back], method)[0] > np.quantile(a, 0.9)


def test_gaze_mirrors_with_the_photo(engine: CropEngine, pixels: NDArray[np.uint8]) -> None:
    scenes = (engine.encode(p) for p in (pixels, np.ascontiguousarray(pixels[:, ::-1])))
    a, b = (engine.maps(s, ASPECTS[0], ["saliency"])["saliency"].values for s in scenes)
    assert np.corrcoef(a.ravel(), b[:, ::-1].ravel())[0, 1] > 0.8


@pytest.mark.parametrize("aspect", ["free", "1:1", "9:16", "16:9"])
@pytest.mark.parametrize("refine", [False, True])
def test_the_shortlist_leaves_out_no_crop_that_counts(
    engine: CropEngine,
    pixels: NDArray[np.uint8],
    aspect: str,
    refine: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = engine.suggest(engine.encode(pixels), aspect, refine=refine).candidates
    monkeypatch.setattr("cropcore.engine.scorer.SHORTLIST", 10_000)
    everything = engine.suggest(engine.encode(pixels), aspect, refine=refine).candidates
    assert geometry.iou(listed[0].crop.box, everything[0].crop.box) > 0.999
    alike = geometry.iou_matrix(
        np.array([c.crop.box for c in listed]), np.array([c.crop.box for c in everything])
    )
    assert alike.max(axis=0).mean() > 0.98
