"""A given box is read as it is meant, and refused where it is beyond the photo."""

from __future__ import annotations

import pytest

from cropcore.errors import GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.fixed_crop import FixedCrop

FREE = Aspect("free")


@pytest.mark.parametrize(
    "text", ["0,0,1.1,1", "0,0,1,1.1", "-0.1,0,1,1", "0,-0.1,1,1", "-5px,0px,9px,9px"]
)
def test_what_is_beyond_every_photo_is_refused(text: str) -> None:
    with pytest.raises(GeometryError, match="beyond the photo"):
        FixedCrop.parse(text)


@pytest.mark.parametrize("text", ["0.5,0,0.5,1", "0,0.6,1,0.5", "1,2,3", "a,b,c,d", "0,0,nan,1"])
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(GeometryError, match="is no crop"):
        FixedCrop.parse(text)


@pytest.mark.parametrize("text", ["10px,20px,101px,60px", "10px,20px,100px,81px"])
def test_pixels_beyond_this_photo_are_refused(text: str) -> None:
    given = FixedCrop.parse(text)
    assert given.crop(101, 81, FREE).box[0] == pytest.approx(10 / 101)
    with pytest.raises(GeometryError, match="100 x 80 pixels"):
        given.crop(100, 80, FREE)


def test_fractions_reach_to_the_very_edge() -> None:
    assert FixedCrop.parse("0, 0.25, 1.0000000001, 1").crop(100, 80, FREE).box == (0, 0.25, 1, 1)
