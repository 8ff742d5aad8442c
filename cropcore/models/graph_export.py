"""Exports encoder and heads as ONNX graphs that read their weights from the safetensors files.

A tensor of a graph that lies in the weights file as it is, or as half floats, is not stored again: the
graph says where it lies there. So a graph belongs to one weights file, whose record holds its digest.
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from cropcore.files.atomic_write import write_at
from cropcore.models.graph_modules import GraphSource
from cropcore.models.weights import read_record

if TYPE_CHECKING:
    import onnx

_OPSET = 20
_SMALL = 1024
"""Bytes up to which a tensor is stored in the graph: it may be the shape of something."""


def export_graphs(name: str, sources: Iterable[GraphSource], folder: Path) -> list[Path]:
    """Write the graphs of one weights file beside it, and their digests into its record.

    Returns the graphs' files.

    Raises:
        WeightsError: there is no such record.
        ModuleNotFoundError: a package for exporting is missing.
    """
    record = read_record(name, folder)
    known = _stored(folder / f"{name}.safetensors")
    digests, paths = {}, []
    for source in sources:
        content = _exported(source, known)
        paths.append(folder / f"{source.name}.onnx")
        write_at(paths[-1], content, replace=True)
        digests[source.name] = hashlib.sha256(content).hexdigest()
    record = replace(record, graphs=digests)
    write_at(folder / f"{name}.json", record.to_json().encode(), replace=True)
    return paths


def _exported(source: GraphSource, known: dict[tuple[str, bytes], _Place]) -> bytes:
    # Imported here because an extra brings it.
    from onnxscript import optimizer

    free = tuple(
        dict.fromkeys(source.free[name], torch.export.Dim.DYNAMIC) for name in source.inputs
    )
    many = len(source.inputs) > 1 or hasattr(source.module, "names")
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            source.module.eval(),
            tuple(source.inputs.values()),
            dynamo=True,
            dynamic_shapes=(free,) if many else free,
            input_names=list(source.inputs),
            output_names=list(source.outputs),
            opset_version=_OPSET,
            optimize=False,
            verbose=False,
        )
        assert program is not None
        # Only what is small is worked out beforehand: all else would be stored beside the weights, from
        # which the runtime makes it, batch norms folded into convolutions among them.
        optimizer.inline(program.model)
        optimizer.fold_constants(program.model, input_size_limit=_SMALL, output_size_limit=_SMALL)
        optimizer.remove_unused_nodes(program.model)
        model = program.model_proto
    del model.metadata_props[:]
    _without_notes(model.graph)
    for function in model.functions:
        function.doc_string = ""
    _refer(model, known)
    return bytes(model.SerializeToString(deterministic=True))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's notes on its own parts."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def _without_notes(graph: Any) -> None:
    """Drop what names lines of the program that was exported."""
    graph.doc_string = ""
    for part in (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    del graph.metadata_props[:]
    del graph.value_info[:]


class _Place:
    """Where a tensor lies in a file."""

    def __init__(self, file: str, offset: int, length: int) -> None:
        self.file, self.offset, self.length = file, offset, length


def _stored(path: Path) -> dict[tuple[str, bytes], _Place]:
    """The tensors of a safetensors file by type and content."""
    content = path.read_bytes()
    (size,) = struct.unpack_from("<Q", content)
    start = 8 + size
    found = {}
    for name, entry in json.loads(content[8:start]).items():
        if name == "__metadata__":
            continue
        low, high = entry["data_offsets"]
        part = content[start + low : start + high]
        found[entry["dtype"], part] = _Place(path.name, start + low, high - low)
    return found


def _refer(model: onnx.ModelProto, known: dict[tuple[str, bytes], _Place]) -> None:
    """Let initializers that lie in the weights file be read from there, turned or widened where needed."""
    import onnx
    from onnx import TensorProto, helper

    made = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = onnx.numpy_helper.to_array(tensor)
        if values.nbytes <= _SMALL:
            continue
        for turned in (False, True) if values.ndim == 2 else (False,):
            kept = values.T if turned else values
            half = kept.astype(np.float16)
            place, widen = known.get(("F32", kept.tobytes())), False
            if place is None and np.array_equal(half.astype(np.float32), kept):
                place, widen = known.get(("F16", half.tobytes())), True
            if place is None:
                continue
            name, whole = f"{tensor.name}_stored", tensor.name
            steps: list[tuple[str, dict[str, Any]]] = []
            steps += [("Cast", {"to": TensorProto.FLOAT})] * widen + [("Transpose", {})] * turned
            for number, (kind, settings) in enumerate(steps, 1):
                source = name if number == 1 else f"{whole}_{number - 1}"
                result = whole if number == len(steps) else f"{whole}_{number}"
                made.append(helper.make_node(kind, [source], [result], **settings))
            tensor.name = name if steps else whole
            tensor.data_type = TensorProto.FLOAT16 if widen else TensorProto.FLOAT
            tensor.dims[:] = kept.shape
            _lies_at(tensor, place)
            break
    nodes = [*made, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _lies_at(tensor: Any, place: _Place) -> None:
    import onnx

    tensor.ClearField("raw_data")
    del tensor.external_data[:]
    for key, value in (
        ("location", place.file),
        ("offset", place.offset),
        ("length", place.length),
    ):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
    tensor.data_location = onnx.TensorProto.EXTERNAL
