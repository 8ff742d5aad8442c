"""Crops by numbers: the forms that are read, and what is refused."""

from __future__ import annotations

import json

import pytest

from cropcore.errors import GeometryError
from cropcore.geometry.crop import Crop
from cropcore.geometry.crop_text import crop_of_text


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("10 20 300 400", (10, 20, 310, 420)),
        ("10,20,300,400", (10, 20, 310, 420)),
        ("10px, 20px, 300px, 400px\n", (10, 20, 310, 420)),
        ("[10, 20, 300, 400]", (10, 20, 310, 420)),
        ("x=10 y=20 w=300 h=400", (10, 20, 310, 420)),
        ("left: 10, top: 20, width: 300, height: 400", (10, 20, 310, 420)),
        ("300x400+10+20", (10, 20, 310, 420)),
        ("centre 300 400", (350, 100, 650, 500)),
        ("Center 300x400", (350, 100, 650, 500)),
        ("0.1 0.2 0.9 0.8", (100, 120, 900, 480)),
        ("900 500 300 400", (900, 500, 1000, 600)),
        ("-20 0 120 60", (0, 0, 100, 60)),
    ],
)
def test_numbers(text: str, pixels: tuple[int, int, int, int]) -> None:
    found = crop_of_text(text, 1000, 600)
    assert not found.of_file
    assert found.crop is not None
    expected = tuple(side / size for side, size in zip(pixels, (1000, 600) * 2, strict=True))
    assert found.crop.box == pytest.approx(expected)


def test_centre_alone_is_the_largest_of_the_aspect() -> None:
    assert crop_of_text("centre", 1000, 600).crop is None


def test_json_of_the_command() -> None:
    candidate = {"rank": 1, "box": [0.1, 0.2, 0.9, 0.8], "shape": "circle", "angle": 2.0}
    photo = {"file": "/photos/b.jpg", "results": [{"candidates": [candidate]}]}
    other = {"file": "/photos/a.jpg", "results": [{"candidates": [{"box": [0, 0, 1, 0.5]}]}]}
    whole = {"schema": 1, "photos": [other, photo]}
    expected = Crop((0.1, 0.2, 0.9, 0.8), "circle", 2.0)
    for values in (whole, {"photos": [photo]}, photo, [candidate], candidate):
        found = crop_of_text(json.dumps(values), 1000, 600, file_name="b.jpg")
        assert (found.crop, found.of_file) == (expected, True)
    with pytest.raises(GeometryError, match="is no crop"):
        crop_of_text(json.dumps(whole), 1000, 600, file_name="c.jpg")


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "1 2 3", "1 2 3 4 5", "10 20 0 5", "10 20 -5 5", "nan 0 1 1", "{", "{}",
        '{"photos": []}', '{"box": [0.5, 0, 0.2, 1]}', "[[1]]", "0.9 0.1 0.2 0.8", "1e999 0 5 5",
    ],
)  # fmt: skip
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(GeometryError, match="is no crop"):
        crop_of_text(text, 1000, 600)


def test_beyond_the_photo() -> None:
    with pytest.raises(GeometryError, match="lies beyond the photo, which has 1000 x 600"):
        crop_of_text("1000 0 50 50", 1000, 600)
