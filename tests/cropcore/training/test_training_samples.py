from dataclasses import replace

import numpy as np
import pytest
import torch

from cropcore.geometry import boxes
from cropcore.geometry.boxes import WHOLE
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.crop_samples import OPINIONS, PAIRS, fixation_density
from tests.cropcore.helpers.training_maker import BEST, TINY, drawn, labelled
from tests.cropcore.helpers.untrained import photo


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
    assert view.points(points) == pytest.approx(np.array([[0.8, 0.3], [1.0, 0.9]]), abs=1e-9)
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
        assert boxes.contains(view.window, BEST)
        assert boxes.contains(WHOLE, view.window)
        assert boxes.contains(WHOLE, view.boxes(BEST), tolerance=1e-9)
    assert len({v.window for v in views}) > 15
    assert any(v.mirrored for v in views[2:])
    assert any(not v.mirrored for v in views[2:])
    assert all(abs(g - 1) <= plan.light for v in views for g in v.gain)
    # Without a crop that must stay nothing is cut away.
    assert {v.window for v in plan.views("a.jpg", None)} == {WHOLE}


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
    assert batch.free_overlap[0].numpy() == pytest.approx(boxes.iou(free, best), abs=1e-5)
    assert batch.ratio_overlap[0].numpy() == pytest.approx(boxes.iou(ratio, best), abs=1e-5)
    # The whole view and the person's crop are always compared; windows of the ratio have the ratio.
    assert free[-1] == pytest.approx(WHOLE)
    assert batch.ratio_overlap[0].max() == pytest.approx(1, abs=1e-4)
    shapes = boxes.ratio_of(ratio, float(batch.photo_ratio[0]))
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
    assert seen == pytest.approx(boxes.flip_horizontal(BEST), abs=1e-6)


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
