"""Folders of the user's data, settings, caches and logs, and the move from where data lay before."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

from cropcore.files.atomic_write import move_new, sweep
from cropcore.files.path_checks import is_folder, is_there
from cropcore.files.record_files import move_record

log = logging.getLogger(__name__)

_NAME = "cropsight"
_SAMPLES = "samples"
_moving = threading.Lock()


def config_dir() -> Path:
    """For what the person made to be used again, such as presets; on Linux below ``~/.config``."""
    return platformdirs.user_config_path(_NAME, appauthor=False)


def data_dir() -> Path:
    """For what must not be lost; on Linux below ``~/.local/share``."""
    return platformdirs.user_data_path(_NAME, appauthor=False)


def cache_dir() -> Path:
    """For what can be made anew; on Linux below ``~/.cache``."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)


def state_dir() -> Path:
    """For what is remembered from one run to the next; on Linux below ``~/.local/state``."""
    return platformdirs.user_state_path(_NAME, appauthor=False)


def log_dir() -> Path:
    """For log files; on Linux below ``~/.local/state``."""
    return platformdirs.user_log_path(_NAME, appauthor=False)


def data_home() -> Path:
    """The folder that :func:`data_dir` lies in, which all programs share."""
    return platformdirs.user_data_path()


def batches_dir() -> Path:
    """For the records of batches that are at work or were left behind."""
    return data_dir() / "batches"


def journals_dir() -> Path:
    """For the journals of batches into stores, which cannot hold them."""
    return data_dir() / "journals"


def reviews_dir() -> Path:
    """For the records of reviews that are open or were left behind."""
    return data_dir() / "reviews"


def samples_dir() -> Path:
    """For the sample photos."""
    return data_dir() / _SAMPLES


def move_old_data() -> None:
    """Bring records and sample photos here from the folder in which earlier versions kept them.

    Every file has one of the two places at any moment, however this is interrupted and whoever does
    the same at once. Nothing is overwritten; what cannot be moved stays, as does the record of a batch
    or a review that an earlier version has in work. The old folder is removed once it is empty. To be
    called, on any thread but the window's, before anything is looked for in these folders.
    """
    old = _old_data_dir()
    with _moving:
        if not is_folder(old):
            return
        for folder, move in (
            (batches_dir(), move_record),
            (reviews_dir(), move_record),
            (samples_dir(), move_new),
        ):
            _move_files(old / folder.name, folder, move)
        with suppress(OSError):  # something is left in it
            old.rmdir()
            old.parent.rmdir()


def moved_sample(path: Path) -> Path:
    """Where a sample photo is that may be known by its place in an earlier version; else ``path``."""
    if path.parent.name != _SAMPLES or path.parent.parent != _old_data_dir():
        return path
    now = samples_dir() / path.name
    return now if is_there(now) and not is_there(path) else path


def _old_data_dir() -> Path:
    """What Qt calls AppDataLocation, for an organisation and a program of one name."""
    return platformdirs.user_data_path(roaming=True) / "Cropsight" / "Cropsight"


def _move_files(folder: Path, target: Path, move: Callable[[Path, Path], None]) -> None:
    """Move the files of a folder that are not hidden; folders in it, such as one with exports, stay."""
    try:
        sweep(folder)
        files = [f for f in folder.iterdir() if not f.name.startswith(".") and not is_folder(f)]
        target.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("%s cannot be moved: %s", folder, error)
        return
    for file in files:
        try:
            move(file, target / file.name)
        except FileNotFoundError:
            continue  # another process was first
        except OSError as error:
            log.warning("%s cannot be moved: %s", file, error)
    with suppress(OSError):  # something is left in it
        folder.rmdir()
