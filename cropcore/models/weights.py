"""Registry of weights: safetensors files, each with a record of its origin.

A record is a JSON file beside the weights: architecture and its settings, preprocessing, SHA-256 of
the file, the encoder it was trained on, licence, training data, decoding constants and metrics.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cropcore.errors import WeightsError, system_reason
from cropcore.files.atomic_write import write_at
from cropcore.files.package_data import weights_folder
from cropcore.messages import Message

if TYPE_CHECKING:
    from torch import Tensor, nn

SCHEMA = 1
REINSTALL = Message("Reinstall Cropsight to get its weights back.")


@dataclass(frozen=True, slots=True)
class WeightsRecord:
    """What a weights file is.

    Attributes:
        name: short name, such as ``gaic``; the files are ``{name}.safetensors`` and ``{name}.json``.
        config: settings of the architecture, as its config dataclass takes them.
        sha256: digest of the weights file.
        encoder_sha256: digest of the encoder file that a head stands on; None for the encoder.
        preprocessing: input size and normalisation.
        decoding: constants fitted on out-of-fold scores (temperatures, calibration).
        licence: licence of the weights.
        training_data: data sets and their terms.
        metrics: figures with what they were measured on.
        graphs: digests of the ONNX graphs that were exported from it, by name.
    """

    name: str
    config: dict[str, Any]
    sha256: str
    encoder_sha256: str | None
    preprocessing: dict[str, Any] = field(default_factory=dict)
    decoding: dict[str, Any] = field(default_factory=dict)
    licence: str = "Apache-2.0"
    training_data: tuple[str, ...] = ()
    metrics: dict[str, Any] = field(default_factory=dict)
    graphs: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The record as a JSON text."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"schema": SCHEMA, **values}, indent=2) + "\n"


def read_record(name: str, folder: Path | None = None) -> WeightsRecord:
    """Read the record of a weights file.

    Raises:
        WeightsError: the record is missing, unreadable or of another schema.
    """
    path = (folder or weights_folder()) / f"{name}.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        schema = values.pop("schema")
        if schema != SCHEMA:  # before anything else: a later record may hold other things
            raise WeightsError(
                "{file} has schema {schema}, this version reads {known}. Update Cropsight.",
                file=path.name,
                schema=schema,
                known=SCHEMA,
            )
        values["training_data"] = tuple(values.get("training_data", ()))
        record = WeightsRecord(**values)
    except FileNotFoundError:
        raise WeightsError(
            "The weights record {file} is missing. {reinstall}",
            file=path.name,
            reinstall=REINSTALL,
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsError(
            "{file} is no weights record: {reason}. {reinstall}",
            file=path.name,
            reason=str(error),
            reinstall=REINSTALL,
        ) from error
    return record


def load_weights(module: nn.Module, record: WeightsRecord, folder: Path | None = None) -> None:
    """Load a file into ``module`` after checking digest, names and shapes; half floats become float32.

    Raises:
        WeightsError: the file is missing or altered, or does not fit the module.
    """
    from safetensors.torch import load

    path = (folder or weights_folder()) / f"{record.name}.safetensors"
    tensors = load(checked_content(path, record.sha256))
    wanted = {name: tuple(t.shape) for name, t in module.state_dict().items()}
    found = {name: tuple(t.shape) for name, t in tensors.items()}
    if wanted != found:
        odd = sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))
        raise WeightsError(
            "{file} does not fit its architecture at {layers}.",
            file=path.name,
            layers=", ".join(odd[:3]),
        )
    module.load_state_dict(
        {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}
    )


def checked_content(path: Path, sha256: str) -> bytes:
    """The bytes of a file of weights or of a graph, whose digest is known.

    Raises:
        WeightsError: it is missing or altered.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            "The weights file {file} cannot be read ({reason}). {reinstall}",
            file=path.name,
            reason=system_reason(error),
            reinstall=REINSTALL,
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsError(
            "{file} was altered: its SHA-256 is not its record's. {reinstall}",
            file=path.name,
            reinstall=REINSTALL,
        )
    return content


def save_weights(
    module: nn.Module, name: str, folder: Path, half: bool = False, **record: Any
) -> WeightsRecord:
    """Write ``{name}.safetensors`` and its record into ``folder``; returns the record.

    ``half`` stores float16, which halves the file; loading brings float32 back.
    """
    from safetensors.torch import save

    tensors: dict[str, Tensor] = {}
    for key, tensor in module.state_dict().items():
        kept = tensor.detach().cpu().contiguous()
        tensors[key] = kept.half() if half and kept.is_floating_point() else kept
    content = save(tensors)
    folder.mkdir(parents=True, exist_ok=True)
    write_at(folder / f"{name}.safetensors", content, replace=True)
    made = WeightsRecord(name=name, sha256=hashlib.sha256(content).hexdigest(), **record)
    write_at(folder / f"{name}.json", made.to_json().encode(), replace=True)
    return made
