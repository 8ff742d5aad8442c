"""Open a photo in all ways and export it, in a process of its own that may not take much.

    python -m tests.cropcore.helpers.hostile_driver PHOTO FOLDER

Prints JSON: seconds of CPU, megabytes above those before, and what was told or went wrong.
"""

import json
import resource
import sys
import warnings
from pathlib import Path

import cv2  # noqa: F401  the libraries themselves do not count
import tifffile  # noqa: F401
from PIL import Image

from cropcore.errors import CropsightError
from cropcore.export.export import Pick, export_crops
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import net_pixels, read_photo, srgb_preview
from cropcore.metadata.metadata import time_taken

CPU_SECONDS, MEMORY_BYTES = 30, 8 << 30


def used() -> tuple[float, int]:
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime, now.ru_maxrss


def main() -> None:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    warnings.simplefilter("ignore")
    Image.init()
    told: list[str] = []
    error = ""
    seconds, memory = used()
    try:
        photo = read_photo(path)
        told += map(str, photo.notes)
        srgb_preview(photo, 400)
        net_pixels(photo)
        time_taken(path)
        picks = [Pick(Crop((0.1, 0.1, 0.6, 0.6)), Aspect("free"))]
        for done in export_crops(photo, picks, ExportOptions(folder=folder)):
            told += map(str, done.warnings)
    except CropsightError as e:
        error = str(e)
    now, peak = used()
    megabytes = (peak - memory) / 1024
    found = {"seconds": now - seconds, "megabytes": megabytes, "told": told, "error": error}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
