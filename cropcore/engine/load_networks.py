"""Loads the networks of a folder of weights: as graphs on a CPU, by torch on a graphics card."""

from __future__ import annotations

import importlib.util

from cropcore.engine.device import pick_device
from cropcore.engine.graph_networks import GraphNetworks
from cropcore.engine.networks import Networks
from cropcore.engine.weights_folder import WeightsFolder
from cropcore.errors import WeightsError
from cropcore.messages import Message


def load_networks(folder: WeightsFolder, device: str = "auto") -> tuple[Networks, Message]:
    """The networks, and a sentence to show once, empty where all is as wished.

    On the CPU graphs are run; where they are missing or damaged, torch computes, and the sentence says
    so. Weights that follow a paper, with another trunk or size of input, are torch's.

    Raises:
        DeviceError: the wanted device is unknown, or is not on this machine.
        WeightsError: a weights file is missing or altered, or graphs are, and torch is not here.
    """
    target, note = pick_device(device)
    if target != "cpu" or not folder.as_product:
        return on_torch(folder, target), note
    try:
        return GraphNetworks(folder), note
    except WeightsError as error:
        if importlib.util.find_spec("torch") is None:
            raise
        note = Message(
            "{trouble} Until then torch computes, which starts more slowly.", trouble=error.message
        )
        return on_torch(folder, target), note


def on_torch(folder: WeightsFolder, device: str) -> Networks:
    """The networks on torch.

    Raises:
        WeightsError: a weights file is missing or altered, or does not fit.
    """
    # Imported here because it takes seconds, and a CPU needs it only where graphs are missing.
    import torch

    from cropcore.engine.torch_networks import TorchNetworks

    return TorchNetworks(folder, torch.device(device))
