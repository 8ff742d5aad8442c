"""Convolutional trunks of the papers: MobileNetV2, and VGG16, ResNet-50 and ShuffleNetV2 by torchvision.

A trunk is cut into layers. The channel maximum of each is a map for sfrc; some are levels for the heads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from torch import nn

from cropcore.models.mobilenet import mobilenet_v2_features

TrunkName = Literal["mobilenet_v2", "vgg16", "resnet50", "shufflenet_v2"]


@dataclass(frozen=True, slots=True)
class Trunk:
    """What heads need to know of a trunk.

    Attributes:
        model: its name in torchvision.
        layers: into how many layers it is cut.
        levels: the level that a layer's output is, by the layer's index.
        channels: of the levels at strides 8, 16 (before the last) and 32.
        mars_channels: width of mars' features; a 1x1 convolution brings wider levels to it.
    """

    model: str
    layers: int
    levels: Mapping[int, tuple[str, ...]]
    channels: Mapping[str, int]
    mars_channels: int

    @property
    def joined(self) -> int:
        """Channels of strides 8, 16 and 32 together."""
        return self.channels["s8"] + self.channels["s16"] + self.channels["s32"]

    @property
    def frozen(self) -> int:
        """How many layers lead to stride 8: fine-tuning of a trunk that is kept starts there."""
        return 1 + next(index for index, names in self.levels.items() if "s8" in names)

    @property
    def last(self) -> int:
        """The layer that gives stride 32; those behind it serve layer maps only."""
        return max(self.levels)


def _channels(s8: int, s16: int, s32: int) -> dict[str, int]:
    return {"s8": s8, "s16_mid": s16, "s16": s16, "s32": s32}


_BOTH16 = ("s16_mid", "s16")

TRUNKS: dict[str, Trunk] = {
    "mobilenet_v2": Trunk(
        "mobilenet_v2",
        19,
        {6: ("s8",), 12: ("s16_mid",), 13: ("s16",), 17: ("s32",)},
        _channels(32, 96, 320),
        96,
    ),
    # Thirteen convolutions and the last pooling; strides 8 and 16 are those of blocks 4 and 5.
    "vgg16": Trunk(
        "vgg16", 14, {9: ("s8",), 12: _BOTH16, 13: ("s32",)}, _channels(512, 512, 512), 512
    ),
    # The stem and sixteen blocks. With 1,024 features mars would have 537 M parameters; its paper has 144.
    "resnet50": Trunk(
        "resnet50", 17, {7: ("s8",), 13: _BOTH16, 16: ("s32",)}, _channels(512, 1024, 2048), 512
    ),
    "shufflenet_v2": Trunk(
        "shufflenet_v2_x1_0",
        18,
        {4: ("s8",), 12: _BOTH16, 16: ("s32",)},
        _channels(116, 232, 464),
        232,
    ),
}


def trunk_layers(name: str) -> nn.Sequential:
    """The untrained layers of a trunk."""
    return mobilenet_v2_features() if name == "mobilenet_v2" else layers_of(name, untrained(name))


def untrained(name: str) -> nn.Module:
    """torchvision's model of a trunk, with its classifier."""
    # Imported here because it takes seconds, and the product's own trunk does without.
    import torchvision

    made: nn.Module = getattr(torchvision.models, TRUNKS[name].model)(weights=None)
    return made


def layers_of(name: str, model: Any) -> nn.Sequential:
    """The layers of torchvision's model, cut as :data:`TRUNKS` says; they are the model's own."""
    if name == "mobilenet_v2":
        return nn.Sequential(*model.features)
    if name == "vgg16":
        return nn.Sequential(*_vgg_layers(model.features))
    if name == "resnet50":
        stem = nn.Sequential(model.conv1, model.bn1, model.relu)
        stages = chain(model.layer1, model.layer2, model.layer3, model.layer4)
    else:
        stem, stages = model.conv1, chain(model.stage2, model.stage3, model.stage4)
    blocks = list(stages)
    blocks[0] = nn.Sequential(model.maxpool, blocks[0])
    if name == "shufflenet_v2":
        blocks.append(model.conv5)
    return nn.Sequential(stem, *blocks)


def _vgg_layers(features: nn.Sequential) -> list[nn.Module]:
    """Each convolution with the pooling before it and the ReLU behind it, and the last pooling."""
    layers: list[nn.Module] = []
    pooling: list[nn.Module] = []
    for module in features:
        if isinstance(module, nn.MaxPool2d):
            pooling = [module]
        elif isinstance(module, nn.Conv2d):
            layers.append(nn.Sequential(*pooling, module, nn.ReLU(inplace=True)))
            pooling = []
    return [*layers, *pooling]
