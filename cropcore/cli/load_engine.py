"""Loads the engine for a command and checks the chosen method."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cropcore.batch.preset import Preset
from cropcore.cli.console import Console, UsageError
from cropcore.engine.crop_question import CropQuestion
from cropcore.evaluation.annotations import FOLDS
from cropcore.evaluation.out_of_fold import Cropper, OutOfFold
from cropcore.files.path_checks import is_folder
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.match import match_pattern
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine


def load_engine(device: str, console: Console, weights: Path | None = None) -> CropEngine:
    """Load the engine and say where it runs if that is not what one would expect.

    ``weights`` is a folder of weights, by default the shipped one.

    Raises:
        DeviceError: the device is not there.
        WeightsError: weights are missing, altered or do not fit.
        UsageError: ``weights`` is no folder.
    """
    if weights is not None and not is_folder(weights):
        raise UsageError("--weights {weights}: there is no such folder.", weights=weights)
    # Imported here because torch takes seconds, and help or baselines need none of it.
    from cropcore.engine.engine import CropEngine

    engine = CropEngine.load(device, weights)
    if engine.device_note:
        console.warn_once(str(engine.device_note))
    return engine


def load_measured(
    device: str, console: Console, weights: Path | None
) -> tuple[Cropper, tuple[str, ...], dict[str, str]]:
    """What ``eval`` measures: the engine, its methods and the digests of its weights.

    Where ``weights`` is a folder of cross-validated weights (``fold0`` ...), each photo is judged by
    the engine that was trained without the photo's fold.

    Raises:
        DeviceError: the device is not there.
        WeightsError: weights are missing, altered or do not fit.
        UsageError: ``weights`` is no folder.
    """
    if weights is None or not is_folder(weights / "fold0"):
        engine = load_engine(device, console, weights)
        return engine, engine.methods, engine.weights_sha256
    engines = {
        fold: load_engine(device, console, weights / f"fold{fold}")
        for fold in range(FOLDS)
        if is_folder(weights / f"fold{fold}")
    }
    digests = {
        name: " ".join(engine.weights_sha256[name] for engine in engines.values())
        for name in engines[0].weights_sha256
    }
    return OutOfFold(engines), engines[0].methods, digests


def choose_methods(wanted: str | None, available: tuple[str, ...]) -> tuple[str, ...]:
    """The methods that ``--method`` names: one, all, a pattern to match, or by default the engine's first.

    Raises:
        UsageError: there is no such method.
        GeometryError: it begins like a pattern and is none.
    """
    if wanted in (None, "default"):
        return available[:1]
    if wanted == "all":
        return available
    if match_pattern(str(wanted)) is not None:
        return (str(wanted),)
    if wanted not in available:
        raise UsageError(
            "--method {wanted}: choose {choices} or all.",
            wanted=wanted,
            choices=", ".join(available),
        )
    return (str(wanted),)


def load_for_preset(device: str, preset: Preset, console: Console) -> CropEngine:
    """Load the engine for a preset.

    Raises:
        DeviceError, WeightsError: as :func:`load_engine`.
        UsageError: the preset asks for a method that there is not.
    """
    engine = load_engine(device, console)
    if not preset.is_known(engine.methods):
        raise UsageError(
            "The preset {file} asks for the method {method}: choose default, {choices}.",
            file=preset.name,
            method=preset.method,
            choices=", ".join(engine.methods),
        )
    return engine


class LateEngine:
    """An engine that is loaded when it is asked first: a batch that is finished needs none."""

    def __init__(self, load: Callable[[], CropEngine]) -> None:
        self._load = load
        self._engine: CropEngine | None = None

    def load(self) -> CropEngine:
        """The engine; loaded once."""
        if self._engine is None:
            self._engine = self._load()
        return self._engine

    def encode(self, photo: Photo, pixels: NDArray[np.uint8] | None = None, /) -> Any:
        """As the engine's."""
        return self.load().encode(photo, pixels)

    def answer(self, scene: Any, question: CropQuestion, /) -> Suggestions:
        """As the engine's."""
        return self.load().answer(scene, question)
