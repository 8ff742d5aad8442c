"""Installed third-party components with their versions and licences."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import cropcore
from app.style.resources import resource
from cropcore.files.package_data import weights_folder

LONGEST = 200_000
"""Characters of a licence text that are shown; torch brings the texts of all that it is made of."""

_LICENCE_FILES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT")


@dataclass(frozen=True, slots=True)
class Component:
    """One part: ``licence`` in a few words, ``text`` everything to be read about it."""

    title: str
    version: str
    licence: str
    text: str


@dataclass(frozen=True, slots=True)
class _Known:
    title: str
    distribution: str
    licence: str
    """Said where the distribution says nothing."""
    texts: tuple[str, ...] = ()
    """Texts of ours, for a distribution that brings none."""


_LGPL = ("licences/LGPL-3.0.txt", "licences/GPL-3.0.txt")
_KNOWN = (
    _Known("Qt and PySide6", "PySide6-Essentials", "LGPL-3.0-only", _LGPL),
    _Known("Shiboken", "shiboken6", "LGPL-3.0-only", _LGPL),
    _Known("ONNX Runtime", "onnxruntime", "MIT"),
    _Known("PyTorch", "torch", "BSD-3-Clause"),
    _Known("torchvision", "torchvision", "BSD-3-Clause"),
    _Known("NumPy", "numpy", "BSD-3-Clause"),
    _Known("OpenCV", "opencv-python-headless", "Apache-2.0"),
    _Known("Pillow", "pillow", "MIT-CMU"),
    _Known("pillow-heif", "pillow-heif", "BSD-3-Clause"),
    _Known("safetensors", "safetensors", "Apache-2.0"),
    _Known("tifffile", "tifffile", "BSD-3-Clause"),
    _Known("platformdirs", "platformdirs", "MIT"),
    _Known("contourpy", "contourpy", "BSD-3-Clause"),
    _Known("Jinja", "jinja2", "BSD-3-Clause"),
)


def components() -> tuple[Component, ...]:
    """Cropsight, its weights and every library that is installed; reads files, so not for a thread
    that must not wait."""
    return (_ourselves(), _weights(), *_installed(_KNOWN))


def system_details(**more: str) -> str:
    """What somebody who looks for a fault wants to know, one ``name: value`` a line.

    ``more`` is put before the versions.
    """
    lines = {
        "Cropsight": cropcore.__version__,
        "System": platform.platform(),
        "Machine": platform.machine(),
        "Python": sys.version.split()[0],
        **more,
    }
    for known in _KNOWN:
        if (version := version_of(known.distribution)) is not None:
            lines[known.distribution] = version
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def version_of(distribution: str) -> str | None:
    """The installed version; None where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def data_and_terms(card: str) -> str:
    """The section on training data of a model card, as plain text."""
    _, _, rest = card.partition("\n## Data and terms\n")
    section, _, _ = rest.partition("\n## ")
    lines = []
    for line in section.strip().splitlines():
        if not line.startswith("|"):
            lines.append(line)
            continue
        cells = [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        if cells[0] == "data" or set(cells[0]) <= set("-: "):
            continue
        lines.append(f"{cells[0]}\n    used for: {cells[1]}\n    terms: {cells[2]}\n")
    return "\n".join(lines)


def _ourselves() -> Component:
    licence = Path(cropcore.__file__).parents[1] / "LICENSE"
    own = [licence.read_text(encoding="utf-8")] if licence.is_file() else _texts("cropsight")
    return Component("Cropsight", cropcore.__version__, "Apache-2.0", "\n\n".join(own))


def _weights() -> Component:
    card = weights_folder() / "encoder.md"
    try:
        text = data_and_terms(card.read_text(encoding="utf-8"))
    except OSError as error:
        text = f"{card}: {error.strerror}"
    return Component("Weights", "", "Apache-2.0", text)


def _installed(known: Iterable[_Known]) -> Iterator[Component]:
    for part in known:
        version = version_of(part.distribution)
        if version is None:
            continue
        about = metadata.metadata(part.distribution)
        said = _said(about, "License-Expression") or _said(about, "License")
        licence = said if said and len(said) < 60 and "\n" not in said else part.licence
        texts = [f"{part.distribution} {version}", f"Licence: {said if said else licence}"]
        if page := _home_page(about):
            texts[-1] += f"\n{page}"
        own = list(_texts(part.distribution))
        own += [resource(name).read_text(encoding="utf-8") for name in part.texts if not own]
        text = "\n\n".join([*texts, *own])
        if len(text) > LONGEST:
            text = text[:LONGEST] + "\n\n…"
        yield Component(part.title, version, licence, text)


def _said(about: metadata.PackageMetadata, name: str) -> str:
    return str(about[name] or "") if name in about else ""


def _home_page(about: metadata.PackageMetadata) -> str:
    if page := _said(about, "Home-page"):
        return page
    for line in about.get_all("Project-URL") or ():
        name, _, page = str(line).partition(",")
        if name.strip().lower() in ("homepage", "source", "repository"):
            return page.strip()
    return ""


def _texts(distribution: str) -> Iterator[str]:
    """The licence files that a distribution carries, the shortest path first."""
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        return
    every = [file for file in files if file.name.upper().startswith(_LICENCE_FILES)]
    # Some wheels put the text into the package instead.
    wanted = [file for file in every if ".dist-info" in str(file)] or every[:1]
    for file in sorted(wanted, key=lambda f: (len(f.parts), str(f))):
        try:
            yield f"— {file.name} —\n\n" + file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
