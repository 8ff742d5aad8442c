import cv2
import numpy as np
import pytest
import torch

from cropcore.models.encoder import Levels, to_input
from cropcore.models.saliency import SaliencyHead, density, unit_range
from cropcore.models.spectral_residual import spectral_residual
from tests.cropcore.helpers.untrained import lively_encoder, photo


@pytest.fixture(scope="module")
def levels() -> Levels:
    with torch.no_grad():
        return lively_encoder()(to_input(photo(384, 256)))


def built() -> SaliencyHead:
    torch.manual_seed(0)
    return SaliencyHead().eval()


def test_the_density_has_mean_one_and_stays_finite() -> None:
    logits = torch.randn(3, 1, 8, 11) * 50
    found = density(logits)
    assert found.shape == logits.shape
    assert (found >= 0).all()
    assert found.isfinite().all()
    assert found.mean(dim=(1, 2, 3)).tolist() == pytest.approx([1, 1, 1], rel=1e-4)
    for logit, map_ in zip(logits, found, strict=True):
        assert logit.argmax() == map_.argmax()


def test_even_logits_are_an_even_density() -> None:
    torch.testing.assert_close(density(torch.full((1, 1, 4, 6), 3.0)), torch.ones(1, 1, 4, 6))


def test_unit_range_stretches_each_map() -> None:
    maps = torch.tensor([[[[2.0, 4.0, 3.0]]], [[[-1.0, 0.0, 9.0]]], [[[5.0, 5.0, 5.0]]]])
    found = unit_range(maps)
    assert found[0].flatten().tolist() == pytest.approx([0, 1, 0.5])
    assert found[1].flatten().tolist() == pytest.approx([0, 0.1, 1])
    assert found[2].flatten().tolist() == [0, 0, 0]


def test_logits_lie_on_stride_8(levels: Levels) -> None:
    with torch.no_grad():
        logits = built()(levels)
    assert logits.shape == (1, 1, 32, 48)
    assert logits.isfinite().all()
    assert logits.std() > 0


def test_without_content_people_look_at_the_middle(levels: Levels) -> None:
    head = built()
    with torch.no_grad():
        head.out.weight.zero_()
        found = density(head(levels))[0, 0]
    assert found[15:17, 23:25].mean() == pytest.approx(float(found.max()))
    torch.testing.assert_close(found, found.flip(0), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(found, found.flip(1), atol=1e-4, rtol=1e-4)
    assert found[0, 0] < found[16, 24]


def test_gaze_follows_the_features(levels: Levels) -> None:
    """The same features turned by half a turn are looked at elsewhere."""
    head = built()
    turned = Levels(
        levels.s8.rot90(2, (2, 3)),
        levels.s16_mid.rot90(2, (2, 3)),
        levels.s16.rot90(2, (2, 3)),
        levels.s32.rot90(2, (2, 3)),
        None,
    )
    with torch.no_grad():
        a, b = density(head(levels)), density(head(turned))
    assert (a - b).abs().max() > 1e-3


@pytest.mark.parametrize("place", [(60, 80), (180, 250), (120, 40)])
def test_the_odd_one_out_is_salient(place: tuple[int, int]) -> None:
    """Even texture with one square that differs: the residual of its spectrum stands out there."""
    rng = np.random.default_rng(0)
    pixels = rng.normal(110, 10, (240, 320)).clip(0, 255)
    row, column = place
    pixels[row - 14 : row + 14, column - 14 : column + 14] += 110
    rgb = np.repeat(pixels.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    found = spectral_residual(rgb)
    peak = np.unravel_index(found.argmax(), found.shape)
    assert abs((peak[0] + 0.5) / 64 * 240 - row) < 24
    assert abs((peak[1] + 0.5) / 64 * 320 - column) < 24
    square = np.zeros((240, 320), np.float32)
    square[row - 14 : row + 14, column - 14 : column + 14] = 1
    small = cv2.resize(square, (64, 64), interpolation=cv2.INTER_AREA) > 0.5
    assert found[small].mean() > 4 * found[~small].mean()


def test_spectral_residual_is_plain_numpy() -> None:
    """The method in its own words: log spectrum less its 3x3 mean, back, squared, blurred."""
    rgb = photo(200, 120, seed=4)
    small = cv2.resize(
        cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32),
        (64, 64),
        interpolation=cv2.INTER_AREA,
    )
    spectrum = np.fft.fft2(small)
    log = np.pad(np.log(np.abs(spectrum)), 1, mode="edge")
    local = sum(log[i : i + 64, j : j + 64] for i in range(3) for j in range(3)) / 9
    residual = log[1:-1, 1:-1] - local
    energy = np.abs(np.fft.ifft2(np.exp(residual) * spectrum / np.abs(spectrum))) ** 2
    blurred = cv2.GaussianBlur(energy.astype(np.float32), (0, 0), 2.5)
    expected = (blurred - blurred.min()) / (blurred.max() - blurred.min())
    np.testing.assert_allclose(spectral_residual(rgb), expected, atol=2e-3)


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("size", [(1, 1), (5, 300), (64, 64)])
def test_a_flat_photo_of_any_size_has_a_finite_map(size: tuple[int, int], level: int) -> None:
    found = spectral_residual(np.full((*size, 3), level, np.uint8))
    assert found.shape == (64, 64)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1
