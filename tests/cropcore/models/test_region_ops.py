import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.ops import roi_align as reference_roi_align

from cropcore.models import region_ops


def random_boxes(count: int, seed: int = 0, batch: int = 1) -> Tensor:
    g = torch.Generator().manual_seed(seed)
    low = torch.rand(batch, count, 2, generator=g, dtype=torch.float64) * 0.6
    size = 0.05 + torch.rand(batch, count, 2, generator=g, dtype=torch.float64) * 0.35
    boxes = torch.cat([low, low + size], dim=-1)
    boxes[:, 0] = torch.tensor([0.0, 0.0, 1.0, 1.0])
    return boxes


def features(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def area_inside(box: Tensor, height: int, width: int) -> Tensor:
    """How much of every pixel a box covers, from one pixel at a time: (height, width)."""
    x1, y1, x2, y2 = (float(v) for v in box)
    covered = torch.zeros(height, width, dtype=torch.float64)
    for i in range(height):
        for j in range(width):
            tall = min(y2 * height, i + 1) - max(y1 * height, i)
            wide = min(x2 * width, j + 1) - max(x1 * width, j)
            covered[i, j] = max(tall, 0) * max(wide, 0)
    return covered


@pytest.mark.parametrize("bins", [1, 3, 9])
@pytest.mark.parametrize("size", [(7, 11), (16, 24), (1, 5)])
def test_roi_align_is_torchvision_s(bins: int, size: tuple[int, int]) -> None:
    h, w = size
    maps = features(2, 3, h, w)
    boxes = random_boxes(6, batch=2)
    boxes[:, 1] = torch.tensor([0.0, 0.3, 0.4, 1.0])
    found = region_ops.roi_align(maps, boxes, bins)
    scale = torch.tensor([w, h, w, h], dtype=torch.float64)
    expected = reference_roi_align(
        maps, [b * scale for b in boxes], bins, sampling_ratio=2, aligned=True
    )
    torch.testing.assert_close(found.flatten(0, 1), expected)


def test_bilinear_weights_are_those_of_interpolation() -> None:
    values = features(1, 1, 1, 9)
    weights = region_ops.bilinear_weights(torch.linspace(0, 1, 37, dtype=torch.float64), 9)
    assert weights.sum(dim=-1) == pytest.approx(np.ones(37))
    # Samples at the centres of 36 cells are those of resizing 9 cells to 36.
    at = (torch.arange(36, dtype=torch.float64) + 0.5) / 36
    resized = torch.nn.functional.interpolate(values, (1, 36), mode="bilinear", align_corners=False)
    torch.testing.assert_close(
        region_ops.bilinear_weights(at, 9) @ values[0, 0, 0], resized[0, 0, 0]
    )


def plain_rod_align(maps: Tensor, box: Tensor, bins: int) -> Tensor:
    """One crop: sample the photo on a fixed grid, blank what the crop covers, average by bins."""
    grid = bins * 2
    sampled = reference_roi_align(
        maps,
        [torch.tensor([[0, 0, maps.shape[3], maps.shape[2]]], dtype=maps.dtype)],
        grid,
        sampling_ratio=1,
        aligned=True,
    )
    kept = sampled * (1 - area_inside(box, grid, grid))
    return torch.nn.functional.avg_pool2d(kept, 2)[0]


@pytest.mark.parametrize("bins", [1, 4, 9])
def test_rod_align_is_the_photo_with_the_crop_blanked(bins: int) -> None:
    maps = features(1, 3, 8, 13)
    boxes = random_boxes(5)
    found = region_ops.rod_align(maps, boxes, bins)
    for i in range(5):
        torch.testing.assert_close(found[0, i], plain_rod_align(maps, boxes[0, i], bins))


def test_the_whole_photo_discards_nothing_and_no_crop_discards_all() -> None:
    maps = features(1, 2, 8, 8)
    boxes = torch.tensor([[[0, 0, 1, 1], [0.3, 0.3, 0.3, 0.3]]], dtype=torch.float64)
    whole, nothing = region_ops.rod_align(maps, boxes, 4)[0]
    assert whole.abs().max() < 1e-12
    everything = region_ops.roi_align(maps, boxes[:, :1], 4)[0, 0]
    torch.testing.assert_close(nothing, everything)


@pytest.mark.parametrize("operation", [region_ops.roi_align, region_ops.rod_align])
def test_photos_of_a_batch_do_not_mix(operation) -> None:
    maps, boxes = features(3, 2, 8, 10), random_boxes(4, batch=3)
    together = operation(maps, boxes, 3)
    alone = torch.cat([operation(maps[i : i + 1], boxes[i : i + 1], 3) for i in range(3)])
    torch.testing.assert_close(together, alone)


@pytest.mark.parametrize("operation", [region_ops.roi_align, region_ops.rod_align])
def test_regions_change_little_when_a_crop_moves_little(operation) -> None:
    maps = features(1, 4, 16, 16)
    start = torch.tensor([0.2, 0.1, 0.7, 0.8], dtype=torch.float64)
    boxes = torch.stack([start + torch.tensor([s, 0, s, 0]) for s in torch.linspace(0, 0.2, 201)])
    found = operation(maps, boxes[None].double(), 5)[0]
    steps = (found[1:] - found[:-1]).abs().flatten(1).amax(dim=1)
    reach = (found[-1] - found[0]).abs().max()
    # 200 steps: none may jump, as it would if the crop snapped to a grid.
    assert steps.max() < reach / 20


@pytest.mark.parametrize("operation", [region_ops.roi_align, region_ops.rod_align])
def test_regions_pass_gradients_to_the_features(operation) -> None:
    maps = features(1, 2, 5, 6).requires_grad_()
    boxes = random_boxes(3)
    assert torch.autograd.gradcheck(lambda x: operation(x, boxes, 2), maps)


def test_coverage_of_cells_by_hand() -> None:
    low, high = torch.tensor([0.0, 0.1, 0.5]), torch.tensor([1.0, 0.35, 0.5])
    covered = region_ops.axis_coverage(low, high, 4)
    expected = torch.tensor([[1, 1, 1, 1], [0.6, 0.4, 0, 0], [0, 0, 0, 0]])
    torch.testing.assert_close(covered, expected)


def test_pooling_is_the_double_sum() -> None:
    maps, rows, columns = features(2, 3, 4, 5), features(2, 6, 2, 4), features(2, 6, 3, 5)
    expected = torch.einsum("bnih,bchw,bnjw->bncij", rows, maps, columns)
    torch.testing.assert_close(region_ops.pool_cells(maps, rows, columns), expected)
