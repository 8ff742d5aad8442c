"""Why this crop: what is told, and when it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.style import theme
from app.suggest.why_panel import WhyPanel
from app.suggest.why_picture import cut_colour, inside_of
from cropcore.geometry.crop import Crop, Explanation, MethodOpinion, Suggestions
from tests.app.helpers.engine_double import (
    GAZE_CUT,
    GAZE_INSIDE,
    METHODS,
    candidate_crops,
    saliency,
)
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key


def panel(desk: Desk) -> WhyPanel:
    return desk.window.parts.why.panel


def open_why(desk: Desk) -> WhyPanel:
    desk.key(K.Key_W)
    desk.until(lambda: panel(desk).explanation is not None)
    return panel(desk)


def test_w_opens_and_closes_it(quick: Desk) -> None:
    quick.key(K.Key_W)
    assert panel(quick).isVisible()
    assert quick.window.parts.actions["why"].isChecked()
    quick.key(K.Key_Escape)
    assert not panel(quick).isVisible()
    assert not quick.window.parts.actions["why"].isChecked()
    assert quick.window.parts.aspect_panel.isVisible()
    assert quick.window.parts.canvas.hasFocus()


def test_nothing_is_asked_while_it_is_closed(quick: Desk) -> None:
    quick.key(K.Key_3)
    quick.qtbot.wait(300)
    assert quick.engine.explained == []


def test_the_numbers_are_those_of_the_explanation(quick: Desk) -> None:
    why = open_why(quick)
    explanation = why.explanation
    assert explanation.crop == quick.crop
    assert (explanation.gaze_inside, explanation.gaze_cut) == (GAZE_INSIDE, GAZE_CUT)
    assert why.gaze.text() == "91 % of the gaze lies inside."
    assert [label.text() for label in why.cuts] == ["0 %", "3 %", "12 %", "1 %"]
    assert "the centre" in why.meaning.text()
    rows = [(n.text(), r.text()) for n, _, r in why._rows if n.isVisible()]
    titles = ["GAIC", "SFRC", "ASM", "Mars", "Set prediction"]
    assert rows == [(title, f"{place} of 10") for place, title in enumerate(titles, 1)]
    assert [o.method for o in explanation.opinions] == list(METHODS[1:])


def test_the_crop_is_ranked_among_the_other_candidates(quick: Desk) -> None:
    open_why(quick)
    crops = candidate_crops(quick.photo.edit.aspect, quick.photo.photo)
    assert quick.engine.explained == [(crops[0], crops[1:])]
    quick.key(K.Key_3)
    quick.until(lambda: len(quick.engine.explained) == 2)
    assert quick.engine.explained[1] == (crops[2], (*crops[:2], *crops[3:]))
    quick.key(K.Key_Right)
    quick.until(lambda: len(quick.engine.explained) == 3)
    assert quick.engine.explained[2] == (quick.crop, crops)
    quick.until(lambda: panel(quick).explanation.crop == quick.crop)
    assert panel(quick)._rows[0][2].text() == "1 of 11"


def test_a_drag_is_explained_once_it_ends(quick: Desk) -> None:
    open_why(quick)
    start = quick.place(0.2, 0.9)
    quick.press(start)
    for step in range(1, 8):
        quick.move(start + QPoint(20 * step, -12 * step))
        quick.qtbot.wait(60)
    quick.qtbot.wait(300)
    assert len(quick.engine.explained) == 1
    quick.release(start + QPoint(140, -84))
    quick.until(lambda: len(quick.engine.explained) == 2)
    assert quick.engine.explained[1][0] == quick.crop
    quick.qtbot.wait(300)
    assert len(quick.engine.explained) == 2


def test_it_waits_for_the_candidates(desk: Desk, small_photo: Path) -> None:
    desk.open(small_photo)
    desk.key(K.Key_W)
    desk.qtbot.wait(300)
    assert desk.engine.explained == []
    desk.deliver()
    desk.until(lambda: desk.engine.explained)
    assert desk.engine.explained[0][0] == desk.crop


def test_another_photo_clears_it_and_is_explained(quick: Desk, tmp_path: Path) -> None:
    why = open_why(quick)
    first = why.explanation
    quick.open(write_photo(tmp_path / "next.jpg", 700, 900))
    assert why.explanation is not first
    quick.until(lambda: why.explanation is not None and why.explanation.crop == quick.crop)


def test_it_closes_with_the_last_photo(quick: Desk) -> None:
    open_why(quick)
    quick.window.parts.actions["compare"].trigger()
    quick.window.parts.actions["close"].trigger()
    assert quick.window.parts.document.current is None
    assert not panel(quick).isVisible()
    assert not quick.window.parts.compare.page.isVisible()


def test_the_picture_marks_the_borders_that_cut(quick: Desk) -> None:
    why = open_why(quick)
    quick.until(lambda: why.picture._image is not None)
    image = why.picture.grab().toImage()
    place = why.picture._place()
    left, top, right, bottom = quick.crop.box
    x = place.left() + round(place.width() * right) - 1
    y = place.top() + round(place.height() * (top + bottom) / 2)
    colours = theme.palette(dark=True)
    assert image.pixelColor(x, y) == colours.error
    x = place.left() + round(place.width() * left)
    assert image.pixelColor(x, y) == colours.text


def test_colours_of_the_borders() -> None:
    for dark in (True, False):
        colours = theme.palette(dark)
        seen = [cut_colour(share, colours) for share in (0.0, 0.03, 0.2)]
        assert seen == [colours.text, colours.warning, colours.error]


@pytest.mark.parametrize("box", [(0.25, 0.5, 0.75, 1.0), (0.999, 0.999, 1.0, 1.0)])
def test_the_part_of_a_map_inside_a_crop(box: tuple[float, float, float, float]) -> None:
    values = saliency()
    part = inside_of(values, Crop(box)).values
    high, wide = values.values.shape
    assert part.shape == (
        max(round((box[3] - box[1]) * high), 1),
        max(round((box[2] - box[0]) * wide), 1),
    )
    assert part[-1, -1] == values.values[-1, min(round(box[2] * wide), wide) - 1]


def test_a_scroll_bar_that_comes_and_goes_never_loops(quick: Desk) -> None:
    why = open_why(quick)
    width = why.width()
    for height in range(360, 620, 5):
        why.resize(width, height)
        QApplication.processEvents()
        picture = why.picture
        assert picture.height() == round((width - 24) / 1.5)
        assert picture.geometry().right() <= picture.parentWidget().width()


def test_the_method_that_offers_a_crop_places_it_as_the_strip_does(
    quick: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain, answer = quick.engine.explain, quick.engine.answer

    def against(scene: Any, crop: Crop, aspect: Any, candidates: Any = ()) -> Explanation:
        found = explain(scene, crop, aspect, candidates)
        own = MethodOpinion("cascade", 3, len(candidates) + 1, 0.4)
        return replace(found, opinions=(own, *found.opinions))

    def with_ideas(*args: Any, **more: Any) -> Suggestions:
        found = answer(*args, **more)
        ideas = ("best", "closer", "", *("wider",) * 7)
        told = (replace(c, idea=i) for c, i in zip(found.candidates, ideas, strict=True))
        return replace(found, candidates=tuple(told))

    monkeypatch.setattr(quick.engine, "explain", against)
    monkeypatch.setattr(quick.engine, "answer", with_ideas)
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    quick.until(lambda: quick.photo.current_suggestions is not None)
    quick.key(K.Key_W)
    for key, shown in ((K.Key_1, "1 of 10"), (K.Key_2, "2: Closer"), (K.Key_3, "3 of 10")):
        quick.key(key)
        quick.until(lambda text=shown: panel(quick)._rows[0][2].text() == text)
    quick.key(K.Key_Right)
    quick.until(lambda: panel(quick)._rows[0][2].text() == "3 of 11")
