import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import Tensor

from cropcore.geometry import boxes as geometry
from cropcore.geometry.windows import ratio_windows
from cropcore.models.encoder import Encoder, Levels
from cropcore.models.mars import SHIPPED, MarsConfig, MarsHead, RatioEmbedding, soft_iou
from cropcore.models.mars_decode import WindowSearch, best_window, median_window
from cropcore.training.losses import area_loss, box_masks, soft_masks

SMALL: dict[str, Any] = {"embeddings": 11, "dimension": 12, "channels": 8}
VARIANTS = [
    MarsConfig(**SMALL),
    MarsConfig(**SMALL, activate_last=True),
    MarsConfig(**SMALL, layers=0, upsampling=1),
    MarsConfig(**SMALL, layers=2, upsampling=1, activate_last=True),
    MarsConfig(**SMALL, upsampling=0),
    MarsConfig(**SMALL, upsampling=3, ratio_input="nearest"),
    MarsConfig(**SMALL, ratio_input="value"),
    MarsConfig(**SMALL, transform=False),
    MarsConfig(**SMALL, predictor=False),
    MarsConfig(**SMALL, transform=False, predictor=False),
    MarsConfig(**SMALL, widest=4.0, joined=True, place=True, smooth_start=True),
]


def levels(batch: int = 1, h: int = 4, w: int = 6, seed: int = 0) -> Levels:
    g = torch.Generator().manual_seed(seed)
    shapes = [(32, 2 * h, 2 * w), (96, h, w), (96, h, w), (320, h // 2, w // 2)]
    s8, s16_mid, s16, s32 = (torch.randn(batch, *shape, generator=g) for shape in shapes)
    return Levels(s8, s16_mid, s16, s32, layer_maps=None)


def plain_area_map(head: MarsHead, photo: Levels, ratio: float) -> Tensor:
    """The network as the paper draws it, for the first photo and one ratio, nothing shared."""
    c = head.config
    x = photo.s16_mid[:1] if head.mix is None else head.mix(photo.joined()[:1])
    if head.place is not None:
        h, w = x.shape[-2:]
        facts = torch.empty(1, 5, h, w)
        for i in range(h):
            for j in range(w):
                y, z = (i + 0.5) / h * 2 - 1, (j + 0.5) / w * 2 - 1
                facts[0, :, i, j] = torch.tensor([z, y, z * z, y * y, 2 * math.log(w / h)])
        x = x + head.place(facts)
    f_ars = x.mean(dim=(2, 3))
    predictor = head.fixed_predictor
    if head.meta is not None:
        code = head.meta(torch.tensor(ratio))
        if head.meta.to_transform is not None:
            f_ars = f_ars @ head.meta.to_transform(code).view(96, 96).T
        if head.meta.to_predictor is not None:
            predictor = head.meta.to_predictor(code)
    assert predictor is not None
    x = x + f_ars[..., None, None]
    if head.widen is not None:
        x = head.widen(x)
    for i, layer in enumerate(head.deconvolutions, 1):
        x = layer(x)
        if i < len(head.deconvolutions) or c.activate_last:
            x = torch.relu(x)
    return torch.sigmoid(torch.nn.functional.conv2d(x, predictor.view(1, -1, 1, 1)))[0, 0]


def shaken(config: MarsConfig, seed: int = 0) -> MarsHead:
    """A head with every parameter away from its start, so that no term hides as zero."""
    torch.manual_seed(seed)
    head = MarsHead(config).eval()
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return head


@pytest.mark.parametrize(
    ("config", "millions"),
    [
        (MarsConfig(), 5.6),
        (MarsConfig(layers=0), 5.3),
        (MarsConfig(layers=2), 5.9),
        (MarsConfig(layers=3), 6.1),
        (MarsConfig(layers=4), 6.4),
        (MarsConfig(upsampling=0), 5.5),
        (MarsConfig(upsampling=1), 5.6),
        (MarsConfig(upsampling=4), 5.7),
        (MarsConfig(channels=32), 5.5),
        (MarsConfig(channels=64), 5.5),
        (MarsConfig(channels=128), 5.7),
        (MarsConfig(channels=256), 6.2),
    ],
)
def test_size_is_that_of_the_papers_tables(config: MarsConfig, millions: float) -> None:
    trunk = sum(p.numel() for p in Encoder().features[:13].parameters())
    head = sum(p.numel() for p in MarsHead(config).parameters())
    assert (trunk + head) / 1e6 == pytest.approx(millions, abs=0.055)


def test_embedding_is_interpolated_between_neighbours_in_log_space() -> None:
    embedding = RatioEmbedding(MarsConfig(embeddings=3, dimension=2))
    with torch.no_grad():
        embedding.table.copy_(torch.tensor([[1.0, 0.0], [3.0, 4.0], [0.0, 10.0]]))
    ratios = torch.tensor([0.5, 1.0, 2.0, 2**0.25, 2**-0.5])
    expected = [[1.0, 0.0], [3.0, 4.0], [0.0, 10.0], [2.25, 5.5], [2.0, 2.0]]
    torch.testing.assert_close(embedding(ratios), torch.tensor(expected), atol=1e-5, rtol=0)


def test_ratios_beyond_the_table_take_its_ends() -> None:
    embedding = RatioEmbedding(MarsConfig(**SMALL))
    ends = embedding(torch.tensor([0.1, 7.0]))
    torch.testing.assert_close(ends, embedding.table[[0, -1]])


def test_nearest_embedding_ignores_what_lies_between() -> None:
    embedding = RatioEmbedding(MarsConfig(embeddings=3, dimension=4, ratio_input="nearest"))
    near = embedding(torch.tensor([1.3, 1.5]))
    torch.testing.assert_close(near, embedding.table[[1, 2]])


def test_shipped_table_has_the_papers_step_and_starts_smooth() -> None:
    paper, shipped = RatioEmbedding(MarsConfig()), RatioEmbedding(SHIPPED)
    assert shipped.step == pytest.approx(paper.step)
    table = shipped.table.detach()
    assert table.var().item() == pytest.approx(1.0, abs=0.1)
    neighbours = torch.cosine_similarity(table[1:], table[:-1], dim=1)
    assert neighbours.min() > 0.99
    assert torch.cosine_similarity(table[:1], table[-1:], dim=1).abs() < 0.3


@pytest.mark.parametrize("wrong", [{"embeddings": 100}, {"embeddings": 1}, {"widest": 1.0}])
def test_tables_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="ratio"):
        MarsConfig(**wrong)


@pytest.mark.parametrize("config", VARIANTS)
@torch.no_grad()
def test_shared_computation_equals_the_plain_network(config: MarsConfig) -> None:
    head, photo = shaken(config), levels()
    ratios = [0.3, 0.75, 1.0, 1.91, 5.0]
    maps = head.area_map(head.prepare(photo), torch.tensor([ratios]))
    assert maps.shape == (1, 5, 4 * 2**config.upsampling, 6 * 2**config.upsampling)
    for area_map, ratio in zip(maps[0], ratios, strict=True):
        torch.testing.assert_close(
            area_map, plain_area_map(head, photo, ratio), atol=1e-5, rtol=1e-4
        )


@pytest.mark.parametrize("config", [VARIANTS[0], VARIANTS[-1]])
@torch.no_grad()
def test_a_photo_alone_equals_the_photo_in_a_batch(config: MarsConfig) -> None:
    head, batch = shaken(config), levels(3)
    ratios = torch.tensor([[0.8, 1.0], [1.5, 1.5], [0.5, 2.0]])
    boxes = torch.tensor([[[0.1, 0.2, 0.8, 0.9], [0.0, 0.0, 1.0, 1.0]]]).repeat(3, 1, 1)
    prepared = head.prepare(batch)
    together = head.area_map(prepared, ratios)
    scores = head.score(prepared, boxes, torch.tensor([1.5, 1.0, 0.7]))
    for i in range(3):
        s8, s16_mid, s16, s32 = (
            x[i : i + 1] for x in (batch.s8, batch.s16_mid, batch.s16, batch.s32)
        )
        one = Levels(s8, s16_mid, s16, s32, None)
        alone = head.prepare(one)
        torch.testing.assert_close(head.area_map(alone, ratios[i : i + 1])[0], together[i])
        score = head.score(alone, boxes[:1], torch.tensor([[1.5, 1.0, 0.7][i]]))
        torch.testing.assert_close(score[0], scores[i])


@torch.no_grad()
def test_many_ratios_at_once_equal_one_at_a_time() -> None:
    head, photo = shaken(VARIANTS[0]), levels()
    prepared = head.prepare(photo)
    ratios = torch.linspace(0.4, 2.5, 70)[None]
    together = head.area_map(prepared, ratios)[0]
    alone = torch.cat([head.area_map(prepared, ratios[:, i : i + 1])[0] for i in range(70)])
    torch.testing.assert_close(together, alone)


@torch.no_grad()
def test_map_changes_with_the_ratio_and_only_a_little_with_a_little() -> None:
    head = shaken(VARIANTS[-1])
    ratio = torch.tensor([[1.0, 1.002, 2.5]])
    near, far = (
        m - head.area_map(head.prepare(levels()), ratio)[0, 0]
        for m in head.area_map(head.prepare(levels()), ratio)[0, 1:]
    )
    assert 0 < near.abs().max() < 0.1 * far.abs().max()


@torch.no_grad()
def test_without_generated_layers_the_ratio_does_not_matter() -> None:
    head = shaken(MarsConfig(**SMALL, transform=False, predictor=False))
    maps = head.area_map(head.prepare(levels()), torch.tensor([[0.5, 2.0]]))[0]
    torch.testing.assert_close(maps[0], maps[1])


@torch.no_grad()
def test_a_crop_is_scored_on_the_map_of_its_own_ratio() -> None:
    head, photo = shaken(VARIANTS[0]), levels()
    prepared = head.prepare(photo)
    boxes = torch.tensor([[[0.0, 0.0, 0.5, 0.5], [0.2, 0.1, 0.9, 0.4], [0.5, 0.5, 1.0, 1.0]]])
    scores = head.score(prepared, boxes, torch.tensor([1.5]))
    ratios = torch.tensor([[1.5, 0.7 / 0.3 * 1.5, 1.5]])
    maps = head.area_map(prepared, ratios)[0]
    expected = soft_iou(maps, boxes[0][:, None])[:, 0]
    torch.testing.assert_close(scores[0], expected, atol=1e-4, rtol=0)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8, unique=True))
@settings(deadline=None)
def test_soft_iou_with_a_box_mask_on_its_grid_is_the_ordinary_iou(values: list[float]) -> None:
    a, b = (
        np.array([min(v[:2]), min(v[2:]), max(v[:2]), max(v[2:])]) for v in (values[:4], values[4:])
    )
    a = np.round(a * 16) / 16
    if geometry.area(a) == 0 or geometry.area(b) < 1e-3:
        return
    mask = box_masks(torch.tensor(a), 16, 16)
    soft = soft_iou(mask[None], torch.tensor(b)[None, None])
    assert soft.item() == pytest.approx(float(geometry.iou(a, b)), abs=1e-6)


def test_summed_area_search_agrees_with_the_direct_soft_iou() -> None:
    area_map = torch.rand(20, 30)
    low = torch.rand(40, 2) * 0.5
    boxes = torch.cat([low, low + 0.1 + torch.rand(40, 2) * 0.4], dim=1)
    direct = soft_iou(area_map[None], boxes[None])[0].numpy()
    searched = WindowSearch(area_map.numpy()).soft_iou(boxes.double().numpy())
    np.testing.assert_allclose(searched, direct, atol=1e-5)


def test_box_mask_covers_partly_covered_pixels_partly() -> None:
    mask = box_masks(torch.tensor([0.125, 0.5, 0.75, 1.0]), 2, 4)
    torch.testing.assert_close(mask, torch.tensor([[0, 0, 0, 0], [0.5, 1, 1, 0]]))


def test_soft_mask_is_the_expectation_of_masks() -> None:
    low = torch.rand(3, 7, 2) * 0.5
    windows = torch.cat([low, low + 0.3], dim=-1)
    q = torch.rand(3, 7).softmax(dim=-1)
    expected = (q[..., None, None] * box_masks(windows, 9, 13)).sum(dim=1)
    torch.testing.assert_close(soft_masks(windows, q, 9, 13), expected)


def test_area_loss_is_the_mean_cross_entropy_of_pixels() -> None:
    p = torch.tensor([[[0.9, 0.2], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]])
    g = torch.tensor([[[1.0, 0.0], [1.0, 0.5]], [[1.0, 1.0], [0.0, 0.0]]])
    first = -(math.log(0.9) + math.log(0.8) + 2 * math.log(0.5)) / 4
    second = -math.log(0.5)
    assert area_loss(p.logit(), g).item() == pytest.approx((first + second) / 2)
    weighted = area_loss(p.logit(), g, torch.tensor([1.0, 0.3]))
    assert weighted.item() == pytest.approx((first + 0.3 * second) / 1.3)
    assert area_loss(p.logit(), g, torch.zeros(2)).item() == 0


def binary(rows: list[str]) -> np.ndarray:
    return np.array([[float(c) for c in row] for row in rows], np.float32)


def test_median_window_of_a_hand_worked_map() -> None:
    # Column counts 3, 3, 3, 1 (median 3), row counts 4, 3, 3 (median 3); centre (1, 2).
    area_map = binary(["0000", "1111", "1110", "1110"])
    np.testing.assert_allclose(median_window(area_map, 1.0, 1.0), [0, 0.25, 0.75, 1.0])
    # Twice as wide as high: the height is halved about the same centre.
    wide = median_window(area_map, 2.0, 1.0)
    np.testing.assert_allclose(wide, [0, 0.4375, 0.75, 0.8125])
    # On a photo twice as wide as high the fractions are those of a square.
    np.testing.assert_allclose(median_window(area_map, 2.0, 2.0), [0, 0.25, 0.75, 1.0])


def test_median_window_counts_what_reaches_the_threshold() -> None:
    area_map = np.zeros((4, 4), np.float32)
    area_map[:2, :2], area_map[2:, 2:] = 0.4, 0.39
    np.testing.assert_allclose(median_window(area_map, 1.0, 1.0), [0, 0, 0.5, 0.5])
    np.testing.assert_allclose(median_window(area_map, 1.0, 1.0, 0.3), [0.25, 0.25, 0.75, 0.75])


def test_median_window_lowers_a_threshold_that_nothing_passes() -> None:
    area_map = np.full((4, 4), 0.05, np.float32)
    area_map[1:3, 1:3] = 0.2
    np.testing.assert_allclose(median_window(area_map, 1.0, 1.0), [0.25, 0.25, 0.75, 0.75])
    flat = np.zeros((4, 4), np.float32)
    np.testing.assert_allclose(median_window(flat, 1.0, 1.0), [0, 0, 1, 1])


@given(
    st.floats(0.2, 5.0), st.floats(0.33, 3.0), st.integers(0, 10_000), st.sampled_from([0, 1, 4])
)
@settings(max_examples=60, deadline=None)
def test_decoded_crops_lie_inside_and_have_the_ratio(
    ratio: float, photo_ratio: float, seed: int, sharpness: int
) -> None:
    area_map = (np.random.default_rng(seed).random((12, 16)) ** sharpness).astype(np.float32)
    for box in (
        median_window(area_map, ratio, photo_ratio),
        best_window(area_map, ratio, photo_ratio),
    ):
        assert (box >= 0).all()
        assert (box <= 1).all()
        assert float(geometry.ratio_of(box, photo_ratio)) == pytest.approx(ratio, rel=1e-6)


@pytest.mark.parametrize("ratio", [0.6, 1.0, 1.7])
def test_both_decoders_find_a_crop_of_the_ratio_again(ratio: float) -> None:
    person = geometry.fit_to_ratio([0.21, 0.13, 0.83, 0.71], ratio, 1.5)
    area_map = box_masks(torch.tensor(person), 64, 96).float().numpy()
    found = best_window(area_map, ratio, 1.5)
    assert float(geometry.iou(found, person)) > 0.98
    value, wanted = WindowSearch(area_map).soft_iou(np.stack([found, person]))
    assert value >= wanted - 0.01
    assert float(geometry.iou(median_window(area_map, ratio, 1.5), person)) > 0.95


def test_best_window_is_no_worse_than_any_window_of_the_product() -> None:
    area_map = np.random.default_rng(3).random((24, 36)).astype(np.float32) ** 3
    search = WindowSearch(area_map)
    box, value = search.best(1.25, 1.5)
    assert value >= search.soft_iou(ratio_windows(1.25, 1.5)).max()
    assert value == pytest.approx(search.soft_iou(box[None])[0])


@pytest.mark.parametrize("config", [VARIANTS[0], VARIANTS[-1]])
@torch.no_grad()
def test_saved_weights_give_the_same_map(config: MarsConfig, tmp_path: Path) -> None:
    head, photo, ratio = shaken(config), levels(), torch.tensor([[1.3]])
    save_file(head.state_dict(), tmp_path / "mars.safetensors")
    torch.manual_seed(1)
    other = MarsHead(config).eval()
    other.load_state_dict(load_file(tmp_path / "mars.safetensors"))
    expected = head.area_map(head.prepare(photo), ratio)
    assert torch.equal(other.area_map(other.prepare(photo), ratio), expected)


@pytest.mark.parametrize("config", [VARIANTS[0], VARIANTS[7], VARIANTS[8], VARIANTS[-1]])
def test_gradients_reach_every_parameter_and_the_features(config: MarsConfig) -> None:
    head, photo = shaken(config), levels(2)
    used = photo.s32 if config.joined else photo.s16_mid
    used.requires_grad_()
    ratios = torch.linspace(-1.39, 1.39, 11).exp().expand(2, -1)
    logits = head.area_logits(head.prepare(photo), ratios)
    area_loss(logits, torch.rand_like(logits)).backward()
    assert used.grad is not None
    for name, parameter in head.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_learns_a_different_crop_for_every_ratio() -> None:
    torch.manual_seed(0)
    head = MarsHead(MarsConfig(embeddings=11, dimension=32, place=True))
    photo = levels()
    ratios = [0.6, 1.0, 1.8]
    people = [geometry.fit_to_ratio([0.1, 0.1, 0.6, 0.8], r, 1.5) for r in ratios]
    targets = box_masks(torch.tensor(np.array(people)), 16, 24).float()[None]
    optimiser = torch.optim.Adam(head.parameters(), lr=3e-3)
    for _ in range(60):
        loss = area_loss(head.area_logits(head.prepare(photo), torch.tensor([ratios])), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        maps = head.area_map(head.prepare(photo), torch.tensor([ratios]))[0].numpy()
    for area_map, ratio, person in zip(maps, ratios, people, strict=True):
        assert float(geometry.iou(best_window(area_map, ratio, 1.5), person)) > 0.85
