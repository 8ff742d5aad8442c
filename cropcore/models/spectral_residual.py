"""The untrained saliency reference of the asm paper: the spectral residual (Hou and Zhang, CVPR 2007)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


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
