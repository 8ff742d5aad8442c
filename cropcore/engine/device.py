"""Chooses the device: ``auto | cpu | cuda | cuda:N | mps``; torch is asked only where a driver is there."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import sys
from contextlib import suppress

from cropcore.errors import DeviceError
from cropcore.messages import NOTHING, Message

DEVICES = ("auto", "cpu", "cuda", "mps")

_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def pick_device(wanted: str = "auto") -> tuple[str, Message]:
    """The device for a wanted one, and a sentence to show once, empty where all is as wished.

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
    if wanted == "auto":
        for name in ("cuda", "mps"):
            if is_there(name):
                return name, NOTHING
        return "cpu", Message("No GPU found: running on the CPU.")
    if kind != "cpu" and not is_there(kind):
        raise DeviceError(
            "There is no usable {device} device here; choose auto or cpu instead.",
            device=kind.upper(),
        )
    if colon and int(number) >= cards():
        raise DeviceError(
            "There is no card {wanted} here: they are counted from cuda:0 to cuda:{last}.",
            wanted=wanted,
            last=cards() - 1,
        )
    return wanted, NOTHING


def is_there(kind: str) -> bool:
    """Whether ``cuda`` or ``mps`` can be computed on: by the machine, and by a torch that knows it."""
    driven = cards() > 0 if kind == "cuda" else _apple_gpu()
    if not driven or importlib.util.find_spec("torch") is None:
        return False
    # Imported here because it takes seconds, for nothing where no driver is.
    import torch

    return bool(torch.cuda.is_available() if kind == "cuda" else torch.backends.mps.is_available())


def cards() -> int:
    """How many CUDA cards the driver shows to this process; 0 where there is no driver."""
    count = ctypes.c_int(0)
    with suppress(OSError, AttributeError):
        driver = ctypes.CDLL(_DRIVER)
        if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
            return count.value
    return 0


def _apple_gpu() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"
