"""Each fast path gives what the plain operations give, on photos of any shape and any crops."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from cropcore.engine.crop_distribution import SMOOTHING, SUPPORT, WindowDistribution
from cropcore.engine.engine import CropEngine
from cropcore.engine.scorer import LEADING
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import fit_to_ratio, iou_matrix
from cropcore.geometry.windows import ratio_windows
from cropcore.models.asm import crop_scores
from cropcore.models.asm_fast import AsmTable
from cropcore.models.composition import PATTERNS
from cropcore.models.crop_batch import CropBatch, hats, readings
from cropcore.models.crop_layout import CropLayout
from cropcore.models.encoder import LAYERS, Levels
from cropcore.models.gaze_shares import gaze_inside, gaze_on_borders, gaze_shares
from cropcore.models.mars import FEATURES, MarsConfig, MarsHead
from cropcore.models.mars_fast import AreaMaps
from cropcore.models.region_layer import Regions, RegionWeights
from cropcore.models.region_ops import rod_align, roi_align
from cropcore.models.sfrc import SfrcConfig, SpatialFeature
from cropcore.models.sfrc_fast import SpatialTable
from tests.cropcore.helpers.untrained import photo

sides = st.integers(3, 40)
seeds = st.integers(0, 10_000)


def any_crops(seed: int, count: int = 40, thinnest: float = 0.0) -> Tensor:
    """Crops of all sizes, some of them sharing rows or columns, the whole photo among them."""
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.random((count, 2, 2)), axis=1)
    low, high = ends[:, 0], np.maximum(ends[:, 1], ends[:, 0] + thinnest)
    shift = np.clip(high - 1, 0, None)
    crops = np.concatenate([low - shift, high - shift], axis=1)
    crops[::3, 1::2] = crops[0, 1::2]
    crops[::4, 0::2] = crops[1, 0::2]
    crops[-1] = (0, 0, 1, 1)
    return torch.from_numpy(crops.astype(np.float32))


def placed(crops: Tensor) -> CropBatch:
    """Crops of a photo of 3:2."""
    return CropBatch(crops, torch.tensor([1.5]))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_distinct_spans_are_all_there_are(seed: int) -> None:
    crops = any_crops(seed)
    layout = CropLayout(crops.numpy(), 1.5)
    spans, which = layout.columns
    assert np.array_equal(spans[which], crops[:, 0::2])
    assert len(spans) == len({tuple(s) for s in crops[:, 0::2].tolist()}) < len(crops)


@given(seeds, st.sampled_from([1, 40, 2000]))
@settings(max_examples=20, deadline=None)
def test_pieces_hold_every_crop_once(seed: int, count: int) -> None:
    windows = torch.from_numpy(ratio_windows(0.8, 1.5).astype(np.float32))
    layout = CropLayout(torch.cat([any_crops(seed), windows])[:count].numpy(), 1.5)
    pieces = layout.pieces
    assert len(np.unique(pieces.place)) == len(layout)
    rows = np.repeat(pieces.row, pieces.columns.shape[1])[pieces.place]
    assert np.array_equal(rows, layout.rows[1])
    assert np.array_equal(pieces.columns.ravel()[pieces.place], layout.columns[1])


@given(st.lists(st.floats(-0.5, 1.5, width=32), min_size=1, max_size=9), st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_a_table_is_read_by_linear_interpolation(places: list[float], cells: int) -> None:
    table = np.random.default_rng(cells).random(cells + 1)
    index, share = readings(torch.tensor(places), cells)
    found = (torch.from_numpy(table)[index] * share).sum(-1)
    expected = np.interp(np.array(places, np.float32) * cells, np.arange(cells + 1), table)
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-4)
    in_full = hats(torch.tensor(places), cells).double() @ torch.from_numpy(table)
    np.testing.assert_allclose(in_full.numpy(), expected, atol=1e-4)


@given(sides, sides, st.integers(1, 5), st.integers(2, 9), seeds, st.sampled_from([30, 2000]))
@settings(max_examples=25, deadline=None)
def test_regions_are_the_layer_over_inside_and_outside(
    height: int, width: int, channels: int, bins: int, seed: int, count: int
) -> None:
    torch.manual_seed(seed)
    features = torch.randn(1, channels, height, width)
    layer = torch.nn.Linear(2 * channels * bins * bins, 7)
    windows = torch.from_numpy(ratio_windows(0.8, 1.5).astype(np.float32))
    crops = torch.cat([any_crops(seed), windows])[:count]
    with torch.inference_mode():
        pooled = [f(features, crops[None], bins) for f in (roi_align, rod_align)]
        expected = layer(torch.cat(pooled, dim=2).flatten(2))[0]
        regions = Regions.of(features, RegionWeights.of(layer, bins).sketched())
        torch.testing.assert_close(regions(placed(crops)), expected, rtol=1e-4, atol=1e-4)
        # A layer of fewer outputs than the sketch has directions is sketched exactly.
        torch.testing.assert_close(regions.sketched(placed(crops)), expected, rtol=1e-3, atol=1e-3)


@given(sides, sides, st.sampled_from(PATTERNS), seeds)
@settings(max_examples=40, deadline=None)
def test_a_table_pools_by_composition(height: int, width: int, pattern: str, seed: int) -> None:
    torch.manual_seed(seed)
    score_map = torch.randn(1, 25, height, width) * 3 + 2
    crops = any_crops(seed, thinnest=0.01)
    expected = crop_scores(score_map, crops[None], pattern)[0]
    torch.testing.assert_close(
        AsmTable.of(score_map, pattern).scores(placed(crops)), expected, rtol=1e-3, atol=2e-3
    )


@pytest.mark.parametrize("count", [40, 3000])
@given(sides, sides, seeds)
@settings(max_examples=15, deadline=None)
def test_shares_of_gaze(count: int, height: int, width: int, seed: int) -> None:
    gaze = torch.from_numpy(np.random.default_rng(seed).random((1, 1, height, width))).float() ** 3
    crops = any_crops(seed, count)
    inside, borders = gaze_shares(gaze, placed(crops))
    torch.testing.assert_close(inside, gaze_inside(gaze, crops[None])[0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(borders, gaze_on_borders(gaze, crops[None])[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("ratio", [None, 0.8])
@pytest.mark.parametrize("temperature", [0.05, 0.5, 50.0])
def test_crops_without_a_chance_change_nothing(ratio: float | None, temperature: float) -> None:
    """The plain formula over all of the support, beside the one over those that have a chance."""
    boxes = ratio_windows(0.8, 1.5)
    scores = np.random.default_rng(4).normal(size=len(boxes)) - 4 * np.abs(boxes[:, 0] - 0.2)
    order = np.argsort(-scores, kind="stable")[:SUPPORT]
    weights = np.exp((scores[order] - scores[order[0]]) / temperature)
    weights /= weights.sum()
    near = np.exp((iou_matrix(boxes[order], boxes[order]) - 1) / SMOOTHING) * weights
    drawn = near @ boxes[order] / near.sum(axis=1, keepdims=True)
    if ratio is not None:
        drawn = fit_to_ratio(drawn, ratio, 1.5)
    found = WindowDistribution.from_scores(boxes, scores, temperature, ratio, 1.5)
    crops = any_crops(3).double().numpy()
    np.testing.assert_allclose(
        found.expected_iou(crops), iou_matrix(crops, drawn) @ weights, atol=1e-6
    )
    assert len(found.choices) == 161


@pytest.mark.parametrize("method", ["cascade", "gaic"])
@pytest.mark.parametrize("aspect", ["free", "4:5", "circle"])
def test_leading_crops_are_scored_exactly(
    weights: Path, method: str, aspect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Untrained methods do not agree with each other, so none can make a shortlist for another.
    monkeypatch.setattr("cropcore.engine.scorer.SHORTLIST", 10_000)
    engine, scorer = (e := CropEngine.load("cpu", weights)), e._scorer
    with torch.inference_mode():
        scene = engine.encode(photo(300, 200, seed=5))
        request = scene.request(Aspect.parse(aspect))
        boxes, exact = scorer.scored_windows(scene, request, method, refine=False, exact=True)
        same, quick = scorer.scored_windows(scene, request, method, refine=False)
    assert np.array_equal(boxes, same)
    first = np.argsort(-exact, kind="stable")[:LEADING]
    np.testing.assert_allclose(quick[first], exact[first], rtol=1e-4, atol=1e-4)
    assert (quick[np.setdiff1d(np.arange(len(quick)), first)] <= quick[first].min() + 1e-3).all()


@given(seeds, st.booleans(), st.booleans(), st.integers(1, 20))
@settings(max_examples=15, deadline=None)
def test_sfrc_s_spatial_feature(seed: int, mask: bool, gaze: bool, count: int) -> None:
    torch.manual_seed(seed)
    feature = SpatialFeature(SfrcConfig(spatial=12, mask=mask, gaze=gaze, first_width=6))
    maps = torch.randn(1, LAYERS + int(gaze), 64, 64)
    crops = any_crops(seed, count=21)[:count]
    with torch.inference_mode():
        shared = feature.share(feature.attend(maps)[0])
        found = SpatialTable(feature, shared).features(crops)
        torch.testing.assert_close(found, feature(shared, crops[None])[0], rtol=1e-4, atol=1e-4)


def test_methods_score_as_their_heads_do(weights: Path) -> None:
    engine = CropEngine.load("cpu", weights)
    scene = engine.encode(photo(300, 200, seed=2))
    crops = any_crops(7, thinnest=0.05)
    with torch.inference_mode():
        ratio = torch.tensor([scene.photo_ratio], dtype=torch.float32)
        seen_photo = scene.encoded.features
        levels = seen_photo.levels
        gaze = F.interpolate(seen_photo.gaze, levels.s16.shape[-2:], mode="area")
        for name in ("gaic", "sfrc", "asm"):
            network = engine._networks.methods[name]
            head = network.head
            if name == "asm":
                expected = head.score(head(levels.joined()), crops[None], ratio)
            else:
                seen = levels if name == "sfrc" else levels.joined()
                expected = head(head.prepare(seen, gaze), crops[None], ratio)
            found = network.score(
                engine._scorer.prepared(scene, name), CropBatch(crops, ratio), False
            )
            np.testing.assert_allclose(found, expected[0], rtol=1e-3, atol=1e-3)


@given(
    seeds,
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(1, 40),
    st.sampled_from(
        [
            {},
            {"upsampling": 1},
            {"activate_last": True},
            {"predictor": False},
            {"transform": False},
            {"ratio_input": "value"},
        ]
    ),
)
@settings(max_examples=30, deadline=None)
def test_area_maps(
    seed: int, height: int, width: int, count: int, switches: dict[str, Any]
) -> None:
    torch.manual_seed(seed)
    head = MarsHead(MarsConfig(embeddings=21, dimension=16, channels=6, **switches)).eval()
    crops = any_crops(seed, count=max(count, 3), thinnest=0.05)
    ratio = torch.tensor([1.5])
    with torch.inference_mode():
        base = torch.randn(1, FEATURES, height, width)
        prepared = head.prepare(Levels(base, base, base, base, None))
        maps = AreaMaps(head, prepared)
        ratios = torch.rand(count) * 2 + 0.4
        expected = head.area_map(prepared, ratios[None])[0]
        torch.testing.assert_close(maps(ratios), expected, rtol=1e-4, atol=1e-4)
        found = maps.scores(crops, ratio)
        expected = head.score(prepared, crops[None], ratio)[0]
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
