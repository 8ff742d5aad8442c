"""What the engine makes of a folder of weights: complete, mixed, with a method missing, as in a paper."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cropcore.engine.crop_distribution import SAME
from cropcore.engine.engine import CropEngine
from cropcore.engine.weights_folder import METHODS as ALONE
from cropcore.errors import CropsightError, WeightsError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.windows import grid_anchors
from cropcore.models.mars_decode import median_window
from cropcore.models.valid_crops import SUPPRESSION
from tests.cropcore.helpers.untrained import photo

FREE, PORTRAIT = Aspect.parse("free"), Aspect.parse("4:5")


def change_record(path: Path, **changes: object) -> None:
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | changes))


@pytest.mark.parametrize("name", ["saliency", *ALONE])
def test_heads_of_another_encoder_are_refused(weights: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(weights, tmp_path / "mixed")
    path = tmp_path / "mixed" / f"{name}.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "encoder_sha256": "ab" * 32}))
    with pytest.raises(WeightsError, match=rf"{name} weights were trained on another encoder"):
        CropEngine.load("cpu", tmp_path / "mixed")


@pytest.mark.parametrize("name", ["encoder", "saliency", *ALONE])
def test_a_missing_part_is_named(weights: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(weights, tmp_path / "part")
    (tmp_path / "part" / f"{name}.safetensors").unlink()
    with pytest.raises(WeightsError, match=rf"{name}\.safetensors"):
        CropEngine.load("cpu", tmp_path / "part")


def test_a_folder_may_lack_methods_and_then_has_no_cascade(weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "some")
    for name in ("asm", "setpred"):
        (tmp_path / "some" / f"{name}.json").unlink()
    some = CropEngine.load("cpu", tmp_path / "some")
    assert some.methods == ("gaic", "sfrc", "mars")
    assert some.map_names == ("saliency", "area", "attention")
    with pytest.raises(CropsightError, match="have no asm"):
        some.explain(some.encode(photo(300, 200)), Crop(), FREE)
    for name in some.methods:
        (tmp_path / "some" / f"{name}.json").unlink()
    with pytest.raises(WeightsError, match="holds no method's weights"):
        CropEngine.load("cpu", tmp_path / "some")


def test_a_rule_of_other_weights_is_refused(weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "mixed")
    change_record(tmp_path / "mixed" / "cascade.json", sha256="ab" * 32)
    with pytest.raises(WeightsError, match="rule was fitted on other weights"):
        CropEngine.load("cpu", tmp_path / "mixed")


def test_a_sharper_distribution_is_trusted_more(weights: Path, tmp_path: Path) -> None:
    trust = []
    for temperature in (0.05, 0.3, 3.0):
        folder = tmp_path / str(temperature)
        shutil.copytree(weights, folder)
        decoding = json.loads((folder / "gaic.json").read_text())["decoding"]
        sharper = decoding | {"free": temperature, "ratio": temperature}
        change_record(folder / "gaic.json", decoding=sharper)
        asked = CropEngine.load("cpu", folder)
        seen = asked.encode(photo(300, 200))
        trust.append(asked.suggest(seen, PORTRAIT, method="gaic").confidence)
    assert trust == sorted(trust, reverse=True)
    assert trust[0] > trust[-1]


@pytest.fixture(scope="module")
def paper_engine(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CropEngine:
    """The same weights, decoded as the papers do."""
    folder = tmp_path_factory.mktemp("paper") / "weights"
    shutil.copytree(weights, folder)
    for name in ALONE:
        change_record(folder / f"{name}.json", decoding={"way": "paper", "cut": 0.0})
    return CropEngine.load("cpu", folder)


@pytest.mark.parametrize("method", ALONE)
@pytest.mark.parametrize("aspect", [FREE, Aspect.parse("circle"), PORTRAIT], ids=str)
def test_weights_that_follow_a_paper_find_crops_as_it_does(
    paper_engine: CropEngine, aspect: Aspect, method: str
) -> None:
    seen = paper_engine.encode(photo(300, 200))
    found = paper_engine.suggest(seen, aspect, method=method)
    boxes = geometry.as_boxes([c.crop.box for c in found.candidates])
    raw = [c.raw_score for c in found.candidates]
    assert raw[0] == max(raw)
    assert all(c.score is None for c in found.candidates)
    overlap = geometry.iou_matrix(boxes, boxes)
    assert (overlap[~np.eye(len(boxes), dtype=bool)] < SAME).all()
    ratio = aspect.ratio_for(300, 200)
    if ratio is not None:
        shapes = geometry.ratio_of(boxes, 1.5)
        assert shapes == pytest.approx(np.full(len(boxes), ratio), rel=1e-5)
    best = paper_engine.window_scores(seen, aspect, method)[1].max()
    if method in ("gaic", "sfrc") and ratio is None:
        assert geometry.iou_matrix(boxes, grid_anchors(1.5)).max(axis=1) == pytest.approx(1)
    elif method in ("gaic", "asm"):
        assert raw[0] >= best - 1e-4
    elif method == "mars" and ratio is not None:
        area = paper_engine.maps(seen, aspect, ["area"])["area"].values
        assert boxes == pytest.approx(median_window(area, ratio, 1.5)[None])
    elif method == "setpred":
        assert (overlap[~np.eye(len(boxes), dtype=bool)] <= SUPPRESSION).all()
