"""Exports all networks of a folder of weights as graphs, which then run without torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from cropcore.engine.torch_networks import loaded_head, loaded_trunk
from cropcore.engine.weights_folder import HEADS, WeightsFolder, read_folder
from cropcore.errors import WeightsError
from cropcore.models.graph_export import export_graphs
from cropcore.models.graph_modules import (
    GraphSource,
    encoder_sources,
    heads_sources,
    method_sources,
    saliency_sources,
)

_CPU = torch.device("cpu")


def export_folder(
    weights: Path | None = None, told: Callable[[int, int, str], None] = lambda *_: None
) -> list[Path]:
    """Write the graphs of a folder of weights, by default the shipped one, beside them.

    ``told`` hears how many of how many weights files are done, and the name of the next one. Returns
    the graphs' files. Records get the graphs' digests.

    Raises:
        WeightsError: weights are missing, altered or do not fit.
        ModuleNotFoundError: a package for exporting is missing.
    """
    folder = read_folder(weights)
    paths: list[Path] = []
    for index, (name, sources) in enumerate(graph_sources(folder)):
        told(index, len(folder.records), name)
        paths += export_graphs(name, sources, folder.path)
    return paths


def graph_sources(folder: WeightsFolder) -> Iterator[tuple[str, Iterator[GraphSource]]]:
    """What is exported of each weights file, by its name.

    Raises:
        WeightsError: weights are missing, altered or do not fit.
    """
    encoder, saliency, heads = loaded_trunk(folder, _CPU)
    if saliency is None or not folder.as_product:
        raise WeightsError(
            "{place} holds weights that follow a paper: graphs are made of the product's trunk, size "
            "of input and gaze head alone. Torch computes these.",
            place=folder.path,
        )
    yield "encoder", encoder_sources(encoder)
    yield "saliency", saliency_sources(saliency)
    if heads is not None:
        yield HEADS, heads_sources(heads)
    for name in folder.methods:
        head = loaded_head(folder.records[name], folder, _CPU)
        yield name, method_sources(name, head)
