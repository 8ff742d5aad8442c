import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cropcore.models.crop_batch import GEOMETRY_FACTS, GeometryPrior, geometry_facts
from cropcore.models.encoder import JOINED_CHANNELS, LAYERS
from cropcore.models.gaic import GAZE_FACTS, GaicConfig, GaicHead, gaze_facts
from cropcore.models.region_ops import rod_align, roi_align
from tests.cropcore.helpers.untrained import SMALL_GAIC, lively_encoder

PLAIN = GaicConfig(channels=4, bins=3, kernel=10, hidden=6)


def random_boxes(batch: int, count: int, seed: int = 0) -> Tensor:
    g = torch.Generator().manual_seed(seed)
    low = torch.rand(batch, count, 2, generator=g) * 0.5
    boxes = torch.cat([low, low + 0.2 + 0.3 * torch.rand(batch, count, 2, generator=g)], dim=-1)
    boxes[:, 0] = torch.tensor([0.0, 0.0, 1.0, 1.0])
    return boxes


def joined(batch: int = 1, h: int = 5, w: int = 8) -> Tensor:
    return torch.randn(batch, JOINED_CHANNELS, h, w, generator=torch.Generator().manual_seed(1))


def even_gaze(batch: int = 1, h: int = 5, w: int = 8) -> Tensor:
    gaze = torch.rand(batch, 1, h, w, generator=torch.Generator().manual_seed(2)) + 0.1
    return gaze / gaze.mean(dim=(-2, -1), keepdim=True)


def built(config: GaicConfig) -> GaicHead:
    torch.manual_seed(0)
    return GaicHead(config).eval()


def scores(head: GaicHead, features: Tensor, gaze: Tensor, boxes: Tensor, ratio: Tensor) -> Tensor:
    prepared = head.prepare(features, gaze if head.config.gaze else None)
    with torch.no_grad():
        return head(prepared, boxes, ratio)


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_the_paper_s_network_has_the_published_size() -> None:
    """5,906,721 parameters: the trunk up to stride 32, which leaves out its last 1x1 convolution."""
    trunk = lively_encoder().features[: LAYERS - 1]
    assert count(GaicHead()) == 4_095_009
    assert count(trunk) == 1_811_712
    assert count(trunk) + count(GaicHead()) == 5_906_721


def test_the_smaller_variant_of_the_paper() -> None:
    head = GaicHead(GaicConfig(channels=8))
    assert head.large_kernel.in_features == 2 * 8 * 9 * 9
    # The paper's case for 8 channels: the head shrinks to about a quarter.
    assert count(head) < 0.28 * count(GaicHead())


def test_a_score_is_what_the_layers_make_of_both_regions() -> None:
    """Reference: the fully connected layer as the paper draws it, a 9x9 convolution of both regions."""
    head = built(PLAIN)
    features, boxes = joined(), random_boxes(1, 4)
    reduced = head.reduce(features)
    both = torch.cat([roi_align(reduced, boxes, 3), rod_align(reduced, boxes, 3)], dim=2)[0]
    large = nn.Conv2d(2 * 4, 10, kernel_size=3)
    with torch.no_grad():
        large.weight.copy_(head.large_kernel.weight.view(10, 8, 3, 3))
        large.bias.copy_(head.large_kernel.bias)
        x = torch.relu(large(both)).flatten(1)
        expected = head.out(torch.relu(head.hidden(x)))[:, 0]
    found = scores(head, features, even_gaze(), boxes, torch.tensor([1.5]))
    torch.testing.assert_close(found[0], expected)


@pytest.mark.parametrize("config", [PLAIN, SMALL_GAIC], ids=["paper", "facts"])
def test_crops_are_scored_alone_as_together_and_by_their_own_photo(config: GaicConfig) -> None:
    head = built(config)
    features, gaze, boxes = joined(3), even_gaze(3), random_boxes(3, 5)
    ratio = torch.tensor([0.7, 1.0, 1.8])
    together = scores(head, features, gaze, boxes, ratio)
    assert together.shape == (3, 5)
    for i in range(3):
        one = slice(i, i + 1)
        for j in range(5):
            alone = scores(head, features[one], gaze[one], boxes[one, j : j + 1], ratio[one])
            torch.testing.assert_close(alone[0, 0], together[i, j], atol=1e-5, rtol=1e-4)


def test_the_paper_s_score_ignores_all_but_the_features() -> None:
    head = built(PLAIN)
    boxes = random_boxes(1, 4)
    a = scores(head, joined(), even_gaze(), boxes, torch.tensor([0.5]))
    b = scores(head, joined(), even_gaze(), boxes, torch.tensor([2.0]))
    assert torch.equal(a, b)


def test_what_is_discarded_counts_too() -> None:
    head = built(PLAIN)
    box = torch.tensor([[[0.0, 0.0, 0.5, 1.0]]])
    features = joined()
    changed = features.clone()
    changed[..., 6:] += 1  # outside the crop and beyond the reach of its samples
    before, after = (
        scores(head, f, even_gaze(), box, torch.tensor([1.0])) for f in (features, changed)
    )
    assert (before - after).abs() > 1e-4


@pytest.mark.parametrize("config", [PLAIN, SMALL_GAIC], ids=["paper", "facts"])
def test_scores_change_little_when_a_crop_moves_little(config: GaicConfig) -> None:
    head = built(config)
    start = torch.tensor([0.1, 0.1, 0.6, 0.7])
    shift = torch.tensor([1.0, 0.3, 1.0, 0.3])
    boxes = torch.stack([start + shift * s for s in torch.linspace(0, 0.3, 301)])[None]
    found = scores(head, joined(), even_gaze(), boxes, torch.tensor([1.5]))[0]
    steps = (found[1:] - found[:-1]).abs()
    assert steps.max() < 0.05 * (found.max() - found.min())


def test_a_head_that_looks_at_gaze_must_be_shown_it() -> None:
    with pytest.raises(ValueError, match="gaze"):
        built(SMALL_GAIC).prepare(joined())


def test_dropout_is_off_outside_training() -> None:
    head = built(GaicConfig(channels=4, bins=3, kernel=10, hidden=6, dropout=0.5))
    boxes, ratio = random_boxes(1, 3), torch.tensor([1.0])
    assert torch.equal(
        scores(head, joined(), even_gaze(), boxes, ratio),
        scores(head, joined(), even_gaze(), boxes, ratio),
    )
    head.train()
    assert not torch.equal(
        scores(head, joined(), even_gaze(), boxes, ratio),
        scores(head, joined(), even_gaze(), boxes, ratio),
    )


def test_geometry_facts_by_hand() -> None:
    boxes = torch.tensor([[[0.0, 0.0, 1.0, 1.0], [0.25, 0.5, 0.75, 1.0]]])
    facts = geometry_facts(boxes, torch.tensor([2.0]))
    assert facts.shape == (1, 2, GEOMETRY_FACTS)
    ln2 = float(np.log(2))
    whole = [-0.5, -0.5, -0.5, -0.5, 0.5, 0.5, 1.0, 0.7, 0, 0, 2 * ln2, 2 * ln2]
    part = [0.5, 1.5, 0.5, -0.5, -0.5, -0.5, -0.5, 0.7 - 2 * ln2, 0, 1.5, 2 * ln2, 2 * ln2]
    assert facts[0, 0].tolist() == pytest.approx(whole, abs=1e-6)
    assert facts[0, 1].tolist() == pytest.approx(part, abs=1e-6)


def test_the_prior_knows_sizes_without_looking_at_the_photo() -> None:
    torch.manual_seed(0)
    prior = GeometryPrior()
    found = prior(random_boxes(2, 6), torch.tensor([1.0, 1.5]))
    assert found.shape == (2, 6)
    assert found.std() > 0


def test_gaze_facts_by_hand() -> None:
    """All gaze at one place of a 10 x 10 grid: the cell (4, 2), x from 0.2 to 0.3."""
    gaze = torch.zeros(1, 1, 10, 10)
    gaze[0, 0, 4, 2] = 100.0
    boxes = torch.tensor(
        [
            [
                [0.0, 0.0, 1.0, 1.0],
                [0.0, 0.0, 0.5, 1.0],
                [0.5, 0.0, 1.0, 1.0],
                [0.25, 0.0, 1.0, 1.0],
            ]
        ]
    )
    facts = gaze_facts(gaze, boxes)
    assert facts.shape == (1, 4, GAZE_FACTS)
    share, left, right, top, bottom, density = facts[0].unbind(-1)
    assert share.tolist() == pytest.approx([1, 1, -3, 4 * 0.5 - 3], abs=1e-4)
    # Only the last crop's left border runs through what people look at, within 4 % on either hand.
    assert left.tolist() == pytest.approx([0, 0, 0, 8], abs=1e-4)
    for border in (right, top, bottom):
        assert border.tolist() == pytest.approx([0, 0, 0, 0], abs=1e-4)
    assert float(density[0]) == pytest.approx(0, abs=1e-5)
    assert density[1] > 1
    assert density[2] < -4


def test_gaze_facts_mirror_with_the_photo() -> None:
    gaze, boxes = even_gaze(1, 6, 9), random_boxes(1, 8)
    mirrored = boxes.clone()
    mirrored[..., 0], mirrored[..., 2] = 1 - boxes[..., 2], 1 - boxes[..., 0]
    facts, turned = gaze_facts(gaze, boxes), gaze_facts(gaze.flip(3), mirrored)
    torch.testing.assert_close(turned, facts[..., [0, 2, 1, 3, 4, 5]], atol=1e-5, rtol=1e-4)
