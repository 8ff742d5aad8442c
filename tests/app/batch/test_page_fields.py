"""The batch page, with mouse and keys: names as they will be, what is wrong, and presets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from app.i18n import languages
from cropcore.batch.preset import Preset, read_preset
from cropcore.batch.preset_library import all_presets, save_preset, saved_folder
from cropcore.images.output_size import Size
from tests.app.helpers.batch_page_hand import (
    K,
    choose,
    names,
    note,
    open_three,
    page,
    retype,
    settle,
)
from tests.app.helpers.gui import Desk
from tests.app.helpers.layout_facts import misfits


@pytest.fixture
def free(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    return open_three(make_desk(held=False), tmp_path / "photos")


def test_names_follow_every_field(free: Desk) -> None:
    shown = page(free)
    free.click(shown.finding.ratios.chips["1:1"])
    settle(free)
    assert names(free)[:2] == ["000_4x5_1.jpg", "000_1x1_1.jpg"]
    assert note(free) == "3 photos, 6 files"
    retype(free, shown.files.template, "{n:03} {name} {width}x{height}")
    assert names(free)[0] == "001 000 1080x1350.jpg"
    shown.files.format.setCurrentIndex(shown.files.format.findData("webp"))
    settle(free)
    assert names(free)[0].endswith(".webp")
    retype(free, shown.files.template, "same")
    assert names(free)[:3] == ["same.webp", "same (2).webp", "same (3).webp"]
    free.click(shown.finding.ratios.chips["4:5"])
    free.click(shown.finding.ratios.chips["1:1"])
    assert note(free) == "Choose a ratio."
    assert not shown.start_button.isEnabled()


def test_a_ratio_is_typed_with_its_size(free: Desk) -> None:
    shown, ratios = page(free), page(free).finding.ratios
    retype(free, ratios.other, "10:15")
    QTest.keyClick(ratios.other, K.Key_Return)
    assert shown.isVisible()
    assert [str(a) for a in ratios.aspects] == ["4:5", "2:3"]
    retype(free, ratios.rows[1].field, "1000x1500")
    assert shown.preset is not None
    assert shown.preset.sizes == (Size(1080, 1350), Size(1000, 1500))
    free.click(ratios.rows[0].drop)
    assert [str(a) for a in ratios.aspects] == ["2:3"]
    assert not ratios.chips["4:5"].isChecked()


def test_heads_are_kept_whole_unless_unchecked(free: Desk) -> None:
    shown = page(free)
    assert shown.finding.keep_heads.isChecked()
    QTest.keyClick(shown.finding.keep_heads, K.Key_Space)
    assert shown.preset is not None
    assert not shown.preset.keep_heads
    shown.show_preset(replace(shown.preset, keep_heads=True))
    assert shown.finding.keep_heads.isChecked()


def test_wrong_values_are_said_beside_their_field(free: Desk) -> None:
    shown = page(free)
    line = shown.finding.ratios.rows[0]
    retype(free, line.field, "10x")
    assert "'10x' is no size" in line.wrong
    assert line.field.property("wrong")
    assert line.field.accessibleDescription() == line.wrong
    assert not shown.start_button.isEnabled()
    assert note(free) == line.wrong
    retype(free, line.field, "2048")
    assert shown.start_button.isEnabled()
    retype(free, shown.finding.ratios.other, "wide")
    QTest.keyClick(shown.finding.ratios.other, K.Key_Return)
    assert "'wide' is no aspect" in shown.wrong
    retype(free, shown.finding.ratios.other, "")
    assert shown.wrong == ""
    retype(free, shown.files.template, "{nam}")
    assert "{nam} is no field" in shown.files.wrong
    assert names(free) == []
    assert not shown.presets.export_button.isEnabled()
    assert not shown.head.save_as_button.isEnabled()


def test_a_method_that_the_engine_lacks_is_said(free: Desk) -> None:
    save_preset(Preset("Odd", read_preset(all_presets()[0][0].path).aspects, method="oracle"))
    free.window.parts.batch_controller._presets.look()
    settle(free)
    choose(free, "Odd")
    assert note(free) == "This engine has no method oracle."
    assert not page(free).start_button.isEnabled()
    method = page(free).finding.method
    method.setFocus()
    QTest.keyClick(method, K.Key_Home)
    assert page(free).start_button.isEnabled()


def test_everything_has_a_name_and_can_be_reached_by_key(free: Desk) -> None:
    shown = page(free)
    reached: list[QWidget] = []
    shown.presets.list.setFocus()
    while (now := shown.focusWidget()) not in reached:
        assert now is not None
        reached.append(now)
        QTest.keyClick(now, K.Key_Tab)
    for kind in (QAbstractButton, QLineEdit):
        for widget in shown.findChildren(kind):
            if widget.isVisible() and widget.isEnabled() and widget.parent() is not None:
                inner = widget.objectName() == "qt_spinbox_lineedit"
                assert inner or widget in reached, widget.accessibleName() or widget
                assert inner or widget.accessibleName() or widget.text()


def test_shipped_presets_are_only_saved_as(free: Desk) -> None:
    shown = page(free)
    assert not shown.head.save_button.isVisible()
    assert not shown.head.delete_button.isVisible()
    retype(free, shown.finding.ratios.rows[0].field, "540x675")
    assert shown.head.state.text() == "changed"
    free.click(shown.head.save_as_button)
    retype(free, shown.head.field, "Half as large")
    QTest.keyClick(shown.head.field, K.Key_Return)
    free.until(lambda: shown.head.name.full_text == "Half as large")
    settle(free)
    kept = read_preset(saved_folder() / "half-as-large.json")
    assert kept.sizes == (Size(540, 675),)
    assert kept == page(free).preset
    assert shown.head.state.text() == ""
    assert shown.head.delete_button.isVisible()
    choose(free, "Instagram 4:5")
    assert shown.finding.ratios.rows[0].field.text() == "1080x1350"


def test_ones_own_presets_are_saved_renamed_and_deleted(free: Desk) -> None:
    save_preset(Preset("First", read_preset(all_presets()[0][0].path).aspects))
    save_preset(Preset("Second", read_preset(all_presets()[0][0].path).aspects))
    shown = page(free)
    free.window.parts.batch_controller._presets.look()
    settle(free)
    assert [s.preset.name for s in shown.presets.all[:2]] == ["First", "Second"]
    choose(free, "First")
    free.click(shown.finding.ratios.chips["16:9"])
    assert shown.head.state.text() == "changed"
    free.click(shown.head.save_button)
    settle(free)
    assert len(read_preset(saved_folder() / "first.json").aspects) == 2
    assert shown.head.state.text() == ""
    free.click(shown.head.rename_button)
    retype(free, shown.head.field, "second")
    assert shown.head.wrong == "You have a preset Second already."
    assert not shown.head.take_button.isEnabled()
    QTest.keyClick(shown.head.field, K.Key_Escape)
    assert shown.isVisible()
    assert not shown.head.is_asking
    free.click(shown.head.rename_button)
    retype(free, shown.head.field, "Third")
    free.click(shown.head.take_button)
    free.until(lambda: shown.head.name.full_text == "Third")
    assert [p.name for p in sorted(saved_folder().glob("*.json"))] == ["second.json", "third.json"]
    free.click(shown.head.delete_button)
    free.until(lambda: note(free) == "Third was deleted.")
    assert [p.name for p in saved_folder().glob("*.json")] == ["second.json"]


def test_changes_wait_while_another_preset_is_looked_at(free: Desk) -> None:
    shown = page(free)
    retype(free, shown.files.template, "{name}")
    choose(free, "A4")
    assert shown.files.template.text() == "{name}_{aspect}_{rank}"
    choose(free, "Instagram 4:5")
    assert shown.files.template.text() == "{name}"
    free.click(shown.head.revert_button)
    assert shown.files.template.text() == "{name}_{aspect}_{rank}"
    assert shown.head.state.text() == ""


def test_a_preset_is_shared_as_a_file(
    free: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page(free)
    retype(free, shown.files.template, "{name} shared")
    target = tmp_path / "shared.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    free.click(shown.presets.export_button)
    free.until(lambda: note(free) == "Written to shared.json.")
    assert read_preset(target) == shown.preset
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    for name in ("Instagram 4:5", "Instagram 4:5 (2)"):
        free.click(shown.presets.import_button)
        free.until(lambda n=name: note(free) == f"{n} is among your presets now.")
    free.until(lambda: shown.head.name.full_text == "Instagram 4:5 (2)")
    assert {s.preset.name for s in shown.presets.all if s.own} == {
        "Instagram 4:5", "Instagram 4:5 (2)",
    }  # fmt: skip
    assert shown.files.template.text() == "{name} shared"
    target.write_text("{}")
    free.click(shown.presets.import_button)
    free.until(lambda: "shared.json: schema: is missing" in note(free))


def test_what_was_refused_does_not_stay_and_esc_brings_the_last_text_back(free: Desk) -> None:
    shown, ratios = page(free), page(free).finding.ratios
    size, template = ratios.rows[0].field, shown.files.template
    for field, good, bad in (
        (size, "540x675", "54x"),
        (template, "{name}-{n}", "{nam"),
        (ratios.other, "", "wide"),
    ):
        before = field.text()
        if good:
            retype(free, field, good)
            assert shown.wrong == ""
            QTest.keyClick(field, K.Key_Escape)
            assert field.text() == before, "Esc takes back all of the typing"
            retype(free, field, good)
            QTest.keyClick(field, K.Key_Return)
        retype(free, field, bad)
        QTest.keyClick(field, K.Key_Return)
        assert field.wrong
        assert field.refusal.isVisible()
        assert not shown.start_button.isEnabled()
        QTest.keyClick(field, K.Key_Tab)
        settle(free)
        assert not field.refusal.isVisible()
        assert field.text() == good
        assert shown.start_button.isEnabled()
        assert shown.isVisible()
    assert shown.preset is not None
    assert (shown.preset.sizes, shown.preset.template) == ((Size(540, 675),), "{name}-{n}")
    retype(free, ratios.other, "7:9")
    QTest.keyClick(ratios.other, K.Key_Tab)
    assert [str(a) for a in ratios.aspects] == ["4:5", "7:9"], "a good one is taken on leaving"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_narrowest_page_cuts_no_text(
    make_desk: Callable[..., Desk], tmp_path: Path, language: str, qapp: QApplication
) -> None:
    translators = languages.install(qapp, language)
    try:
        desk = open_three(make_desk((1280, 720), held=False), tmp_path / "photos")
        shown = page(desk)
        shown.resize(100, 620)
        retype(desk, shown.finding.ratios.other, "no ratio at all")
        QTest.keyClick(shown.finding.ratios.other, K.Key_Return)
        desk.until(lambda: misfits(shown) == [])
        assert shown.width() <= 1080
        box, option = shown.files.format, QStyleOptionComboBox()
        box.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box)
        texts = [box.itemText(place) for place in range(box.count())]
        assert max(map(box.fontMetrics().horizontalAdvance, texts)) <= room.width()
        assert shown.finding.ratios.other.width() >= 100
    finally:
        for translator in translators:
            qapp.removeTranslator(translator)
