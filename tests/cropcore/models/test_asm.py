import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.models.asm import (
    AsmConfig,
    AsmHead,
    cell_means,
    circle_scores,
    crop_scores,
    partition_scores,
    ranking_loss,
    saliency_loss,
    theta,
)
from cropcore.models.composition import PATTERNS, pattern_cells
from cropcore.models.encoder import JOINED_CHANNELS

PARTITIONS = {
    "grid1x1": 1,
    "grid1x3": 3,
    "grid3x1": 3,
    "grid3x3": 9,
    "grid5x5": 25,
    "multi_rectangle": 5,
    "multi_rectangle3": 3,
    "multi_direction": 8,
    "cross_rectangle": 12,
}
BOXES = torch.tensor(
    [
        [0.0, 0.0, 1.0, 1.0],
        [0.1, 0.2, 0.9, 0.7],
        [0.137, 0.051, 0.733, 0.999],
        [0.5, 0.5, 0.6, 0.65],
        [0.0, 0.3, 1.0, 0.41],
    ],
    dtype=torch.float64,
)


def score_map(pattern: str, h: int = 9, w: int = 14, seed: int = 0) -> Tensor:
    g = torch.Generator().manual_seed(seed)
    return torch.randn(1, PARTITIONS[pattern], h, w, generator=g, dtype=torch.float64)


def plain_score(maps: Tensor, box: Tensor, pattern: str) -> float:
    """Eq. 1 by its definition: every bit of every pixel gets the score of the partition it is in.

    A pixel that several cells share is split among them by area.
    """
    cells = pattern_cells(pattern)
    rows, columns = cells.shape
    h, w = maps.shape[-2:]
    x1, y1, x2, y2 = (float(v) for v in box)
    total = 0.0
    for r in range(rows):
        top, bottom = (y1 + (y2 - y1) * k / rows for k in (r, r + 1))
        for c in range(columns):
            left, right = (x1 + (x2 - x1) * k / columns for k in (c, c + 1))
            for i in range(int(top * h), min(math.ceil(bottom * h), h)):
                tall = min(bottom, (i + 1) / h) - max(top, i / h)
                for j in range(int(left * w), min(math.ceil(right * w), w)):
                    wide = min(right, (j + 1) / w) - max(left, j / w)
                    if tall > 0 and wide > 0:
                        total += tall * wide * float(maps[cells[r, c], i, j])
    return total / ((x2 - x1) * (y2 - y1))


def test_the_patterns_have_the_paper_s_partitions() -> None:
    assert set(PATTERNS) == set(PARTITIONS)
    for name, count in PARTITIONS.items():
        assert sorted(np.unique(pattern_cells(name))) == list(range(count))


def test_an_unknown_pattern_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="cross_rectangle"):
        pattern_cells("spiral")


@pytest.mark.parametrize("name", ["grid1x3", "grid3x1", "grid3x3", "grid5x5", "multi_direction"])
def test_partitions_of_equal_area(name: str) -> None:
    counts = np.bincount(pattern_cells(name).ravel())
    assert (counts == counts[0]).all()


def test_grids_are_rows_by_columns() -> None:
    assert pattern_cells("grid1x3").tolist() == [[0, 1, 2]]
    assert pattern_cells("grid3x1").tolist() == [[0], [1], [2]]


def test_multi_rectangle_has_a_centre_a_middle_and_a_border() -> None:
    expected = [
        [2, 2, 2, 2, 2, 2],
        [2, 1, 1, 1, 1, 2],
        [2, 1, 0, 0, 1, 2],
        [2, 1, 0, 0, 1, 2],
        [2, 1, 1, 1, 1, 2],
        [2, 2, 2, 2, 2, 2],
    ]
    assert pattern_cells("multi_rectangle3").tolist() == expected


def test_multi_direction_has_eight_directions_of_eighteen_cells() -> None:
    cells = pattern_cells("multi_direction")
    assert cells.shape == (12, 12)
    assert np.bincount(cells.ravel()).tolist() == [18] * 8
    # Well inside each sector, clockwise from the right.
    offset = np.arange(12) - 5.5
    for i, y in enumerate(offset):
        for j, x in enumerate(offset):
            if abs(x) != abs(y):
                sector = int(math.degrees(math.atan2(y, x)) % 360 // 45)
                assert cells[i, j] == sector


def test_cross_rectangle_is_frames_times_diagonal_sectors() -> None:
    cells = pattern_cells("cross_rectangle")
    assert cells.shape == (12, 12)
    frames, sectors = cells // 4, cells % 4
    assert (frames == pattern_cells("multi_rectangle3").repeat(2, 0).repeat(2, 1)).all()
    assert np.bincount(sectors.ravel()).tolist() == [36] * 4
    # Every frame is shared out equally: 1/9, 3/9 and 5/9 of the crop, a quarter each.
    assert np.bincount(cells.ravel()).tolist() == [4] * 4 + [12] * 4 + [20] * 4
    right, below, left, above = sectors[6, 11], sectors[11, 6], sectors[6, 0], sectors[0, 6]
    assert [right, below, left, above] == [0, 1, 2, 3]
    assert (sectors == (np.rot90(sectors, -1) + 1) % 4).all()


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_has_the_symmetry_of_its_drawing(name: str) -> None:
    """Turned by half a turn or mirrored, the partitions are the same up to their names.

    Cells that a diagonal cuts belong to either side, so they may change sides when mirrored.
    """
    cells = pattern_cells(name)
    assert_same_partition(cells, np.rot90(cells, 2))
    side = min(cells.shape)
    cut = np.zeros(cells.shape, bool)
    if name in ("multi_direction", "cross_rectangle"):
        cut = np.eye(side, dtype=bool) | np.eye(side, dtype=bool)[::-1]
    assert_same_partition(cells[~cut], cells[:, ::-1][~cut])
    assert_same_partition(cells[~cut], cells[::-1][~cut])


def assert_same_partition(a: np.ndarray, b: np.ndarray) -> None:
    names = {(int(x), int(y)) for x, y in zip(a.ravel(), b.ravel(), strict=True)}
    assert len(names) == len({x for x, _ in names}) == len({y for _, y in names})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pooling_is_the_mean_over_pixels_of_their_partition_s_score(pattern: str) -> None:
    maps = score_map(pattern)
    found = crop_scores(maps, BOXES[None], pattern)
    assert found.shape == (1, len(BOXES))
    for i, box in enumerate(BOXES):
        assert float(found[0, i]) == pytest.approx(plain_score(maps[0], box, pattern))


def test_pooling_equals_the_paper_s_diagonal_for_equal_cells() -> None:
    """Eq. 2: pool each cell of each channel, reshape to L x L, take the mean of the diagonal."""
    maps = score_map("grid3x3", 12, 15)
    box = torch.tensor([2 / 15, 3 / 12, 11 / 15, 9 / 12], dtype=torch.float64)
    crop = maps[:, :, 3:9, 2:11]
    pooled = F.adaptive_avg_pool2d(crop, (3, 3)).reshape(9, 9)
    expected = pooled.diagonal().sum() / 9
    found = crop_scores(maps, box[None, None], "grid3x3")
    torch.testing.assert_close(found[0, 0], expected)


def test_crops_are_scored_alone_as_together_and_by_their_own_photo() -> None:
    maps = torch.cat([score_map("cross_rectangle", seed=s) for s in range(3)])
    boxes = torch.stack([BOXES, BOXES.flip(0), BOXES.roll(2, 0)])
    for pool in (crop_scores, circle_scores):
        together = pool(maps, boxes, "cross_rectangle")
        for photo in range(3):
            for i in range(len(BOXES)):
                alone = pool(
                    maps[photo : photo + 1], boxes[photo, i][None, None], "cross_rectangle"
                )
                torch.testing.assert_close(alone[0, 0], together[photo, i])


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_score_everywhere_is_every_crop_s_score(pattern: str) -> None:
    maps = torch.full((1, PARTITIONS[pattern], 8, 8), 2.5, dtype=torch.float64)
    for pool in (crop_scores, circle_scores):
        assert pool(maps, BOXES[None], pattern)[0].tolist() == pytest.approx([2.5] * len(BOXES))


def plain_circle_score(maps: Tensor, box: Tensor, pattern: str, fine: int = 700) -> float:
    """Eq. 9 by sampling: the mean of phi over the points of a fine grid inside the circle."""
    cells = pattern_cells(pattern)
    rows, columns = cells.shape
    h, w = maps.shape[-2:]
    x1, y1, x2, y2 = (float(v) for v in box)
    u = (np.arange(fine) + 0.5) / fine
    v, t = np.meshgrid(u, u, indexing="ij")
    inside = (v - 0.5) ** 2 + (t - 0.5) ** 2 <= 0.25
    v, t = v[inside], t[inside]
    partition = cells[(v * rows).astype(int), (t * columns).astype(int)]
    i = np.minimum(((y1 + v * (y2 - y1)) * h).astype(int), h - 1)
    j = np.minimum(((x1 + t * (x2 - x1)) * w).astype(int), w - 1)
    return float(maps.numpy()[partition, i, j].mean())


@pytest.mark.parametrize("pattern", ["grid1x1", "grid3x3", "multi_rectangle", "cross_rectangle"])
def test_circles_are_pooled_over_the_disc_only(pattern: str) -> None:
    maps = score_map(pattern)
    bands = 8 if pattern == "cross_rectangle" else 32
    found = circle_scores(maps, BOXES[None], pattern, bands)[0]
    for i, box in enumerate(BOXES):
        assert float(found[i]) == pytest.approx(plain_circle_score(maps[0], box, pattern), abs=0.01)


def test_the_bands_of_the_product_are_narrow_enough() -> None:
    maps = score_map("cross_rectangle", 32, 48)
    usual = circle_scores(maps, BOXES[None], "cross_rectangle")
    finest = circle_scores(maps, BOXES[None], "cross_rectangle", bands=64)
    spread = float(score_map("cross_rectangle", 32, 48).std())
    assert (usual - finest).abs().max() < 0.02 * spread


def test_what_lies_in_the_corners_does_not_count_in_a_circle() -> None:
    maps = torch.zeros(1, 12, 64, 64, dtype=torch.float64)
    maps[:, :, :9, :9] = maps[:, :, -9:, -9:] = 100.0
    whole = torch.tensor([[[0.0, 0.0, 1.0, 1.0]]], dtype=torch.float64)
    assert float(crop_scores(maps, whole, "cross_rectangle")) > 1
    assert float(circle_scores(maps, whole, "cross_rectangle")) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_scores_of_partitions_make_up_the_crop_s(pattern: str) -> None:
    maps = score_map(pattern)
    parts = partition_scores(maps, BOXES[None], pattern)
    assert parts.shape == (1, len(BOXES), PARTITIONS[pattern])
    share = torch.from_numpy(np.bincount(pattern_cells(pattern).ravel()))
    share = share.double() / share.sum()
    torch.testing.assert_close(parts @ share, crop_scores(maps, BOXES[None], pattern))


def test_scores_of_partitions_by_hand() -> None:
    # Channel l holds the value l everywhere, so each partition's mean is its own number.
    maps = torch.arange(12, dtype=torch.float64).view(1, 12, 1, 1).expand(1, 12, 6, 6)
    parts = partition_scores(maps, BOXES[None], "cross_rectangle")
    assert parts[0, 1].tolist() == pytest.approx(list(range(12)))


def test_cells_keep_their_place() -> None:
    """A bright pixel raises the one cell that it lies in."""
    maps = torch.zeros(1, 9, 6, 6, dtype=torch.float64)
    maps[:, :, 1, 4] = 4.0
    means = cell_means(maps, torch.tensor([[[0.0, 0.0, 1.0, 1.0]]]).double(), "grid3x3")
    expected = torch.zeros(3, 3, dtype=torch.float64)
    expected[0, 2] = 1.0
    torch.testing.assert_close(means[0, 0], expected)


def test_scores_change_little_when_a_crop_moves_little() -> None:
    maps = score_map("cross_rectangle", 16, 16)
    start = torch.tensor([0.1, 0.1, 0.6, 0.7], dtype=torch.float64)
    shift = torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    boxes = torch.stack([start + shift * s for s in torch.linspace(0, 0.3, 301).double()])
    for pool in (crop_scores, circle_scores):
        found = pool(maps, boxes[None], "cross_rectangle")[0]
        steps = (found[1:] - found[:-1]).abs()
        assert steps.max() < 0.05 * (found.max() - found.min())


def test_theta_by_hand() -> None:
    # Eq. 5 and 6 at one of two places with the scores 1, 2, 3 and 6: mean 3, variance 14 / 4.
    maps = torch.tensor([[[[1.0, 5.0]], [[2.0, 5.0]], [[3.0, 5.0]], [[6.0, 5.0]]]])
    average, spread = theta(maps)
    assert average.shape == spread.shape == (1, 1, 2)
    # Relative to the photo's mean, which is 4.
    assert average[0, 0].tolist() == pytest.approx([-1.0, 1.0])
    assert spread[0, 0].tolist() == pytest.approx([math.sqrt(3.5), 0.0], abs=1e-6)


def test_a_free_offset_of_the_photo_changes_no_map() -> None:
    maps = score_map("cross_rectangle").float()
    for before, after in zip(theta(maps), theta(maps + 7), strict=True):
        torch.testing.assert_close(before, after, atol=1e-5, rtol=1e-5)


def test_ranking_loss_by_hand() -> None:
    scores = torch.tensor([3.0, 1.0, 2.5], requires_grad=True)
    # Pairs (better, worse): 3 over 1 by 2 costs nothing; 3 over 2.5 costs 0.5; 1 over 2.5 costs 2.5.
    loss = ranking_loss(scores, torch.tensor([0, 0, 1]), torch.tensor([1, 2, 2]))
    assert loss.item() == pytest.approx((0 + 0.5 + 2.5) / 3)
    loss.backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == pytest.approx([-1 / 3, -1 / 3, 2 / 3])


def test_saliency_loss_by_hand() -> None:
    # Spreads 1 and 3, mean 2; the second place is salient by half.
    maps = torch.tensor([[[[1.0, 3.0]], [[-1.0, -3.0]]]])
    saliency = torch.tensor([[[[0.0, 0.5]]]])
    expected = (1.0 * 1 / 2 + 0.5 * 3 / 2) / 2
    assert float(saliency_loss(maps, saliency)) == pytest.approx(expected)


def test_the_saliency_loss_asks_for_sensitive_salient_places_and_no_scale() -> None:
    saliency = torch.tensor([[[[0.0, 1.0]]]])
    good = torch.tensor([[[[0.1, 5.0]], [[-0.1, -5.0]]]])
    bad = good.flip(3)
    assert saliency_loss(good, saliency) < saliency_loss(bad, saliency)
    torch.testing.assert_close(saliency_loss(good, saliency), saliency_loss(good * 9, saliency))


def test_the_saliency_loss_of_a_flat_map_has_gradients() -> None:
    maps = torch.zeros(1, 12, 4, 4, requires_grad=True)
    loss = saliency_loss(maps, torch.rand(1, 1, 2, 2))
    loss.backward()
    assert loss.isfinite()
    assert maps.grad is not None
    assert maps.grad.isfinite().all()


def test_projection_and_upsampling_commute() -> None:
    torch.manual_seed(0)
    head = AsmHead()
    joined = torch.randn(2, JOINED_CHANNELS, 4, 6)
    found = head(joined)
    assert found.shape == (2, 12, 8, 12)
    upsampled = F.interpolate(joined, scale_factor=2, mode="bilinear", align_corners=False)
    torch.testing.assert_close(found, head.project(upsampled), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_paper_s_head_is_one_convolution(pattern: str) -> None:
    head = AsmHead(AsmConfig(pattern=pattern))
    parameters = sum(p.numel() for p in head.parameters())
    assert parameters == (JOINED_CHANNELS + 1) * PARTITIONS[pattern]


def test_the_head_scores_by_its_pattern_and_adds_its_prior() -> None:
    torch.manual_seed(0)
    boxes, ratio = BOXES[None].float(), torch.tensor([1.5])
    plain, prior = AsmHead(), AsmHead(AsmConfig(prior=True, width=8))
    maps = plain(torch.randn(1, JOINED_CHANNELS, 4, 6))
    expected = crop_scores(maps, boxes, "cross_rectangle")
    torch.testing.assert_close(plain.score(maps, boxes, ratio), expected)
    assert prior.prior is not None
    torch.testing.assert_close(
        prior.score(maps, boxes, ratio), expected + prior.prior(boxes, ratio)
    )
    in_circles = plain.score(maps, boxes, ratio, circles=True)
    torch.testing.assert_close(in_circles, circle_scores(maps, boxes, "cross_rectangle"))
