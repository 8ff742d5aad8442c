"""Paper sizes as people type them, as ratios and as sizes of prints."""

from __future__ import annotations

import pytest

from cropcore.errors import AspectError, OptionError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.paper import Paper, offered_papers
from cropcore.images.output_size import Size


@pytest.mark.parametrize(
    ("text", "ratio", "pixels", "written"),
    [
        ("10x15 cm", "2:3", (1181, 1772), "10x15cm@300"),
        ("10 × 15cm", "2:3", (1181, 1772), "10x15cm@300"),
        ("100:150 MM", "2:3", (1181, 1772), "100x150mm@300"),
        ("8x10 in", "4:5", (2400, 3000), "8x10in@300"),
        ("8x10in@240", "4:5", (1920, 2400), "8x10in@240"),
        ("8 x 10 inches @ 240 dpi", "4:5", (1920, 2400), "8x10in@240"),
        ('8"x10"', "4:5", (2400, 3000), "8x10in@300"),
        ("20 x 25,4 Zoll", "20:25.4", (6000, 7620), "20x25.4in@300"),
        ("A4", "210:297", (2480, 3508), "A4@300"),
        ("a4 @ 150ppi", "210:297", (1240, 1754), "A4@150"),
        ("letter", "8.5:11", (2550, 3300), "Letter@300"),
    ],
)
def test_every_form_of_a_paper_size(
    text: str, ratio: str, pixels: tuple[int, int], written: str
) -> None:
    assert str(Aspect.parse(text)) == ratio
    size = Size.parse(text)
    assert (size.kind, size.exact, str(size)) == ("print", True, written)
    assert size.for_ratio(pixels[0] / pixels[1]) == pixels
    assert size.for_ratio(pixels[1] / pixels[0]) == pixels[::-1]
    assert Size.parse(written) == size


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10x15 km", "is no aspect"),
        ("10cm x 15in", "is no aspect"),
        ("A99", "is no aspect"),
        ("0x15 cm", "larger than nothing"),
        ("9999x9999 in", "at most 10 metres"),
        ("10x15cm@0", "pixels per inch"),
        ("A4@99999", "pixels per inch"),
    ],
)
def test_what_is_no_paper_size_says_why(text: str, why: str) -> None:
    with pytest.raises(AspectError, match=why):
        Aspect.parse(text)
    with pytest.raises(OptionError):
        Size.parse(text)


def test_a_print_needs_pixels_as_it_lies() -> None:
    paper = Paper.parse("10x15cm")
    assert paper is not None
    for size in ((1772, 1181), (1181, 1772)):
        assert paper.ppi_of(*size) == pytest.approx(300, abs=0.2)
    assert paper.ppi_of(590, 590) == pytest.approx(590 / (15 / 2.54))


def test_offered_papers_have_different_names() -> None:
    labels = [paper.label for paper in offered_papers()]
    assert len(set(labels)) == len(labels)
