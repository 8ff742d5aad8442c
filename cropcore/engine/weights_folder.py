"""A folder of weights: its records, calibrations and the cascade's rule, checked against one another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cropcore.engine.calibration import Calibration
from cropcore.engine.cascade import CASCADE, Rule
from cropcore.errors import WeightsError
from cropcore.files.package_data import weights_folder
from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.models.weights import WeightsRecord, read_record

METHODS = ("gaic", "sfrc", "asm", "mars", "setpred")
ENCODER, SALIENCY = "encoder", "saliency"
"""The trunk, and the head that says where people look; no cropping methods."""
HEADS = "heads"
"""The detector of persons' heads; no cropping method."""


@dataclass(frozen=True, eq=False, slots=True)
class WeightsFolder:
    """What a folder holds.

    Attributes:
        path: the folder.
        records: those of encoder and methods and, where they are there, of saliency and the detector of
            heads.
        calibrations: of the methods, by name.
        cascade: the rule that joins all methods, with its calibration; None where there is none.
        sha256: digests by name, as records state them.
    """

    path: Path
    records: dict[str, WeightsRecord]
    calibrations: dict[str, Calibration]
    cascade: tuple[Rule, Calibration] | None
    sha256: dict[str, str]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that are there."""
        return tuple(self.calibrations)

    @property
    def layer_maps(self) -> bool:
        """Whether any method looks at the encoder's layers."""
        return "sfrc" in self.calibrations

    @property
    def trunk(self) -> str:
        """The trunk that the encoder is of."""
        return str(self.records[ENCODER].config.get("trunk", "mobilenet_v2"))

    @property
    def sides(self) -> InputSides:
        """The size at which the encoder sees photos."""
        return InputSides.of_record(self.records[ENCODER].preprocessing)

    @property
    def as_product(self) -> bool:
        """Whether trunk, size and gaze head are those of the shipped weights, which graphs are made for."""
        usual = self.trunk == "mobilenet_v2" and self.sides == PRODUCT
        return usual and SALIENCY in self.records


def read_folder(folder: Path | None) -> WeightsFolder:
    """Read the shipped weights' records, which must be complete, or those of another folder.

    Another folder may lack some methods; the cascade is there where all are, and a rule. It may lack the
    gaze head, if no method looks at gaze.

    Raises:
        WeightsError: a record is missing or damaged, or of weights trained on another encoder.
    """
    place = folder or weights_folder()

    def wanted(name: str) -> bool:
        return folder is None or (place / f"{name}.json").exists()

    names = (ENCODER, *filter(wanted, (SALIENCY, HEADS, *METHODS)))
    records = {name: read_record(name, place) for name in names}
    digests = {name: record.sha256 for name, record in records.items()}
    for name, record in records.items():
        if record.encoder_sha256 not in (None, digests[ENCODER]):
            raise WeightsError(
                "The {name} weights were trained on another encoder. Reinstall "
                "Cropsight to get a matching set.",
                name=name,
            )
    calibrations = {name: _calibration(records[name]) for name in METHODS if name in records}
    if not calibrations:
        raise WeightsError("{place} holds no method's weights. Choose another folder.", place=place)
    for name, calibration in calibrations.items():
        if SALIENCY not in records and (records[name].config.get("gaze") or calibration.cut):
            raise WeightsError(
                "The {name} weights look at gaze, and {place} holds no saliency weights. Put those of "
                "its encoder beside them.",
                name=name,
                place=place,
            )
    cascade = None
    if len(calibrations) == len(METHODS) and wanted(CASCADE):
        cascade, digests[CASCADE] = _load_rule(place, digests)
    return WeightsFolder(place, records, calibrations, cascade, digests)


def _calibration(record: WeightsRecord) -> Calibration:
    try:
        return Calibration.from_record(record.decoding)
    except (TypeError, ValueError) as error:
        raise WeightsError(
            "{name}.json does not suit this version ({reason}). Update or reinstall Cropsight.",
            name=record.name,
            reason=str(error),
        ) from error


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
