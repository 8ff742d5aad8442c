"""How mars, sfrc and setpred are taught: targets, losses, and whole runs on a few made-up photos."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cropcore.cli.main import main
from cropcore.errors import AnnotationError, CropsightError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.input_sides import InputSides
from cropcore.models.encoder import to_input
from cropcore.models.mars import MarsConfig
from cropcore.models.setpred import SetpredConfig
from cropcore.models.sfrc import SfrcConfig
from cropcore.models.weights import read_record
from cropcore.training import recipes
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.crop_samples import PAIRS
from cropcore.training.feature_cache import read_pixels
from cropcore.training.head_recipes import (
    HeadRecipe,
    MarsRecipe,
    SetpredRecipe,
    SfrcRecipe,
    TeacherConfig,
)
from cropcore.training.initial_weights import starting_encoder, starting_gaze, starting_teacher
from cropcore.training.network import Network
from cropcore.training.photo_batches import Photos, find_sources, find_unlabelled
from cropcore.training.recipe import Recipe
from cropcore.training.recipes import for_layout, recipe_for
from cropcore.training.tasks import Teacher, tasks_of
from cropcore.training.tasks.base import chosen_crops
from cropcore.training.tasks.mars import ratio_batch
from cropcore.training.tasks.sfrc import labelled_pairs
from cropcore.training.tasks.teacher import window_chances
from cropcore.training.train_command import TrainingRun, cross_validate, train
from cropcore.training.trainer import Trainer
from tests.cropcore.helpers.training_maker import BEST, drawn, labelled
from tests.cropcore.helpers.untrained import lively_encoder, photo, write_untrained_weights

COMMON: dict[str, Any] = {
    "epochs": 2,
    "batch": 3,
    "rate": 3e-3,
    "views": ViewPlan(windows=1),
    "free_windows": 24,
    "ratio_windows": 8,
    "low_precision": False,
    "unlabelled": 0.5,
    "average": 0.5,
}
MARS = MarsRecipe(
    mars=MarsConfig(
        embeddings=11, widest=4.0, dimension=16, channels=8, joined=True, smooth_start=True
    ),
    teacher=TeacherConfig(windows=20),
    **COMMON,
)
SFRC = SfrcRecipe(
    sfrc=SfrcConfig(
        channels=4,
        bins=3,
        hidden=16,
        region=8,
        spatial=8,
        first_width=4,
        second_width=2,
        score_hidden=8,
        pair_hidden=8,
        geometry=True,
        gaze=True,
    ),
    pairs=8,
    consistency_from=0.5,
    consistency_windows=6,
    **COMMON,
)
SETPRED = SetpredRecipe(
    setpred=SetpredConfig(
        width=16,
        heads=2,
        encoder_layers=1,
        decoder_layers=2,
        feedforward=16,
        anchors=12,
        dropout=0.0,
        photo_ratio=True,
    ),
    teacher=TeacherConfig(windows=60),
    distil_from=0.5,
    **COMMON,
)
RECIPES: dict[str, HeadRecipe] = {"mars": MARS, "sfrc": SFRC, "setpred": SETPRED}


def write_photos(folder: Path, count: int, first: int = 0) -> dict[str, tuple[int, int]]:
    folder.mkdir(parents=True)
    sizes = {}
    for i in range(first, first + count):
        size = (96, 64) if i % 2 else (64, 96)
        Image.fromarray(photo(*size, seed=i)).save(folder / f"{i}.png")
        sizes[f"{i}.png"] = size
    return sizes


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six photos with votes and best crops, four without any labels."""
    folder = tmp_path_factory.mktemp("data")
    labels = {
        name: {
            "width": width,
            "height": height,
            "best_crop": BEST,
            "pairs": [{"a": BEST, "b": [0.0, 0.0, 0.6, 0.6], "votes_a": 4, "votes_b": 1}],
        }
        for name, (width, height) in write_photos(folder / "labelled" / "images", 6).items()
    }
    (folder / "labelled" / "labels.json").write_text(json.dumps(labels))
    write_photos(folder / "others" / "images", 4, first=10)
    (folder / "others" / "images" / "broken.png").write_text("no photo")
    (folder / "others" / "index.csv").write_text("file,width,height\n")
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def make_trainer(
    recipe: Recipe, data: Path, weights: Path, cache: Path, folder: Path
) -> tuple[Trainer, Teacher | None]:
    path = weights / "encoder.safetensors"
    teacher = starting_teacher(recipe, path)
    sources = find_sources(data) + find_unlabelled(data)
    gaze = starting_gaze(recipe, path)
    run = Trainer(
        recipe,
        starting_encoder(path),
        sources,
        range(5),
        folder,
        cache,
        gaze=gaze,
        teacher=teacher,
    )
    return run, teacher


def curves(folder: Path) -> list[dict[str, float]]:
    rows = [json.loads(line) for line in (folder / "curves.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if k not in ("epoch", "seconds")} for row in rows]


@pytest.mark.parametrize("name", RECIPES)
def test_a_few_steps_reduce_the_loss(
    name: str, data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    recipe = replace(RECIPES[name], epochs=8, views=ViewPlan(windows=0))
    run, _ = make_trainer(recipe, data, weights, cache, tmp_path)
    run.run()
    rows = curves(tmp_path)
    learnt = {
        "mars": ("mars.area",),
        "sfrc": ("sfrc.free", "sfrc.ratio", "sfrc.pairs"),
        "setpred": ("setpred.l1", "setpred.giou"),
    }
    for loss in learnt[name]:
        assert rows[-1][loss] < rows[0][loss]
    assert all(math.isfinite(value) for row in rows for value in row.values())


@pytest.mark.parametrize("name", RECIPES)
def test_teacher_encoder_and_gaze_stay_as_they_were(
    name: str, data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    run, teacher = make_trainer(replace(RECIPES[name], epochs=1), data, weights, cache, tmp_path)
    frozen: list[torch.nn.Module] = [run.network.encoder, run.network.saliency]
    if teacher is not None:
        frozen.append(teacher.head)
        assert not teacher.head.training
    assert (teacher is None) == (name == "sfrc")
    before = [{k: v.clone() for k, v in module.state_dict().items()} for module in frozen]
    head = getattr(run.network, name)
    start = [p.clone() for p in head.parameters()]
    run.run()
    for module, kept in zip(frozen, before, strict=True):
        assert all(torch.equal(v, kept[k]) for k, v in module.state_dict().items())
        assert not any(p.requires_grad for p in module.parameters())
    assert any(not torch.equal(a, b) for a, b in zip(start, head.parameters(), strict=True))


@pytest.mark.parametrize("name", RECIPES)
def test_a_resumed_run_ends_as_one_that_was_not_stopped(
    name: str, data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    whole, _ = make_trainer(RECIPES[name], data, weights, cache, tmp_path / "whole")
    expected = whole.run().state_dict()
    stopped, _ = make_trainer(RECIPES[name], data, weights, cache, tmp_path / "parts")

    class StoppedError(Exception):
        pass

    def stop(done: int, total: int, text: str) -> None:
        if text == "epochs":
            raise StoppedError

    stopped.progress = stop
    with pytest.raises(StoppedError):
        stopped.run()
    again, _ = make_trainer(RECIPES[name], data, weights, cache, tmp_path / "parts")
    found = again.run(resume=True).state_dict()
    for key, value in expected.items():
        torch.testing.assert_close(found[key], value, atol=1e-4, rtol=1e-3)
    assert len(curves(tmp_path / "parts")) == 2


def test_consistency_and_distillation_begin_in_their_time(
    data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    for name, loss in (("sfrc", "sfrc.consistency"), ("setpred", "setpred.distil")):
        recipe = replace(RECIPES[name], epochs=4)
        run, _ = make_trainer(recipe, data, weights, cache, tmp_path / name)
        run.run()
        rows = curves(tmp_path / name)
        assert loss not in rows[0]
        assert rows[-1][loss] >= 0


def test_the_command_trains_one_head_beside_another(
    data: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    for name, recipe in RECIPES.items():
        monkeypatch.setitem(recipes.RECIPES, (name, "shipped"), replace(recipe, epochs=1))
        out = tmp_path / f"{name}.safetensors"
        words = ["train", name, "--data", str(data), "--out", str(out), "--folds", "0,1,2,3,4"]
        assert main([*words, "--encoder", str(weights / "encoder.safetensors")]) == 0
        record = read_record(name, tmp_path)
        assert record.encoder_sha256 == read_record("encoder", weights).sha256
        assert record.metrics["folds"] == [0, 1, 2, 3, 4]
        assert (tmp_path / f"{name}-run" / "checkpoint.pt").exists()
        type(getattr(recipe, name))(**record.config)


@pytest.mark.slow
def test_cross_validation_trains_each_part_on_its_own_encoder(
    data: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = ("fold0", "fold1", "all")
    for seed, part in enumerate(parts):
        write_untrained_weights(tmp_path / "joint" / part, seed)
    seen: list[TrainingRun] = []
    monkeypatch.setattr(
        "cropcore.training.train_command._in_processes",
        lambda work, jobs, epochs, progress: seen.extend(jobs),
    )
    job = TrainingRun(
        recipe=MARS,
        data=data,
        folds=(0, 1, 2, 3, 4),
        folder=tmp_path / "joint",
        encoder=tmp_path / "joint",
        cache=cache,
        resume=False,
        name="mars",
    )
    cross_validate(job, 2, lambda done, total, text: None)
    assert [j.folds for j in seen] == [(1, 2, 3, 4), (0, 2, 3, 4), (0, 1, 2, 3, 4)]
    for part, one in zip(parts, seen, strict=True):
        assert one.encoder == tmp_path / "joint" / part / "encoder.safetensors"
        assert one.folder == tmp_path / "joint" / part / "mars-run"
    train(replace(seen[0], recipe=replace(MARS, epochs=1)))
    folder = tmp_path / "joint" / "fold0"
    assert read_record("mars", folder).encoder_sha256 == read_record("encoder", folder).sha256


def test_a_recipe_that_learns_from_gaic_asks_for_it(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(CropsightError, match=r"gaic.*train joint"):
        starting_teacher(recipe_for("mars", "shipped"), tmp_path / "mobilenet_v2.pth")
    assert starting_teacher(recipe_for("sfrc", "shipped"), None) is None
    for method in ("mars", "sfrc", "setpred"):
        assert starting_teacher(recipe_for(method, "paper"), None) is None
    with pytest.raises(ValueError, match="trained gaic head"):
        tasks_of(SETPRED)
    write_untrained_weights(tmp_path)
    path = tmp_path / "gaic.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "encoder_sha256": "ab" * 32}))
    with pytest.raises(CropsightError, match="another encoder"):
        starting_teacher(MARS, tmp_path / "encoder.safetensors")


def test_photos_without_labels_are_found_and_the_others_are_not(data: Path) -> None:
    (source,) = find_unlabelled(data)
    assert source.images == data / "others" / "images"
    assert [labels.file for labels in source.labels] == [f"{i}.png" for i in range(10, 14)]
    assert (source.labels[0].width, source.labels[0].height) == (64, 96)
    assert find_unlabelled(data / "labelled") == []


def test_without_labelled_photos_there_is_nothing_to_train(
    data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    path = weights / "encoder.safetensors"
    sources = find_unlabelled(data)
    teacher = starting_teacher(MARS, path)
    with pytest.raises(AnnotationError, match="no photo with the labels"):
        Trainer(MARS, lively_encoder(), sources, range(5), tmp_path, cache, teacher=teacher)


def test_chances_by_hand() -> None:
    config = TeacherConfig(temperature=0.5, kappa=4.0)
    scores = torch.tensor([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0]])
    overlap = torch.tensor([[0.2, 1.0, 0.0], [0.2, 1.0, 0.0]])
    q = window_chances(scores, overlap, torch.tensor([[1.0], [0.0]]), config)
    assert q.sum(dim=1).tolist() == pytest.approx([1, 1])
    for row, exponents in enumerate(([2.8, 4.0, -2.0], [2.0, 0.0, -2.0])):
        expected = np.exp(exponents) / np.exp(exponents).sum()
        assert q[row].numpy() == pytest.approx(expected, rel=1e-5)


def test_mars_is_shown_windows_of_the_ratios_it_is_asked_for() -> None:
    recipe = replace(MARS, ratios=3)
    view = View((0.1, 0.0, 1.0, 0.95), mirrored=True)
    nobody = labelled(best_crop=None, crops=(), mos=(), pairs=())
    batch = ratio_batch([(labelled(), view), (nobody, View())], recipe, np.random.default_rng(0))
    assert batch.known.tolist() == [1, 0]
    assert batch.crops[0, 0].numpy() == pytest.approx(view.boxes(BEST), abs=1e-6)
    ratio_in_photo = float(geometry.ratio_of(BEST, 1.5))
    assert batch.crop_ratio[0, 0].item() == pytest.approx(ratio_in_photo, rel=1e-5)
    assert (batch.ratio >= 0.25).all()
    assert (batch.ratio <= 4).all()
    assert batch.windows.shape == (2, 3, 20, 4)
    for b in range(2):
        for r in range(3):
            boxes = batch.windows[b, r].numpy()
            shapes = geometry.ratio_of(boxes, float(batch.photo_ratio[b]))
            assert shapes == pytest.approx(np.full(20, float(batch.ratio[b, r])), rel=1e-4)
    overlap = geometry.iou(batch.windows[0].numpy(), batch.crops[0, 0].numpy())
    assert batch.overlap[0].numpy() == pytest.approx(overlap, abs=1e-5)


def test_ratios_are_drawn_evenly_in_log_space() -> None:
    recipe = replace(MARS, ratios=400, teacher=TeacherConfig(windows=1))
    batch = ratio_batch([(labelled(), View())], recipe, np.random.default_rng(0))
    quarters = np.histogram(batch.ratio[0].log2().numpy(), [-2, -1, 0, 1, 2])[0]
    assert quarters == pytest.approx(np.full(4, 100), abs=30)


def test_mars_targets_are_the_person_s_mask_and_the_expected_mask(
    data: Path, weights: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target of the own ratio has the crop's area, the others the mean area of their windows."""
    shown: list[tuple[torch.Tensor, torch.Tensor]] = []
    batches: list[Any] = []
    from cropcore.training.tasks import mars as task

    real_loss, real_batch = task.area_loss, task.ratio_batch

    def spy_loss(logits: torch.Tensor, targets: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        shown.append((targets, w))
        return real_loss(logits, targets, w)

    def spy_batch(*args: Any) -> Any:
        batches.append(real_batch(*args))
        return batches[-1]

    monkeypatch.setattr(task, "area_loss", spy_loss)
    monkeypatch.setattr(task, "ratio_batch", spy_batch)
    recipe = replace(MARS, epochs=1, teacher=TeacherConfig(windows=20, temperature=1e6, kappa=0.0))
    run, _ = make_trainer(recipe, data, weights, cache, tmp_path)
    run.run()
    assert len(shown) == len(batches) > 2
    for (targets, w), batch in zip(shown, batches, strict=True):
        areas = targets.mean(dim=(-2, -1))
        assert areas[:, 0].numpy() == pytest.approx(
            geometry.area(batch.crops[:, 0].numpy()), abs=1e-4
        )
        # A flat teacher makes all windows equally probable.
        mean = geometry.area(batch.windows.numpy()).mean(axis=-1)
        assert areas[:, 1:].numpy() == pytest.approx(mean, abs=1e-3)
        assert w.tolist() == [[float(known), *[pytest.approx(0.3)] * 2] for known in batch.known]


def test_sfrc_sees_the_layer_maps_of_a_direct_pass(data: Path, weights: Path, cache: Path) -> None:
    encoder = lively_encoder()
    plan = ViewPlan(windows=0)
    wanted = find_sources(data)
    photos = Photos(wanted, lambda labels: True, plan, (encoder, cache), layer_maps=True)
    network = Network(SFRC, encoder).eval()
    for inputs, members in photos.epoch(range(6), 2, np.random.default_rng(0)):
        assert inputs.cached
        levels = network.levels(inputs)
        for i, (labels, view) in enumerate(members):
            pixels = view.pixels(read_pixels(wanted[0].images / labels.file))
            with torch.no_grad():
                direct = encoder(to_input(pixels))
            assert levels.layer_maps is not None
            assert direct.layer_maps is not None
            assert levels.layer_maps[i].shape == (19, 64, 64)
            torch.testing.assert_close(
                levels.layer_maps[i], direct.layer_maps[0], atol=0.05, rtol=0.02
            )


def test_sfrc_learns_from_votes_and_from_clear_differences() -> None:
    batch = drawn([(labelled(), View()), (labelled(best_crop=None), View())], SFRC)
    pairs, shares = labelled_pairs(batch, SFRC)
    voted = pairs[:, 1] < PAIRS
    assert voted.sum() == 4
    for (photo_at, i, j), share in zip(pairs[voted].tolist(), shares[voted].tolist(), strict=True):
        assert j == i + PAIRS
        first = tuple(batch.boxes[photo_at, i].tolist())
        expected = 0.8 if first == tuple(torch.tensor(BEST).tolist()) else 0.0
        assert share == pytest.approx(expected)
    # Nobody chose a crop of the second photo, so nothing is known of its windows.
    assert set(pairs[~voted][:, 0].tolist()) == {0}
    assert 0 < (~voted).sum() <= SFRC.pairs
    for (photo_at, i, j), share in zip(
        pairs[~voted].tolist(), shares[~voted].tolist(), strict=True
    ):
        a, b = (float(geometry.iou(batch.boxes[photo_at, k].numpy(), BEST)) for k in (i, j))
        assert abs(a - b) > 0.3 - 1e-5
        assert share == float(a > b)


def test_sfrc_under_the_paper_s_objective_pairs_opinions() -> None:
    recipe = replace(SFRC, objective="huber", pair_margin=0.5, pairs=256)
    batch = drawn([(labelled(pairs=()), View())], recipe)
    pairs, shares = labelled_pairs(batch, recipe)
    assert len(pairs) == 1
    better = batch.boxes[0, pairs[0, 1 if shares[0] else 2]].numpy()
    assert better == pytest.approx(BEST, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [BEST]),
        ({"best_crop": None}, [BEST]),
        ({"best_crop": None, "mos": ()}, [BEST, (0.0, 0.0, 0.5, 0.5)]),
        ({"best_crop": None, "mos": (), "crops": ()}, []),
    ],
)
def test_chosen_crops(changes: dict[str, Any], expected: Sequence[Any]) -> None:
    found = chosen_crops((labelled(**changes), View()))
    assert found.shape == (len(expected), 4)
    assert found == pytest.approx(np.reshape(expected, (-1, 4)))


def test_setpred_s_targets_are_made_once_a_view_and_hold_the_best_crop(
    data: Path, weights: Path, cache: Path, tmp_path: Path
) -> None:
    from cropcore.training.tasks.setpred import SetpredTask

    run, teacher = make_trainer(
        replace(SETPRED, epochs=3, views=ViewPlan(windows=0)), data, weights, cache, tmp_path
    )
    assert teacher is not None
    scored: list[int] = []
    scores = teacher.scores
    teacher.scores = lambda network, levels, boxes, ratio: (  # type: ignore[method-assign]
        scored.append(len(boxes)),
        scores(network, levels, boxes, ratio),
    )[1]
    run.run()
    (task,) = tasks_with_targets(run, SetpredTask)
    assert sum(scored) == len(task._known) <= 12
    for (_, view), targets in task._known.items():
        assert targets.good[0].numpy() == pytest.approx(view.boxes(BEST), abs=1e-6)
        assert targets.weights[0] == 1
        assert targets.weights[1:].tolist() == pytest.approx([0.3] * (len(targets.good) - 1))
        assert targets.scored.shape == (60, 4)
        assert targets.quality.min() >= 1
        assert targets.quality.max() <= 5


def tasks_with_targets(run: Trainer, kind: type) -> list[Any]:
    return [lesson.task for lesson in run._lessons if isinstance(lesson.task, kind)]


def test_parameters_have_the_papers_decay() -> None:
    recipe = recipe_for("mars", "paper")
    assert isinstance(recipe, MarsRecipe)
    assert recipe.decay_of("mars.meta.embedding.table") == 1e-3
    assert recipe.decay_of("mars.deconvolutions.0.weight") == 1e-4
    assert recipe.adam
    assert recipe.mars == MarsConfig()


def test_rates_follow_the_papers() -> None:
    mars, sfrc, setpred = (recipe_for(m, "paper") for m in ("mars", "sfrc", "setpred"))
    assert [mars.rate_at(e / 50) for e in (0, 2.5, 5, 50)] == pytest.approx([0, 0.5, 1, 0])
    assert [sfrc.rate_at(e / 60) for e in (0, 5.9, 6.1, 59)] == pytest.approx([1, 1, 0.1, 0.1])
    assert isinstance(setpred, SetpredRecipe)
    assert setpred.epochs == 50
    assert [setpred.rate_at(e / 50) for e in (0, 39.9, 40)] == pytest.approx([1, 1, 0.1])
    distilled, _ = for_layout(setpred, "cpc")
    assert distilled.epochs == 60
    assert [distilled.rate_at(e / 60) for e in (49.9, 50)] == pytest.approx([1, 0.1])
    assert distilled.distil_from * distilled.epochs == pytest.approx(40)


def gaicd_copy(folder: Path) -> Path:
    """Three photos to train on, and one to test on, in the layout of GAICD."""
    for split, count in (("train", 3), ("test", 1)):
        sizes = write_photos(folder / "images" / split, count, first=20 if split == "test" else 0)
        (folder / "annotations" / split).mkdir(parents=True)
        for name, (width, height) in sizes.items():
            lines = [f"0 0 {height} {width} 2.5", f"4 4 {height - 4} {width - 8} 4.5"]
            lines += [f"0 0 {height // 2} {width // 2} 1.5", f"9 9 {height - 2} {width - 2} 3.5"]
            text = "\n".join(lines) + "\n"
            (folder / "annotations" / split / f"{Path(name).stem}.txt").write_text(text)
    return folder


def test_published_layouts_are_sources(tmp_path: Path) -> None:
    (source,) = find_sources(gaicd_copy(tmp_path))
    assert source.images == tmp_path / "images" / "train"
    assert [len(labels.mos) for labels in source.labels] == [4, 4, 4]


@pytest.mark.parametrize("method", ["gaic", "asm", "mars", "sfrc", "setpred"])
def test_paper_recipes_train_everything_on_a_published_layout(method: str, tmp_path: Path) -> None:
    data = gaicd_copy(tmp_path / "gaicd")
    write_untrained_weights(tmp_path / "weights")
    small = InputSides(64, 128)
    recipe = recipe_for(method, "paper")
    recipe = replace(recipe, epochs=1, trunk="mobilenet_v2", sides=small, scales=())
    if isinstance(recipe, MarsRecipe):
        recipe = replace(recipe, linear_warm_up=None)
    job = TrainingRun(
        recipe=recipe,
        data=data,
        folds=(0, 1, 2, 3, 4),
        folder=tmp_path / "out",
        encoder=tmp_path / "weights" / "encoder.safetensors",
        cache=tmp_path / "cache",
        resume=False,
    )
    train(job)
    (row,) = curves(tmp_path / "out")
    assert row
    assert all(math.isfinite(value) for value in row.values())
    encoder = starting_encoder(tmp_path / "out" / "encoder.safetensors").state_dict()
    start = lively_encoder().state_dict()
    assert not torch.equal(
        encoder["features.10.conv.0.0.weight"], start["features.10.conv.0.0.weight"]
    )
    assert read_record(method, tmp_path / "out").decoding["way"] == "paper"
    if method == "sfrc":
        assert "sfrc.consistency" in row
        assert "sfrc.pairs" in row
