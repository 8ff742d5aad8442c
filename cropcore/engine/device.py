"""Chooses the device: ``auto | cpu | cuda | cuda:N | mps``."""

from __future__ import annotations

import torch

from cropcore.engine.encoder_pass import EncoderPass, PlainPass
from cropcore.errors import DeviceError
from cropcore.messages import NOTHING, Message
from cropcore.models.encoder import Encoder
from cropcore.models.head_detector import HeadDetector
from cropcore.models.saliency import SaliencyHead

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(wanted: str = "auto") -> tuple[torch.device, Message]:
    """The torch device for a wanted one, and a sentence to show once, empty where all is as wished.

    Raises:
        DeviceError: the wanted device is unknown, or is not on this machine.
    """
    kind, colon, number = wanted.partition(":")
    if kind not in DEVICES or (colon and not (kind == "cuda" and number.isdecimal())):
        raise DeviceError(
            "{wanted!r} is no device: choose one of {choices}, or a card such as cuda:1.",
            wanted=wanted,
            choices=", ".join(DEVICES),
        )
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if wanted == "auto":
        for name in ("cuda", "mps"):
            if there[name]:
                return torch.device(name), NOTHING
        return torch.device("cpu"), Message("No GPU found: running on the CPU.")
    if not there[kind]:
        raise DeviceError(
            "There is no usable {device} device here; choose auto or cpu instead.",
            device=kind.upper(),
        )
    if colon and int(number) >= torch.cuda.device_count():
        raise DeviceError(
            "There is no card {wanted} here: they are counted from cuda:0 to cuda:{last}.",
            wanted=wanted,
            last=torch.cuda.device_count() - 1,
        )
    return torch.device(wanted), NOTHING


def device_title(device: torch.device) -> str:
    """The device's name for a person, such as ``CPU`` or ``CUDA: NVIDIA RTX 4070``."""
    if device.type == "cuda":
        return f"CUDA: {torch.cuda.get_device_name(device)}"
    return {"cpu": "CPU", "mps": "Apple GPU"}[device.type]


def pass_for(
    encoder: Encoder,
    saliency: SaliencyHead,
    device: torch.device,
    layer_maps: bool,
    heads: HeadDetector | None = None,
) -> EncoderPass:
    """The pass that suits a device; modules are in evaluation mode and on it."""
    if device.type != "cuda":
        return PlainPass(encoder, saliency, device, layer_maps, heads)
    # Imported here because nobody needs it on a CPU.
    from cropcore.engine.cuda_graphs import CudaCapture
    from cropcore.engine.cuda_pass import AcceleratedPass

    capture = CudaCapture(device)
    return AcceleratedPass(encoder, saliency, device, layer_maps, capture, heads=heads)
