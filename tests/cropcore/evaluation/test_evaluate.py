import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cropcore.errors import AnnotationError
from cropcore.evaluation.annotations import Annotations, fold_of, read_annotations
from cropcore.evaluation.baselines import BASELINES
from cropcore.evaluation.evaluate import evaluate
from cropcore.evaluation.out_of_fold import OutOfFold
from cropcore.evaluation.published_sets import SCALES
from cropcore.geometry.boxes import fit_to_ratio, iou, iou_matrix, ratio_of

BRIGHT, DARK = [0.5, 0.0, 1.0, 1.0], [0.0, 0.0, 0.5, 1.0]
MakePhoto = Callable[..., Path]


@pytest.fixture
def annotated(tmp_path: Path) -> Callable[[dict[str, Any]], Annotations]:
    def write(content: dict[str, Any]) -> Annotations:
        for entry in content.values():
            entry.setdefault("width", 120)
            entry.setdefault("height", 80)
        path = tmp_path / "people.json"
        path.write_text(json.dumps(content))
        return read_annotations(path)

    return write


def test_every_crop_metric_by_hand(annotated, make_photo: MakePhoto, engine_double) -> None:
    pairs = [
        {"a": BRIGHT, "b": DARK, "votes_a": 4, "votes_b": 1},
        {"a": BRIGHT, "b": DARK, "votes_a": 1, "votes_b": 4},
        {"a": [0, 0, 1, 1], "b": BRIGHT, "votes_a": 1, "votes_b": 4},
    ]
    for name in ("a.jpg", "b.jpg"):
        make_photo(name)
    annotations = annotated({n: {"best_crop": BRIGHT, "pairs": pairs} for n in ("a.jpg", "b.jpg")})
    engine_double.answers["gaic"] = [(0.5, 0.0, 1.0, 0.8), (0.5, 0.0, 1.0, 1.0)]
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    assert (result["schema"], result["annotations"], result["photos"]) == (1, "people.json", 2)
    assert result["fold"] is None
    assert result["failures"] == []
    gaic = result["methods"]["gaic"]
    assert gaic["metrics"]["iou"] == pytest.approx(0.8)
    assert gaic["metrics"]["disp"] == pytest.approx(0.05)
    assert gaic["metrics"]["iou_best_of_10"] == pytest.approx(1.0)
    # The person's 60 x 80 given: the box of the same area and centre, 54 x 72 of the photo's px.
    assert gaic["metrics"]["iou_ratio"] == pytest.approx(0.8, abs=0.01)
    assert gaic["metrics"]["pair_accuracy"] == pytest.approx(2 / 3)
    assert gaic["metrics"]["pair_accuracy_same_size"] == pytest.approx(1 / 2)
    assert gaic["n"]["iou"] == 2
    assert gaic["n"]["pair_accuracy"] == 6
    assert gaic["n"]["pair_accuracy_same_size"] == 4
    assert gaic["ci95"]["iou"] == pytest.approx([0.8, 0.8])
    assert gaic["curves"]["reliability"]["promised"] == pytest.approx([0.89])
    assert gaic["curves"]["reliability"]["observed"] == pytest.approx([0.8])
    assert gaic["curves"]["selective_risk"]["risk"][-1] == pytest.approx(0.2)
    json.dumps(result, allow_nan=False)


def test_the_persons_ratio_is_given_as_the_aspect(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"best_crop": [0.25, 0.0, 0.75, 0.5]}})
    evaluate(annotations, annotations.path.parent, ["asm"], engine_double)
    asked = [aspect for aspect, _, _ in engine_double.asked]
    assert asked == ["free", "1:1", "4:5", "16:9", "9:16", "3:2"]
    assert {k for _, _, k in engine_double.asked} == {10}
    assert engine_double.encoded == ["a.jpg"]


def test_each_photo_is_encoded_once_for_all_methods(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    entry = {"best_crop": BRIGHT, "fixations": [[[0.7, 0.5]], [[0.8, 0.2]]]}
    annotations = annotated({"a.jpg": entry})
    methods = ["gaic", "asm", "saliency", *BASELINES]
    result = evaluate(annotations, annotations.path.parent, methods, engine_double).to_json()
    assert engine_double.encoded == ["a.jpg"]
    assert list(result["methods"]) == methods
    saliency = result["methods"]["saliency"]
    assert set(saliency["metrics"]) == {"auc_judd", "nss", "cc"}
    assert saliency["metrics"]["nss"] == pytest.approx(1.0, abs=0.05)
    assert "iou" not in saliency["metrics"]


def test_several_peoples_crops_count_the_nearest(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"crops": [DARK, BRIGHT]}})
    engine_double.answers["gaic"] = [(0.5, 0.0, 1.0, 0.9)]
    methods = ["gaic", "none", "constant"]
    result = evaluate(annotations, annotations.path.parent, methods, engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    assert metrics["iou_best"] == pytest.approx(0.9)
    assert metrics["disp_best"] == pytest.approx(0.025)
    assert not {"iou", "disp", "iou_ratio"} & set(metrics)
    assert result["methods"]["none"]["metrics"]["iou_best"] == pytest.approx(0.5)
    # The only photo is in its own fold, so the constant crop was fitted on nothing.
    assert result["methods"]["constant"]["metrics"]["iou_best"] == pytest.approx(0.5)


ANSWERS = [(0.0, 0.02 * i, 1.0 - 0.07 * i, 1.0) for i in range(10)]


def test_the_set_against_several_people_by_the_plain_rules(
    annotated, make_photo, engine_double
) -> None:
    make_photo("a.jpg")
    people = [[0.1, 0.0, 0.6, 0.9], [0.0, 0.2, 0.9, 1.0], [0.4, 0.4, 0.8, 0.8]]
    annotations = annotated({"a.jpg": {"crops": people}})
    engine_double.answers["gaic"] = ANSWERS
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]

    def check(sets: list[np.ndarray], suffix: str) -> None:
        """``sets`` holds for each person the crops that were answered."""
        overlaps = [iou_matrix(crops, people) for crops in sets]
        own = [overlap[:, i] for i, overlap in enumerate(overlaps)]
        expected = {
            "coverage_10": np.mean([o.max() for o in own]),
            "coverage_5": np.mean([o[:5].max() for o in own]),
            "mean_iou_10": np.mean([o.mean() for o in own]),
            "iou_best": np.mean([o[0].max() for o in overlaps]),
            "iou_best_of_5": np.mean([o[:5].max() for o in overlaps]),
            "iou_best_of_10": np.mean([o.max() for o in overlaps]),
            "score_bias": 0.89 - np.mean([o[0] for o in own]),
        }
        for name, value in expected.items():
            assert metrics[name + suffix] == pytest.approx(value, abs=2e-6), name + suffix

    ratios = [float(ratio_of(box, 1.5)) for box in people]
    check([np.array(ANSWERS)] * 3, "")
    check([fit_to_ratio(ANSWERS, ratio, 1.5) for ratio in ratios], "_ratio")
    assert result["methods"]["gaic"]["n"]["coverage_10_ratio"] == 1
    assert result["methods"]["gaic"]["n"]["score_bias"] == 3


def test_the_set_against_one_person(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"best_crop": BRIGHT}})
    engine_double.answers["gaic"] = ANSWERS
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    for suffix, crops in (("", ANSWERS), ("_ratio", fit_to_ratio(ANSWERS, 0.75, 1.5))):
        overlaps = iou(crops, BRIGHT)
        assert metrics["mean_iou_10" + suffix] == pytest.approx(overlaps.mean(), abs=1e-6)
        assert metrics["iou_best_of_5" + suffix] == pytest.approx(overlaps[:5].max(), abs=1e-6)
        assert metrics["iou_best_of_10" + suffix] == pytest.approx(overlaps.max(), abs=1e-6)
    assert not {"coverage_10", "coverage_5_ratio", "iou_best", "iou_best_ratio"} & set(metrics)


def test_how_much_ten_crops_differ_is_always_told(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {}})
    same, other = (0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 0.5, 1.0)
    engine_double.answers["gaic"] = [same] * 4 + [other] * 6 + [(0.6, 0.6, 1.0, 1.0)]
    result = evaluate(
        annotations, annotations.path.parent, ["gaic", "ten_constant"], engine_double
    ).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    aspects = ("", "_1x1", "_4x5", "_16x9", "_9x16")
    assert set(metrics) == {
        f"{name}{a}" for name in ("distinct_10", "near_duplicates_10") for a in aspects
    }
    assert metrics["distinct_10"] == 2
    assert metrics["near_duplicates_10"] == 8
    assert result["methods"]["gaic"]["ci95"]["distinct_10"] == [2, 2]
    # Nobody's crops to fit ten boxes to.
    assert result["methods"]["ten_constant"]["metrics"] == {}


def test_heads_by_hand(annotated, make_photo, engine_double) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        make_photo(name)
    left, right = [0.02, 0.2, 0.12, 0.4], [0.8, 0.2, 0.98, 0.6]
    annotations = annotated(
        {
            "a.jpg": {"heads": [left]},
            "b.jpg": {"heads": [right]},
            "c.jpg": {"heads": [right, left]},  # no crop of 1:1, 4:5 or 9:16 holds both
            "d.jpg": {"heads": []},
        }
    )
    # Free: the first keeps all, the second cuts the right head, the third both.
    engine_double.answers["gaic"] = [
        (0.0, 0.0, 1.0, 1.0),
        (0.0, 0.0, 0.9, 1.0),
        (0.1, 0.0, 0.7, 1.0),
    ]
    methods = ["gaic", "none", "centre_ratio"]
    result = evaluate(annotations, annotations.path.parent, methods, engine_double).to_json()
    gaic, none, centred = (result["methods"][name] for name in methods)
    metrics = gaic["metrics"]
    assert metrics["heads_cut_free"] == 0
    assert metrics["heads_cut_10_free"] == pytest.approx((1 + 2 + 2) / 9, abs=1e-6)
    assert gaic["n"]["heads_cut_free"] == 3
    assert gaic["n"]["heads_cut_10_free"] == 9
    assert "heads_largest_lost_free" not in metrics
    # The square in the middle, x from 1/6 to 5/6, cuts each single head that another would hold.
    assert metrics["heads_cut_1x1"] == pytest.approx(2 / 3, abs=1e-6)
    assert metrics["heads_largest_lost_1x1"] == 1
    assert gaic["n"]["heads_largest_lost_1x1"] == 1
    # 16:9 is as wide as the photo and keeps what is not at the top or bottom.
    assert metrics["heads_cut_16x9"] == 0
    assert none["metrics"] == {"heads_cut_free": 0}
    assert set(centred["metrics"]) == {
        *(f"heads_cut_{a}" for a in ("1x1", "4x5", "16x9", "9x16")),
        *(f"heads_largest_lost_{a}" for a in ("1x1", "4x5", "9x16")),
    }
    assert centred["metrics"]["heads_cut_1x1"] == pytest.approx(2 / 3, abs=1e-6)


def test_a_head_that_no_crop_can_hold_is_not_lost(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"heads": [[0.1, 0.1, 0.9, 0.9], [0.4, 0.4, 0.5, 0.5]]}})
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    assert metrics["heads_cut_1x1"] == 0
    assert "heads_largest_lost_1x1" not in metrics


def test_what_scores_and_confidence_are_worth(annotated, make_photo, engine_double) -> None:
    names = [f"{i}.jpg" for i in range(20)]
    for name in names:
        make_photo(name)
    best = {name: [0.0, 0.0, 1.0, (i + 1) / 20] for i, name in enumerate(names)}
    annotations = annotated({n: {"best_crop": box} for n, box in best.items()})
    engine_double.answers["gaic"] = [(0.0, 0.0, 1.0, 1.0)]
    evaluation = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double)
    entry = evaluation.to_json()["methods"]["gaic"]
    reached = np.arange(1, 21) / 20
    assert entry["metrics"]["score_bias"] == pytest.approx(0.89 - reached.mean())
    # All scores are equal: groups are in the order of the file.
    groups = np.abs(0.89 - reached.reshape(10, 2).mean(1))
    assert entry["metrics"]["score_error"] == pytest.approx(groups.mean(), abs=1e-6)
    assert entry["metrics"]["confidence_auc"] == 0.5
    low, high = entry["ci95"]["score_bias"]
    half = 1.96 * reached.std() / np.sqrt(20)
    assert low == pytest.approx(0.89 - reached.mean() - half, abs=0.02)
    assert high == pytest.approx(0.89 - reached.mean() + half, abs=0.02)
    assert entry["n"]["score_bias"] == 20
    assert {"score_bias_ratio", "score_error_ratio"} <= set(entry["metrics"])


def test_scored_crops_give_ranking_metrics(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg")
    # Windows from bright to dark, and MOS that agree except for the last two.
    crops = [[0.5 - 0.05 * i, 0.0, 1.0 - 0.05 * i, 1.0] for i in range(11)]
    mos = [4.8 - 0.3 * i for i in range(11)]
    mos[-1], mos[-2] = mos[-2], mos[-1]
    annotations = annotated({"a.jpg": {"crops": crops, "mos": mos}})
    engine_double.answers["gaic"] = [tuple(c) for c in (crops[0], crops[5], crops[1])]
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    assert metrics["srcc"] == pytest.approx(1 - 6 * 2 / (11 * 120))
    assert metrics["acc_1_5"] == metrics["acc_5"] == metrics["wacc_10"] == 1.0
    assert metrics["best_recall_5_iou85"] == metrics["best_recall_10_iou90"] == 1.0
    # Good: MOS above 4, the first three windows; two found, with one wrong between them.
    assert metrics["ap_10_iou90"] == pytest.approx((34 * 1.0 + 33 * 2 / 3) / 101)
    names = {f"{p}acc_{k}_{n}" for p in ("", "w") for k in (1, 2, 3, 4) for n in (5, 10)}
    assert names < set(metrics)
    assert "iou" not in metrics
    assert "iou_best" not in metrics
    assert len(result["methods"]["gaic"]["ci95"]["ap_40_iou85"]) == 2


def test_what_is_good_and_different_follows_the_scale_of_the_scores(
    annotated, make_photo, engine_double
) -> None:
    make_photo("a.jpg")
    crops = [[0.5 - 0.05 * i, 0.0, 1.0 - 0.05 * i, 1.0] for i in range(4)]
    annotations = annotated({"a.jpg": {"crops": crops, "mos": [2.6, 2.3, 2.0, 1.0]}})
    engine_double.answers["gaic"] = [tuple(crops[0]), tuple(crops[1])]
    images = annotations.path.parent
    plain = evaluate(annotations, images, ["gaic"], engine_double).to_json()
    assert not {"ap_5_iou85", "ranking_accuracy"} & set(plain["methods"]["gaic"]["metrics"])
    scaled = evaluate(annotations, images, ["gaic"], engine_double, scale=SCALES["cpc"]).to_json()
    gaic = scaled["methods"]["gaic"]
    assert gaic["metrics"]["ap_5_iou90"] == 1.0
    assert (gaic["metrics"]["ranking_accuracy"], gaic["n"]["ranking_accuracy"]) == (1.0, 6)


def test_each_crop_is_compared_with_the_one_that_gave_its_ratio(
    annotated, make_photo, engine_double
) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"crops": [BRIGHT, [0.0, 0.0, 1.0, 0.5]]}})
    engine_double.answers["mars"] = [(0.0, 0.0, 1.0, 0.5)]
    result = evaluate(annotations, annotations.path.parent, ["mars"], engine_double).to_json()
    mars = result["methods"]["mars"]
    assert mars["n"]["iou_each_ratio"] == mars["n"]["offset_each_ratio"] == 2
    wide = [0.0, 0.0, 1.0, 0.5]
    tall = fit_to_ratio(wide, 0.75, 1.5)
    expected = (1 + float(iou(tall, BRIGHT))) / 2
    assert mars["metrics"]["iou_each_ratio"] == pytest.approx(expected, abs=1e-5)
    gap = np.hypot(*((tall[:2] + tall[2:]) / 2 - [0.75, 0.5]) * [120, 80])
    assert mars["metrics"]["offset_each_ratio"] == pytest.approx(gap / 2, abs=1e-3)


def test_equal_scores_rank_nothing(annotated, make_photo, engine_double) -> None:
    make_photo("a.jpg", bright=(0, 0, 1, 1))
    crops = [DARK, BRIGHT, [0, 0, 1, 1]]
    annotations = annotated({"a.jpg": {"crops": crops, "mos": [1, 2, 3]}})
    result = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    metrics = result["methods"]["gaic"]["metrics"]
    assert metrics["srcc"] == metrics["pcc"] == 0.0
    assert "acc_1_5" not in metrics  # three crops have no fifth best
    assert "ap_5_iou85" not in metrics  # and none is good


def test_baselines_by_hand(annotated, make_photo) -> None:
    names = [f"{i}.jpg" for i in range(12)]
    for name in names:
        make_photo(name)
    annotations = annotated({n: {"best_crop": [0.25, 0.0, 0.75, 1.0]} for n in names})
    result = evaluate(annotations, annotations.path.parent, BASELINES).to_json()
    metrics = {name: entry["metrics"] for name, entry in result["methods"].items()}
    assert metrics["none"] == {"iou": pytest.approx(0.5), "disp": pytest.approx(0.125)}
    assert metrics["centre90"]["iou"] == pytest.approx(0.45 / (0.5 + 0.81 - 0.45), abs=1e-6)
    assert metrics["constant"]["iou"] == pytest.approx(1.0, abs=0.01)
    assert metrics["constant"]["iou_ratio"] == pytest.approx(1.0, abs=0.03)
    ten = metrics["ten_constant"]
    assert ten["iou"] == ten["iou_best_of_5"] == ten["iou_best_of_10_ratio"] == pytest.approx(1.0)
    assert {"mean_iou_10", "distinct_10", "distinct_10_4x5", "near_duplicates_10_ratio"} < set(ten)
    assert not [name for name in ten if name.startswith(("score_", "confidence_"))]
    assert metrics["centre_ratio"] == {
        "iou_ratio": pytest.approx(1.0),
        "disp_ratio": pytest.approx(0.0),
    }


def test_one_fold_is_measured_and_the_others_are_fitted(annotated, make_photo) -> None:
    names = [f"{i}.jpg" for i in range(20)]
    for name in names:
        make_photo(name)
    odd, usual = [0.0, 0.0, 0.4, 0.4], BRIGHT
    annotations = annotated({n: {"best_crop": usual if fold_of(n) else odd} for n in names})
    result = evaluate(annotations, annotations.path.parent, ["constant"], folds=[0]).to_json()
    assert result["fold"] == 0
    assert result["photos"] == sum(fold_of(n) == 0 for n in names)
    assert result["methods"]["constant"]["metrics"]["iou"] == pytest.approx(0.0, abs=0.05)


def test_failed_photos_are_named_and_left_out_for_all(
    annotated, make_photo, engine_double, tmp_path: Path
) -> None:
    make_photo("good.jpg")
    broken = make_photo("broken.jpg")
    broken.write_bytes(broken.read_bytes()[:200])
    (tmp_path / "text.jpg").write_text("no photo")
    make_photo("other.jpg", size=(80, 120))
    names = ("good.jpg", "broken.jpg", "absent.jpg", "text.jpg", "other.jpg")
    annotations = annotated({n: {"best_crop": BRIGHT} for n in names})
    result = evaluate(annotations, tmp_path, ["gaic", "none"], engine_double).to_json()
    assert [f["file"] for f in result["failures"]] == list(names[1:])
    assert all(f["error"] and f["file"] not in f["error"] for f in result["failures"])
    assert "120" in result["failures"][-1]["error"]
    assert result["methods"]["gaic"]["n"]["iou"] == 1
    assert result["methods"]["none"]["n"]["iou"] == 1
    assert result["photos"] == 5


def test_methods_are_set_beside_the_baselines(annotated, make_photo, engine_double) -> None:
    names = [f"{i}.jpg" for i in range(5)]
    for name in names:
        make_photo(name)
    annotations = annotated({n: {"best_crop": BRIGHT} for n in names})
    engine_double.answers["gaic"] = [(0.5, 0.0, 1.0, 1.0)]
    methods = evaluate(
        annotations,
        annotations.path.parent,
        ["gaic", "none"],
        engine_double,
        weights_sha256=engine_double.weights_sha256,
    ).to_json()["methods"]
    gap = methods["gaic"]["versus"]["none"]["iou"]
    assert gap["difference"] == pytest.approx(0.5)
    assert gap["ci95"] == pytest.approx([0.5, 0.5])
    assert methods["gaic"]["weights_sha256"] == "ab" * 32
    assert "weights_sha256" not in methods["none"]
    assert "versus" not in methods["none"]


def test_uncalibrated_scores_make_no_reliability_curve(
    annotated, make_photo, engine_double
) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"best_crop": BRIGHT}})
    engine_double.calibrated = False
    entry = evaluate(annotations, annotations.path.parent, ["gaic"], engine_double).to_json()
    assert set(entry["methods"]["gaic"]["curves"]) == {"selective_risk"}
    assert not [name for name in entry["methods"]["gaic"]["metrics"] if name.startswith("score_")]


def test_out_of_fold_models_answer_for_their_own_fold(annotated, make_photo, engine_double) -> None:
    names = [f"{i}.jpg" for i in range(12)]
    for name in names:
        make_photo(name)
    annotations = annotated({n: {"best_crop": BRIGHT, "crops": [DARK]} for n in names})
    engines = {}
    for fold in range(4):
        engines[fold] = type(engine_double)()
        engines[fold].answers["gaic"] = [(0.5, 0.0, 1.0, 1.0 - fold / 10)]
    result = evaluate(annotations, annotations.path.parent, ["gaic"], OutOfFold(engines))
    for name, (total, count) in result.methods["gaic"].values["iou"].items():
        assert total / count == pytest.approx(1 - fold_of(name) / 10)
        assert name in engines[fold_of(name)].encoded
    left_out = [n for n in names if fold_of(n) == 4]
    assert left_out
    assert [f.file for f in result.failures] == left_out
    some = evaluate(
        annotations, annotations.path.parent, ["gaic"], OutOfFold(engines), folds=[0, 1, 2, 3]
    )
    assert not some.failures
    assert some.to_json()["folds"] == [0, 1, 2, 3]
    assert some.photos == len(names) - len(left_out)


def test_missing_folder_and_missing_engine(annotated, make_photo, tmp_path: Path) -> None:
    annotations = annotated({"a.jpg": {"best_crop": BRIGHT}})
    with pytest.raises(AnnotationError, match="is no folder"):
        evaluate(annotations, tmp_path / "absent", ["none"])
    with pytest.raises(ValueError, match="No engine to measure gaic"):
        evaluate(annotations, tmp_path, ["gaic", "none"])


def test_progress_is_told_for_each_photo(annotated, make_photo) -> None:
    make_photo("a.jpg")
    annotations = annotated({"a.jpg": {"best_crop": BRIGHT}})
    told: list[tuple[int, int, str]] = []
    evaluate(
        annotations, annotations.path.parent, ["none"], progress=lambda *step: told.append(step)
    )
    assert told == [(0, 1, "a.jpg"), (1, 1, "")]
