import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cropcore.errors import AnnotationError
from cropcore.evaluation.annotations import Annotations, fold_of, read_annotations
from cropcore.evaluation.baselines import BASELINES
from cropcore.evaluation.evaluate import evaluate
from cropcore.evaluation.out_of_fold import OutOfFold

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
    assert [asked[0] for asked in engine_double.asked] == ["free", "1.5:1"]
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
    assert metrics == {"iou_best": pytest.approx(0.9), "disp_best": pytest.approx(0.025)}
    assert result["methods"]["none"]["metrics"]["iou_best"] == pytest.approx(0.5)
    # The only photo is in its own fold, so the constant crop was fitted on nothing.
    assert result["methods"]["constant"]["metrics"]["iou_best"] == pytest.approx(0.5)


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
