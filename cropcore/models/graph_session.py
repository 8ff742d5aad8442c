"""Runs one exported graph on the processor, by ONNX Runtime."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from cropcore.errors import WeightsError
from cropcore.models.weights import REINSTALL, WeightsRecord, checked_content

Arrays = Mapping[str, NDArray[Any]]


class Graph:
    """One graph; it belongs to one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Load a graph whose file, and that of its weights beside it, are known to be whole.

        Raises:
            WeightsError: the runtime does not take it.
        """
        options = onnxruntime.SessionOptions()
        # Threads that spin while they wait keep cores from other programs, which are waited for then.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        # What is freed goes back: sessions would each keep the most they ever needed.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime has errors of many kinds, some of its own
            raise WeightsError(
                "{file} cannot be run ({reason}). {reinstall}",
                file=path.name,
                reason=str(error).splitlines()[0],
                reinstall=REINSTALL,
            ) from error
        self.inputs = tuple(node.name for node in self._session.get_inputs())
        self.outputs = tuple(node.name for node in self._session.get_outputs())

    def __call__(self, given: Arrays) -> dict[str, NDArray[np.float32]]:
        """The outputs by name, from the inputs, among which there may be others too."""
        fed = {name: given[name] for name in self.inputs}
        return dict(zip(self.outputs, self._session.run(None, fed), strict=True))


class GraphFiles:
    """The graphs of one weights file, checked, each loaded when it is first asked for; any thread may."""

    def __init__(self, record: WeightsRecord, folder: Path) -> None:
        """Check the weights file and the graphs.

        Raises:
            WeightsError: one is missing or altered, or the record knows of none.
        """
        if not record.graphs:
            raise WeightsError(
                "{name}.json names no ONNX graphs: cropcore export makes them.", name=record.name
            )
        checked_content(folder / f"{record.name}.safetensors", record.sha256)
        for name, digest in record.graphs.items():
            checked_content(folder / f"{name}.onnx", digest)
        self._folder, self._names = folder, frozenset(record.graphs)
        self._graphs: dict[str, Graph] = {}
        self._locks = {name: threading.Lock() for name in record.graphs}

    @property
    def names(self) -> frozenset[str]:
        """Of the graphs."""
        return self._names

    def __getitem__(self, name: str) -> Graph:
        """The graph of a name.

        Raises:
            WeightsError: the runtime does not take it.
        """
        # One by one, so that a question loads one graph while another is loaded ahead of it.
        with self._locks[name]:
            if name not in self._graphs:
                self._graphs[name] = Graph(self._folder / f"{name}.onnx")
            return self._graphs[name]
