import subprocess
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.models import mobilenet_v2

from cropcore.engine.encoder_pass import PlainPass
from cropcore.models.encoder import (
    FROZEN_LAYERS,
    JOINED_CHANNELS,
    LAYERS,
    LEVEL_CHANNELS,
    Encoder,
    FoldedEncoder,
    _channel_max,
    to_input,
)
from cropcore.models.input_size import MEAN, STD, input_size
from cropcore.models.saliency import SaliencyHead, density
from tests.cropcore.helpers.untrained import lively_encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return lively_encoder()


@pytest.fixture(scope="module")
def x() -> torch.Tensor:
    return torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        ((6000, 4000), (384, 256)),
        ((4000, 6000), (256, 384)),
        ((1920, 1080), (448, 256)),
        ((100, 100), (256, 256)),
        ((64, 64), (256, 256)),
        ((9000, 3000), (768, 256)),
        ((20000, 1000), (1024, 256)),
        ((1, 1), (256, 256)),
        ((1, 5000), (256, 1024)),
        ((257, 256), (256, 256)),
    ],
)
def test_the_size_of_the_net_input(photo: tuple[int, int], expected: tuple[int, int]) -> None:
    assert input_size(*photo) == expected


@given(st.integers(1, 30000), st.integers(1, 30000))
def test_net_inputs_fit_the_strides_and_keep_the_ratio_nearly(width: int, height: int) -> None:
    w, h = input_size(width, height)
    assert w % 32 == h % 32 == 0
    assert min(w, h) == 256
    assert max(w, h) <= 1024
    assert input_size(height, width) == (h, w)
    if 1 / 4 <= width / height <= 4:
        assert abs((w / h) / (width / height) - 1) <= 0.0625 + 1e-9


def test_pixels_are_normalised_as_torchvision_does() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (256, 320, 3), dtype=np.uint8)
    found = to_input(pixels)
    assert found.shape == (1, 3, 256, 320)
    assert found.dtype == torch.float32
    expected = (pixels / 255 - MEAN) / STD
    np.testing.assert_allclose(found[0].permute(1, 2, 0).numpy(), expected, atol=1e-5)


def test_photos_of_other_sizes_are_resized_smoothly() -> None:
    ramp = np.linspace(0, 255, 900)[None, :, None].repeat(600, 0).repeat(3, 2).astype(np.uint8)
    found = to_input(ramp)
    assert found.shape == (1, 3, 256, 384)
    row = found[0, 0, 100] * STD[0] + MEAN[0]
    expected = (torch.arange(384) + 0.5) / 384
    assert (row - expected).abs().max() < 0.01


def test_pixels_seen_from_behind_are_understood() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    mirrored = to_input(pixels[:, ::-1])
    torch.testing.assert_close(mirrored, to_input(pixels).flip(3))


def test_levels_are_the_stated_layers_of_mobilenet(encoder: Encoder, x: torch.Tensor) -> None:
    plain = mobilenet_v2(weights=None, num_classes=2).eval()
    plain.features.load_state_dict(encoder.features.state_dict())
    with torch.inference_mode():
        levels = encoder(x)
        outputs = []
        y = x
        for layer in plain.features:
            y = layer(y)
            outputs.append(y)
    assert len(outputs) == LAYERS == 19
    for name, index in (("s8", 6), ("s16_mid", 12), ("s16", 13), ("s32", 17)):
        torch.testing.assert_close(getattr(levels, name), outputs[index])
        assert getattr(levels, name).shape[1] == LEVEL_CHANNELS[name]
    assert levels.s8.shape[2:] == (8, 12)
    assert levels.s16.shape[2:] == levels.s16_mid.shape[2:] == (4, 6)
    assert levels.s32.shape[2:] == (2, 3)
    assert levels.layer_maps is not None
    assert levels.layer_maps.shape == (2, 19, 64, 64)
    for index, output in enumerate(outputs):
        strongest = output.max(dim=1, keepdim=True).values
        resized = F.interpolate(strongest, (64, 64), mode="bilinear", align_corners=False)
        torch.testing.assert_close(levels.layer_maps[:, index], resized[:, 0])


@given(st.integers(1, 5), st.integers(1, 5), st.booleans())
@settings(max_examples=8, deadline=None)
def test_a_folded_encoder_gives_the_same(height: int, width: int, layer_maps: bool) -> None:
    encoder = lively_encoder(1)
    x = torch.randn(1, 3, height * 32, width * 32)
    with torch.inference_mode():
        plain = encoder(x, layer_maps)
        folded = FoldedEncoder(encoder)(x.to(memory_format=torch.channels_last), layer_maps)
    for name in (*LEVEL_CHANNELS, "layer_maps"):
        expected = getattr(plain, name)
        if expected is None:
            assert getattr(folded, name) is None
        else:
            torch.testing.assert_close(getattr(folded, name), expected, rtol=1e-3, atol=1e-3)


@given(st.integers(1, 70), st.integers(1, 9), st.integers(1, 9))
@settings(max_examples=25, deadline=None)
def test_the_strongest_channel_is_the_same_in_both_layouts(
    channels: int, height: int, width: int
) -> None:
    x = torch.randn(2, channels, height, width)
    found = _channel_max(x.to(memory_format=torch.channels_last))
    expected = F.interpolate(x.amax(dim=1, keepdim=True), (64, 64), mode="bilinear")
    assert torch.equal(found, expected)


@given(st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=8, deadline=None)
def test_the_pass_sees_the_gaze_of_the_plain_modules(height: int, width: int) -> None:
    encoder, saliency = lively_encoder(1), SaliencyHead().eval()
    shape = (height * 32, width * 32)
    scale = 256 / min(shape)
    pixels = np.random.default_rng(height).integers(
        0, 256, (round(shape[0] * scale), round(shape[1] * scale), 3), np.uint8
    )
    with torch.inference_mode():
        expected = density(saliency(encoder(to_input(pixels))))
        (seen,) = PlainPass(encoder, saliency, torch.device("cpu"), layer_maps=False)([pixels])
    torch.testing.assert_close(seen.gaze, expected, rtol=1e-4, atol=1e-4)


def test_the_engine_starts_without_torchvision() -> None:
    program = "import sys, cropcore.engine.engine; sys.exit('torchvision' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_levels_are_the_same_without_layer_maps(encoder: Encoder, x: torch.Tensor) -> None:
    with torch.inference_mode():
        with_maps, without = encoder(x), encoder(x, layer_maps=False)
    assert without.layer_maps is None
    for name in LEVEL_CHANNELS:
        torch.testing.assert_close(getattr(with_maps, name), getattr(without, name))


def test_the_bottom_ends_at_stride_8(encoder: Encoder, x: torch.Tensor) -> None:
    with torch.inference_mode():
        bottom, maps = encoder.forward_bottom(x)
        levels = encoder.forward_top((bottom, maps))
        whole = encoder(x)
    assert bottom.shape == (2, 32, 8, 12)
    assert maps is not None
    assert maps.shape == (2, FROZEN_LAYERS, 64, 64)
    torch.testing.assert_close(levels.s8, bottom)
    torch.testing.assert_close(levels.s32, whole.s32)


def test_joined_levels_lie_on_stride_16(encoder: Encoder, x: torch.Tensor) -> None:
    with torch.no_grad():
        levels = encoder(x)
    joined = levels.joined()
    assert joined.shape == (2, JOINED_CHANNELS, 4, 6)
    torch.testing.assert_close(joined[:, 32:128], levels.s16)
    # A constant level stays constant, so nothing bleeds in from the border.
    levels.s8.fill_(3.0)
    levels.s32.fill_(5.0)
    joined = levels.joined()
    torch.testing.assert_close(joined[:, :32], torch.full((2, 32, 4, 6), 3.0))
    torch.testing.assert_close(joined[:, 128:], torch.full((2, 320, 4, 6), 5.0))
