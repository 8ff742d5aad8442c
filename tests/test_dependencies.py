"""What the program stands on: no version with a known hole is allowed, and no licence that does not fit."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADVISORIES = json.loads((TOP / ".ci" / "advisories.json").read_text(encoding="utf-8"))

# Licences under which a part may be installed beside a program under Apache-2.0. PySide6 is used under
# LGPL-3.0, as a shared library.
FITTING = re.compile(
    r"\b(MIT|MIT-CMU|HPND|BSD|[23]-Clause|Apache|ISC|PSF|Python Software Foundation|LGPL|Lesser|MPL|Mozilla"
    r"|Unlicense|Zlib|CC0|CDDL|Public Domain|0BSD)",
    re.IGNORECASE,
)
# Drivers that torch's wheel brings along on Linux: installed by the person, never shipped by us.
DRIVERS = re.compile(r"nvidia-|cuda-|triton")
NEEDED_BY_TESTS = {"test"}


def requirements() -> list[Requirement]:
    """The requirements of the program and of its extras but for the tests'."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"]]
    for name, more in extras.items():
        if name not in NEEDED_BY_TESTS:
            lines += more
    return [Requirement(line) for line in lines if not line.startswith("cropsight")]


def floor(requirement: Requirement) -> Version | None:
    """The lowest version that a requirement allows."""
    floors = [Version(s.version) for s in requirement.specifier if s.operator in (">=", "==", "~=")]
    return max(floors, default=None)


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: advisory["id"])
def test_no_floor_allows_a_version_with_a_known_hole(advisory: dict[str, str]) -> None:
    name = canonicalize_name(advisory["package"])
    for requirement in requirements():
        if canonicalize_name(requirement.name) == name:
            lowest = floor(requirement)
            assert lowest is not None, f"{name} has no floor"
            assert lowest >= Version(advisory["fixed"]), advisory["what"]


def test_every_requirement_has_a_floor() -> None:
    assert [str(r) for r in requirements() if floor(r) is None] == []


def parts() -> dict[str, Distribution]:
    """All installed distributions that the program and its extras lead to."""
    found: dict[str, Distribution] = {}
    ahead = [r.name for r in requirements()]
    while ahead:
        name = canonicalize_name(ahead.pop())
        if name in found or DRIVERS.match(name):
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for line in found[name].requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                ahead.append(requirement.name)
    return found


def test_licences_of_all_parts_fit() -> None:
    wrong = {}
    for name, part in parts().items():
        meta = part.metadata
        told = [meta.get("License-Expression") or "", (meta.get("License") or "")[:200]]
        told += [c for c in meta.get_all("Classifier") or () if c.startswith("License")]
        text = "; ".join(t for t in told if t)
        if not FITTING.search(text):
            wrong[name] = text
    assert wrong == {}


def test_every_file_of_weights_names_its_licence() -> None:
    for path in sorted((TOP / "weights").glob("*.safetensors")):
        card = path.with_suffix(".md").read_text(encoding="utf-8")
        assert re.search(r"licen[cs]e", card, re.IGNORECASE), path.name


LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))?")


def locked() -> dict[str, set[Version]]:
    """The versions of each package in the lock file; several where they differ between systems."""
    versions: dict[str, set[Version]] = {}
    for line in (TOP / "requirements-dev.lock").read_text(encoding="utf-8").splitlines():
        if found := LOCKED.match(line):
            name = canonicalize_name(found["name"])
            versions.setdefault(name, set()).add(Version(found["version"]))
    return versions


def development() -> list[Requirement]:
    """The requirements of the development environment, by name."""
    lines = [str(r) for r in requirements()] + PROJECT["optional-dependencies"]["test"]
    left_out = {Requirement(r).name for r in PROJECT["optional-dependencies"]["bench"]}
    found = [Requirement(line) for line in lines if not line.startswith("cropsight")]
    return [r for r in found if r.name not in left_out - {"matplotlib"}]


@pytest.mark.parametrize("requirement", development(), ids=str)
def test_the_lock_file_satisfies_what_is_required(requirement: Requirement) -> None:
    versions = locked().get(canonicalize_name(requirement.name), set())
    assert any(requirement.specifier.contains(version) for version in versions)


def test_the_lock_file_has_no_version_with_a_known_hole() -> None:
    versions = locked()
    for advisory in ADVISORIES:
        for version in versions.get(canonicalize_name(advisory["package"]), ()):
            assert version >= Version(advisory["fixed"]), advisory["id"]


def test_the_lock_file_names_digests_and_no_place_to_download_from() -> None:
    text = (TOP / "requirements-dev.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    for block in re.split(r"\n(?=[A-Za-z])", text)[1:]:
        assert "--hash=sha256:" in block, block.partition("\n")[0]
