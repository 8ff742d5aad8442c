"""Where the crops of a photo go when no folder is chosen."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from cropcore.files.photo_scan import EXPORT_FOLDER
from cropcore.files.user_dirs import samples_dir


def export_folder(photo: Path) -> Path:
    """A folder ``Cropsight`` beside the photo; for a sample photo, one among the person's pictures.

    Sample photos lie among the program's own data, where nobody would look for a picture.
    """
    if photo.parent == samples_dir():
        return platformdirs.user_pictures_path() / EXPORT_FOLDER
    return photo.parent / EXPORT_FOLDER
