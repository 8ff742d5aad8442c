"""The setpred head: shapes, conditional attention, independence of the batch, and its crops."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from cropcore.geometry.boxes import area, iou_matrix, ratio_of
from cropcore.models.encoder import Levels
from cropcore.models.setpred import (
    PAPER,
    SHIPPED,
    SetpredConfig,
    SetpredHead,
    attention,
    cell_embedding,
    conditional_pair,
    sine_embedding,
    spread_crops,
    to_centred,
    to_corners,
    valid_crops,
)
from cropcore.models.valid_crops import ValidCrops

SMALL = SetpredConfig(32, 4, 1, 2, 48, 0.0, anchors=7)
SMALL_JOINED = SetpredConfig(
    32, 4, 1, 2, 48, 0.1, 7, features="joined", photo_ratio=True, own_start=True
)


def levels(batch: int = 1, height: int = 64, width: int = 96, seed: int = 0) -> Levels:
    g = torch.Generator().manual_seed(seed)

    def features(channels: int, stride: int) -> torch.Tensor:
        return torch.randn(batch, channels, height // stride, width // stride, generator=g)

    s16 = features(96, 16)
    return Levels(features(32, 8), s16, s16, features(320, 32), None)


def part(whole: Levels, index: int) -> Levels:
    row = slice(index, index + 1)
    return Levels(whole.s8[row], whole.s16_mid[row], whole.s16[row], whole.s32[row], None)


def awake(config: SetpredConfig) -> SetpredHead:
    """A head whose crops depend on the photo, as after training."""
    torch.manual_seed(3)
    head = SetpredHead(config).eval()
    torch.nn.init.normal_(head.box[-1].weight, std=0.5)
    return head


def test_paper_and_shipped_sizes() -> None:
    assert (PAPER.width, PAPER.encoder_layers, PAPER.decoder_layers) == (256, 6, 6)
    assert (PAPER.anchors, PAPER.heads, PAPER.feedforward) == (90, 8, 2048)
    assert (SHIPPED.width, SHIPPED.encoder_layers, SHIPPED.decoder_layers) == (128, 3, 3)
    parameters = sum(p.numel() for p in SetpredHead(SHIPPED).parameters())
    assert parameters * 4 < 8e6, "the shipped head has to stay a small file"


@pytest.mark.parametrize(("width", "heads"), [(30, 5), (32, 5)])
def test_widths_that_cannot_be_shared_out_are_refused(width: int, heads: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        SetpredHead(SetpredConfig(width=width, heads=heads))


@pytest.mark.parametrize(("height", "width"), [(64, 64), (64, 256), (256, 64), (96, 128)])
def test_one_crop_per_anchor_on_photos_of_every_shape(height: int, width: int) -> None:
    head = awake(SMALL_JOINED)
    crops = head(levels(2, height, width), torch.full((2,), width / height))
    assert crops.boxes.shape == (2, 7, 4)
    assert crops.logits.shape == crops.validity.shape == (2, 7)
    boxes = crops.boxes
    assert (boxes >= 0).all()
    assert (boxes <= 1).all()
    assert (boxes[..., 2:] > boxes[..., :2]).all()


def test_every_decoder_layer_answers_and_the_last_one_counts() -> None:
    head = awake(SMALL)
    answers = head.layers(levels())
    assert len(answers) == 2
    torch.testing.assert_close(answers[-1].centred, head(levels()).centred)
    assert not torch.allclose(answers[0].centred, answers[1].centred)


def test_untrained_crops_start_at_their_anchors_and_are_rarely_valid() -> None:
    head = SetpredHead(SMALL).eval()
    crops = head(levels())
    reference = head.reference(head.anchors.weight).sigmoid()
    torch.testing.assert_close(crops.centred[0, :, :2], reference)
    torch.testing.assert_close(crops.centred[0, :, 2:], torch.full((7, 2), 0.5))
    assert crops.validity.max() < 0.1


def test_crops_of_their_own_start_spread_over_the_photo() -> None:
    head = SetpredHead(SMALL_JOINED).eval()
    boxes = head(levels(), torch.tensor([1.5])).boxes[0]
    wanted = spread_crops(7)
    assert (wanted[0] == torch.tensor([0.0, 0.0, 1.0, 1.0])).all()
    assert iou_matrix(boxes.detach().numpy(), wanted.numpy()).diagonal().min() > 0.9
    hundred = spread_crops(100)
    assert len(hundred.unique(dim=0)) == 100
    assert ((hundred[:, 2:] - hundred[:, :2]) >= 0.5 - 1e-6).all()
    assert (np.diff(area(hundred.numpy())) <= 1e-6).all()
    assert (spread_crops(103)[100:] == hundred[:3]).all()


def test_single_equals_batched() -> None:
    head, whole = awake(SMALL_JOINED), levels(3)
    ratios = torch.tensor([1.5, 1.45, 1.52])
    together = head(whole, ratios)
    for i in range(3):
        alone = head(part(whole, i), ratios[i : i + 1])
        torch.testing.assert_close(alone.centred[0], together.centred[i], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(alone.logits[0], together.logits[i], rtol=1e-4, atol=1e-5)


def test_save_equals_load(tmp_path: Path) -> None:
    head = awake(SMALL_JOINED)
    save_file(head.state_dict(), tmp_path / "head.safetensors")
    other = SetpredHead(SMALL_JOINED).eval()
    other.load_state_dict(load_file(tmp_path / "head.safetensors"))
    ratio = torch.tensor([1.5])
    torch.testing.assert_close(other(levels(), ratio).boxes, head(levels(), ratio).boxes)


def test_the_photo_moves_the_crops() -> None:
    head = awake(SMALL)
    a, b = head(levels(seed=1)), head(levels(seed=2))
    assert (a.boxes - b.boxes).abs().max() > 1e-3


def test_the_ratio_is_wanted_where_the_config_says_so() -> None:
    head = awake(SMALL_JOINED)
    with pytest.raises(ValueError, match="ratio"):
        head(levels())
    wide, high = head(levels(), torch.tensor([2.0])), head(levels(), torch.tensor([0.5]))
    assert (wide.logits - high.logits).abs().max() > 1e-4


def test_gradients_reach_every_parameter() -> None:
    head = awake(SMALL_JOINED).train()
    answers = head.layers(levels(2), torch.tensor([1.5, 0.7]))
    sum(a.centred.sum() + a.logits.sum() for a in answers).backward()  # type: ignore[union-attr]
    lost = [n for n, p in head.named_parameters() if p.grad is None or not p.grad.abs().any()]
    # A bias on keys shifts all logits alike, which the softmax does not see.
    keys = {"k.bias", "own_k.bias", "own_k_anchor.bias", "k_place.bias"}
    assert {n.split(".", 2)[-1] for n in lost} <= keys


def test_attention_is_the_softmax_of_scaled_products_per_head() -> None:
    torch.manual_seed(0)
    q, k, v = torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 4)
    mixed = attention(q, k, v, heads=2)
    assert mixed.shape == (2, 3, 4)
    for h in range(2):
        wide, narrow = slice(4 * h, 4 * h + 4), slice(2 * h, 2 * h + 2)
        weights = (q[..., wide] @ k[..., wide].transpose(1, 2) / 2).softmax(-1)
        torch.testing.assert_close(mixed[..., narrow], weights @ v[..., narrow])


def test_conditional_attention_adds_content_and_place_apart() -> None:
    torch.manual_seed(0)
    content_q, place_q = torch.randn(1, 3, 8), torch.randn(1, 3, 8)
    content_k, place_k = torch.randn(1, 5, 8), torch.randn(1, 5, 8)
    q, k = conditional_pair(content_q, place_q, 2), conditional_pair(content_k, place_k, 2)
    assert q.shape == (1, 3, 16)
    for h in range(2):
        own, both = slice(4 * h, 4 * h + 4), slice(8 * h, 8 * h + 8)
        expected = content_q[..., own] @ content_k[..., own].transpose(1, 2)
        expected = expected + place_q[..., own] @ place_k[..., own].transpose(1, 2)
        torch.testing.assert_close(q[..., both] @ k[..., both].transpose(1, 2), expected)


def test_sine_embedding_by_hand() -> None:
    wave = sine_embedding(torch.tensor([[0.25, 0.5]]), 8)
    y, x, slow = 0.5 * 2 * np.pi, 0.25 * 2 * np.pi, 100
    expected = [
        *(np.sin(y), np.cos(y), np.sin(y / slow), np.cos(y / slow)),
        *(np.sin(x), np.cos(x), np.sin(x / slow), np.cos(x / slow)),
    ]
    np.testing.assert_allclose(wave[0].numpy(), expected, atol=1e-6)


def test_cells_lie_at_fractions_of_the_photo_row_by_row() -> None:
    like = torch.zeros(1)
    grid = cell_embedding(2, 3, 16, like)
    assert grid.shape == (6, 16)
    torch.testing.assert_close(grid[1 * 3 + 2], sine_embedding(torch.tensor([5 / 6, 3 / 4]), 16))
    # The middle of the photo looks the same on any grid with a cell there.
    torch.testing.assert_close(cell_embedding(3, 5, 16, like)[7], cell_embedding(1, 1, 16, like)[0])


def test_corners_and_centres_are_inverse() -> None:
    boxes = torch.tensor([[0.1, 0.2, 0.7, 0.6]])
    torch.testing.assert_close(to_centred(boxes), torch.tensor([[0.4, 0.4, 0.6, 0.4]]))
    torch.testing.assert_close(to_corners(to_centred(boxes)), boxes)


def test_score_is_the_largest_validity_times_iou() -> None:
    crops = ValidCrops.ranked([[0, 0, 0.5, 1], [0, 0, 1, 1]], [0.4, 0.9])
    np.testing.assert_allclose(crops.validity, [0.9, 0.4])
    # The left half: 0.9 x 1/2 beats 0.4 x 1; the right half: only the whole photo overlaps it.
    scores = crops.score([[0, 0, 0.5, 1], [0.5, 0, 1, 1], [0, 0, 0.25, 1]])
    np.testing.assert_allclose(scores, [0.45, 0.45, 0.225])
    assert ValidCrops.ranked([[0, 0, 0.5, 1]], [0.8]).score([[0.5, 0, 1, 1]])[0] == 0


def test_select_keeps_good_and_different_crops() -> None:
    boxes = [[0, 0, 1, 1], [0, 0, 0.95, 1], [0, 0, 0.5, 1], [0.5, 0, 1, 1]]
    crops = ValidCrops.ranked(boxes, [0.8, 0.9, 0.6, 0.3])
    chosen = crops.select(threshold=0.5, overlap=0.85)
    np.testing.assert_allclose(chosen.boxes, [boxes[1], boxes[2]])
    np.testing.assert_allclose(chosen.validity, [0.9, 0.6])
    assert len(crops.select(threshold=0.0, overlap=1.0).boxes) == 4


def test_select_gives_the_best_where_none_is_good() -> None:
    crops = ValidCrops.ranked([[0, 0, 1, 1], [0, 0, 0.5, 0.5]], [0.1, 0.2])
    np.testing.assert_allclose(crops.select().boxes, [[0, 0, 0.5, 0.5]])


def test_of_photo_takes_one_photo_of_a_batch() -> None:
    crops = awake(SMALL)(levels(2))
    ranked = valid_crops(crops, 1)
    assert (np.diff(ranked.validity) <= 0).all()
    best = int(crops.validity[1].argmax())
    np.testing.assert_allclose(ranked.boxes[0], crops.boxes[1, best].detach().numpy())


@given(st.floats(0.25, 4.0), st.floats(0.3, 3.0), st.integers(0, 2**32 - 1))
def test_fitted_crops_have_the_ratio_and_an_honest_score(
    ratio: float, photo_ratio: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 0.5, (6, 2))
    boxes = np.concatenate([low, low + rng.uniform(0.2, 0.5, (6, 2))], axis=-1)
    crops = ValidCrops.ranked(boxes, rng.uniform(0, 1, 6))
    fitted = crops.fitted(ratio, photo_ratio)
    np.testing.assert_allclose(ratio_of(fitted.boxes, photo_ratio), ratio, rtol=1e-6)
    assert (fitted.boxes >= 0).all()
    assert (fitted.boxes <= 1).all()
    assert (np.diff(fitted.validity) <= 0).all()
    assert fitted.validity[0] <= crops.validity[0] + 1e-9
    np.testing.assert_allclose(fitted.validity, crops.score(fitted.boxes))
    assert (area(fitted.boxes) <= area(crops.boxes).max() + 1e-9).all()


def test_fitting_to_its_own_ratio_changes_nothing() -> None:
    crops = ValidCrops.ranked([[0.1, 0.1, 0.5, 0.5], [0.2, 0.2, 0.9, 0.9]], [0.9, 0.4])
    np.testing.assert_allclose(crops.fitted(1.5, 1.5).boxes, crops.boxes)
    np.testing.assert_allclose(crops.fitted(1.5, 1.5).validity, crops.validity)
    assert crops.fitted(None, 1.5) is crops
    assert iou_matrix(crops.boxes, crops.boxes)[0, 0] == 1
