import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from cropcore.errors import AnnotationError, CropsightError
from cropcore.evaluation.annotations import fold_of, read_annotations
from cropcore.models.asm import AsmConfig
from cropcore.models.encoder import to_input
from cropcore.models.gaic import GaicConfig
from cropcore.models.saliency import SaliencyHead
from cropcore.models.weights import load_weights, read_record
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.feature_cache import ViewKey, cached_features
from cropcore.training.initial_weights import starting_encoder, starting_gaze
from cropcore.training.network import Network
from cropcore.training.photo_batches import Photos, find_sources
from cropcore.training.recipes import RECIPES, Recipe, recipe_for
from cropcore.training.tasks.choices import crop_losses
from cropcore.training.train_command import TrainingRun, train
from cropcore.training.trainer import Trainer
from tests.cropcore.helpers.training_maker import TINY, drawn, entry
from tests.cropcore.helpers.untrained import lively_encoder, photo, write_untrained_weights


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five small photos with every kind of label."""
    folder = tmp_path_factory.mktemp("data") / "tiny"
    (folder / "images").mkdir(parents=True)
    labels = {}
    for i in range(5):
        size = (96, 64) if i % 3 else (64, 96)
        labels[f"{i}.png"] = entry(*size, seed=i)
        Image.fromarray(photo(*size, seed=i)).save(folder / "images" / f"{i}.png")
    (folder / "labels.json").write_text(json.dumps(labels))
    return folder


def folds_of(data: Path) -> set[int]:
    return {labels.fold for labels in read_annotations(data / "labels.json").values()}


def test_recipes_follow_their_papers() -> None:
    gaic, asm = recipe_for("gaic", "paper"), recipe_for("asm", "paper")
    assert (gaic.objective, asm.objective) == ("huber", "hinge")
    assert (gaic.epochs, gaic.rate, gaic.gaic) == (40, 1e-4, GaicConfig())
    assert (asm.asm, asm.asm_lambda, asm.score_gap) == (AsmConfig(), 0.1, 0.9)
    assert asm.asm_saliency == "spectral_residual"
    assert recipe_for("joint", "shipped").heads == ("gaic", "asm", "saliency")
    for recipe in RECIPES.values():
        assert recipe.heads


@pytest.mark.parametrize(("method", "name"), [("magic", "shipped"), ("joint", "paper")])
def test_an_unknown_recipe_lists_the_known(method: str, name: str) -> None:
    with pytest.raises(CropsightError, match=r"gaic \(paper\)"):
        recipe_for(method, name)


def test_sources_are_annotation_files_beside_images(data: Path) -> None:
    (data.parent / "other.json").write_text("no annotation file, and no images beside it")
    sources = find_sources(data.parent)
    assert [s.images for s in sources] == [data / "images"]
    assert len(sources[0].labels) == 5


def test_a_folder_without_photos_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=rf"{tmp_path.name}.*'images'.*--data"):
        find_sources(tmp_path)


def test_only_photos_of_the_wanted_folds_are_shown(data: Path) -> None:
    photos = Photos(find_sources(data), lambda labels: True, ViewPlan(windows=0), None)
    fold = sorted(folds_of(data))[0]
    for wanted in ({fold}, folds_of(data) - {fold}):
        seen = [
            labels.file
            for _, members in photos.epoch(photos.in_folds(wanted), 3, np.random.default_rng(0))
            for labels, _ in members
        ]
        expected = [f"{i}.png" for i in range(5) if fold_of(f"{i}.png") in wanted]
        assert sorted(seen) == expected


def test_batches_are_of_one_shape_and_hold_the_right_pixels(data: Path) -> None:
    photos = Photos(find_sources(data), lambda labels: True, ViewPlan(windows=0), None)
    for inputs, members in photos.epoch(range(5), 3, np.random.default_rng(0)):
        assert not inputs.cached
        assert len(inputs.tensor) == len(members) <= 3
        for x, (labels, view) in zip(inputs.tensor, members, strict=True):
            assert (x.shape[2] > x.shape[1]) == (labels.width > labels.height)
            pixels = np.asarray(Image.open(data / "images" / labels.file))
            expected = to_input(view.pixels(pixels))[0]
            assert np.corrcoef(x.flatten(), expected.flatten())[0, 1] > 0.99


def test_cached_features_are_the_encoder_s_and_are_made_once(data: Path, tmp_path: Path) -> None:
    encoder = lively_encoder()
    view = View((0.1, 0.1, 0.9, 1.0), mirrored=True, gain=(1.1, 0.9, 1.0))
    keys = [ViewKey("1.png", View()), ViewKey("2.png", view), ViewKey("0.png", View())]
    made: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        made.append((done, total))

    cache = cached_features(encoder, data / "images", keys, tmp_path, tell)
    assert made == [(1, 3), (2, 3), (3, 3)]
    assert len(cache) == 3
    for i, key in enumerate(keys):
        pixels = np.asarray(Image.open(data / "images" / key.name))
        with torch.no_grad():
            features, maps = encoder.forward_bottom(to_input(key.view.pixels(pixels)))
        assert maps is not None
        assert cache.shape(i) == features.shape[-2:]
        found, low = cache.bottom([i], layer_maps=True)
        assert low is not None
        torch.testing.assert_close(found, features, atol=0.02, rtol=0.01)
        torch.testing.assert_close(low, maps, atol=0.02, rtol=0.01)
    again = cached_features(encoder, data / "images", keys, tmp_path, tell)
    assert len(made) == 3
    assert torch.equal(again.bottom([1])[0], cache.bottom([1])[0])
    # Other views and other frozen weights are another cache.
    cached_features(encoder, data / "images", keys[:1], tmp_path, tell)
    cached_features(lively_encoder(seed=1), data / "images", keys[:1], tmp_path, tell)
    assert made[3:] == [(1, 1), (1, 1)]


def test_a_missing_photo_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"gone\.png: cannot be read.*--data"):
        cached_features(lively_encoder(), data / "images", [ViewKey("gone.png", View())], tmp_path)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "text.png").write_text("no photo")
    with pytest.raises(AnnotationError, match=r"text\.png"):
        cached_features(lively_encoder(), tmp_path / "bad", [ViewKey("text.png", View())], tmp_path)


def trainer(
    data: Path, folder: Path, recipe: Recipe = TINY, folds: Any = range(5), **more: Any
) -> Trainer:
    cache = data.parent / "cache"
    return Trainer(recipe, lively_encoder(), find_sources(data), folds, folder, cache, **more)


def same(a: Network, b: Network) -> bool:
    pairs = zip(a.state_dict().items(), b.state_dict().values(), strict=True)
    return all(torch.equal(x, y) for (_, x), y in pairs)


class StopError(Exception):
    pass


@pytest.mark.slow
def test_a_run_that_was_interrupted_ends_as_one_that_was_not(data: Path, tmp_path: Path) -> None:
    straight = trainer(data, tmp_path / "a").run()

    def stop(done: int, total: int, text: str) -> None:
        if text == "epochs":
            raise StopError

    with pytest.raises(StopError):
        trainer(data, tmp_path / "b", progress=stop).run()
    torch.manual_seed(99)
    resumed = trainer(data, tmp_path / "b").run(resume=True)
    assert same(resumed, straight)
    assert not resumed.training
    curves = [
        [json.loads(line) for line in (tmp_path / f / "curves.jsonl").read_text().splitlines()]
        for f in "ab"
    ]
    for rows in curves:
        assert [row["epoch"] for row in rows] == [1, 2]
        for row in rows:
            row.pop("seconds")
    assert curves[0] == curves[1]
    assert {"gaic.votes", "gaic.free", "asm.ratio", "asm.saliency", "gaze"} <= curves[0][0].keys()
    # Nothing is left to do the next time, and it may be asked for.
    assert same(trainer(data, tmp_path / "b").run(resume=True), straight)


def test_what_is_trained_moves_and_what_is_frozen_stays(data: Path, tmp_path: Path) -> None:
    run = trainer(data, tmp_path, replace(TINY, epochs=1))
    before = {k: v.clone() for k, v in run.network.state_dict().items()}
    after = run.run().state_dict()
    moved = {k for k, v in after.items() if not torch.equal(v, before[k])}
    for name in ("gaic.out.weight", "asm.project.0.weight", "saliency.out.weight"):
        assert name in moved
    layers = {int(k.split(".")[2]) for k in moved if k.startswith("encoder.")}
    assert layers == {16, 17}
    # Batch norms keep their statistics.
    assert not any("running" in k or "num_batches" in k for k in moved)


def test_a_checkpoint_of_another_recipe_is_refused(data: Path, tmp_path: Path) -> None:
    trainer(data, tmp_path, replace(TINY, epochs=1, heads=("saliency",))).run()
    with pytest.raises(AnnotationError, match=r"another recipe.*--out"):
        trainer(data, tmp_path, replace(TINY, epochs=1, heads=("saliency",), seed=1)).run(True)


def test_folds_without_labels_are_an_error(data: Path, tmp_path: Path) -> None:
    missing = set(range(5)) - folds_of(data)
    with pytest.raises(AnnotationError, match="no photo with the labels"):
        trainer(data, tmp_path, folds=missing)


@pytest.mark.parametrize(
    ("heads", "losses"),
    [(("gaic", "asm"), ("gaic.ratio", "asm.ratio")), (("saliency",), ("gaze",))],
    ids=str,
)
def test_training_learns(
    data: Path, tmp_path: Path, heads: tuple[str, ...], losses: tuple[str, ...]
) -> None:
    recipe = replace(
        TINY,
        heads=heads,
        epochs=5,
        rate=0.005,
        gaic=replace(TINY.gaic, dropout=0.0, gaze=False),
        asm_lambda=0.0,
        views=ViewPlan(windows=0),
        first_layer=None,
    )
    trainer(data, tmp_path, recipe).run()
    rows = [json.loads(line) for line in (tmp_path / "curves.jsonl").read_text().splitlines()]
    for name in losses:
        assert rows[-1][name] < rows[0][name]


def test_a_new_run_begins_new_curves(data: Path, tmp_path: Path) -> None:
    recipe = replace(TINY, heads=("saliency",), first_layer=None, epochs=1)
    for _ in range(2):
        trainer(data, tmp_path, recipe).run()
    assert len((tmp_path / "curves.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize("name", ["gaic", "asm"])
def test_a_head_alone_learns_with_the_gaze_it_will_see_later(
    data: Path, tmp_path: Path, name: str
) -> None:
    """One head trained on shipped weights looks at their gaze head, not at an untrained one."""
    write_untrained_weights(tmp_path / "weights")
    recipe = replace(TINY, heads=(name,), first_layer=None, epochs=1)
    job = TrainingRun(
        recipe=recipe,
        data=data,
        folds=(0, 1, 2, 3, 4),
        folder=tmp_path / "run",
        encoder=tmp_path / "weights" / "encoder.safetensors",
        cache=data.parent / "cache",
        resume=False,
        name=name,
    )
    seen = starting_gaze(recipe, job.encoder)
    assert seen is not None
    shipped = SaliencyHead()
    load_weights(shipped, read_record("saliency", tmp_path / "weights"), tmp_path / "weights")
    assert all(torch.equal(v, shipped.state_dict()[k]) for k, v in seen.state_dict().items())
    run = trainer(data, tmp_path / "direct", recipe, gaze=seen)
    for network in (run.network, run.average):
        assert torch.equal(network.saliency.out.weight, shipped.out.weight)
    train(job)
    record = read_record(name, tmp_path)
    assert record.encoder_sha256 == read_record("encoder", tmp_path / "weights").sha256
    assert not (tmp_path / "saliency.safetensors").exists()


def test_a_head_that_looks_at_gaze_asks_for_it(tmp_path: Path) -> None:
    recipe = recipe_for("gaic", "shipped")
    with pytest.raises(CropsightError, match="train joint"):
        starting_gaze(recipe, tmp_path / "mobilenet_v2.pth")
    assert starting_gaze(recipe_for("joint", "shipped"), None) is None
    assert starting_gaze(recipe_for("asm", "paper"), None) is None
    write_untrained_weights(tmp_path)
    path = tmp_path / "saliency.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "encoder_sha256": "ab" * 32}))
    with pytest.raises(CropsightError, match="another encoder"):
        starting_gaze(recipe, tmp_path / "encoder.safetensors")


@pytest.mark.parametrize(("objective", "name"), [("huber", "gaic"), ("hinge", "asm")])
def test_paper_objectives_run_on_opinions(
    data: Path, tmp_path: Path, objective: Any, name: str
) -> None:
    recipe = replace(
        TINY,
        heads=(name,),
        gaic=replace(TINY.gaic, gaze=False),
        objective=objective,
        epochs=1,
        first_layer=16,
        asm_saliency="spectral_residual",
    )
    run = trainer(data, tmp_path, recipe)
    run.run()
    row = json.loads((tmp_path / "curves.jsonl").read_text())
    assert math.isfinite(row[f"{name}.{objective}"])


def test_the_encoder_starts_from_torchvision_s_file_or_our_own(tmp_path: Path) -> None:
    from torchvision.models import mobilenet_v2

    plain = mobilenet_v2(weights=None)
    torch.save(plain.state_dict(), tmp_path / "mobilenet_v2.pth")
    found = starting_encoder(tmp_path / "mobilenet_v2.pth")
    for name, tensor in found.features.state_dict().items():
        assert torch.equal(tensor, plain.features.state_dict()[name])
    write_untrained_weights(tmp_path)
    ours = starting_encoder(tmp_path / "encoder.safetensors")
    expected = lively_encoder().state_dict()
    assert all(torch.equal(v, expected[k]) for k, v in ours.state_dict().items())


def test_a_file_that_is_no_encoder_is_named(tmp_path: Path) -> None:
    torch.save({"features.0.0.weight": torch.zeros(1)}, tmp_path / "odd.pth")
    (tmp_path / "text.pth").write_text("no weights at all")
    (tmp_path / "half.pth").write_text("half a checkpoint")
    for name in ("odd", "text", "half"):
        with pytest.raises(CropsightError, match=rf"{name}\.pth cannot be used") as caught:
            starting_encoder(tmp_path / f"{name}.pth")
        assert "mobilenet_v2" in str(caught.value)
        assert len(str(caught.value)) < 400
    with pytest.raises(CropsightError, match=r"gone\.pth cannot be used"):
        starting_encoder(tmp_path / "gone.pth")


def test_a_network_shows_gaic_the_gaze_it_will_see_later(data: Path) -> None:
    """The gaze that a step shows to gaic is the density that the engine makes of the same levels."""
    network = Network(TINY, lively_encoder()).eval()
    photos = Photos(find_sources(data), lambda labels: True, ViewPlan(windows=0), None)
    inputs, members = next(iter(photos.epoch(range(5), 2, np.random.default_rng(0))))
    batch = drawn(members)
    shown: list[torch.Tensor] = []
    assert network.gaic is not None
    prepare = network.gaic.prepare
    network.gaic.prepare = lambda joined, gaze=None: (  # type: ignore[method-assign]
        shown.append(gaze),
        prepare(joined, gaze),
    )[1]
    losses = crop_losses(network, inputs, batch)
    assert all(value.isfinite() for value in losses.values())
    with torch.no_grad():
        levels = network.levels(inputs)
        logits = network.saliency(levels)
    chances = logits.flatten(1).softmax(1).view_as(logits) * logits[0].numel()
    expected = F.avg_pool2d(chances, 2)
    torch.testing.assert_close(shown[0], expected, atol=1e-4, rtol=1e-3)
