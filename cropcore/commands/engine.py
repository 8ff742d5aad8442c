"""Load the engine for a command and choose among its methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cropcore.commands.console import Console, UsageError

if TYPE_CHECKING:
    from cropcore.engine import CropEngine


def load_engine(device: str, console: Console) -> CropEngine:
    """Load the engine and say where it runs if that is not what one would expect.

    Raises:
        DeviceError: the device is not there.
        WeightsError: weights are missing, altered or do not fit.
    """
    # Imported here because torch takes seconds, and help or baselines need none of it.
    from cropcore.engine import CropEngine

    engine = CropEngine.load(device)
    if engine.device_note:
        console.warn(engine.device_note)
    return engine


def choose_methods(wanted: str | None, available: tuple[str, ...]) -> tuple[str, ...]:
    """The methods that ``--method`` names: one, all, or by default the engine's first.

    Raises:
        UsageError: there is no such method.
    """
    if wanted in (None, "default"):
        return available[:1]
    if wanted == "all":
        return available
    if wanted not in available:
        raise UsageError(f"--method {wanted}: choose {', '.join(available)} or all.")
    return (str(wanted),)
