"""Places of the packaged weights, presets and report template, found without importing torch."""

from __future__ import annotations

from pathlib import Path

import cropcore


def weights_folder() -> Path:
    """The folder of the shipped weights: inside the installed package, or in the source checkout."""
    package = Path(cropcore.__file__).parent
    packed = package / "_weights"
    return packed if packed.is_dir() else package.parent / "weights"


def shipped_folder() -> Path:
    """Where the shipped presets are: inside the installed package, or in the source checkout."""
    package = Path(cropcore.__file__).parent
    packed = package / "_presets"
    return packed if packed.is_dir() else package.parent / "resources" / "presets"


def report_template() -> Path:
    """The template of a batch's report: inside the installed package, or in the source checkout."""
    package = Path(cropcore.__file__).parent
    packed = package / "_report.html"
    return packed if packed.is_file() else package.parent / "resources" / "report.html"
