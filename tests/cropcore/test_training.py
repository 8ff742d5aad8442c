import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from cropcore import geometry
from cropcore.annotations import Labels, Pair, fold_of, read_annotations
from cropcore.encoder import to_input
from cropcore.errors import AnnotationError, CropsightError
from cropcore.geometry import WHOLE
from cropcore.heads.asm import AsmConfig
from cropcore.heads.gaic import GaicConfig
from cropcore.heads.saliency import SaliencyHead
from cropcore.training.features import ViewKey, cached_features
from cropcore.training.fitting import logistic_curve, monotone_curve
from cropcore.training.losses import choice_loss, gaze_loss, hinge_loss, huber_loss, vote_loss
from cropcore.training.network import Network
from cropcore.training.recipes import RECIPES, Recipe, recipe_for
from cropcore.training.run import Job, starting_encoder, starting_gaze, train
from cropcore.training.samples import (
    OPINIONS,
    PAIRS,
    CropBatch,
    crop_batch,
    fixation_density,
)
from cropcore.training.sources import Photos, find_sources
from cropcore.training.trainer import Trainer
from cropcore.training.views import View, ViewPlan
from cropcore.weights import load_weights, read_record
from tests.cropcore.untrained import lively_encoder, photo, write_untrained_weights

TINY = Recipe(
    heads=("gaic", "asm", "saliency"),
    gaic=GaicConfig(channels=4, bins=3, kernel=8, hidden=6, geometry=True, gaze=True, dropout=0.2),
    asm=AsmConfig(pattern="grid3x3", prior=True),
    first_layer=16,
    epochs=2,
    batch=3,
    views=ViewPlan(windows=1),
    free_windows=40,
    ratio_windows=12,
    low_precision=False,
)
BEST = (0.2, 0.1, 0.8, 0.9)


def entry(width: int, height: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "width": width,
        "height": height,
        "best_crop": BEST,
        "pairs": [
            {"a": BEST, "b": [0.0, 0.0, 0.6, 0.6], "votes_a": 4, "votes_b": 1},
            {"a": [0.4, 0.3, 1, 1], "b": BEST, "votes_a": 0, "votes_b": 5},
        ],
        "fixations": [rng.uniform(0.2, 0.8, (6, 2)).tolist()],
        "crops": [BEST, [0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]],
        "mos": [4.0, 2.0, 2.5],
    }


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


# Losses


def test_vote_loss_is_the_cross_entropy_of_the_votes() -> None:
    better, worse = torch.tensor([[1.0, 0.0, 9.0]]), torch.tensor([[0.0, 2.0, 0.0]])
    share, weight = torch.tensor([[0.8, 0.2, 0.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    expected = 0.0
    for difference, p in ((1.0, 0.8), (-2.0, 0.2)):
        chance = 1 / (1 + math.exp(-difference))
        expected -= p * math.log(chance) + (1 - p) * math.log(1 - chance)
    assert vote_loss(better, worse, share, weight).item() == pytest.approx(expected / 2)
    assert vote_loss(better, worse, share, weight * 0).item() == 0


def test_vote_loss_is_least_where_the_odds_are_those_of_the_votes() -> None:
    share, one = torch.tensor([[0.8]]), torch.ones(1, 1)
    at = [
        vote_loss(torch.tensor([[math.log(4) + d]]), torch.zeros(1, 1), share, one).item()
        for d in (-0.1, 0.0, 0.1)
    ]
    assert at[1] == min(at)


def test_choice_loss_by_hand() -> None:
    scores = torch.tensor([[1.0, 2.0, 0.0], [5.0, 1.0, 1.0]])
    overlap = torch.tensor([[1.0, 0.9, 0.2], [0.1, 0.2, 0.3]])
    target = np.exp(np.array([1.0, 0.9, 0.2]) / 0.1)
    target /= target.sum()
    chance = np.exp([1.0, 2.0, 0.0])
    chance /= chance.sum()
    expected = -(target * np.log(chance)).sum()
    found = choice_loss(scores, overlap, 0.1, torch.tensor([1.0, 0.0]))
    assert found.item() == pytest.approx(expected, rel=1e-5)
    assert choice_loss(scores, overlap, 0.1, torch.zeros(2)).item() == 0


@pytest.mark.parametrize(
    ("error", "expected"), [(0.0, 0.0), (0.5, 0.125), (-1.0, 0.5), (3.0, 2.5), (-4.0, 3.5)]
)
def test_huber_loss_of_the_gaic_paper(error: float, expected: float) -> None:
    opinion = torch.tensor([[1.0, 7.0]])
    scores = opinion + torch.tensor([[error, 100.0]])
    weight = torch.tensor([[1.0, 0.0]])
    assert huber_loss(scores, opinion, weight).item() == pytest.approx(expected)


def test_hinge_loss_over_all_pairs_that_differ_enough() -> None:
    opinions = torch.tensor([[3.0, 1.0, 2.5, 0.0], [1.0, 0.0, 0.0, 0.0]])
    scores = torch.tensor([[0.2, 0.0, 0.5, 9.0], [0.0, 0.4, 0.0, 0.0]])
    weight = torch.tensor([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])
    total, pairs = 0.0, 0
    for b in range(2):
        for k in range(4):
            for t in range(4):
                known = weight[b, k] * weight[b, t] > 0
                if known and opinions[b, k] - opinions[b, t] >= 0.9:
                    total += max(0.0, 1 + float(scores[b, t] - scores[b, k]))
                    pairs += 1
    assert pairs == 3
    found = hinge_loss(scores, opinions, 0.9, weight)
    assert found.item() == pytest.approx(total / pairs)
    assert hinge_loss(scores, opinions, 50, weight).item() == 0


def test_gaze_loss_is_least_at_the_density_itself() -> None:
    density = torch.rand(2, 4, 5)
    density /= density.sum(dim=(1, 2), keepdim=True)
    at_best = gaze_loss(density.log()[:, None], density)
    entropy = -(density * density.log()).sum(dim=(1, 2)).mean()
    assert at_best.item() == pytest.approx(entropy.item(), rel=1e-5)
    for seed in range(3):
        noise = torch.randn(2, 1, 4, 5, generator=torch.Generator().manual_seed(seed))
        assert gaze_loss(density.log()[:, None] + noise, density) > at_best
    # A constant added to all places says nothing.
    assert gaze_loss(density.log()[:, None] + 3, density).item() == pytest.approx(at_best.item())


# Views


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("window", [WHOLE, (0.1, 0.2, 0.9, 0.8), (0.25, 0.0, 1.0, 0.5)])
def test_a_painted_square_is_where_its_box_and_points_say(
    window: tuple[float, float, float, float], mirrored: bool
) -> None:
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[50:90, 120:220] = 255
    square = [120 / 400, 50 / 200, 220 / 400, 90 / 200]
    view = View(window, mirrored)
    seen = view.pixels(pixels)
    assert seen.flags["C_CONTIGUOUS"]
    rows, columns = np.nonzero(seen[..., 0])
    height, width = seen.shape[:2]
    painted = [
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
    ]
    assert view.boxes(square) == pytest.approx(painted, abs=1e-9)
    corners = np.array([[0.31, 0.26], [0.54, 0.44]])
    points = view.points(corners.copy())
    inside = (points > painted[:2]) & (points < painted[2:])
    assert len(points) == 2
    assert inside.all()


def test_points_outside_a_view_are_left_out() -> None:
    view = View((0.5, 0.0, 1.0, 1.0), mirrored=True)
    points = np.array([[0.6, 0.3], [0.2, 0.3], [0.5, 0.9]])
    assert view.points(points) == pytest.approx(np.array([[0.8, 0.3]]), abs=1e-9)
    assert (points == [[0.6, 0.3], [0.2, 0.3], [0.5, 0.9]]).all()
    assert view.points(np.zeros((0, 2))).shape == (0, 2)


def test_the_plain_view_is_the_photo() -> None:
    pixels = photo(60, 40)
    assert (View().pixels(pixels) == pixels).all()
    assert View().boxes(BEST) == pytest.approx(BEST)


def test_changed_light_moves_no_pixel() -> None:
    pixels = photo(60, 40)
    brighter = View(gain=(1.3, 1.0, 1.0)).pixels(pixels)
    assert brighter.dtype == np.uint8
    assert brighter.mean() > pixels.mean()
    grey = View(gain=(1.0, 1.0, 0.0)).pixels(pixels)
    assert np.ptp(grey, axis=2).max() <= 1
    flat = View(gain=(1.0, 0.0, 1.0)).pixels(pixels)
    assert flat.std() < 0.1 * pixels.std()


def test_views_are_settled_by_seed_and_name_and_show_what_must_stay() -> None:
    plan = ViewPlan(windows=30, seed=3)
    views = plan.views("a.jpg", BEST)
    assert views == plan.views("a.jpg", BEST)
    assert views != plan.views("b.jpg", BEST)
    assert views != replace(plan, seed=4).views("a.jpg", BEST)
    assert views[:2] == [View(), View(mirrored=True)]
    assert len(views) == 32
    for view in views:
        assert geometry.contains(view.window, BEST)
        assert geometry.contains(WHOLE, view.window)
        assert geometry.contains(WHOLE, view.boxes(BEST), tolerance=1e-9)
    assert len({v.window for v in views}) > 15
    assert any(v.mirrored for v in views[2:])
    assert any(not v.mirrored for v in views[2:])
    assert all(abs(g - 1) <= plan.light for v in views for g in v.gain)
    # Without a crop that must stay nothing is cut away.
    assert {v.window for v in plan.views("a.jpg", None)} == {WHOLE}


# Samples


def labelled(**changes: Any) -> Labels:
    pairs = (Pair(BEST, (0.0, 0.0, 0.6, 0.6), 4, 1), Pair((0.5, 0.5, 1, 1), BEST, 0, 5))
    whole: dict[str, Any] = {
        "file": "a.jpg",
        "width": 600,
        "height": 400,
        "best_crop": BEST,
        "pairs": pairs,
        "crops": (BEST, (0.0, 0.0, 0.5, 0.5)),
        "mos": (4.55, 2.15),
    }
    return Labels(**{**whole, **changes})


def drawn(photos: Sequence[tuple[Labels, View]], recipe: Recipe = TINY, seed: int = 0) -> CropBatch:
    return crop_batch(photos, recipe, np.random.default_rng(seed))


def test_a_batch_has_its_stated_parts() -> None:
    view = View((0.1, 0.0, 1.0, 0.95), mirrored=True)
    batch = drawn([(labelled(), View()), (labelled(), view), (labelled(best_crop=None), View())])
    count = 2 * PAIRS + TINY.free_windows + TINY.ratio_windows
    assert batch.boxes.shape == (3, count, 4)
    assert batch.boxes.dtype == torch.float32
    first, second, free, ratio, opinion = batch.split(torch.arange(count).expand(3, -1))
    assert [p.shape[1] for p in (first, second, free, ratio, opinion)] == [
        PAIRS,
        PAIRS,
        TINY.free_windows,
        TINY.ratio_windows,
        0,
    ]
    assert torch.equal(torch.cat([first, second, free, ratio], dim=1)[0], torch.arange(count))
    assert batch.photo_ratio.tolist() == pytest.approx([1.5, 1.5 * 0.9 / 0.95, 1.5])
    assert batch.best_weight.tolist() == [1, 1, 0]
    assert batch.boxes.min() >= 0
    assert batch.boxes.max() <= 1
    assert (batch.boxes[..., 2:] > batch.boxes[..., :2]).all()


def test_overlaps_are_those_with_the_person_s_crop_in_the_view() -> None:
    view = View((0.1, 0.0, 1.0, 0.95), mirrored=True)
    batch = drawn([(labelled(), view)])
    best = view.boxes(BEST)
    free = batch.boxes[0, 2 * PAIRS : 2 * PAIRS + TINY.free_windows].numpy()
    ratio = batch.boxes[0, 2 * PAIRS + TINY.free_windows :].numpy()
    assert batch.free_overlap[0].numpy() == pytest.approx(geometry.iou(free, best), abs=1e-5)
    assert batch.ratio_overlap[0].numpy() == pytest.approx(geometry.iou(ratio, best), abs=1e-5)
    # The whole view and the person's crop are always compared; windows of the ratio have the ratio.
    assert free[-1] == pytest.approx(WHOLE)
    assert batch.ratio_overlap[0].max() == pytest.approx(1, abs=1e-4)
    shapes = geometry.ratio_of(ratio, float(batch.photo_ratio[0]))
    assert shapes == pytest.approx(np.full(len(shapes), shapes[-1]), rel=0.02)


def test_pairs_carry_the_votes_and_those_outside_the_view_do_not_count() -> None:
    batch = drawn([(labelled(), View())])
    weight = batch.pair_weight[0]
    assert weight.sum() == 2
    shares = {
        tuple(batch.boxes[0, i].tolist()): float(batch.share[0, i])
        for i in range(PAIRS)
        if weight[i]
    }
    assert shares[tuple(torch.tensor(BEST).tolist())] == pytest.approx(0.8)
    assert shares[(0.5, 0.5, 1.0, 1.0)] == 0
    cut = drawn([(labelled(), View((0.1, 0.1, 1.0, 1.0)))])
    assert cut.pair_weight.sum() == 1
    unlabelled = drawn([(labelled(pairs=()), View())])
    assert unlabelled.pair_weight.sum() == 0


def test_opinions_are_z_scored_and_filled_up() -> None:
    recipe = replace(TINY, heads=("gaic",), objective="huber")
    batch = drawn([(labelled(), View(mirrored=True)), (labelled(crops=(), mos=()), View())], recipe)
    assert batch.boxes.shape == (2, 2 * PAIRS + OPINIONS, 4)
    assert batch.opinion_weight.sum(dim=1).tolist() == [2, 0]
    assert sorted(batch.opinions[0, :2].tolist()) == pytest.approx([-1.0, 2.0])
    at = int(batch.opinions[0].argmax())
    seen = batch.boxes[0, 2 * PAIRS + at].numpy()
    assert seen == pytest.approx(geometry.flip_horizontal(BEST), abs=1e-6)


def test_equal_draws_for_equal_generators() -> None:
    a, b, c = (drawn([(labelled(), View())], seed=s) for s in (1, 1, 2))
    assert torch.equal(a.boxes, b.boxes)
    assert not torch.equal(a.boxes, c.boxes)


@pytest.mark.parametrize("size", [(6000, 300), (300, 6000)])
def test_a_panorama_can_be_trained_on(size: tuple[int, int]) -> None:
    recipe = replace(TINY, free_windows=128, ratio_windows=64)
    batch = drawn([(labelled(width=size[0], height=size[1]), View())], recipe)
    assert batch.free_overlap.shape == (1, 128)


def test_fixations_become_a_density_of_sum_one() -> None:
    gaze = (np.array([[0.26, 0.51], [0.27, 0.52]]), np.array([[0.25, 0.5]]))
    labels = labelled(fixations=gaze)
    density = fixation_density(labels, View(), 32, 48)
    assert density.shape == (32, 48)
    assert density.sum() == pytest.approx(1, rel=1e-4)
    peak = np.unravel_index(density.argmax(), density.shape)
    assert peak == (16, 12)
    mirrored = fixation_density(labels, View(mirrored=True), 32, 48)
    assert np.unravel_index(mirrored.argmax(), mirrored.shape)[1] in (35, 36)
    nobody = fixation_density(labels, View((0.5, 0, 1, 1)), 32, 48)
    assert nobody == pytest.approx(np.full((32, 48), 1 / (32 * 48)))


# Recipes and sources


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


# Features, the loop


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
    job = Job(
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


# Starting points and fitting


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
    for name in ("odd", "text"):
        with pytest.raises(CropsightError, match=rf"{name}\.pth cannot be used") as caught:
            starting_encoder(tmp_path / f"{name}.pth")
        assert "mobilenet_v2" in str(caught.value)
        assert len(str(caught.value)) < 400
    with pytest.raises(CropsightError, match=r"gone\.pth cannot be used"):
        starting_encoder(tmp_path / "gone.pth")


def test_a_monotone_curve_follows_what_rises_and_levels_what_falls() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0.2, 0.9, 4000)
    at, to = monotone_curve(x, np.clip(x**2 + rng.normal(0, 0.05, 4000), 0, 1))
    assert (at[0], to[0], at[-1], to[-1]) == (0, 0, 1, 1)
    assert list(at) == sorted(at)
    assert list(to) == sorted(to)
    inner = np.linspace(0.3, 0.8, 20)
    assert np.interp(inner, at, to) == pytest.approx(inner**2, abs=0.03)
    falling = monotone_curve(x, 1 - x)
    level = np.interp([0.3, 0.5, 0.8], *falling)
    assert (np.diff(level) >= 0).all()
    assert level[1] == pytest.approx(1 - x.mean(), abs=0.1)


def test_a_logistic_curve_finds_the_odds() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, 6000)
    hit = rng.random(6000) < 1 / (1 + np.exp(-(-3 + 6 * x)))
    bias, slope = logistic_curve(x, hit)
    assert bias == pytest.approx(-3, abs=0.3)
    assert slope == pytest.approx(6, abs=0.5)


def test_a_network_shows_gaic_the_gaze_it_will_see_later(data: Path) -> None:
    """The gaze that a step shows to gaic is the density that the engine makes of the same levels."""
    network = Network(TINY, lively_encoder()).eval()
    photos = Photos(find_sources(data), lambda labels: True, ViewPlan(windows=0), None)
    inputs, members = next(photos.epoch(range(5), 2, np.random.default_rng(0)))
    batch = drawn(members)
    shown: list[torch.Tensor] = []
    assert network.gaic is not None
    prepare = network.gaic.prepare
    network.gaic.prepare = lambda joined, gaze=None: (  # type: ignore[method-assign]
        shown.append(gaze),
        prepare(joined, gaze),
    )[1]
    losses = network.crop_losses(inputs, batch)
    assert all(value.isfinite() for value in losses.values())
    with torch.no_grad():
        levels = network.levels(inputs)
        logits = network.saliency(levels)
    chances = logits.flatten(1).softmax(1).view_as(logits) * logits[0].numel()
    expected = F.avg_pool2d(chances, 2)
    torch.testing.assert_close(shown[0], expected, atol=1e-4, rtol=1e-3)
