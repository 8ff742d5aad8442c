"""``cropcore crop --match``: photos are cropped like a box of another one, and doubtful ones are listed."""

from __future__ import annotations

from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from cropcore.geometry.match import match_pattern
from tests.cropcore.helpers.commands import run, run_json

PORTRAIT = "0.2,0,0.7,0.6"
"""Of the photo with a person: from above the head to the chest."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A person; the same person smaller and elsewhere; a photo without any."""
    folder = tmp_path_factory.mktemp("match")
    person = Image.fromarray(skimage.data.astronaut())
    small = Image.new("RGB", (900, 600), (128, 128, 128))
    small.paste(person.resize((410, 410), Image.Resampling.LANCZOS), (300, 150))
    paths = folder / "anna.jpg", folder / "small.jpg", folder / "grey.jpg"
    person.save(paths[0], quality=95)
    small.save(paths[1], quality=95)
    Image.new("RGB", (600, 400), (128, 128, 128)).save(paths[2])
    return paths


def head_in(entry: dict, crop: list[int]) -> tuple[float, float]:
    """Height of the largest head and its middle, as shares of a crop's height."""
    _, top, _, bottom = max(entry["heads"], key=lambda head: head[3] - head[1])
    high, crop_high = entry["height"], crop[3] - crop[1]
    middle = (top + bottom) / 2 * high - crop[1]
    return (bottom - top) * high / crop_high, middle / crop_high


def test_crops_are_alike_and_unsure_ones_are_listed(
    photos: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person, small, grey = photos
    asked = ["crop", person, small, grey, "--match", f"{person}@{PORTRAIT}", "--device", "cpu"]
    status, told = run_json(capsys, *asked, "--out", tmp_path / "out")
    assert status == 0
    results = [entry["results"][0] for entry in told["photos"]]
    pattern = match_pattern(results[0]["method"])
    assert pattern is not None
    assert pattern.kind == "head"
    itself, other, none = results
    assert itself["candidates"][0]["box"] == pytest.approx([0.2, 0.0, 0.7, 0.6], abs=0.01)
    assert "doubts" not in itself
    crops = [result["candidates"][0]["pixels"] for result in (itself, other)]
    heads = [head_in(entry, crop) for entry, crop in zip(told["photos"], crops, strict=False)]
    assert heads[1] == pytest.approx(heads[0], abs=0.05)
    assert none["doubts"] == ["missing"]
    assert none["confidence"] == 0
    assert none["candidates"], "the default crop stands in"
    assert len(list((tmp_path / "out").iterdir())) == 3

    assert run("crop", person, grey, "--match", f"{person}@{PORTRAIT}", "--device", "cpu") == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"Method {pattern.method}" in lines
    assert any("not sure: no such subject found" in line for line in lines)
    assert lines[-2:] == ["Not sure of 1 of 2:", str(grey)]


@pytest.mark.parametrize(
    ("source", "status", "wrong"),
    [
        ("{person}@0.2,0,0.7", 2, "0.2,0,0.7"),
        ("{person}@0.7,0,0.2,0.6", 2, "0.7,0,0.2,0.6"),
        ("{person}", 2, "anna.jpg"),
        ("{person}.gone.jpg@0.2,0,0.7,0.6", 1, "anna.jpg.gone.jpg"),
        ("{grey}@0.2,0,0.7,0.6", 1, "There is no head and no single object in the crop"),
    ],
)
def test_what_is_no_pattern_is_said_in_one_sentence(
    photos: tuple[Path, Path, Path],
    capsys: pytest.CaptureFixture[str],
    source: str,
    status: int,
    wrong: str,
) -> None:
    person, small, grey = photos
    text = source.format(person=person, grey=grey)
    try:
        found = run("crop", small, "--match", text, "--device", "cpu")
    except SystemExit as end:  # of the parser
        found = int(str(end.code))
    told = capsys.readouterr()
    assert found == status
    assert wrong in told.err
    assert "Traceback" not in told.err
