"""Make the small pictures of the sample photos that the empty page shows.

python docs/sample_pictures.py        into resources/samples
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PIL import Image

from app.photos.sample_photos import write_samples

SIZE = (480, 320)
"""Three times what is shown, for screens of 300 %."""
FOLDER = Path(__file__).parents[1] / "resources" / "samples"


def main() -> None:
    """Paint the photos and shrink them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for path in write_samples(Path(name)):
            with Image.open(path) as photo:
                small = photo.resize(SIZE, Image.Resampling.LANCZOS)
            small.save(FOLDER / path.name, quality=85, optimize=True)
            print(FOLDER / path.name)


if __name__ == "__main__":
    main()
