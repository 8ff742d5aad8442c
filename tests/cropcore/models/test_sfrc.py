import math
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from cropcore.models.crop_batch import geometry_facts
from cropcore.models.encoder import Encoder, Levels
from cropcore.models.gaic import gaze_facts
from cropcore.models.region_ops import axis_coverage, rod_align, roi_align
from cropcore.models.sfrc import BASIC, SfrcConfig, SfrcHead
from cropcore.training.losses import (
    both_orders,
    classification_loss,
    consistency_loss,
    pair_targets,
    select_pairs,
    take_pairs,
)

SMALL: dict[str, Any] = {
    "channels": 4,
    "bins": 3,
    "hidden": 16,
    "region": 8,
    "spatial": 6,
    "first_width": 3,
    "second_width": 2,
    "squeeze": 4,
    "score_hidden": 8,
}
VARIANTS = [
    SfrcConfig(**SMALL),
    SfrcConfig(**SMALL, spatial_aware=False),
    SfrcConfig(**SMALL, aggregate="average", attention=False),
    SfrcConfig(**SMALL, attention=False),
    SfrcConfig(**SMALL, mask=False),
    SfrcConfig(**SMALL, pair_hidden=5, standardise=True, geometry=True, gaze=True),
]


def levels(batch: int = 1, h: int = 4, w: int = 6, seed: int = 0) -> Levels:
    g = torch.Generator().manual_seed(seed)
    shapes = [(32, 2 * h, 2 * w), (96, h, w), (96, h, w), (320, h // 2, w // 2)]
    s8, s16_mid, s16, s32 = (torch.randn(batch, *s, generator=g) for s in shapes)
    maps = torch.rand(batch, 19, 64, 64, generator=g) * 3
    return Levels(s8, s16_mid, s16, s32, layer_maps=maps)


def crops(batch: int, count: int, seed: int = 0) -> Tensor:
    g = torch.Generator().manual_seed(seed)
    low = torch.rand(batch, count, 2, generator=g) * 0.5
    size = 0.2 + 0.3 * torch.rand(batch, count, 2, generator=g)
    boxes = torch.cat([low, low + size], dim=-1)
    boxes[:, 0] = torch.tensor([0.0, 0.0, 1.0, 1.0])
    return boxes


def gaze_of(config: SfrcConfig, batch: int) -> Tensor | None:
    if not config.gaze:
        return None
    g = torch.Generator().manual_seed(9)
    gaze = torch.rand(batch, 1, 8, 12, generator=g)
    return gaze / gaze.mean(dim=(-2, -1), keepdim=True)


def built(config: SfrcConfig, seed: int = 0) -> SfrcHead:
    torch.manual_seed(seed)
    return SfrcHead(config).eval()


def plain_features(head: SfrcHead, photo: Levels, boxes: Tensor, ratio: Tensor) -> Tensor:
    """F_rs as the paper draws it: one masked stack of maps per crop, through ordinary layers."""
    c = head.config
    gaze = gaze_of(c, len(boxes))
    reduced = head.reduce(photo.joined())
    pooled = [roi_align(reduced, boxes, c.bins), rod_align(reduced, boxes, c.bins)]
    x = torch.relu(head.large_kernel(torch.cat(pooled, dim=2).flatten(2)))
    features = [torch.relu(head.region(x))]
    if head.spatial is not None:
        s = head.spatial
        maps = photo.layer_maps
        assert maps is not None
        if gaze is not None:
            seen = functional.interpolate(gaze, (64, 64), mode="bilinear", align_corners=False)
            maps = torch.cat([maps, seen], dim=1)
        weight = torch.ones(maps.shape[:2])
        if s.squeeze is not None and s.excite is not None:
            weight = torch.sigmoid(s.excite(torch.relu(s.squeeze(maps.mean(dim=(2, 3))))))
        if c.standardise:
            flat = maps.flatten(2)
            flat = (flat - flat.mean(-1, keepdim=True)) / (flat.std(-1, keepdim=True) + 1e-5)
            maps = flat.view_as(maps)
        maps = maps * weight[..., None, None]
        if c.aggregate == "average":
            maps = maps.mean(dim=1, keepdim=True)
        each = []
        for i in range(boxes.shape[1]):
            stack = maps
            if c.mask:
                rows = axis_coverage(boxes[:, i, 1], boxes[:, i, 3], 64)
                columns = axis_coverage(boxes[:, i, 0], boxes[:, i, 2], 64)
                mask = rows[:, :, None] * columns[:, None]
                stack = torch.cat([maps, mask[:, None]], dim=1)
            y = functional.max_pool2d(torch.relu(s.first(stack)), 2)
            y = functional.max_pool2d(torch.relu(s.second(y)), 2)
            each.append(torch.relu(s.out(y.flatten(1))))
        features.append(torch.stack(each, dim=1))
    if c.geometry:
        features.append(geometry_facts(boxes, ratio))
    if gaze is not None:
        features.append(gaze_facts(gaze, boxes))
    return torch.cat(features, dim=-1)


def test_size_with_the_whole_trunk_is_the_papers() -> None:
    trunk = sum(p.numel() for p in Encoder().parameters())
    head = sum(p.numel() for p in SfrcHead().parameters())
    assert trunk + head == pytest.approx(7.10e6, rel=0.005)


def test_basic_has_the_parameters_of_gaic() -> None:
    trunk = sum(p.numel() for p in Encoder().features[:18].parameters())
    head = sum(p.numel() for p in SfrcHead(BASIC).parameters())
    assert (trunk + head) / 1e6 == pytest.approx(5.91, abs=0.005)


@pytest.mark.parametrize("config", VARIANTS)
@torch.no_grad()
def test_shared_computation_equals_the_plain_network(config: SfrcConfig) -> None:
    head, photo, ratio = built(config), levels(2), torch.tensor([1.5, 0.8])
    boxes = crops(2, 40)
    features = head.crop_features(head.prepare(photo, gaze_of(config, 2)), boxes, ratio)
    assert features.shape == (2, 40, config.feature_length)
    expected = plain_features(head, photo, boxes, ratio)
    torch.testing.assert_close(features, expected, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_paper_sized_head_equals_the_plain_network_on_any_shape() -> None:
    head = built(SfrcConfig())
    for h, w, seed in [(4, 4, 1), (4, 12, 2), (10, 4, 3)]:
        photo, boxes, ratio = levels(1, h, w, seed), crops(1, 5, seed), torch.tensor([w / h])
        features = head.crop_features(head.prepare(photo), boxes, ratio)
        expected = plain_features(head, photo, boxes, ratio)
        torch.testing.assert_close(features, expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("config", VARIANTS)
@torch.no_grad()
def test_a_photo_alone_equals_the_photo_in_a_batch(config: SfrcConfig) -> None:
    head, batch, ratio, boxes = built(config), levels(3), torch.tensor([1.5, 1, 0.6]), crops(3, 6)
    gaze = gaze_of(config, 3)
    together = head(head.prepare(batch, gaze), boxes, ratio)
    assert together.shape == (3, 6)
    for i in range(3):
        assert batch.layer_maps is not None
        tensors = (batch.s8, batch.s16_mid, batch.s16, batch.s32, batch.layer_maps)
        s8, s16_mid, s16, s32, maps = (x[i : i + 1] for x in tensors)
        one = Levels(s8, s16_mid, s16, s32, maps)
        prepared = head.prepare(one, None if gaze is None else gaze[i : i + 1])
        for j in range(6):
            alone = head(prepared, boxes[i : i + 1, j : j + 1], ratio[i : i + 1])
            torch.testing.assert_close(alone[0, 0], together[i, j], atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_attention_over_layers_can_be_looked_at() -> None:
    photo = levels(2)
    attention = built(SfrcConfig()).prepare(photo).attention
    assert attention is not None
    assert attention.shape == (2, 19)
    assert ((attention > 0) & (attention < 1)).all()
    flat = built(SfrcConfig(attention=False)).prepare(photo).attention
    assert flat is not None
    assert torch.equal(flat, torch.ones(2, 19))
    assert built(SfrcConfig(spatial_aware=False)).prepare(photo).attention is None


@torch.no_grad()
def test_without_mask_the_spatial_feature_is_the_same_for_all_crops() -> None:
    masked, unmasked = built(VARIANTS[0]), built(VARIANTS[4])
    boxes, ratio = crops(1, 4), torch.tensor([1.0])
    spread = [
        head.crop_features(head.prepare(levels()), boxes, ratio)[..., 8:].std(dim=1).max()
        for head in (masked, unmasked)
    ]
    assert spread[0] > 1e-4
    assert spread[1] < 1e-6


@torch.no_grad()
def test_score_moves_continuously_with_the_crop() -> None:
    head = built(SfrcConfig())
    steps = torch.linspace(0, 1 / 64, 9)
    boxes = torch.tensor([0.2, 0.3, 0.7, 0.9]).repeat(9, 1)
    boxes[:, 0] += steps
    scores = head(head.prepare(levels()), boxes[None], torch.tensor([1.5]))[0]
    jumps = scores.diff().abs()
    assert jumps.max() < 0.5 * (jumps.sum() + 1e-6)


def test_missing_inputs_are_named() -> None:
    photo = levels()
    without = Levels(photo.s8, photo.s16_mid, photo.s16, photo.s32, None)
    with pytest.raises(ValueError, match="layer maps"):
        built(VARIANTS[0]).prepare(without)
    with pytest.raises(ValueError, match="gaze"):
        built(VARIANTS[5]).prepare(photo)
    built(VARIANTS[1]).prepare(without)


@pytest.mark.parametrize("config", [VARIANTS[0], VARIANTS[5]])
@torch.no_grad()
def test_pair_matrix_equals_the_classifier_on_joined_features(config: SfrcConfig) -> None:
    head = built(config)
    features = torch.randn(2, 5, config.feature_length)
    matrix = head.pair_matrix(features)
    assert matrix.shape == (2, 5, 5)
    for i, j in [(0, 1), (1, 0), (4, 2), (3, 3)]:
        x = head.pair(torch.cat([features[:, i], features[:, j]], dim=-1))
        if head.pair_out is not None:
            x = head.pair_out(torch.relu(x))
        better = x.softmax(dim=-1)[..., 0]
        torch.testing.assert_close(matrix[:, i, j].sigmoid(), better)


def test_pairs_are_those_beyond_the_margin() -> None:
    targets = torch.tensor([[1.0, 1.4, 2.0, float("nan")], [3.0, 1.0, 3.0, 3.2]])
    pairs = select_pairs(targets, margin=0.5)
    found = sorted(tuple(p) for p in pairs.tolist())
    assert found == [(0, 0, 2), (0, 1, 2), (1, 0, 1), (1, 1, 2), (1, 1, 3)]
    labels = dict(
        zip(map(tuple, pairs.tolist()), pair_targets(targets, pairs).tolist(), strict=True)
    )
    assert labels == {(0, 0, 2): 0, (0, 1, 2): 0, (1, 0, 1): 1, (1, 1, 2): 0, (1, 1, 3): 0}


def test_pairs_are_drawn_at_random_up_to_the_count_of_each_photo() -> None:
    targets = torch.arange(64.0).repeat(2, 1)
    g = torch.Generator().manual_seed(0)
    pairs = select_pairs(targets, count=256, generator=g)
    assert torch.bincount(pairs[:, 0]).tolist() == [256, 256]
    assert len({tuple(p) for p in pairs.tolist()}) == 512
    assert (pairs[:, 1] < pairs[:, 2]).all()
    again = select_pairs(targets, count=256, generator=g)
    assert not torch.equal(pairs, again)
    assert select_pairs(torch.zeros(2, 5)).shape == (0, 3)


def test_classification_loss_takes_labels_and_vote_shares() -> None:
    p = torch.tensor([0.8, 0.3])
    hard = -(math.log(0.8) + math.log(0.7)) / 2
    assert classification_loss(p.logit(), torch.tensor([1.0, 0.0])).item() == pytest.approx(hard)
    soft = -(0.6 * math.log(0.8) + 0.4 * math.log(0.2))
    assert classification_loss(p[:1].logit(), torch.tensor([0.6])).item() == pytest.approx(soft)
    assert classification_loss(torch.zeros(0), torch.zeros(0)).item() == 0


def test_both_orders_turn_pair_and_share() -> None:
    pairs, shares = both_orders(torch.tensor([[0, 3, 5]]), torch.tensor([0.8]))
    assert pairs.tolist() == [[0, 3, 5], [0, 5, 3]]
    assert shares.tolist() == pytest.approx([0.8, 0.2])
    features = torch.arange(6.0).view(1, 6, 1)
    first, second = take_pairs(features, pairs)
    assert first.flatten().tolist() == [3, 5]
    assert second.flatten().tolist() == [5, 3]


def test_consistency_loss_of_three_crops_by_hand() -> None:
    scores = torch.tensor([[1.0, 0.5, 0.95]], requires_grad=True)
    logits = torch.full((1, 3, 3), 99.0)
    logits[0, 0, 1], logits[0, 0, 2], logits[0, 1, 2] = 2.0, -1.0, 3.0
    logits.requires_grad_()
    # (0, 1) agrees by more than the margin: 0; (0, 2): 0.1 + 0.05; (1, 2): 0.1 + 0.45.
    loss = consistency_loss(scores, logits, delta=0.1, relative=False)
    assert loss.item() == pytest.approx((0 + 0.15 + 0.55) / 3)
    loss.backward()
    assert logits.grad is None
    assert scores.grad is not None
    torch.testing.assert_close(scores.grad, torch.tensor([[1.0, -1.0, 0.0]]) / 3)


def test_relative_consistency_does_not_hang_on_the_scale_of_scores() -> None:
    scores, logits = torch.randn(2, 8), torch.randn(2, 8, 8)
    loss = consistency_loss(scores, logits)
    torch.testing.assert_close(consistency_loss(scores * 7 - 3, logits), loss)
    spread = scores.std(dim=1, keepdim=True)
    torch.testing.assert_close(consistency_loss(scores / spread, logits, relative=False), loss)
    assert consistency_loss(torch.zeros(1, 4), torch.ones(1, 4, 4)).item() == pytest.approx(0.1)


@pytest.mark.parametrize("config", [VARIANTS[0], VARIANTS[5]])
@torch.no_grad()
def test_saved_weights_give_the_same_scores(config: SfrcConfig, tmp_path: Path) -> None:
    head, photo, ratio = built(config), levels(), torch.tensor([1.5])
    save_file(head.state_dict(), tmp_path / "sfrc.safetensors")
    other = built(config, seed=1)
    other.load_state_dict(load_file(tmp_path / "sfrc.safetensors"))
    gaze = gaze_of(config, 1)
    expected = head(head.prepare(photo, gaze), crops(1, 5), ratio)
    assert torch.equal(other(other.prepare(photo, gaze), crops(1, 5), ratio), expected)


@pytest.mark.parametrize("config", VARIANTS)
def test_gradients_reach_every_parameter_and_the_features(config: SfrcConfig) -> None:
    head, photo, boxes = built(config, seed=2), levels(2), crops(2, 12)
    photo.s8.requires_grad_()
    features = head.crop_features(
        head.prepare(photo, gaze_of(config, 2)), boxes, torch.tensor([1.5, 0.7])
    )
    pairs = torch.tensor([[0, 0, 1], [0, 3, 2], [1, 4, 5], [1, 7, 6]])
    loss = functional.smooth_l1_loss(head.score(features), torch.randn(2, 12))
    loss = loss + classification_loss(head.pair_logits(*take_pairs(features, pairs)), torch.rand(4))
    loss.backward()
    assert photo.s8.grad is not None
    assert photo.s8.grad.abs().sum() > 0
    for name, parameter in head.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_learns_to_order_crops_in_both_branches() -> None:
    torch.manual_seed(0)
    config = SfrcConfig(
        channels=4,
        bins=3,
        hidden=32,
        region=16,
        spatial=16,
        first_width=4,
        second_width=4,
        score_hidden=16,
    )
    head, photo, boxes, ratio = SfrcHead(config), levels(), crops(1, 24), torch.tensor([1.5])
    wanted = torch.tensor([0.3, 0.2, 0.8, 0.7])
    targets = -(boxes - wanted).abs().sum(dim=-1) * 2
    pairs = select_pairs(targets, margin=0.2, generator=torch.Generator().manual_seed(0))
    pairs, labels = both_orders(pairs, pair_targets(targets, pairs))
    optimiser = torch.optim.Adam(head.parameters(), lr=5e-3)
    for _ in range(40):
        features = head.crop_features(head.prepare(photo), boxes, ratio)
        logits = head.pair_logits(*take_pairs(features, pairs))
        loss = functional.smooth_l1_loss(head.score(features), targets)
        loss = loss + classification_loss(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        features = head.crop_features(head.prepare(photo), boxes, ratio)
        scores = head.score(features)
        logits = head.pair_logits(*take_pairs(features, pairs))
    assert torch.corrcoef(torch.stack([scores[0], targets[0]]))[0, 1] > 0.9
    assert ((logits > 0) == (labels > 0.5)).float().mean() > 0.9
