"""The papers' closed loop, through the command line: train on a published layout, evaluate, crop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import cropcore
from cropcore.models.weights import read_record
from tests.cropcore.helpers import layout_maker
from tests.cropcore.helpers.commands import run, run_json
from tests.cropcore.helpers.untrained import lively_encoder

SMALL = [
    "trunk=mobilenet_v2",
    "first_layer=14",
    "sides.short_side=128",
    "batch_norm=frozen",
    "rate=2e-3",
    "encoder_rate=5e-4",
]
METHODS: dict[str, list[str]] = {
    "gaic": ["batch=4", "gaic.channels=8", "gaic.kernel=64", "gaic.hidden=32", "epochs=8"],
    "asm": ["batch=4", "asm_lambda=0.01", "epochs=8"],
    "sfrc": [
        *("batch=4", "epochs=6", "drops=0.8", "pairs=32", "consistency_windows=8"),
        *("sfrc.channels=8", "sfrc.hidden=64", "sfrc.region=32", "sfrc.spatial=32"),
        "sfrc.score_hidden=32",
    ],
    "mars": [
        *("batch=4", "epochs=10", "sides.long_side=128", "sides.short_side=none"),
        *("mars.dimension=32", "mars.embeddings=11", "mars.channels=16"),
    ],
    "setpred": [
        *("batch=4", "epochs=14", "drops=0.8", "clip=1", "scales=", "good_above=4.2"),
        *("setpred.width=32", "setpred.heads=4", "setpred.encoder_layers=1"),
        *("setpred.decoder_layers=2", "setpred.feedforward=64", "setpred.anchors=12"),
        "setpred.dropout=0",
    ],
}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as torchvision's, of an untrained trunk with features that are alive."""
    path = tmp_path_factory.mktemp("encoder") / "mobilenet_v2.pth"
    torch.save(lively_encoder().state_dict(), path)
    return path


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("layouts")
    return {name: make(folder / name) for name, make in layout_maker.LAYOUTS.items()}


def train(method: str, data: Path, out: Path, encoder: Path, *changes: str) -> int:
    settings = [*SMALL, *METHODS[method], *changes]
    words = ["--data", data, "--out", out, "--encoder", encoder, "--device", "cpu"]
    return run(
        "train", method, "--recipe", "paper", *words, *(w for s in settings for w in ("--set", s))
    )


def measured(capsys: pytest.CaptureFixture[str], data: Path, layout: str, weights: Path) -> Any:
    words = ["--data", data, "--layout", layout, "--split", "test", "--weights", weights]
    status, document = run_json(capsys, "eval", *words, "--method", "all", "--device", "cpu")
    assert status == 0
    return document


def figure(document: Any, method: str, metric: str) -> float:
    return float(document["methods"][method]["metrics"][metric])


TRAINED_ON = {"gaic": "gaicd", "asm": "gaicd", "sfrc": "gaicd", "mars": "fat", "setpred": "gaicd"}


@pytest.mark.parametrize("method", METHODS)
def test_what_a_paper_s_recipe_writes_is_measured_and_crops_as_it_is(
    method: str,
    layouts: dict[str, Path],
    encoder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    layout = TRAINED_ON[method]
    data, weights = layouts[layout], tmp_path / "trained"
    assert train(method, data, tmp_path / "untrained", encoder, "epochs=0") == 0
    assert train(method, data, weights, encoder) == 0
    told = capsys.readouterr().err
    before = measured(capsys, data, layout, tmp_path / "untrained")
    after = measured(capsys, data, layout, weights)
    if method in ("gaic", "asm", "sfrc"):
        assert figure(after, method, "srcc") > max(0.5, figure(before, method, "srcc"))
    else:
        metric = "iou_each_ratio" if method == "mars" else "best_recall_10_iou85"
        assert figure(after, method, metric) > figure(before, method, metric) + 0.1
    table = after["paper_tables"][method]
    assert all(n > 0 for n in table["n"].values())
    assert len(table["figures"]) == len(table["n"]) > 1

    rows = [json.loads(line) for line in (weights / "curves.jsonl").read_text().splitlines()]
    (named,) = {key for row in rows for key in row if key.startswith("validation.")}
    record = read_record(method, weights)
    assert record.metrics["validation"]["best"] == max(row[named] for row in rows)
    assert (weights / "curves.png").stat().st_size > 5000
    assert record.metrics["layout"] == layout
    if method == "sfrc":
        assert "10 test photos, whose labels are not read" in told
        assert "sfrc.consistency" in rows[-1]

    photo = next((data / "images").rglob("*.png"))
    crops = tmp_path / "crops"
    words = ["--weights", weights, "--aspect", "1:1", "--out", crops, "--device", "cpu"]
    assert run("crop", photo, *words) == 0
    assert len(list(crops.iterdir())) == 1
    engine = cropcore.CropEngine.load(device="cpu", weights_dir=weights)
    assert engine.methods == (method,)
    assert engine.suggest(engine.encode(photo), "3:2")
