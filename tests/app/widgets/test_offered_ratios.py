"""One table of ratios feeds every place that offers some."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from app.batch.page_ratios import RatioRows
from app.editor.aspect_panel import AspectPanel
from app.editor.nested_crops_panel import NestedCropsPanel
from app.export.export_panel import ExportPanel
from app.settings import Settings
from app.shell.preferences_page import PreferencesPage
from app.widgets.ratio_chips import RatioChips
from cropcore.export.options import ExportOptions
from cropcore.geometry import offered_ratios as aspects
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.offered_ratios import EVERYWHERE, FURTHER
from tests.app.helpers.gui import LEFT, NO_KEY

NEW = Aspect.parse("7:6")


def add(monkeypatch: pytest.MonkeyPatch, common: frozenset[Any]) -> None:
    monkeypatch.setattr(aspects, "OFFERED", {**aspects.OFFERED, str(NEW): common})


def put_up(qtbot: Any, widget: Any) -> Any:
    qtbot.addWidget(widget)
    widget.resize(300, 600)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def chips_of(panel: QWidget) -> RatioChips:
    (chips,) = panel.findChildren(RatioChips)
    return chips


@pytest.mark.parametrize("common", [FURTHER, EVERYWHERE])
def test_a_line_in_the_table_is_seen_in_all_places(
    qtbot: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch, common: frozenset[Any]
) -> None:
    add(monkeypatch, common)
    for kind in (NestedCropsPanel, lambda: ExportPanel(ExportOptions()), RatioRows):
        panel = put_up(qtbot, kind())
        chips = chips_of(panel)
        chip = chips.chips["7:6"]
        assert chip.isVisible() == bool(common)
        if not common:
            QTest.mouseClick(chips.more, LEFT)
        heard: list[Aspect] = []
        chips.toggled.connect(lambda aspect, _on, heard=heard: heard.append(aspect))
        QTest.mouseClick(chip, LEFT)
        assert heard == [NEW]
        assert chips.chosen == (NEW,)

    panel = put_up(qtbot, AspectPanel())
    chosen: list[Aspect] = []
    panel.chosen.connect(chosen.append)
    if common:
        QTest.mouseClick(panel.chips["7:6"], LEFT)
    else:
        QTest.mouseClick(panel.more, LEFT)
        menus = panel.findChildren(QMenu)
        (action,) = (a for menu in menus for a in menu.actions() if a.text() == "7:6")
        action.trigger()
        for menu in menus:
            menu.close()
    assert chosen == [NEW]

    slider = panel.slider
    slid: list[Aspect] = []
    slider.moved.connect(slid.append)
    slider.show_ratio(1.0, False)
    start, stop = (QPoint(round(slider.x_of(r)), 11) for r in (1.0, 7 / 6))
    QTest.mousePress(slider, LEFT, NO_KEY, start)
    QTest.mouseMove(slider, stop)
    QTest.mouseRelease(slider, LEFT, NO_KEY, stop)
    assert slid[-1] == NEW

    over = put_up(qtbot, QWidget())
    box = PreferencesPage(over, settings, ()).aspect_box
    assert box.findData("7:6") >= 0


def test_common_ratios_are_offered_everywhere(qtbot: Any) -> None:
    panel = AspectPanel()
    qtbot.addWidget(panel)
    assert list(panel.chips) == ["original", "free", "1:1", "4:5", "circle", "3:2", "16:9", "9:16"]
    for kind in (NestedCropsPanel, lambda: ExportPanel(ExportOptions()), RatioRows):
        place = kind()
        qtbot.addWidget(place)
        assert {"21:9", "5:4", "3:1", "2:3", "4:3"} <= set(chips_of(place).chips)


@pytest.mark.parametrize("width", [240, 280, 396])
def test_the_aspect_panel_has_two_rows_of_five(qtbot: Any, width: int) -> None:
    panel = put_up(qtbot, AspectPanel())
    panel.resize(width, 300)
    qtbot.waitUntil(lambda: panel.more.geometry().right() == width - 1)
    chips = list(panel.chips.values())
    assert len({chip.y() for chip in chips[:5]}) == 1
    assert len({chip.y() for chip in (*chips[5:], panel.more)}) == 1
    assert panel.more.x() == chips[3].x()
    assert chips[4].geometry().right() == width - 1


def test_what_is_on_stays_in_sight(qtbot: Any) -> None:
    panel = put_up(qtbot, NestedCropsPanel())
    wide, odd, tall = (Aspect.parse(text) for text in ("21:9", "7:6", "4:5"))
    assert not panel.chips["21:9"].isVisible()
    panel.show_also((wide, odd), tall)
    assert panel.chips["21:9"].isVisible()
    assert panel.chips["21:9"].isChecked()
    QTest.mouseClick(panel.chips["1:1"], LEFT)
    assert panel.also == (Aspect.parse("1:1"), wide, odd)
    QTest.mouseClick(chips_of(panel).more, LEFT)
    assert panel.chips["5:4"].isVisible()
    QTest.mouseClick(chips_of(panel).more, LEFT)
    assert panel.chips["21:9"].isVisible()
    assert not panel.chips["5:4"].isVisible()


def test_a_typed_ratio_of_the_table_is_its_chip(qtbot: Any) -> None:
    rows = put_up(qtbot, RatioRows())
    rows.other.setFocus()
    QTest.keyClicks(rows.other, "21:9\r")
    assert rows.aspects == (Aspect.parse("21:9"),)
    assert rows.chips["21:9"].isVisible()
    assert rows.chips["21:9"].isChecked()
    QTest.mouseClick(rows.chips["21:9"], LEFT)
    assert rows.aspects == ()


def test_every_chip_says_what_it_is(qtbot: Any) -> None:
    for kind in (NestedCropsPanel, lambda: ExportPanel(ExportOptions()), RatioRows):
        place = kind()
        qtbot.addWidget(place)
        chips = chips_of(place)
        for name, chip in chips.chips.items():
            assert (name in chip.accessibleName()) == (":" in name), name
        assert "Circle" in chips.chips["circle"].accessibleName()
        assert chips.more.accessibleName() == "More ratios"
