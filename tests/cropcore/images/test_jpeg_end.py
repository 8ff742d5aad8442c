"""JPEGs that end too early."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.images.photo import decode, read_photo, srgb_pixels
from tests.cropcore.helpers import photo_maker as maker

SUBSAMPLINGS = [0, 1, 2]


def jpeg(progressive: bool = False, subsampling: int = 0, width: int = 480) -> bytes:
    """A JPEG whose every row differs from the next."""
    noise = np.random.default_rng(3).integers(0, 60, (width * 2 // 3, width, 3))
    image = np.asarray(maker.image(width=width, height=width * 2 // 3).convert("RGB"), int)
    file = io.BytesIO()
    Image.fromarray((image * 3 // 4 + noise).clip(0, 255).astype(np.uint8)).save(
        file, "JPEG", quality=90, progressive=progressive, subsampling=subsampling
    )
    return file.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", SUBSAMPLINGS)
@pytest.mark.parametrize("trailer", [0, 1, 3000, 70_000])
def test_nothing_is_missing_where_only_the_end_mark_is(
    tmp_path: Path, progressive: bool, subsampling: int, trailer: int
) -> None:
    whole = jpeg(progressive, subsampling)
    (tmp_path / "whole.jpg").write_bytes(whole)
    behind = random.Random(trailer).randbytes(trailer).replace(b"\xff\xd9", b"\0\0")
    if progressive:  # random bytes that look like another scan would be decoded as one
        behind = behind.replace(b"\xff", b"\0")
    (tmp_path / "cut.jpg").write_bytes(whole[:-2] + behind)
    photo = read_photo(tmp_path / "cut.jpg")
    assert photo.missing_rows == 0
    if not progressive or not trailer:
        assert "every row" in " ".join(map(str, photo.notes))
    wanted = np.asarray(decode(read_photo(tmp_path / "whole.jpg")))
    np.testing.assert_array_equal(np.asarray(decode(photo)), wanted)


@pytest.mark.parametrize("subsampling", SUBSAMPLINGS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_what_is_there_is_shown_and_what_is_missing_is_counted(
    tmp_path: Path, subsampling: int, share: float
) -> None:
    whole = jpeg(subsampling=subsampling)
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "half.jpg").write_bytes(whole[: int(len(whole) * share)])
    photo = read_photo(tmp_path / "half.jpg")
    assert f"{photo.missing_rows} of {photo.height} rows" in str(photo.notes[-1])
    there = photo.height - photo.missing_rows
    assert there == pytest.approx(photo.height * share, abs=photo.height * 0.1 + 16)
    full, cut = (
        np.asarray(decode(read_photo(tmp_path / f"{name}.jpg")), int) for name in ("whole", "half")
    )
    same = (full == cut).all(axis=(1, 2))
    assert same[: there - 16].all()
    assert not same[there + 16 :].any()
    # What the network and the screen get is decoded at another size, and does not fail either.
    assert srgb_pixels(photo, 100).shape[0] == 100


def test_a_whole_file_with_something_behind_it_has_no_notice(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg() + b"MotionPhoto" * 1000)
    photo = read_photo(path)
    assert (photo.missing_rows, photo.notes) == (0, ())


def test_a_file_cut_in_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg()[:300])
    with pytest.raises(PhotoError, match="damaged"):
        read_photo(path)
