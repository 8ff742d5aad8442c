"""saliency: a head that predicts eye fixations from the encoder's levels.

Also the untrained reference of the asm paper, the spectral residual (Hou and Zhang, CVPR 2007).
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
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


def spectral_residual(pixels: NDArray[np.uint8], side: int = 64) -> NDArray[np.float32]:
    """Saliency of sRGB pixels (h, w, 3) from the log spectrum less its local mean: (side, side) in [0, 1]."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    small = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small)
    log_amplitude = np.log(np.abs(spectrum) + 1e-9).astype(np.float32)
    residual = log_amplitude - cv2.blur(log_amplitude, (3, 3), borderType=cv2.BORDER_REPLICATE)
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    energy = cv2.GaussianBlur((np.abs(back) ** 2).astype(np.float32), (0, 0), 2.5)
    low, high = float(energy.min()), float(energy.max())
    return (energy - low) / max(high - low, 1e-12)


def _up(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=False)
