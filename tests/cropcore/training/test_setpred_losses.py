"""Matching and losses of setpred against hand-worked and brute-force cases."""

import itertools
import math

import numpy as np
import pytest
import torch
from torchvision.ops import generalized_box_iou, sigmoid_focal_loss

from cropcore.geometry.boxes import iou_matrix
from cropcore.models.encoder import Levels
from cropcore.models.setpred import (
    CropSet,
    SetpredConfig,
    SetpredHead,
    to_centred,
    to_corners,
    valid_crops,
)
from cropcore.training.setpred_losses import (
    SetLossConfig,
    SetTargets,
    focal_loss,
    generalised_iou,
    match,
    match_costs,
    set_loss,
    smooth_labels,
    validity_labels,
)

PAPER = SetLossConfig()


def random_boxes(count: int, seed: int) -> torch.Tensor:
    g = torch.Generator().manual_seed(seed)
    low = torch.rand(count, 2, generator=g) * 0.5
    return torch.cat([low, low + 0.1 + torch.rand(count, 2, generator=g) * 0.4], dim=-1)


def crop_set(boxes: torch.Tensor, logits: torch.Tensor) -> CropSet:
    return CropSet(to_centred(boxes)[None], logits[None])


def test_the_papers_weights() -> None:
    assert (PAPER.giou, PAPER.focal) == (0.4, 0.4)
    assert (PAPER.low, PAPER.high, PAPER.bound) == (2.0, 3.5, 0.5)


def test_giou_agrees_with_torchvision() -> None:
    a, b = random_boxes(6, 1), random_boxes(5, 2)
    ours = generalised_iou(a[:, None], b[None])
    torch.testing.assert_close(ours, generalized_box_iou(a, b), rtol=1e-5, atol=1e-6)


def test_giou_by_hand() -> None:
    left, right = torch.tensor([0.0, 0, 0.25, 1]), torch.tensor([0.75, 0, 1, 1])
    # No overlap; the hull is the photo, half of it is neither's.
    assert generalised_iou(left, right).item() == pytest.approx(-0.5)
    assert generalised_iou(left, left).item() == pytest.approx(1.0)


def test_hard_focal_loss_agrees_with_torchvision() -> None:
    logits = torch.linspace(-4, 4, 9)
    for label in (0.0, 1.0):
        labels = torch.full_like(logits, label)
        expected = sigmoid_focal_loss(logits, labels, alpha=0.25, gamma=2)
        torch.testing.assert_close(focal_loss(logits, labels), expected)


def test_soft_focal_loss_by_hand_and_least_at_its_label() -> None:
    p, y = 0.2, 0.5
    logits = torch.tensor([math.log(p / (1 - p))], requires_grad=True)
    entropy = -(y * math.log(p) + (1 - y) * math.log(1 - p))
    expected = (0.25 * y + 0.75 * (1 - y)) * (y - p) ** 2 * entropy
    assert focal_loss(logits, torch.tensor([y])).item() == pytest.approx(expected, rel=1e-5)

    grid = torch.linspace(0.01, 0.99, 99)
    losses = focal_loss(grid.logit(), torch.full_like(grid, y))
    assert grid[losses.argmin()].item() == pytest.approx(y)
    assert losses.min().item() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("crops", "good"), [(4, 4), (5, 2), (3, 1)])
def test_matching_finds_the_least_loss_of_all_assignments(crops: int, good: int, seed: int) -> None:
    """Eq. 2 with the good crops padded to as many as there are predictions (Eq. 1)."""
    boxes, wanted = random_boxes(crops, seed), random_boxes(good, seed + 100)
    logits = torch.randn(crops, generator=torch.Generator().manual_seed(seed)) * 2
    centred = to_centred(boxes)

    def pair_loss(crop: int, padded: int) -> float:
        if padded >= good:
            return PAPER.focal * focal_loss(logits[crop], torch.tensor(0.0)).item()
        near = (centred[crop] - to_centred(wanted[padded])).abs().sum()
        giou = 1 - generalised_iou(boxes[crop], wanted[padded])
        focal = focal_loss(logits[crop], torch.tensor(1.0))
        return (near + PAPER.giou * giou + PAPER.focal * focal).item()

    def total(order: tuple[int, ...]) -> float:
        return sum(pair_loss(crop, padded) for crop, padded in enumerate(order))

    least = min(itertools.permutations(range(crops)), key=total)
    rows, columns = match(match_costs(centred, logits, wanted, torch.ones(good), PAPER))
    found = {int(r): int(c) for r, c in zip(rows, columns, strict=True)}
    assert found == {crop: p for crop, p in enumerate(least) if p < good}


def test_matching_more_good_crops_than_anchors_and_none() -> None:
    rows, columns = match(torch.tensor([[3.0, 1.0, 2.0]]))
    assert (rows.tolist(), columns.tolist()) == ([0], [1])
    rows, columns = match(torch.zeros(4, 0))
    assert len(rows) == len(columns) == 0


def test_smooth_labels_by_hand() -> None:
    scores = torch.tensor([1.2, 2.0, 2.75, 3.5, 4.5])
    labels = smooth_labels(scores, PAPER)
    torch.testing.assert_close(labels, torch.tensor([0.0, 0.0, 0.25, 0.5, 0.5]))
    assert smooth_labels(scores, SetLossConfig(bound=0.0)).abs().max() == 0


def test_unmatched_crops_take_the_quality_of_their_near_neighbour() -> None:
    scored = torch.tensor([[0.0, 0, 1, 1], [0.0, 0, 0.5, 0.5]])
    targets = SetTargets(scored[:1], torch.ones(1), scored, torch.tensor([4.5, 2.75]))
    crops = torch.tensor(
        [
            [0.0, 0, 1, 0.9],  # IoU 0.9 with the first, matched: its label is 1
            [0.0, 0, 1, 0.95],  # near the first, unmatched: the bound
            [0.0, 0, 0.5, 0.45],  # IoU 0.9 with the second
            [0.0, 0, 0.5, 0.425],  # IoU 0.85 with the second: not above the threshold
            [0.6, 0.6, 1, 1],  # near none
        ]
    )
    labels = validity_labels(crops, torch.tensor([0]), targets, PAPER)
    torch.testing.assert_close(labels, torch.tensor([1.0, 0.5, 0.25, 0.0, 0.0]))
    hard = validity_labels(crops, torch.tensor([0]), targets, SetLossConfig(bound=0.0))
    torch.testing.assert_close(hard, torch.tensor([1.0, 0, 0, 0, 0]))


def test_set_loss_by_hand() -> None:
    boxes = torch.tensor([[0.0, 0, 0.5, 1], [0.0, 0, 1, 1]])
    logits = torch.tensor([0.0, 0.0])
    targets = SetTargets.of_crops([[0.0, 0.0, 1.0, 0.5]])
    losses = set_loss([crop_set(boxes, logits)], [targets])
    # The whole photo is nearer: |0.5 - 0.25| + |1 - 0.5| in y; its IoU and GIoU are 1/2.
    focal = 0.25 * 0.25 * math.log(2) + 0.75 * 0.25 * math.log(2)
    assert losses.l1.item() == pytest.approx(0.75)
    assert losses.giou.item() == pytest.approx(0.5)
    assert losses.focal.item() == pytest.approx(focal)
    assert losses.distil.item() == 0
    assert losses.total.item() == pytest.approx(0.75 + 0.4 * 0.5 + 0.4 * focal)


def test_place_weights_scale_the_box_losses_alone() -> None:
    crops = crop_set(random_boxes(5, 1), torch.zeros(5))
    full = SetTargets.of_crops(random_boxes(1, 9).numpy())
    light = SetTargets(full.good, torch.tensor([0.3]), full.scored, full.quality)
    a, b = set_loss([crops], [full]), set_loss([crops], [light])
    assert b.l1.item() == pytest.approx(0.3 * a.l1.item(), rel=1e-5)
    assert b.giou.item() == pytest.approx(0.3 * a.giou.item(), rel=1e-5)
    assert b.focal.item() == pytest.approx(a.focal.item())


def test_order_of_targets_does_not_matter() -> None:
    layers = [crop_set(random_boxes(8, s), torch.randn(8)) for s in (1, 2)]
    mos = np.array([4.5, 4.2, 4.8, 3.0, 2.5, 1.5])
    boxes = random_boxes(6, 5).numpy()
    order = np.array([3, 0, 5, 2, 4, 1])
    a = set_loss(layers, [SetTargets.of_mos(boxes, mos)])
    b = set_loss(layers, [SetTargets.of_mos(boxes[order], mos[order])])
    torch.testing.assert_close(a.total, b.total)


def test_order_of_anchors_does_not_matter() -> None:
    boxes, logits = random_boxes(8, 1), torch.randn(8)
    order = torch.randperm(8)
    targets = SetTargets.of_crops(random_boxes(3, 7).numpy())
    a = set_loss([crop_set(boxes, logits)], [targets])
    b = set_loss([crop_set(boxes[order], logits[order])], [targets])
    torch.testing.assert_close(a.total, b.total)


def test_a_batch_is_normalised_by_all_its_good_crops() -> None:
    boxes, logits = random_boxes(2 * 6, 1).view(2, 6, 4), torch.zeros(2, 6)
    one, three = (SetTargets.of_crops(random_boxes(n, n).numpy()) for n in (1, 3))
    together = set_loss([CropSet(to_centred(boxes), logits)], [one, three])
    apart = [set_loss([crop_set(boxes[i], logits[i])], [t]) for i, t in enumerate((one, three))]
    expected = (apart[0].total + 3 * apart[1].total) / 4
    torch.testing.assert_close(together.total, expected)


def test_a_photo_without_good_crops_teaches_that_all_are_bad() -> None:
    logits = torch.zeros(4, requires_grad=True)
    losses = set_loss([crop_set(random_boxes(4, 1), logits)], [SetTargets.of_crops([])])
    assert losses.l1.item() == losses.giou.item() == 0
    losses.total.backward()
    assert logits.grad is not None
    assert (logits.grad > 0).all()


def test_distillation_adds_the_loss_against_the_teachers_validity() -> None:
    boxes, logits = random_boxes(4, 1), torch.tensor([0.0, 1.0, -1.0, 2.0])
    soft = torch.tensor([0.3, 0.1, 0.6, 0.9])
    student, teacher = [crop_set(boxes, logits)], [crop_set(boxes, soft.logit())]
    targets = [SetTargets.of_crops(random_boxes(2, 3).numpy())]
    plain, taught = set_loss(student, targets), set_loss(student, targets, teacher=teacher)
    assert taught.distil.item() == pytest.approx(focal_loss(logits, soft).sum().item() / 2)
    added = taught.total - plain.total
    assert added.item() == pytest.approx(0.4 * taught.distil.item(), rel=1e-5)


def test_targets_from_mos() -> None:
    boxes = random_boxes(4, 1)
    targets = SetTargets.of_mos(boxes.numpy(), [4.0, 4.1, 3.0, 4.6])
    torch.testing.assert_close(targets.good, boxes[[1, 3]])
    assert targets.quality.tolist() == pytest.approx([4.0, 4.1, 3.0, 4.6])
    # A photo without any good crop is taught by its best.
    torch.testing.assert_close(SetTargets.of_mos(boxes.numpy(), [1, 2, 3, 2]).good, boxes[[2]])


def test_targets_from_a_distribution_over_windows() -> None:
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 0.5, (1000, 2))
    windows = np.concatenate([low, low + rng.uniform(0.2, 0.5, (1000, 2))], axis=-1)
    q = rng.exponential(size=1000)
    best = np.array([0.1, 0.1, 0.9, 0.9])
    targets = SetTargets.of_windows(best, windows, q / q.sum())
    good = targets.good.numpy().astype(np.float64)
    np.testing.assert_allclose(good[0], best, atol=1e-6)
    assert targets.weights.tolist() == pytest.approx([1.0] + [0.3] * (len(good) - 1))
    assert 2 <= len(good) <= 10
    assert iou_matrix(good, good)[np.triu_indices(len(good), 1)].max() <= 0.85
    top = windows[np.argsort(-q)[:20]]
    assert all(np.abs(top - crop).max(axis=1).min() < 1e-6 for crop in good[1:])
    # Quality keeps the order and looks like people's MOS.
    quality = targets.quality.numpy()
    assert (np.diff(quality[np.argsort(q)]) >= 0).all()
    assert quality.mean() == pytest.approx(2.95, abs=0.03)
    assert quality.std() == pytest.approx(0.8, abs=0.05)


def test_a_small_head_learns_the_crops_of_a_few_photos() -> None:
    torch.manual_seed(0)
    head = SetpredHead(SetpredConfig(32, 4, 1, 2, 64, 0.0, anchors=10))
    s32 = torch.randn(2, 320, 2, 3)
    blank = torch.zeros(2, 1, 1, 1)
    photos = Levels(blank, blank, blank, s32, None)
    wanted = [random_boxes(2, seed).numpy() for seed in (11, 12)]
    targets = [SetTargets.of_crops(w) for w in wanted]
    optimiser = torch.optim.AdamW(head.parameters(), lr=3e-3)
    first = None
    for _ in range(150):
        losses = set_loss(head.layers(photos), targets)
        first = losses.total.item() if first is None else first
        optimiser.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
    assert losses.total.item() < first / 5
    crops = head.eval()(photos)
    for i, people in enumerate(wanted):
        chosen = valid_crops(crops, i).select(threshold=0.4)
        overlap = iou_matrix(people, chosen.boxes)
        assert overlap.max(axis=1).min() > 0.8, "each person's crop is found"
        assert overlap.max(axis=0).min() > 0.8, "nothing else is called good"


def test_the_interface_cuts_crops_at_the_border_but_training_does_not() -> None:
    crops = CropSet(torch.tensor([[[0.9, 0.5, 0.4, 0.4]]]), torch.zeros(1, 1))
    torch.testing.assert_close(crops.boxes, torch.tensor([[[0.7, 0.3, 1.0, 0.7]]]))
    assert to_corners(crops.centred)[0, 0, 2].item() == pytest.approx(1.1)
