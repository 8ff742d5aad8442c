"""Preset files: the shipped ones and a person's own; list, find, save, rename, delete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path

from cropcore.batch.preset import Preset, PresetError, read_preset
from cropcore.errors import AspectError, OptionError, system_reason
from cropcore.files.atomic_write import write_at
from cropcore.files.package_data import shipped_folder
from cropcore.files.path_checks import is_file
from cropcore.files.user_dirs import config_dir
from cropcore.geometry.aspect import Aspect

_PLAIN = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class LibraryPreset:
    """A preset and its file; ``own`` where the person saved it."""

    preset: Preset
    path: Path
    own: bool

    @property
    def key(self) -> str:
        """The short name to type, such as ``instagram-4x5``."""
        return self.path.stem.lower()


def saved_folder() -> Path:
    """Where a person's own presets are; it may not exist yet."""
    return config_dir() / "presets"


def all_presets() -> tuple[list[LibraryPreset], list[PresetError]]:
    """All presets, the person's own first, each group by file name; and the files that are none."""
    found, bad = [], []
    for folder, own in ((saved_folder(), True), (shipped_folder(), False)):
        for path in sorted(folder.glob("*.json")):
            if path.name.startswith("."):
                continue
            try:
                found.append(LibraryPreset(read_preset(path), path, own))
            except PresetError as error:
                bad.append(error)
    return found, bad


def resolve_preset(text: str) -> Preset:
    """The preset that a person means: by name, by file, or by an aspect such as ``4:5``.

    Names and short names count in upper and lower case alike, and a person's own preset goes before a
    shipped one.

    Raises:
        PresetError: the file is not there or is no preset.
        OptionError: it is none of these; the text lists the names.
    """
    found, bad = all_presets()
    wanted = text.strip().casefold()
    for saved in found:
        if wanted in (saved.preset.name.casefold(), saved.key):
            return saved.preset
    for error in bad:
        if wanted == error.path.stem.casefold():
            raise error
    path = Path(text)
    if path.suffix.lower() == ".json" or is_file(path):
        return read_preset(path)
    try:
        return Preset.of_aspect(Aspect.parse(text))
    except AspectError:
        names = ", ".join(dict.fromkeys(saved.key for saved in found))
        raise OptionError(
            "{text!r} is no preset: choose one of {names}; or give a preset's "
            "file, or an aspect such as 4:5.",
            text=text,
            names=names,
        ) from None


def save_preset(preset: Preset, folder: Path | None = None, replace: bool = False) -> Path:
    """Write a preset among the person's own (or into another folder) and return its file.

    Raises:
        PresetError: there is one of this name and ``replace`` was not asked for, or the folder
            cannot be written to.
    """
    folder = folder or saved_folder()
    path = folder / f"{short_name(preset.name)}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_at(path, preset.to_json().encode(), replace)
    except FileExistsError:
        raise PresetError(
            path, "is there already.", "Choose another name, or replace it on purpose."
        ) from None
    except OSError as error:
        raise PresetError(
            path,
            "could not be written: {reason}.",
            "Check the folder.",
            reason=system_reason(error),
        ) from error
    return path


def rename_preset(saved: LibraryPreset, name: str) -> Path:
    """Give one of the person's own presets another name, and its file too; returns that.

    Raises:
        PresetError: there is one of this name, or the folder cannot be written to.
        OptionError: no preset can have this name.
    """
    renamed = replaced(saved.preset, name=name)
    folder = saved.path.parent
    if folder / f"{short_name(name)}.json" == saved.path:
        return save_preset(renamed, folder, replace=True)
    path = save_preset(renamed, folder)
    delete_preset(saved)
    return path


def delete_preset(saved: LibraryPreset) -> None:
    """Remove one of the person's own presets; one that is gone already is no error.

    Raises:
        PresetError: it is a shipped one, or cannot be removed.
    """
    if not saved.own:
        raise PresetError(saved.path, "comes with the program.", "Save it under another name.")
    try:
        saved.path.unlink(missing_ok=True)
    except OSError as error:
        raise PresetError(
            saved.path,
            "could not be removed: {reason}.",
            "Check the folder.",
            reason=system_reason(error),
        ) from error


def write_preset(preset: Preset, path: Path) -> None:
    """Write a preset to a file that the person chose, in the place of what is there.

    Raises:
        PresetError: it cannot be written.
    """
    try:
        write_at(path, preset.to_json().encode(), replace=True)
    except OSError as error:
        raise PresetError(
            path,
            "could not be written: {reason}.",
            "Choose another folder.",
            reason=system_reason(error),
        ) from error


def short_name(name: str) -> str:
    """The file name, without ending, of a preset: ``Instagram 4:5`` becomes ``instagram-4x5``."""
    plain = re.sub(r"(?<=\d):(?=\d)", "x", name.lower())
    short = _PLAIN.sub("-", plain).strip("-")
    return short.encode()[:200].decode(errors="ignore") or "preset"
