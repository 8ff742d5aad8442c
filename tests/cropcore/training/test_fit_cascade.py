"""The rule of the cascade is fitted on what people chose."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.engine.calibration import lead
from cropcore.engine.cascade import CUT, QUICK, REFINED, REFINING, join
from cropcore.engine.engine import CropEngine
from cropcore.engine.weights_folder import METHODS
from cropcore.errors import CropsightError
from cropcore.evaluation.annotations import fold_of, parse_labels
from cropcore.geometry.boxes import as_boxes, iou
from cropcore.geometry.windows import free_windows, ratio_windows
from cropcore.training.fit_calibration import (
    ScoredWindows,
    fit_decoding,
    likeliest_temperature,
    observe,
)
from cropcore.training.fit_cascade import (
    JointObservation,
    fit_rule,
    observe_jointly,
    observed_alone,
    observed_windows,
)
from cropcore.training.fit_out_of_fold import fit_out_of_fold
from tests.cropcore.helpers.training_maker import entry
from tests.cropcore.helpers.untrained import photo, write_untrained_weights

NAMES = (*QUICK, REFINING, CUT)


def observation(seed: int, noise: dict[str, float]) -> JointObservation:
    """A photo on which each method knows the overlap with the person's crop, more or less well."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 0.3, 2)
    person = as_boxes(np.concatenate([low, low + rng.uniform(0.5, 0.7, 2)]))
    ratio = float((person[2] - person[0]) / (person[3] - person[1]) * 1.5)
    boxes = (free_windows(1.5)[::7], ratio_windows(ratio, 1.5))

    def said(overlap: np.ndarray) -> dict[str, np.ndarray]:
        found = {
            n: 5 * overlap + rng.normal(0, noise[n], overlap.shape) for n in (*QUICK, REFINING)
        }
        return {**found, CUT: rng.uniform(0, 0.02, overlap.shape)}

    overlap = tuple(iou(b, person) for b in boxes)
    terms = [said(o) for o in overlap]
    best = tuple(np.sort(np.argsort(-t["gaic"])[: 2 * REFINED]) for t in terms)
    refining = tuple(t.pop(REFINING)[b] for t, b in zip(terms, best, strict=True))
    pairs = rng.uniform(0, 1, (10, 2))
    shares = 1 / (1 + np.exp(-8 * (pairs[:, 0] - pairs[:, 1])))
    return JointObservation(
        person,
        ratio,
        1.5,
        boxes,
        (terms[0], terms[1]),
        best,
        refining,
        overlap,
        said(pairs),
        shares,
    )


@pytest.fixture(scope="module")
def seen() -> list[JointObservation]:
    noise = {"gaic": 0.5, "asm": 4.0, "mars": 0.5, "setpred": 40.0, "sfrc": 0.2, CUT: 1.0}
    return [observation(seed, noise) for seed in range(60)]


def test_methods_that_know_more_weigh_more(seen: list[JointObservation]) -> None:
    rule = fit_rule(seen)
    for weights in (rule.quick_free, rule.quick_ratio, rule.free, rule.ratio, rule.votes):
        methods = {n: w for n, w in weights.items() if n != CUT}
        assert all(w >= 0 for w in methods.values())
        assert weights[CUT] <= 0
        assert methods["gaic"] > max(methods["asm"], methods["setpred"])
        assert REFINING not in methods or methods[REFINING] > methods["gaic"]
    assert set(rule.quick_free) == {*QUICK, CUT}
    assert set(rule.free) == set(rule.votes) == {*NAMES}


def test_together_they_choose_better_than_the_best_alone(seen: list[JointObservation]) -> None:
    rule = fit_rule(seen[:30])
    joined, alone = [], []
    for one in seen[30:]:
        logits = join(one.terms[0], rule.quick_free)
        joined.append(one.overlap[0][np.argmax(logits)])
        alone.append(one.overlap[0][np.argmax(one.terms[0]["gaic"])])
    assert np.mean(joined) > np.mean(alone)


def test_what_is_observed_is_what_the_engine_will_show(seen: list[JointObservation]) -> None:
    rule = fit_rule(seen[:10])
    quick_free, quick_ratio, free, ratio = observed_windows(seen[0], rule)
    assert quick_free.ratio is None
    assert free.ratio is None
    assert quick_ratio.ratio == ratio.ratio == seen[0].ratio
    assert len(quick_free.boxes) == len(seen[0].boxes[0])
    assert len(free.boxes) == len(ratio.boxes) == REFINED
    expected = join(seen[0].terms[0], rule.quick_free)
    assert quick_free.scores == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("method", ["gaic", "asm", "mars"])
def test_what_a_method_says_alone_is_what_it_said_of_its_own_windows(
    method: str, tmp_path: Path
) -> None:
    write_untrained_weights(tmp_path)
    engine = CropEngine.load("cpu", tmp_path)
    image = photo(96, 64)
    labels = parse_labels("a.png", json.loads(json.dumps(entry(96, 64, seed=0))))
    jointly = observe_jointly(engine, engine.encode(image), labels)
    cut = 0.0 if method == "mars" else 4.0
    plain = observe(engine, engine.encode(image), labels, method)
    for derived, asked in zip(observed_alone(jointly, method, cut), plain, strict=True):
        assert derived.boxes == pytest.approx(asked.boxes)
        assert derived.scores == pytest.approx(asked.scores, rel=1e-3, abs=1e-3)
        assert derived.ratio == asked.ratio


def test_a_fitted_decoding_keeps_the_cost_of_cut_gaze(seen: list[JointObservation]) -> None:
    rule = fit_rule(seen[:20])
    windows = [w for one in seen[:20] for w in observed_windows(one, rule)]
    assert fit_decoding(windows, cut=0.0).cut == 0
    assert fit_decoding(windows, cut=2.5).cut == 2.5


@pytest.mark.parametrize("scale", [0.02, 1.0])
def test_the_likeliest_temperature_follows_the_scale_of_the_scores(scale: float) -> None:
    """Scores that are IoU / spread times a temperature have that temperature."""
    person = as_boxes((0.1, 0.2, 0.8, 0.9))
    boxes = ratio_windows(1.5, 1.5)
    scores = (iou(boxes, person) / 0.06 * scale).astype(np.float32)
    observed = [ScoredWindows(person, boxes, scores, 1.5, 1.5, lead(scores))]
    assert likeliest_temperature(observed) == pytest.approx(scale, rel=0.02)


def test_no_pairs_no_weight_of_votes(seen: list[JointObservation]) -> None:
    without = [
        JointObservation(
            o.person, o.ratio, 1.5, o.boxes, o.terms, o.best, o.refining, o.overlap, {}, np.zeros(0)
        )
        for o in seen[:3]
    ]
    assert set(fit_rule(without).votes.values()) == {0.0}


@pytest.mark.slow
def test_a_rule_is_fitted_from_a_folder_of_cross_validated_weights(tmp_path: Path) -> None:
    images = tmp_path / "data" / "images"
    images.mkdir(parents=True)
    names = [f"{i}.png" for i in range(40)]
    chosen = [n for fold in (0, 1) for n in [n for n in names if fold_of(n) == fold][:2]]
    for i, name in enumerate(chosen):
        Image.fromarray(photo(96, 64, seed=i)).save(images / name)
    labels = {name: entry(96, 64, seed=i) for i, name in enumerate(chosen)}
    (tmp_path / "data" / "labels.json").write_text(json.dumps(labels))
    for seed, part in enumerate(("fold0", "fold1", "all")):
        write_untrained_weights(tmp_path / "runs" / part, seed)
        (tmp_path / "runs" / part / "cascade.json").unlink()
    fit_out_of_fold(tmp_path / "data", tmp_path / "runs", 2, METHODS, lambda *step: None)
    for part in ("fold0", "fold1", "all"):
        engine = CropEngine.load("cpu", tmp_path / "runs" / part)
        assert engine.methods == ("cascade", *METHODS)
    (tmp_path / "runs" / "fold1" / "mars.json").unlink()
    with pytest.raises(CropsightError, match="holds no weights of mars"):
        fit_out_of_fold(tmp_path / "data", tmp_path / "runs", 2, METHODS, lambda *step: None)
