"""The words for a crop's shape, and the slider's places."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from app.editor.ratio_slider import RatioSlider, plain_aspect
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import aspect_text
from tests.app.helpers.gui import LEFT, NO_KEY

HALF = Crop((0.0, 0.0, 0.5, 1.0))


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [
        (6000, 4000, "3:2"),
        (451, 300, "3:2"),
        (640, 427, "3:2"),
        (3000, 4000, "3:4"),
        (512, 512, "1:1"),
        (5472, 3648, "3:2"),
        (1920, 1080, "16:9"),
        (6000, 3137, "original"),
        (9000, 100, "original"),
    ],
)
def test_a_photos_own_ratio_has_the_name_that_people_know(
    width: int, height: int, text: str
) -> None:
    assert aspect_text(Aspect("original"), HALF, width, height) == text
    assert Aspect.parse(text)


def test_a_free_crop_shows_its_own_ratio_larger_side_counted() -> None:
    assert aspect_text(Aspect("free"), HALF, 1000, 1000) == "1:2.00"
    assert aspect_text(Aspect("free"), Crop(), 1000, 800) == "1.25:1"
    assert aspect_text(Aspect.parse("1.91"), HALF, 1000, 1000) == "1.91:1"


@pytest.fixture
def slider(qtbot: Any) -> RatioSlider:
    widget = RatioSlider()
    qtbot.addWidget(widget)
    widget.resize(240, 40)
    widget.show()
    return widget


def slide_to(slider: RatioSlider, ratio: float) -> Aspect:
    heard: list[Aspect] = []
    slider.moved.connect(heard.append)
    start, stop = (QPoint(round(slider.x_of(r)), 11) for r in (slider.ratio, ratio))
    QTest.mousePress(slider, LEFT, NO_KEY, start)
    QTest.mouseMove(slider, (start + stop) / 2)
    QTest.mouseMove(slider, stop)
    QTest.mouseRelease(slider, LEFT, NO_KEY, stop)
    return heard[-1]


def test_the_slider_snaps_to_the_photos_own_ratio(slider: RatioSlider) -> None:
    own = (Aspect("original"), 451 / 300)
    slider.show_ratio(1.0, False, (own,))
    assert slide_to(slider, 451 / 300) == Aspect("original")
    assert slider.ratio == pytest.approx(451 / 300)
    assert slide_to(slider, 0.8) == Aspect.parse("4:5")
    slider.show_ratio(1.0, False, ((Aspect.parse("3:2"), 1.5), own))
    assert slide_to(slider, 1.5) == Aspect.parse("3:2")


def test_a_place_between_names_is_a_plain_ratio(slider: RatioSlider) -> None:
    slider.show_ratio(1.0, False)
    assert slide_to(slider, 1.1) == plain_aspect(slider.ratio)
    assert slider.ratio == pytest.approx(1.1, abs=0.02)
