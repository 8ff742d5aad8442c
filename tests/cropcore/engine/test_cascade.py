"""The cascade: how scores are joined, refined and held, and what explains a crop."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cropcore.engine.cascade import (
    CASCADE,
    QUICK,
    REFINED,
    REFINING,
    Pool,
    Rule,
    join,
    quick_terms,
)
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.engine.weights_folder import METHODS
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.models.asm import crop_scores
from cropcore.models.gaze_shares import gaze_inside
from tests.cropcore.helpers.untrained import RULE, SMALL_ASM, photo

FREE, PORTRAIT = Aspect.parse("free"), Aspect.parse("4:5")


@pytest.fixture(scope="module")
def engine(weights: Path) -> CropEngine:
    return CropEngine.load("cpu", weights)


@pytest.fixture
def scene(engine: CropEngine) -> Scene:
    return engine.encode(photo(300, 200))


def test_terms_are_joined_by_their_weights() -> None:
    terms = {"gaic": np.array([1.0, 2.0]), "cut": np.array([0.5, 0.0]), "asm": np.array([9.0, 9.0])}
    assert join(terms, {"gaic": 3.0, "cut": -4.0}).tolist() == [1.0, 6.0]


def test_a_rule_has_weights_for_each_kind_of_question() -> None:
    rule = Rule.from_config(
        {n: {n: 1.0} for n in ("quick_free", "quick_ratio", "free", "ratio", "votes")}
    )
    assert rule.for_windows(None, refined=False) == {"quick_free": 1.0}
    assert rule.for_windows(0.8, refined=False) == {"quick_ratio": 1.0}
    assert rule.for_windows(None, refined=True) == {"free": 1.0}
    assert rule.for_windows(0.8, refined=True) == {"ratio": 1.0}


def test_the_best_go_on_to_the_refining_method() -> None:
    boxes = np.random.default_rng(0).uniform(0, 1, (500, 4))
    asked: list[str] = []

    def score_by(name: str, crops: np.ndarray) -> np.ndarray:
        asked.append(name)
        return crops[:, 0] if name != "sfrc" else -crops[:, 0]

    weights = dict.fromkeys(QUICK, 1.0)
    terms = {name: score_by(name, boxes) for name in quick_terms(weights)}
    pool = Pool(boxes, terms, join(terms, weights))
    assert asked == [*QUICK, "cut"]
    assert pool.logits == pytest.approx(4 * boxes[:, 0])
    refined = pool.refined(score_by, {"gaic": 1.0, "sfrc": 3.0})
    kept = np.sort(np.argsort(-boxes[:, 0])[:REFINED])
    assert (refined.boxes == boxes[kept]).all()
    assert refined.logits == pytest.approx(-2 * boxes[kept, 0])


def test_the_proposer_is_the_method_by_which_a_crop_stands_highest() -> None:
    terms = {
        "gaic": np.array([1.0, 2.0, 3.0, 4.0]),
        "asm": np.array([4.0, 3.0, 2.0, 1.0]),
        "mars": np.array([9.0, 9.0, 9.0, 9.0]),
    }
    pool = Pool(np.zeros((4, 4)), terms, np.zeros(4))
    weights = {"gaic": 1.0, "asm": 1.0, "mars": 0.0, "cut": -1.0}
    assert pool.proposer({"gaic": 4.0, "asm": 1.0, "mars": 9.0}, weights) == "gaic"
    assert pool.proposer({"gaic": 1.5, "asm": 3.5, "mars": 9.0}, weights) == "asm"
    assert pool.proposer({"gaic": 4.0, "asm": 4.0, "mars": 9.0}, weights) == "gaic"


def test_the_logits_are_those_of_the_rule(engine: CropEngine, scene: Scene) -> None:
    boxes, logits = engine.window_scores(scene, PORTRAIT, CASCADE)
    assert len(boxes) == REFINED
    expected = join(engine.terms(scene, boxes, tuple(RULE.ratio)), RULE.ratio)
    assert logits == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_a_crop_alone_is_scored_by_the_votes_rule(engine: CropEngine, scene: Scene) -> None:
    crops = [Crop((0.1, 0.1, 0.7, 0.8)), Crop((0.2, 0.0, 1.0, 0.9))]
    terms = engine.terms(scene, np.array([c.box for c in crops]), tuple(RULE.votes))
    expected = join(terms, RULE.votes)
    assert engine.score(scene, crops, CASCADE) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_proposals_hold_every_method_s_own(engine: CropEngine, scene: Scene) -> None:
    proposals = engine.proposals(scene, PORTRAIT)
    for method in ("setpred", "mars"):
        own, scores = engine.window_scores(scene, PORTRAIT, method)
        large = geometry.area(own) >= 0.1
        best = own[large][np.argmax(scores[large])]
        assert geometry.iou(proposals, best).max() == pytest.approx(1)


def test_a_quick_answer_prepares_only_methods_with_a_say(
    engine: CropEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = engine.encode(photo(300, 200))
    prepared: list[str] = []
    for name, method in engine._scorer._methods.items():
        plain = method.network.prepare
        monkeypatch.setattr(
            method.network,
            "prepare",
            lambda *given, name=name, plain=plain: prepared.append(name) or plain(*given),
        )
    engine.suggest(scene, PORTRAIT, refine=False)
    assert set(prepared) == {n for n in QUICK if RULE.quick_ratio.get(n)}
    engine.suggest(scene, PORTRAIT)
    assert set(prepared) == {*QUICK, REFINING}


def test_crops_that_a_method_proposes_of_its_own_join_at_rest(
    engine: CropEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = engine.encode(photo(300, 200))
    own = geometry.as_boxes([(0.137, 0.113, 0.137 + 0.7 * 8 / 15, 0.813)])  # 4:5, on no grid
    method = engine._scorer._methods["setpred"]
    monkeypatch.setattr(method, "propose", lambda *given: own)
    monkeypatch.setattr("cropcore.engine.cascade.REFINED", 100_000)  # none is left out as too poor
    for refine in (False, True):
        boxes = engine._scorer.pool(scene, scene.request(PORTRAIT), refine).boxes
        assert (geometry.iou(boxes, own[0]).max() > 0.9999) == refine


def test_a_quick_answer_asks_no_refining_method(
    engine: CropEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = engine.encode(photo(300, 200))
    asked: list[int] = []
    method = engine._scorer._methods["sfrc"].network
    plain = method.score
    monkeypatch.setattr(method, "score", lambda p, c, *a: asked.append(len(c)) or plain(p, c, *a))
    quick = engine.suggest(scene, PORTRAIT, k=5, refine=False)
    assert asked == []
    refined = engine.suggest(scene, PORTRAIT, k=5)
    assert max(asked) == REFINED
    assert len(quick.candidates) == len(refined.candidates) == 5


def test_of_about_equal_crops_the_one_shown_before_stays(
    engine: CropEngine, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = engine.suggest(scene, PORTRAIT)
    second = found.candidates[1].crop.box
    for hold, place in ((0.0, 0), (10.0, 1)):
        with monkeypatch.context() as patched:
            patched.setattr("cropcore.engine.choose_crops.HOLD", hold)
            again = engine.suggest(scene, PORTRAIT, near=second)
        # A smoothed crop beside the grid's window that was shown.
        assert geometry.iou(again.candidates[0].crop.box, found.candidates[place].crop.box) > 0.95
    # Far from being equal, the better one comes first all the same.
    best = found.candidates[0].crop.box
    corners = [(0.0, 0.0, 0.2, 0.4), (0.8, 0.6, 1.0, 1.0)]
    worst = min(corners, key=lambda box: geometry.iou(box, best))
    far = engine.suggest(scene, PORTRAIT, near=worst).candidates[0]
    assert geometry.iou(far.crop.box, best) > 0.95


def test_refined_crops_keep_protected_areas_whole(engine: CropEngine, scene: Scene) -> None:
    protect = [(0.02, 0.7, 0.1, 0.95)]
    for refine in (True, False):
        found = engine.suggest(scene, PORTRAIT, protect=protect, refine=refine)
        assert len(found.candidates) == 10
        for candidate in found.candidates:
            assert geometry.contains(candidate.crop.box, protect[0])


def test_proposers_are_methods_and_scores_are_of_the_cascade(
    engine: CropEngine, scene: Scene
) -> None:
    found = engine.suggest(scene, FREE)
    assert found.method == CASCADE
    assert {c.proposed_by for c in found.candidates} <= set(METHODS)


def test_an_explanation_adds_up(engine: CropEngine, scene: Scene) -> None:
    candidates = [c.crop for c in engine.suggest(scene, PORTRAIT).candidates]
    crop = candidates[2]
    why = engine.explain(scene, crop, PORTRAIT, candidates)
    assert why.crop == crop
    assert [o.method for o in why.opinions] == list(engine.methods)
    for opinion in why.opinions:
        scores = engine.score(scene, candidates, opinion.method)
        assert opinion.of == len(candidates)
        assert opinion.rank == 1 + int((scores > scores[2] + 1e-6).sum())
        assert opinion.raw_score == pytest.approx(scores[2], rel=1e-3, abs=1e-3)
    box, gaze = torch.tensor(crop.box)[None, None], torch.from_numpy(scene.encoded.gaze)[None, None]
    assert why.gaze_inside == pytest.approx(float(gaze_inside(gaze, box)[0, 0]), abs=1e-5)
    assert all(0 <= cut <= 1 for cut in why.gaze_cut)
    assert why.partition


def test_the_map_of_a_crop_is_what_its_score_is_the_mean_of(
    engine: CropEngine, scene: Scene
) -> None:
    """Eq. 1: the mean of phi_k over the crop is its score, but for the grid's coarseness."""
    score_map = torch.from_numpy(engine._scorer.score_map(scene)[0])[None]
    box = (0.125, 0.25, 0.875, 1.0)
    why = engine.explain(scene, Crop(box), FREE)
    values = why.map.values
    h, w = values.shape
    rows, columns = slice(round(0.25 * h), h), slice(round(0.125 * w), round(0.875 * w))
    inside = np.zeros_like(values, bool)
    inside[rows, columns] = True
    assert (values[~inside] == 0).all()
    scores = crop_scores(score_map, torch.tensor(box)[None, None], SMALL_ASM.pattern)
    expected = float((scores[0, 0] - score_map.mean()).detach())
    spread = float(values[inside].std())
    assert values[inside].mean() == pytest.approx(expected, abs=0.25 * spread)
    assert why.map.low <= values.min() <= values.max() <= why.map.high


def test_a_photo_s_edges_cut_no_gaze(engine: CropEngine, scene: Scene) -> None:
    whole = engine.explain(scene, Crop(), FREE)
    assert whole.gaze_cut == (0, 0, 0, 0)
    assert whole.gaze_inside == pytest.approx(1, abs=1e-5)
    left = engine.explain(scene, Crop((0.5, 0.0, 1.0, 1.0)), FREE)
    assert left.gaze_cut[0] > 0
    assert left.gaze_cut[1:] == (0, 0, 0)


def test_the_area_map_follows_the_ratio(engine: CropEngine, scene: Scene) -> None:
    maps = [
        engine.maps(scene, Aspect.parse(text), ["area"])["area"].values
        for text in ("1:2", "1:1", "2:1")
    ]
    assert all(((m >= 0) & (m <= 1)).all() for m in maps)
    assert np.abs(maps[0] - maps[2]).max() > 1e-4
    free = engine.maps(scene, FREE, ["area"])["area"].values
    assert free.shape == maps[0].shape
