"""saliency: a head that predicts eye fixations from the encoder's levels."""

from __future__ import annotations

import cv2
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.encoder import LEVEL_CHANNELS, Levels


class SaliencyHead(nn.Module):
    """A light decoder from strides 32, 16 and 8 to log densities at stride 8."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.from_s32 = nn.Conv2d(LEVEL_CHANNELS["s32"], width, 1)
        self.from_s16 = nn.Conv2d(LEVEL_CHANNELS["s16"], width, 1)
        self.from_s8 = nn.Conv2d(LEVEL_CHANNELS["s8"], width, 1)
        self.mix32 = nn.Conv2d(width, width, 3, padding=1)
        self.mix16 = nn.Conv2d(width, width, 3, padding=1)
        self.mix8 = nn.Conv2d(width, width, 3, padding=1)
        self.out = nn.Conv2d(width, 1, 1)
        self.centre = nn.Parameter(torch.tensor([2.0, 2.0]))
        blur = cv2.getGaussianKernel(9, 1.5)
        self.blur: Tensor
        self.register_buffer("blur", torch.from_numpy(blur).float().view(1, 1, 9, 1))

    def forward(self, levels: Levels) -> Tensor:
        """Logits (B, 1, H/8, W/8); their spatial softmax is the density of fixations."""
        x = torch.relu(self.mix32(torch.relu(self.from_s32(levels.s32))))
        x = _up(x, levels.s16) + self.from_s16(levels.s16)
        x = torch.relu(self.mix16(torch.relu(x)))
        x = _up(x, levels.s8) + self.from_s8(levels.s8)
        x = self.out(torch.relu(self.mix8(torch.relu(x)))).float()
        x = F.pad(x, (4, 4, 4, 4), mode="replicate")
        x = F.conv2d(F.conv2d(x, self.blur), self.blur.transpose(2, 3))
        return x + self._centre_bias(x)

    def _centre_bias(self, x: Tensor) -> Tensor:
        """People look at the middle first: a learnt Gaussian about it, in fractions of the sides."""
        h, w = x.shape[-2:]
        y = (torch.arange(h, device=x.device) + 0.5) / h - 0.5
        z = (torch.arange(w, device=x.device) + 0.5) / w - 0.5
        strength = F.softplus(self.centre)
        return -(strength[0] * z[None, :] ** 2 + strength[1] * y[:, None] ** 2)


def density(logits: Tensor) -> Tensor:
    """Fixation density relative to a uniform one: same shape, mean 1 over each map."""
    b, _, h, w = logits.shape
    return logits.flatten(1).softmax(dim=1).view(b, 1, h, w) * (h * w)


def unit_range(maps: Tensor) -> Tensor:
    """Maps (B, 1, h, w) stretched to [0, 1] each; a flat map becomes 0."""
    low = maps.amin(dim=(-2, -1), keepdim=True)
    high = maps.amax(dim=(-2, -1), keepdim=True)
    return (maps - low) / (high - low).clamp_min(1e-12)


def _up(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=False)
