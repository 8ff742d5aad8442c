"""MobileNetV2's trunk (Sandler et al., CVPR 2018), and the same trunk folded for inference.

Layers and names are torchvision's, so its files load; importing torchvision itself takes longer than
loading all weights, and nothing else of it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_FIRST, _LAST = 32, 1280
# Expansion, channels, blocks, stride of the first: table 2 of the paper.
_BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def mobilenet_v2_features() -> nn.Sequential:
    """The nineteen layers of torchvision's ``mobilenet_v2().features``, untrained."""
    layers: list[nn.Module] = [_unit(3, _FIRST, 3, stride=2)]
    inputs = _FIRST
    for expansion, outputs, count, stride in _BLOCKS:
        for index in range(count):
            step = stride if index == 0 else 1
            layers.append(InvertedResidual(inputs, outputs, step, expansion))
            inputs = outputs
    layers.append(_unit(inputs, _LAST, 1))
    features = nn.Sequential(*layers)
    for module in features.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out")
    return features


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow; added to the input where shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        self.use_res_connect = stride == 1 and inputs == outputs
        width = inputs * expansion
        layers: list[nn.Module] = [] if expansion == 1 else [_unit(inputs, width, 1)]
        layers.append(_unit(width, width, 3, stride=stride, groups=width))
        layers += [nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) -> (B, outputs, H / stride, W / stride)."""
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


def _unit(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Module:
    convolution = nn.Conv2d(
        inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False
    )
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU6(inplace=True))


@dataclass(frozen=True, eq=False, slots=True)
class _Folded:
    """A convolution with its batch norm folded in, weights channels last."""

    weight: Tensor
    bias: Tensor
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    groups: int
    clamped: bool

    @classmethod
    def of(
        cls, convolution: nn.Module, norm: nn.Module, clamped: bool, dtype: torch.dtype
    ) -> _Folded:
        assert isinstance(convolution, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        fused = fuse_conv_bn_eval(convolution, norm)
        assert fused.bias is not None
        assert not isinstance(fused.padding, str)
        weight = fused.weight.detach().to(dtype, memory_format=torch.channels_last)
        bias = fused.bias.detach().to(dtype)
        return cls(weight, bias, fused.stride, fused.padding, fused.groups, clamped)

    def __call__(self, x: Tensor) -> Tensor:
        y = F.conv2d(x, self.weight, self.bias, self.stride, self.padding, 1, self.groups)
        return y.clamp_(0, 6) if self.clamped else y


class FoldedLayer:
    """One of the nineteen layers, trained and in evaluation mode, folded; no gradients."""

    def __init__(self, layer: nn.Module, dtype: torch.dtype = torch.float32) -> None:
        self._adds = isinstance(layer, InvertedResidual) and layer.use_res_connect
        parts = list(layer.conv if isinstance(layer, InvertedResidual) else layer.children())
        units = [part for part in parts if isinstance(part, nn.Sequential)]
        self._steps = [_Folded.of(unit[0], unit[1], True, dtype) for unit in units]
        if not units:
            self._steps = [_Folded.of(parts[0], parts[1], True, dtype)]
        elif len(parts) > len(units):
            self._steps.append(_Folded.of(parts[-2], parts[-1], False, dtype))

    def __call__(self, x: Tensor) -> Tensor:
        """What the layer gives for (B, C, H, W), channels last."""
        y = x
        for step in self._steps:
            y = step(y)
        return y.add_(x) if self._adds else y
