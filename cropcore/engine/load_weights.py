"""Loads a folder of weights: encoder, heads, calibration and cascade."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from cropcore.engine.calibration import Calibration
from cropcore.engine.cascade import CASCADE, Rule
from cropcore.engine.methods import Method, load_method
from cropcore.errors import WeightsError
from cropcore.files.package_data import weights_folder
from cropcore.models.encoder import Encoder
from cropcore.models.head_detector import HeadDetector
from cropcore.models.saliency import SaliencyHead
from cropcore.models.weights import load_weights, read_record

METHODS = ("gaic", "sfrc", "asm", "mars", "setpred")
HEADS = "heads"
"""The detector of persons' heads; no cropping method."""


@dataclass(frozen=True, eq=False, slots=True)
class LoadedWeights:
    """All that a folder holds, on the device; ``sha256`` by name.

    ``heads`` finds persons' heads; None where the folder has no such detector.
    """

    encoder: Encoder
    saliency: SaliencyHead
    heads: HeadDetector | None
    methods: dict[str, tuple[Method, Calibration]]
    cascade: tuple[Rule, Calibration] | None
    sha256: dict[str, str]


def load_folder(folder: Path | None, device: torch.device) -> LoadedWeights:
    """Load the shipped weights, which must be complete, or those of another folder.

    Another folder may lack some methods; the cascade is there where all are, and a rule.

    Raises:
        WeightsError: a file is missing, altered or was trained on another encoder.
    """
    place = folder or weights_folder()

    def wanted(name: str) -> bool:
        return folder is None or (place / f"{name}.json").exists()

    encoder, saliency = Encoder(), SaliencyHead()
    heads = HeadDetector() if wanted(HEADS) else None
    parts: list[tuple[nn.Module | None, str]] = [
        (encoder, "encoder"), (saliency, "saliency"), (heads, HEADS)
    ]  # fmt: skip
    digests: dict[str, str] = {}
    for module, name in parts:
        if module is None:
            continue
        record = read_record(name, place)
        load_weights(module, record, place)
        digests[name] = record.sha256
        _check_encoder(name, record.encoder_sha256, digests["encoder"])
        module.eval().to(device)

    methods: dict[str, tuple[Method, Calibration]] = {}
    for name in filter(wanted, METHODS):
        method, calibration, record = load_method(name, place, device)
        _check_encoder(name, record.encoder_sha256, digests["encoder"])
        digests[name] = record.sha256
        methods[name] = (method, calibration)
    if not methods:
        raise WeightsError("{place} holds no method's weights. Choose another folder.", place=place)
    cascade = None
    if len(methods) == len(METHODS) and wanted(CASCADE):
        cascade, digests[CASCADE] = _load_rule(place, digests)
    return LoadedWeights(encoder, saliency, heads, methods, cascade, digests)


def _load_rule(folder: Path, digests: dict[str, str]) -> tuple[tuple[Rule, Calibration], str]:
    """The rule that joins the methods, its decoding, and its digest.

    Raises:
        WeightsError: it is missing, or was fitted on other weights.
    """
    record = read_record(CASCADE, folder)
    if record.sha256 != digest_of_members(digests):
        raise WeightsError(
            "The cascade's rule was fitted on other weights. Reinstall Cropsight to get a matching "
            "set."
        )
    try:
        found = Rule.from_config(record.config), Calibration.from_record(record.decoding)
    except (TypeError, ValueError, KeyError) as error:
        raise WeightsError(
            "{name}.json does not suit this version ({reason}). Update or reinstall Cropsight.",
            name=CASCADE,
            reason=str(error),
        ) from error
    return found, record.sha256


def digest_of_members(digests: dict[str, str]) -> str:
    """One SHA-256 of the weights of all methods, by which a rule knows its own."""
    members = "".join(digests[name] for name in METHODS)
    return hashlib.sha256(members.encode()).hexdigest()


def _check_encoder(name: str, wanted: str | None, found: str) -> None:
    if wanted is not None and wanted != found:
        raise WeightsError(
            "The {name} weights were trained on another encoder. Reinstall "
            "Cropsight to get a matching set.",
            name=name,
        )
