"""Where the network that finds text lies: in the package rapidocr, an extra."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGE, FILE = "rapidocr", "models/PP-OCRv6_det_small.onnx"


def text_network() -> Path | None:
    """The network's file, or None where the extra is not installed; nothing is imported for that."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / FILE
    return path if path.is_file() else None
