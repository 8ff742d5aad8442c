"""The papers' recipes: constants by data set, fields changed by text, trunks, damaged photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cropcore.errors import CropsightError, OptionError
from cropcore.models.encoder import Encoder
from cropcore.models.trunks import TRUNKS, untrained
from cropcore.training.head_recipes import MarsRecipe, SetpredRecipe, SfrcRecipe
from cropcore.training.initial_weights import starting_encoder
from cropcore.training.network import Network
from cropcore.training.recipe_options import changed
from cropcore.training.recipes import for_layout, recipe_for
from cropcore.training.training_data import is_damaged, parted, read_training_data
from tests.cropcore.helpers import layout_maker
from tests.cropcore.helpers.untrained import photo

PAPERS = {name: recipe_for(name, "paper") for name in ("gaic", "asm", "mars", "sfrc", "setpred")}


def test_optimisers_and_sizes_are_the_papers() -> None:
    for name, recipe in PAPERS.items():
        assert recipe.betas == (0.9, 0.999)
        assert recipe.adam == (name != "setpred")
        assert recipe.clip == (0.1 if name == "setpred" else 0)
        assert recipe.batch_norm == ("frozen" if name == "setpred" else "live")
        assert recipe.keep_best
    assert [r.weight_decay for r in PAPERS.values()] == [0, 0, 1e-4, 1e-4, 1e-4]
    trunks = [r.trunk for r in PAPERS.values()]
    assert trunks == ["mobilenet_v2", "vgg16", "mobilenet_v2", "mobilenet_v2", "resnet50"]
    assert PAPERS["mars"].sides.net_input(3000, 2000) == (256, 160)
    assert PAPERS["gaic"].sides.net_input(3000, 2000) == (384, 256)
    assert PAPERS["setpred"].sides.net_input(3000, 2000) == (1216, 800)
    assert PAPERS["setpred"].scales == (480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800)
    setpred = PAPERS["setpred"]
    assert isinstance(setpred, SetpredRecipe)
    assert (setpred.setpred.decoder_layers, setpred.setpred.feedforward) == (6, 2048)


def test_constants_follow_the_layout_and_are_said() -> None:
    gaps, told = {}, []
    for layout in ("gaicd", "cpc", None):
        recipe, notes = for_layout(PAPERS["asm"], layout)  # type: ignore[arg-type]
        gaps[layout] = recipe.score_gap
        told += [str(note) for note in notes]
    assert gaps == {"gaicd": 0.9, "cpc": 0.3, None: 0.9}
    assert "CPC: pairs differ by 0.3 in their scores (delta of asm's Eq. 3)." in told
    assert "The constants are those of GAICD; --set changes them." in told

    guided, _ = for_layout(PAPERS["setpred"], "gaicd")
    assert isinstance(guided, SetpredRecipe)
    assert (guided.good_above, guided.loss.bound, guided.distil_from) == (4.0, 0.5, 1.0)
    distilled, notes = for_layout(PAPERS["setpred"], "cpc")
    assert isinstance(distilled, SetpredRecipe)
    assert (distilled.good_above, distilled.loss.bound) == (2.0, 0.0)
    assert distilled.distil_from == pytest.approx(40 / 60)
    assert "self distillation" in str(notes[0])
    shipped = recipe_for("setpred", "shipped")
    assert for_layout(shipped, "cpc") == (shipped, [])


def test_fields_are_changed_by_text() -> None:
    made = changed(
        PAPERS["sfrc"],
        ["epochs=3", "sfrc.mask=false", "rate=2e-3", "drops=0.5,0.8", "first_layer=none"],
    )
    assert isinstance(made, SfrcRecipe)
    assert (made.epochs, made.sfrc.mask, made.rate) == (3, False, 2e-3)
    assert (made.drops, made.first_layer) == ((0.5, 0.8), None)
    assert made.sfrc.attention
    assert changed(PAPERS["setpred"], ["scales="]).scales == ()
    assert changed(PAPERS["asm"], ["trunk=resnet50"]).trunk == "resnet50"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("epochs", "give FIELD=VALUE"),
        ("epoch=3", "there is no field epoch; there are heads"),
        ("sfrc.masks=true", "there is no field masks; there are channels"),
        ("epochs=few", "give an integer"),
        ("sfrc.mask=perhaps", "give true or false"),
        ("trunk=alexnet", "choose one of mobilenet_v2, vgg16"),
        ("sfrc=1", "sfrc has fields of its own"),
        ("epochs.a=1", "there is no field epochs.a"),
        ("betas=0.9", "give 2 values"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(setting: str, told: str) -> None:
    with pytest.raises(OptionError) as caught:
        changed(PAPERS["sfrc"], [setting])
    assert f"--set {setting}: " in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("trunk", ["vgg16", "resnet50", "shufflenet_v2"])
def test_heads_stand_on_every_trunk(trunk: str, tmp_path: Path) -> None:
    facts = TRUNKS[trunk]
    model = untrained(trunk)
    state = {k: v for k, v in model.state_dict().items() if not k.startswith(("classifier", "fc"))}
    torch.save(state, tmp_path / "trunk.pth")
    encoder = starting_encoder(tmp_path / "trunk.pth", trunk).eval()
    assert len(encoder.features) == facts.layers
    x = torch.randn(1, 3, 64, 96)
    with torch.no_grad():
        levels = encoder(x)
        plain = encoder(x, layer_maps=False)
        whole = model.eval()
        found = whole.features(x) if trunk == "vgg16" else None
    for name, stride in (("s8", 8), ("s16_mid", 16), ("s16", 16), ("s32", 32)):
        level = getattr(levels, name)
        assert level.shape == (1, facts.channels[name], 64 // stride, 96 // stride)
        assert torch.equal(level, getattr(plain, name))
    assert levels.layer_maps is not None
    assert levels.layer_maps.shape[1] == facts.layers
    if found is not None:
        torch.testing.assert_close(levels.s32, found)
    boxes, ratio = torch.tensor([[[0.1, 0.1, 0.9, 0.8]]]), torch.tensor([1.5])
    for recipe in PAPERS.values():
        small = replace(recipe, trunk=trunk)  # type: ignore[arg-type]
        if isinstance(small, MarsRecipe):
            small = changed(small, ["mars.dimension=2", "mars.layers=0"])
        network = Network(small, encoder).eval()
        with torch.no_grad():
            if network.gaic is not None:
                assert network.gaic(network.gaic.prepare(levels.joined()), boxes, ratio).isfinite()
            if network.asm is not None:
                assert network.asm(levels.joined()).isfinite().all()
            if network.sfrc is not None:
                assert network.sfrc(network.sfrc.prepare(levels), boxes, ratio).isfinite()
            if network.mars is not None:
                maps = network.mars.area_map(network.mars.prepare(levels), ratio[None])
                assert maps.shape == (1, 1, 16, 24)
            if network.setpred is not None:
                assert network.setpred(levels, ratio).boxes.shape == (1, 90, 4)


def test_the_trunk_of_another_model_is_refused(tmp_path: Path) -> None:
    torch.save(Encoder().state_dict(), tmp_path / "mobilenet.pth")
    with pytest.raises(CropsightError, match="torchvision's vgg16"):
        starting_encoder(tmp_path / "mobilenet.pth", "vgg16")


def test_batch_norms_live_only_where_the_recipe_says_so() -> None:
    recipe = replace(PAPERS["gaic"], first_layer=14)
    for kind, expected in (("live", {14, 15, 16, 17}), ("frozen", set())):
        network = Network(replace(recipe, batch_norm=kind), Encoder()).train()  # type: ignore[arg-type]
        layers = enumerate(network.encoder.features)
        assert {i for i, layer in layers if layer.training} == expected


def truncated(path: Path) -> Path:
    Image.fromarray(photo(300, 200)).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def test_a_truncated_photo_is_named_and_left_out(tmp_path: Path) -> None:
    data = layout_maker.gaicd(tmp_path / "gaicd", train=4, validation=2, test=2)
    bad = truncated(data / "images" / "train" / "0_1.jpg")
    (data / "images" / "train" / "0_1.png").unlink()
    other = data / "images" / "test" / "2_0.png"
    other.write_bytes(other.read_bytes()[:-300])
    assert is_damaged(bad)
    assert not is_damaged(data / "images" / "train" / "0_0.png")
    found = read_training_data(data, "train", PAPERS["sfrc"])
    assert [labels.file for labels in found.train[0].labels] == ["0_0.png", "0_2.png", "0_3.png"]
    (note,) = [str(note) for note in found.notes if "damaged" in str(note) and "train" in str(note)]
    assert "1 of 4 photos" in note
    assert "0_1.jpg" in note
    assert len(found.validation[0].labels) == 2


def test_rank_consistency_learns_from_test_photos_without_labels(tmp_path: Path) -> None:
    data = layout_maker.gaicd(tmp_path / "gaicd", train=4, validation=2, test=3)
    found = read_training_data(data, "train", PAPERS["sfrc"])
    (silent,) = found.unlabelled
    assert silent.images == data / "images" / "test"
    assert [(x.crops, x.mos, x.best_crop) for x in silent.labels] == [((), (), None)] * 3
    assert any("3 test photos, whose labels are not read" in str(note) for note in found.notes)
    without = changed(PAPERS["sfrc"], ["consistency_weight=0"])
    assert read_training_data(data, "train", without).unlabelled == ()

    lonely = layout_maker.cpc(tmp_path / "cpc", 10)
    found = read_training_data(lonely, "train", PAPERS["sfrc"])
    assert found.unlabelled == ()
    assert any("rank consistency is left out" in str(note) for note in found.notes)


def test_folds_left_out_judge_where_no_photos_were_published(tmp_path: Path) -> None:
    data = layout_maker.cpc(tmp_path / "cpc", 10)
    found = read_training_data(data, "train", PAPERS["gaic"])
    assert found.held_out == 2
    assert parted(found, (0, 1)) is found
    alone = replace(found, validation=())
    judged = parted(alone, (0, 1, 2)).validation[0].labels
    assert {labels.fold for labels in judged} <= {3, 4}
    assert parted(alone, range(5)).validation == ()


def test_opinions_of_another_scale_are_z_scored_by_their_own(tmp_path: Path) -> None:
    from cropcore.training.train_command import TrainingRun, prepared

    def run(data: Path, **changes: Any) -> TrainingRun:
        recipe = replace(PAPERS["gaic"], **changes)
        return TrainingRun(recipe, data, tuple(range(5)), data, None, data, False)

    made, data = prepared(run(layout_maker.cpc(tmp_path / "cpc", 10)))
    assert made.recipe.mos_mean == pytest.approx(np.mean(data.opinions))
    assert made.recipe.mos_std == pytest.approx(np.std(data.opinions))
    assert any("z-scored" in str(note) for note in data.notes)
    own, _ = prepared(run(tmp_path / "cpc", mos_mean=2.0))
    assert (own.recipe.mos_mean, own.recipe.mos_std) == (2.0, 0.8)
    gaicd = layout_maker.gaicd(tmp_path / "gaicd", 3, 2, 2)
    assert prepared(run(gaicd))[0].recipe.mos_mean == 2.95
