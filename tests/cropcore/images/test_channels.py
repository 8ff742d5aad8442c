"""TIFFs with other numbers of channels than usual: read rightly, or refused by what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from cropcore.errors import PhotoError
from cropcore.export.export import ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import decode_16_bit, read_photo
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect("free")


def written(path: Path, channels: int, bits: int = 16, apart: bool = False, **how: Any) -> Any:
    """A TIFF of so many channels, and its pixels (h, w, c)."""
    rows = maker.scene(90, 60, 4, bits=bits)
    pixels = np.concatenate([rows, rows[::-1]], axis=-1)[..., :channels]
    stored = np.moveaxis(pixels, -1, 0).copy() if apart else pixels
    planes = "separate" if apart else "contig"
    tifffile.imwrite(path, stored, planarconfig=planes, metadata=None, **how)
    return pixels


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    ("channels", "colours", "extra", "used"),
    [
        (4, "rgb", ["unspecified"], 3),
        (4, "rgb", ["unassalpha"], 4),
        (5, "rgb", ["unspecified", "unspecified"], 3),
        (2, "minisblack", ["unspecified"], 1),
        (3, "minisblack", ["unspecified", "unspecified"], 1),
    ],
)
def test_colours_are_exact_and_what_is_left_out_is_told(
    tmp_path: Path, channels: int, colours: str, extra: list[str], used: int, apart: bool
) -> None:
    path = tmp_path / "a.tif"
    pixels = written(path, channels, apart=apart, photometric=colours, extrasamples=extra)
    try:
        photo = read_photo(path)
    except PhotoError as error:
        assert f"holds {channels} channels of 16 bits" in str(error)  # noqa: PT017 - either is right
        return
    assert photo.has_alpha == (used == 4)
    assert photo.further_channels == channels - used
    assert np.array_equal(decode_16_bit(photo), pixels[..., :used])
    done = export_crop(photo, Crop(), FREE, ExportOptions(format="png", folder=tmp_path))
    assert read_photo(done.path).has_alpha == photo.has_alpha
    assert np.array_equal(decode_16_bit(read_photo(done.path)), pixels[..., :used])
    told = "The further channels (masks, spot colours) were left out."
    assert (told in map(str, done.warnings)) == (channels > used)


@pytest.mark.parametrize("apart", [False, True])
def test_many_channels_of_eight_bits(tmp_path: Path, apart: bool) -> None:
    path = tmp_path / "a.tif"
    how = {"photometric": "rgb", "extrasamples": ["unassalpha", "unspecified"]}
    written(path, 5, bits=8, apart=apart, **how)
    if not apart:
        assert read_photo(path).further_channels == 1
        return
    with pytest.raises(PhotoError, match="holds 5 channels of 8 bits"):
        read_photo(path)


def test_channels_of_a_usual_tiff_are_none_too_many(tmp_path: Path) -> None:
    for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK"):
        maker.image(mode).save(tmp_path / "a.tif")
        assert read_photo(tmp_path / "a.tif").further_channels == 0
