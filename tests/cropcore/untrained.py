"""Untrained weights whose features are alive, and photos to look at, for tests without a download."""

from __future__ import annotations

import copy
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cropcore.encoder import Encoder, to_input
from cropcore.heads.asm import AsmConfig, AsmHead
from cropcore.heads.gaic import GaicConfig, GaicHead
from cropcore.heads.saliency import SaliencyHead
from cropcore.weights import save_weights

SMALL_GAIC = GaicConfig(channels=4, bins=3, kernel=16, hidden=8, geometry=True, gaze=True)
SMALL_ASM = AsmConfig(prior=True)


def photo(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """A smooth colourful photo (height, width, 3) with some coarse structure; no two seeds alike."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 9, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def lively_encoder(seed: int = 0) -> Encoder:
    """An untrained encoder whose batch norms fit it, so that all its features have deviation 1.

    Without this the features of an untrained MobileNetV2 fade to nothing from layer to layer.
    """
    return copy.deepcopy(_lively_encoder(seed))


@lru_cache
def _lively_encoder(seed: int) -> Encoder:
    torch.manual_seed(seed)
    encoder = Encoder()
    norms = [m for m in encoder.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    encoder.train()
    with torch.no_grad():
        batch = [to_input(photo(256, 256, seed))[..., 96:224, 96:224] for seed in range(3)]
        encoder(torch.cat(batch), layer_maps=False)
    for norm in norms:
        norm.momentum = 0.1
    return encoder.eval()


def write_untrained_weights(folder: Path, seed: int = 0) -> None:
    """A complete set of weights, as training leaves it, with heads that look at the photo."""
    encoder = save_weights(
        lively_encoder(seed), "encoder", folder, config={}, encoder_sha256=None
    ).sha256
    gaic, asm = GaicHead(SMALL_GAIC), AsmHead(SMALL_ASM)
    with torch.no_grad():
        gaic.out.weight *= 20
        asm.project[-1].weight *= 5
    decoding: dict[str, Any] = {
        "free": 0.3,
        "ratio": 0.25,
        "scores": ((0.0, 0.5, 1.0), (0.0, 0.6, 1.0)),
        "confidence": (-5.0, 9.0),
    }
    save_weights(SaliencyHead(), "saliency", folder, config={}, encoder_sha256=encoder)
    for name, head in (("gaic", gaic), ("asm", asm)):
        save_weights(
            head,
            name,
            folder,
            config=asdict(head.config),
            encoder_sha256=encoder,
            decoding=decoding,
        )
