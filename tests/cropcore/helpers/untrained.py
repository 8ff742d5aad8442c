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

from cropcore.engine.calibration import Calibration
from cropcore.engine.cascade import Rule
from cropcore.models.asm import AsmConfig, AsmHead
from cropcore.models.encoder import Encoder, to_input
from cropcore.models.gaic import GaicConfig, GaicHead
from cropcore.models.mars import MarsConfig, MarsHead
from cropcore.models.saliency import SaliencyHead
from cropcore.models.setpred import SetpredConfig, SetpredHead
from cropcore.models.sfrc import SfrcConfig, SfrcHead
from cropcore.models.weights import save_weights
from cropcore.training.fit_cascade import save_rule

SMALL_GAIC = GaicConfig(channels=4, bins=3, kernel=16, hidden=8, geometry=True, gaze=True)
SMALL_ASM = AsmConfig(prior=True)
SMALL_SFRC = SfrcConfig(
    channels=4, bins=3, hidden=16, region=8, spatial=8, score_hidden=8, geometry=True, gaze=True
)
SMALL_MARS = MarsConfig(embeddings=21, widest=4.0, dimension=8, joined=True, smooth_start=True)
SMALL_SETPRED = SetpredConfig(
    width=16,
    heads=2,
    encoder_layers=1,
    decoder_layers=1,
    feedforward=16,
    anchors=12,
    photo_ratio=True,
)
RULE = Rule(
    quick_free={"gaic": 3.0, "asm": 3.0, "mars": 8.0, "setpred": 8.0, "cut": -11.0},
    quick_ratio={"gaic": 3.0, "asm": 3.0, "mars": 8.0, "setpred": 0.0, "cut": -11.0},
    free={"gaic": 2.0, "asm": 2.0, "mars": 6.0, "setpred": 6.0, "sfrc": 3.0, "cut": -11.0},
    ratio={"gaic": 2.0, "asm": 2.0, "mars": 6.0, "setpred": 0.0, "sfrc": 3.0, "cut": -11.0},
    votes={"gaic": 1.0, "asm": 1.0, "mars": 2.0, "setpred": 1.0, "sfrc": 1.0, "cut": -4.0},
)


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
    gaic, asm, sfrc = GaicHead(SMALL_GAIC), AsmHead(SMALL_ASM), SfrcHead(SMALL_SFRC)
    mars, setpred = MarsHead(SMALL_MARS), SetpredHead(SMALL_SETPRED)
    with torch.no_grad():
        sfrc.score_out.weight *= 5
        gaic.out.weight *= 20
        asm.project[-1].weight *= 5
    decoding: dict[str, Any] = {
        "free": 0.3,
        "ratio": 0.25,
        "free_scores": ((0.0, 0.5, 1.0), (0.0, 0.6, 1.0)),
        "ratio_scores": ((0.0, 0.5, 1.0), (0.0, 0.7, 1.0)),
        "free_confidence": (-5.0, 9.0, 0.1),
        "ratio_confidence": (-4.0, 9.0, 0.0),
    }
    save_weights(SaliencyHead(), "saliency", folder, config={}, encoder_sha256=encoder)
    heads = {"gaic": gaic, "asm": asm, "sfrc": sfrc, "mars": mars, "setpred": setpred}
    for name, head in heads.items():
        bounded = {"free": 0.05, "ratio": 0.05, "cut": 0.0} if name in ("mars", "setpred") else {}
        save_weights(
            head,
            name,
            folder,
            config=asdict(head.config),
            encoder_sha256=encoder,
            decoding=decoding | bounded,
        )
    save_rule(RULE, Calibration.from_record(decoding | {"free": 1.0, "ratio": 1.0}), folder)
