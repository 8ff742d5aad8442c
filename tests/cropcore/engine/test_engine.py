import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.engine.cascade import CASCADE
from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.diverse_candidates import ALIKE
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.engine.weights_folder import METHODS as ALONE
from cropcore.errors import CropsightError, GeometryError, QuestionError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop, Suggestions
from cropcore.images.photo import read_photo
from tests.cropcore.helpers.untrained import photo

METHODS = (CASCADE, *ALONE)

ASPECTS = [Aspect.parse(t) for t in ("free", "original", "circle", "1:1", "4:5", "16:9", "1:4")]
SIZES = [(200, 300), (96, 96), (64, 192), (192, 64), (600, 400)]


@pytest.fixture(scope="module")
def engine(weights: Path) -> CropEngine:
    return CropEngine.load("cpu", weights)


@pytest.fixture(scope="module")
def scene(engine: CropEngine) -> Scene:
    return engine.encode(photo(300, 200))


def boxes_of(found: Suggestions) -> np.ndarray:
    return geometry.as_boxes([c.crop.box for c in found.candidates])


def assert_sound(found: Suggestions, scene: Scene, aspect: Aspect, method: str, k: int) -> None:
    """What holds of every answer."""
    boxes = boxes_of(found)
    assert (found.aspect, found.method) == (aspect, method)
    assert 0 <= found.confidence <= 1
    assert 1 <= len(boxes) <= k
    assert [c.rank for c in found.candidates] == list(range(1, len(boxes) + 1))
    assert geometry.contains(geometry.WHOLE, boxes, tolerance=0).all()
    assert (geometry.area(boxes) > 0).all()
    ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
    if ratio is not None:
        shapes = geometry.ratio_of(boxes, scene.photo_ratio)
        assert shapes == pytest.approx(np.full(len(boxes), ratio), rel=1e-6)
    overlap = geometry.iou_matrix(boxes, boxes)
    assert (overlap[~np.eye(len(boxes), dtype=bool)] <= ALIKE + 1e-9).all()
    for candidate in found.candidates:
        assert candidate.crop.shape == ("circle" if aspect.is_circle else "rect")
        assert candidate.crop.angle == 0
        assert candidate.proposed_by in (ALONE if method == CASCADE else (method,))
        assert candidate.score is not None
        assert 0 <= candidate.score <= 100
        assert math.isfinite(candidate.raw_score)
    scores = [c.score for c in found.candidates]
    assert scores[0] == max(scores)
    assert len({c.idea for c in found.candidates}) == len(boxes)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("aspect", ASPECTS, ids=str)
def test_suggestions_suit_every_aspect(
    engine: CropEngine, scene: Scene, aspect: Aspect, method: str
) -> None:
    found = engine.suggest(scene, aspect, method=method)
    assert_sound(found, scene, aspect, method, 10)
    # setpred starts from few crops, and no two alike stand in one set.
    assert len(found.candidates) == 10 or method == "setpred"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_suggestions_suit_photos_of_every_shape(engine: CropEngine, size: tuple[int, int]) -> None:
    seen = engine.encode(photo(*size, seed=3))
    assert (seen.photo_width, seen.photo_height) == size
    for method in METHODS:
        for aspect in (ASPECTS[0], ASPECTS[4]):
            found = engine.suggest(seen, aspect, k=6, method=method)
            assert_sound(found, seen, aspect, method, 6)


@pytest.mark.parametrize("size", [(2000, 40), (1, 1), (1, 700)], ids=str)
def test_a_sliver_of_a_photo_still_gets_suggestions(
    engine: CropEngine, size: tuple[int, int]
) -> None:
    seen = engine.encode(photo(*size, seed=4))
    for aspect in (ASPECTS[0], ASPECTS[1], ASPECTS[5]):
        assert_sound(engine.suggest(seen, aspect), seen, aspect, CASCADE, 10)


@pytest.mark.parametrize("k", [1, 2, 3, 25])
def test_as_many_as_were_asked_for(engine: CropEngine, scene: Scene, k: int) -> None:
    for aspect in (ASPECTS[0], ASPECTS[4]):
        found = engine.suggest(scene, aspect, k=k)
        assert_sound(found, scene, aspect, CASCADE, k)
        assert len(found.candidates) == k


@pytest.mark.parametrize("method", METHODS)
def test_equal_questions_get_equal_answers(engine: CropEngine, weights: Path, method: str) -> None:
    pixels = photo(240, 160, seed=5)
    again = CropEngine.load("cpu", weights)
    for aspect in (ASPECTS[0], ASPECTS[4]):
        first = engine.suggest(engine.encode(pixels), aspect, method=method)
        assert again.suggest(again.encode(pixels), aspect, method=method) == first


def test_an_answer_does_not_depend_on_what_was_asked_before(
    engine: CropEngine, scene: Scene
) -> None:
    fresh = engine.encode(photo(300, 200))
    expected = engine.suggest(fresh, ASPECTS[4], method="asm")
    protect = [(0.4, 0.4, 0.5, 0.5)]
    for method in METHODS:
        for aspect in ASPECTS[:4]:
            engine.suggest(scene, aspect, k=4, method=method, tightness=0.8, protect=protect)
            engine.calibrated(scene, [Crop()], CropQuestion(aspect, method=method))
    assert engine.suggest(scene, ASPECTS[4], method="asm") == expected


def test_the_default_is_the_first_method(engine: CropEngine, scene: Scene) -> None:
    assert engine.methods == METHODS
    assert engine.suggest(scene, ASPECTS[0]) == engine.suggest(
        scene, ASPECTS[0], method=engine.methods[0]
    )


def test_methods_have_their_own_opinions(engine: CropEngine, scene: Scene) -> None:
    first = [engine.suggest(scene, ASPECTS[4], method=m).candidates[0].crop for m in METHODS]
    assert len(set(first)) == len(METHODS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("text", ["free", "original"])
def test_leaving_the_photo_alone_is_among_the_ten(
    engine: CropEngine, scene: Scene, method: str, text: str
) -> None:
    found = engine.suggest(scene, Aspect.parse(text), method=method)
    (whole,) = [c for c in found.candidates if c.crop == Crop()]
    assert whole.idea in ("as taken", "best")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("k", [1, 3, 5])
def test_fewer_are_the_first_of_ten(engine: CropEngine, scene: Scene, method: str, k: int) -> None:
    ten = engine.suggest(scene, ASPECTS[4], method=method)
    few = engine.suggest(scene, ASPECTS[4], k=k, method=method)
    assert [c.crop for c in few.candidates] == [c.crop for c in ten.candidates[:k]]


def test_a_question_is_answered_as_its_arguments_are(engine: CropEngine, scene: Scene) -> None:
    area = (0.3, 0.2, 0.6, 0.7)
    question = CropQuestion(
        ASPECTS[1], tightness=0.3, protect=(area,), k=4, refine=False, heads=(), near=area
    )
    assert engine.answer(scene, question) == engine.suggest(
        scene, ASPECTS[1], 4, tightness=0.3, protect=[area], refine=False, heads=[], near=area
    )


@pytest.mark.parametrize("method", METHODS)
def test_candidates_are_as_good_as_their_scores_say(
    engine: CropEngine, scene: Scene, method: str
) -> None:
    protect = ((0.3, 0.2, 0.6, 0.7),)
    for aspect in (ASPECTS[0], ASPECTS[1], ASPECTS[4]):
        for wishes in ({}, {"tightness": 0.2, "protect": protect}):
            found = engine.suggest(scene, aspect, method=method, **wishes)
            crops = [c.crop for c in found.candidates]
            again = engine.calibrated(scene, crops, CropQuestion(aspect, method=method, **wishes))
            assert [c.score for c in found.candidates] == pytest.approx(again.tolist())
            raw = engine.score(scene, crops, method=method)
            assert [c.raw_score for c in found.candidates] == pytest.approx(
                raw.tolist(), rel=1e-3, abs=1e-3
            )


def test_no_crop_in_hand_beats_the_first_suggestion_by_much(
    engine: CropEngine, scene: Scene
) -> None:
    """The first is the best of the windows, refined: a person finds none that scores far higher."""
    aspect = Aspect.parse("4:5")
    best = engine.suggest(scene, aspect).candidates[0].score
    assert best is not None
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 0.6, (400, 2))
    drawn = np.concatenate([low, low + rng.uniform(0.1, 0.4, (400, 2))], axis=1)
    fitted = geometry.fit_to_ratio(drawn, 0.8, 1.5)
    scores = engine.calibrated(
        scene, [Crop(tuple(b)) for b in fitted.tolist()], CropQuestion(aspect)
    )
    assert scores.max() <= best + 1


def test_expected_overlap_decides_not_the_raw_score_alone(engine: CropEngine, scene: Scene) -> None:
    windows, raw = engine.window_scores(scene, ASPECTS[0], "gaic")
    assert len(windows) == len(raw)
    order = np.argsort(-raw)[:5]
    crops = [Crop(tuple(b)) for b in windows[order].tolist()]
    assert engine.score(scene, crops, "gaic") == pytest.approx(raw[order], rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("aspect", [ASPECTS[i] for i in (0, 1, 2, 4)], ids=str)
def test_protected_areas_are_kept_whole(engine: CropEngine, scene: Scene, aspect: Aspect) -> None:
    protect = [(0.35, 0.3, 0.5, 0.55), (0.5, 0.6, 0.6, 0.7)]
    for method in METHODS:
        found = engine.suggest(scene, aspect, method=method, protect=protect)
        assert_sound(found, scene, aspect, method, 10)
        for area in protect:
            assert geometry.contains(boxes_of(found), area).all()


def test_where_not_all_can_be_kept_as_many_as_possible_are(
    engine: CropEngine, scene: Scene
) -> None:
    # No square of a 3:2 photo holds both ends.
    protect = [(0.0, 0.4, 0.05, 0.5), (0.1, 0.4, 0.2, 0.5), (0.9, 0.4, 1.0, 0.5)]
    found = engine.suggest(scene, Aspect.parse("1:1"), protect=protect)
    kept = geometry.contains(boxes_of(found)[:, None], np.array(protect)[None]).sum(axis=1)
    assert (kept == 2).all()


def test_all_protected_leaves_the_whole_photo(engine: CropEngine, scene: Scene) -> None:
    found = engine.suggest(scene, ASPECTS[0], protect=[geometry.WHOLE])
    assert [c.crop for c in found.candidates] == [Crop()]


def test_tightness_goes_from_large_to_small(engine: CropEngine, scene: Scene) -> None:
    for aspect in (ASPECTS[0], ASPECTS[4]):
        largest = geometry.area(scene.request(aspect).windows).max()
        areas = [
            geometry.area(
                [
                    c.crop.box
                    for c in engine.suggest(scene, aspect, tightness=t).candidates
                    if c.crop != Crop()
                ]
            )
            / largest
            for t in (0.0, 0.25, 0.5, 0.75, 1.0)
        ]
        # The mean of a wide and a high window is larger than both, and moves the border a little.
        assert areas[0].min() >= 0.8 * 0.88
        assert areas[1].min() >= 0.4 * 0.88
        assert areas[3].max() <= 0.675 * 1.13
        assert areas[4].max() <= 0.35 * 1.3
        assert areas[0].mean() > areas[2].mean()
        assert areas[0].mean() > areas[4].mean()


def test_no_preference_is_the_default(engine: CropEngine, scene: Scene) -> None:
    assert engine.suggest(scene, ASPECTS[0], tightness=0.5) == engine.suggest(scene, ASPECTS[0])


def test_rectangles_and_circles_are_scored_in_one_question(
    engine: CropEngine, scene: Scene
) -> None:
    boxes = [(0.1, 0.1, 0.5, 0.7), (0.2, 0.2, 0.6, 0.8), (0.3, 0.0, 0.7, 0.6)]
    crops = [Crop(b, s) for b in boxes for s in ("rect", "circle")]
    for method in METHODS:
        together = engine.score(scene, crops, method=method)
        alone = [float(engine.score(scene, [crop], method=method)[0]) for crop in crops]
        assert together.dtype == np.float64
        assert together.tolist() == pytest.approx(alone, rel=1e-4, abs=1e-5)
        rects, circles = together[::2], together[1::2]
        if method in ("asm", CASCADE):
            assert (np.abs(rects - circles) > 1e-6).all()
        else:
            assert circles.tolist() == pytest.approx(rects.tolist(), rel=1e-4, abs=1e-5)


def test_scoring_nothing(engine: CropEngine, scene: Scene) -> None:
    assert engine.score(scene, []).shape == (0,)
    assert engine.calibrated(scene, [], CropQuestion(ASPECTS[0])).shape == (0,)


def test_more_crops_than_fit_at_once_are_scored_in_order(
    engine: CropEngine, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 0.5, (50, 2))
    crops = [Crop(tuple(b)) for b in np.hstack([low, low + 0.4]).tolist()]
    for method in METHODS:
        at_once = engine.score(scene, crops, method=method)
        with monkeypatch.context() as patched:
            patched.setattr("cropcore.engine.torch_networks.CHUNK", 7)
            in_parts = engine.score(scene, crops, method=method)
        assert in_parts == pytest.approx(at_once, rel=1e-4, abs=1e-5)


def test_the_photo_decides(engine: CropEngine) -> None:
    """Other pixels of the same size get other crops."""
    found = {
        engine.suggest(engine.encode(photo(300, 200, seed=s)), ASPECTS[4]).candidates[0].crop
        for s in range(5)
    }
    assert len(found) > 1


def test_a_photo_file_is_seen_as_its_pixels(engine: CropEngine, tmp_path: Path) -> None:
    pixels = photo(384, 256, seed=8)
    Image.fromarray(pixels).save(tmp_path / "a photo.png")
    from_file = engine.encode(read_photo(tmp_path / "a photo.png"))
    from_pixels = engine.encode(pixels)
    assert (from_file.photo_width, from_file.photo_height) == (384, 256)
    a, b = (engine.suggest(s, ASPECTS[4]).candidates[0] for s in (from_file, from_pixels))
    assert geometry.iou(a.crop.box, b.crop.box) > 0.9


def test_a_large_photo_keeps_its_own_size_in_the_scene(engine: CropEngine, tmp_path: Path) -> None:
    Image.fromarray(photo(1800, 1200)).save(tmp_path / "large.jpg")
    seen = engine.encode(read_photo(tmp_path / "large.jpg"))
    assert (seen.photo_width, seen.photo_height) == (1800, 1200)


def test_a_hundred_megapixels_get_suggestions_by_every_method(
    engine: CropEngine, tmp_path: Path
) -> None:
    Image.fromarray(photo(600, 400)).resize((12300, 8200)).save(tmp_path / "huge.jpg", quality=40)
    seen = engine.encode(read_photo(tmp_path / "huge.jpg"))
    for method in METHODS:
        found = engine.suggest(seen, ASPECTS[4], k=3, method=method)
        assert_sound(found, seen, ASPECTS[4], method, 3)


@pytest.mark.parametrize("size", [(300, 200), (64, 192)], ids=str)
def test_maps_cover_the_photo_and_know_their_range(
    engine: CropEngine, size: tuple[int, int]
) -> None:
    seen = engine.encode(photo(*size))
    found = engine.maps(seen, ASPECTS[0])
    assert tuple(found) == engine.map_names
    for name, drawn in found.items():
        assert drawn.name == name
        assert drawn.values.dtype == np.float32
        height, width = drawn.values.shape
        assert width / height == pytest.approx(size[0] / size[1], rel=0.07)
        assert min(width, height) >= 32
        assert np.isfinite(drawn.values).all()
        assert drawn.low < drawn.high
        assert drawn.values.min() >= drawn.low - 1e-6
        # Of the gaze, the strongest hundredth may lie beyond the end of the scale.
        beyond = float((drawn.values > drawn.high + 1e-6).mean())
        assert beyond <= (0.0101 if name == "saliency" else 0.0)
        if name == "area":
            assert (drawn.low, drawn.high) == (0, 1)
        else:
            assert drawn.values.max() >= drawn.high - 1e-6
        assert drawn.title
        assert drawn.meaning
    assert found["saliency"].values.mean() == pytest.approx(1, rel=0.02)
    assert found["content"].values.mean() == pytest.approx(0, abs=1e-3)
    assert found["content"].low < 0 < found["content"].high
    assert found["sensitivity"].values.min() >= 0


def test_only_the_wanted_maps(engine: CropEngine, scene: Scene) -> None:
    assert tuple(engine.maps(scene, ASPECTS[0], ["content"])) == ("content",)
    assert engine.maps(scene, ASPECTS[0], []) == {}


def test_maps_are_fresh_arrays(engine: CropEngine, scene: Scene) -> None:
    first = engine.maps(scene, ASPECTS[0])["saliency"].values
    kept = first.copy()
    second = engine.maps(scene, ASPECTS[0])["saliency"].values
    first[:] = 0
    assert (second == kept).all()
    assert (engine.maps(scene, ASPECTS[0])["saliency"].values == kept).all()


def test_unknown_names_list_the_known(engine: CropEngine, scene: Scene) -> None:
    for call in (
        lambda: engine.suggest(scene, ASPECTS[0], method="magic"),
        lambda: engine.score(scene, [Crop()], method="magic"),
        lambda: engine.calibrated(scene, [Crop()], CropQuestion(ASPECTS[0], method="magic")),
    ):
        with pytest.raises(CropsightError, match="cascade, gaic, sfrc"):
            call()
    with pytest.raises(CropsightError, match="saliency, content, sensitivity, area"):
        engine.maps(scene, ASPECTS[0], ["depth"])


def test_the_engine_says_what_it_is(engine: CropEngine, weights: Path) -> None:
    assert engine.device == "CPU"
    assert "cropcore export" in str(engine.device_note)
    assert set(engine.weights_sha256) == {"encoder", "saliency", *METHODS}
    record = json.loads((weights / "gaic.json").read_text())
    assert engine.weights_sha256["gaic"] == record["sha256"]


def test_what_cannot_be_asked_is_said(engine: CropEngine, scene: Scene) -> None:
    for k in (0, -3):
        with pytest.raises(QuestionError, match="At least 1 crop"):
            engine.suggest(scene, ASPECTS[0], k=k)
    for tightness in (math.nan, math.inf, -0.1, 1.1):
        with pytest.raises(QuestionError, match="from 0 to 1"):
            engine.suggest(scene, ASPECTS[0], tightness=tightness)
        with pytest.raises(QuestionError, match="from 0 to 1"):
            engine.calibrated(scene, [Crop()], CropQuestion(ASPECTS[0], tightness=tightness))


@pytest.mark.parametrize(
    ("box", "angle"),
    [
        ((0.5, 0.5, 0.5, 0.5), 0.0),
        ((0.1, 0.5, 0.9, 0.5), 0.0),
        ((0.9, 0.1, 0.1, 0.9), 0.0),
        ((0.1, 0.1, math.nan, 0.9), 0.0),
        ((0.1, 0.1, math.inf, 0.9), 0.0),
        ((0.1, 0.1, 0.9, 0.9), math.nan),
    ],
)
def test_a_crop_without_area_is_none(box: Box, angle: float) -> None:
    with pytest.raises(GeometryError, match="A crop has"):
        Crop(box, angle=angle)
