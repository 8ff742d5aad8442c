"""Keys, fields and notices of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from app.canvas.crop_view import ViewMode
from app.document.edit import Owner
from app.engine.engine_thread import EngineThread
from app.settings import Settings
from app.shell.startup import build_window
from app.style.theme import Mode
from cropcore.errors import WeightsError
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import pixels
from cropcore.images.output_size import Size
from cropcore.messages import Message
from tests.app.helpers.engine_double import EngineDouble, candidate_crops
from tests.app.helpers.gui import Desk, write_photo

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key


@pytest.mark.parametrize(
    ("key", "with_shift", "aspect"),
    [
        (K.Key_F, False, "free"),
        (K.Key_C, False, "circle"),
        (K.Key_R, True, "original"),
        (K.Key_X, False, "2:3"),
    ],
)
def test_aspect_keys(quick: Desk, key: Qt.Key, with_shift: bool, aspect: str) -> None:
    quick.key(key, SHIFT if with_shift else Qt.KeyboardModifier.NoModifier)
    assert quick.photo.edit.aspect == Aspect.parse(aspect)


def test_a_typed_ratio_and_a_wrong_one(quick: Desk) -> None:
    field = quick.window.parts.aspect_panel.field
    quick.key(K.Key_R)
    assert field.hasFocus()
    QTest.keyClicks(field, "nonsense")
    QTest.keyClick(field, K.Key_Return)
    assert quick.photo.edit.aspect == Aspect("original")
    assert field.property("wrong")
    field.selectAll()
    QTest.keyClicks(field, "1.91")
    QTest.keyClick(field, K.Key_Return)
    assert quick.photo.edit.aspect == Aspect("ratio", 1.91, 1)
    assert quick.window.parts.canvas.hasFocus()


def test_a_refused_ratio_says_why_below_the_field_and_esc_brings_the_last_back(
    quick: Desk,
) -> None:
    panel = quick.window.parts.aspect_panel
    before = panel.field.text()
    quick.key(K.Key_R)
    QTest.keyClicks(panel.field, "<b>4 by 5")
    QTest.keyClick(panel.field, K.Key_Return)
    assert panel.refusal.isVisible()
    assert panel.refusal.text().startswith("'<b>4 by 5' is no aspect")
    assert panel.refusal.geometry().top() >= panel.field.geometry().bottom()
    quick.key(K.Key_Escape)
    assert panel.field.text() == before
    assert not panel.refusal.isVisible()
    assert quick.window.parts.canvas.hasFocus()


@pytest.mark.parametrize(
    ("typed", "ratio", "chip"),
    [("1,91", 1.91, ""), ("4/5", 0.8, "4:5"), ("1080 x 1350", 0.8, "4:5"), ("2,0:2", 1.0, "1:1")],
)
def test_ratios_are_read_as_people_write_them(
    quick: Desk, typed: str, ratio: float, chip: str
) -> None:
    panel = quick.window.parts.aspect_panel
    quick.key(K.Key_R)
    QTest.keyClicks(panel.field, typed)
    QTest.keyClick(panel.field, K.Key_Return)
    assert quick.photo.edit.aspect.ratio_for(3, 2) == pytest.approx(ratio)
    lit = [name for name, button in panel.chips.items() if button.isChecked()]
    assert lit == ([chip] if chip else [])


def test_the_first_window_fits_the_screen(
    qtbot: Any, settings: Settings, qapp: QApplication
) -> None:
    window = build_window(settings, EngineThread(EngineDouble(False).load))
    qtbot.addWidget(window)
    room = qapp.primaryScreen().availableSize().expandedTo(window.minimumSize())
    assert window.size() == QSize(1440, 900).boundedTo(room)


def test_a_double_click_resets_sliders(quick: Desk) -> None:
    panel = quick.window.parts.aspect_panel
    quick.click(panel.chips["1:1"])
    assert quick.photo.edit.aspect == Aspect("ratio", 1, 1)
    QTest.mouseDClick(panel.slider, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(panel.slider, Qt.MouseButton.LeftButton)
    assert quick.photo.edit.aspect == Aspect("original")
    panel.tightness.setValue(80)
    assert quick.photo.edit.tightness == pytest.approx(0.8)
    QTest.mouseDClick(panel.tightness, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(panel.tightness, Qt.MouseButton.LeftButton)
    assert panel.tightness.value() == 50
    assert quick.photo.edit.tightness == pytest.approx(0.5)


def test_a_ratio_beyond_all_aspects_is_told(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk(held=False)
    desk.open(write_photo(tmp_path / "ribbon.jpg", 3000, 20))
    desk.key(K.Key_X)
    assert desk.photo.edit.aspect == Aspect("original")
    assert any("150:1" in text for text in desk.notices())


def test_digits_take_what_is_painted(quick: Desk) -> None:
    quick.key(K.Key_4)
    assert quick.crop == candidate_crops(Aspect("original"), quick.photo.photo)[3]
    quick.key(K.Key_BracketRight)
    assert quick.crop == candidate_crops(Aspect("original"), quick.photo.photo)[4]
    quick.key(K.Key_0)
    assert quick.crop == Crop()
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.undo_count == 3


def test_the_strip_holds_still_under_the_pointer(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk()
    desk.open(small_photo)
    desk.deliver()
    desk.hover(desk.window.parts.strip.cards[1])
    painted = desk.window.parts.shown_candidates.suggestions
    desk.key(K.Key_F)
    desk.deliver()
    assert desk.window.parts.shown_candidates.suggestions is painted
    desk.leave()
    desk.until(lambda: desk.window.parts.shown_candidates.suggestions is not painted)
    assert desk.window.parts.shown_candidates.suggestions.aspect == Aspect("free")


def test_arrows_nudge_by_pixels_and_are_one_step(quick: Desk) -> None:
    quick.key(K.Key_3)
    before = pixels(quick.crop, Aspect("original"), 1200, 800)
    quick.key(K.Key_Right)
    quick.key(K.Key_Right)
    quick.key(K.Key_Down, SHIFT)
    after = pixels(quick.crop, Aspect("original"), 1200, 800)
    assert (after[0] - before[0], after[1] - before[1]) == (2, 10)
    assert quick.undo_count == 2


def test_numbers_are_typed_in_pixels(quick: Desk) -> None:
    quick.window.parts.numbers_section.set_open(True)
    box = quick.window.parts.numbers_panel.boxes["width"]
    assert box.lineEdit().width() > 40
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "300")
    QTest.keyClick(box, K.Key_Return)
    _, _, wide, high = pixels(quick.crop, Aspect("original"), 1200, 800)
    assert (wide, high) == (300, 200)
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.undo_count == 1


def test_b_is_before_while_it_is_held(quick: Desk) -> None:
    QTest.keyPress(quick.window.parts.canvas, K.Key_B)
    assert quick.window.parts.canvas.view_mode is ViewMode.BEFORE
    QTest.keyRelease(quick.window.parts.canvas, K.Key_B)
    assert quick.window.parts.canvas.view_mode is ViewMode.EDIT
    quick.key(K.Key_V)
    assert quick.window.parts.canvas.view_mode is ViewMode.RESULT
    quick.key(K.Key_Escape)
    assert quick.window.parts.canvas.view_mode is ViewMode.EDIT


def test_before_ends_when_another_window_takes_the_keys(quick: Desk) -> None:
    QTest.keyPress(quick.window.parts.canvas, K.Key_B)
    assert quick.window.parts.canvas.view_mode is ViewMode.BEFORE
    other = QWidget()
    quick.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    quick.until(lambda: quick.window.parts.canvas.view_mode is ViewMode.EDIT)


def test_whole_photo_is_the_persons_own(quick: Desk) -> None:
    quick.key(K.Key_Backspace, CTRL)
    assert quick.crop == Crop()
    assert quick.photo.edit.owner is Owner.MINE


def test_enter_accepts_and_goes_on(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk(held=False)
    first, second = (write_photo(tmp_path / f"{n}.jpg", 600, 400) for n in "ab")
    desk.open(first, second)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.key(K.Key_Return)
    assert desk.window.parts.document.photos[0].edit.owner is Owner.MINE
    assert desk.photo.path == second
    desk.key(K.Key_PageUp)
    assert desk.photo.path == first
    assert desk.window.parts.filmstrip.isVisible()


def test_tightness_by_key_is_undone(quick: Desk) -> None:
    slider = quick.window.parts.aspect_panel.tightness
    slider.setFocus()
    QTest.keyClick(slider, K.Key_Right)
    assert quick.photo.edit.tightness == pytest.approx(0.51)
    quick.key(K.Key_Z, CTRL)
    assert quick.photo.edit.tightness == pytest.approx(0.5)


def test_the_wheel_moves_no_slider(quick: Desk) -> None:
    before = quick.photo.edit
    for widget in (
        quick.window.parts.aspect_panel.slider,
        quick.window.parts.aspect_panel.tightness,
    ):
        at = QPointF(widget.rect().center())
        event = QWheelEvent(
            at, widget.mapToGlobal(at), QPoint(0, 0), QPoint(0, 240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
    assert quick.photo.edit == before


def test_every_button_has_a_name_and_a_tip(quick: Desk) -> None:
    window = quick.window
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisibleTo(window)]
    assert len(buttons) > 30
    for button in buttons:
        assert button.accessibleName() or button.text(), button
    assert all(a.toolTip() for a in window.parts.actions.by_name.values())


def test_no_key_has_two_meanings(quick: Desk) -> None:
    keys = [
        s.toString() for a in quick.window.parts.actions.by_name.values() for s in a.shortcuts()
    ]
    assert len(keys) == len(set(keys))


def test_without_weights_the_editor_goes_on(
    qtbot: object, settings: Settings, small_photo: Path, tmp_path: Path
) -> None:
    def fail() -> None:
        raise WeightsError("encoder.json is missing. Reinstall Cropsight.")

    settings.aspect = Aspect.parse("4:5")
    window = build_window(settings, EngineThread(fail))  # type: ignore[arg-type]
    qtbot.addWidget(window)  # type: ignore[attr-defined]
    window.show()
    window.start_engine()
    wait = qtbot.waitUntil  # type: ignore[attr-defined]
    wait(lambda: window.parts.editor.suggester.engine_lost)
    window.open_paths([small_photo])
    wait(lambda: bool(window.parts.editor.photo and window.parts.document.current.preview))
    assert any("Reinstall" in n.text for n in window.parts.notices.notices)
    with qtbot.waitSignal(window.parts.exporter.finished) as done:  # type: ignore[attr-defined]
        window.parts.actions["export"].trigger()
    assert done.args == [1]
    assert window.parts.document.current.edit.crop.box == pytest.approx(
        (0.2333, 0, 0.7667, 1), abs=1e-3
    )


def test_settings_come_back(settings: Settings, tmp_path: Path) -> None:
    options = ExportOptions("webp", 70, Size(1080, 1350), "none", (1, 2, 3), "{n}", tmp_path)
    settings.export = options
    settings.aspect = Aspect("circle")
    settings.remember_opened([tmp_path / "ü a.jpg"])
    assert settings.export == options
    assert settings.aspect == Aspect("circle")
    assert settings.recent == (tmp_path / "ü a.jpg",)


@pytest.mark.parametrize("text", ["[]", "7", "nonsense", '{"size": 3}', '{"later": 1}'])
def test_unreadable_settings_are_the_defaults(tmp_path: Path, text: str) -> None:
    store = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    for name in ("export", "recent", "aspect", "theme"):
        store.setValue(name, text)
    settings = Settings(store)
    assert settings.export == ExportOptions()
    assert settings.recent == ()
    assert settings.mode is Mode.SYSTEM


def test_export_page_warns_and_shows_the_name(quick: Desk) -> None:
    quick.key(K.Key_E, CTRL | SHIFT)
    page = quick.window.parts.export_controls.panel
    assert page.isVisible()
    page.template.clear()
    QTest.keyClicks(page.template, "{name}-{aspect}")
    quick.until(lambda: page._example.full_text == "small-original.jpg")
    assert quick.window.parts.settings.export.template == "{name}-{aspect}"
    QTest.keyClicks(page.template, "{wrong}")
    assert "wrong" in page._example.full_text
    assert quick.window.parts.settings.export.template == "{name}-{aspect}"
    page.sizes.size_kind.setCurrentIndex(1)
    page.sizes.wide.setValue(5000)
    assert page.sizes.warned.isVisible()
    quick.key(K.Key_Escape)
    assert not page.isVisible()


def test_the_export_button_says_what_it_does_when_another_page_takes_the_place(quick: Desk) -> None:
    export = quick.window.parts.export_controls
    for other in ("why", "straighten"):
        alone = export.button.main.text()
        quick.key(K.Key_E, CTRL | SHIFT)
        box = export.panel.scope_box
        box.setCurrentIndex(box.findData("candidates"))
        assert export.button.main.text() == "Export all candidates"
        quick.window.parts.actions[other].trigger()
        assert not export.panel.isVisible()
        assert export.button.main.text() == alone
        quick.window.parts.actions[other].trigger()


@pytest.mark.parametrize("page", ["export_with", "why"])
def test_tab_goes_from_a_page_of_the_side_to_the_export_button(quick: Desk, page: str) -> None:
    window = quick.window
    window.parts.actions[page].trigger()
    shown = window.parts.side_panel.pages.currentWidget()
    tab = Qt.FocusPolicy.TabFocus
    fields = [w for w in shown.findChildren(QWidget) if w.focusPolicy() & tab and w.isEnabled()]
    next(field for field in fields if field.isVisible()).setFocus()
    seen: list[QWidget] = []
    while shown.isAncestorOf(now := window.focusWidget()) and now not in seen:
        seen.append(now)
        QTest.keyClick(now, K.Key_Tab)
    assert now is window.parts.export_controls.button.main
    QTest.keyClick(now, K.Key_Backtab)
    assert window.focusWidget() is seen[-1]


def test_several_photos_in_several_ratios(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{n}.jpg", 600, 400) for n in "ab"))
    desk.until(lambda: all(p.photo for p in desk.window.parts.document.photos))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    page = desk.window.parts.export_controls.panel
    desk.window.parts.actions["export_with"].trigger()
    page.scope_box.setCurrentIndex(page.scope_box.findData("photos"))
    for name in ("1:1", "16:9"):
        desk.click(page.ratios.chips[name])
    with desk.qtbot.waitSignal(desk.window.parts.exporter.finished):
        desk.click(desk.window.parts.export_controls.button.main)
    names = sorted(p.name for p in (tmp_path / "Cropsight").iterdir())
    assert names == ["a_16x9_1.jpg", "a_1x1_1.jpg", "b_16x9_1.jpg", "b_1x1_1.jpg"]
    assert desk.photo.edit.owner is Owner.PROPOSED


@pytest.mark.parametrize("size", [(1280, 720), (960, 600)])
def test_nothing_in_the_panel_is_cut_off_in_a_small_window(
    make_desk: Callable[..., Desk], small_photo: Path, size: tuple[int, int]
) -> None:
    desk = make_desk(size, held=False)
    desk.open(small_photo)
    window = desk.window
    for section in (
        window.parts.numbers_section,
        window.parts.method_section,
        window.parts.heads_section,
        window.parts.protect_section,
    ):
        section.set_open(True)
    window.parts.maps_panel.combo.setCurrentIndex(1)
    for area in window.parts.side_panel.findChildren(QScrollArea):
        area.widget().adjustSize()
        room = window.parts.side_panel.width() - area.verticalScrollBar().sizeHint().width()
        assert area.widget().minimumSizeHint().width() <= room
    assert (
        window.parts.export_controls.button.geometry().bottom() <= window.parts.side_panel.height()
    )


def test_the_device_is_told_in_the_status_bar_and_covers_nothing(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineDouble, "device_note", Message("No GPU found: running on the CPU."))
    desk = make_desk()
    assert desk.window.parts.status_bar.engine.text() == "Engine ready, CPU"
    assert desk.window.parts.status_bar.engine.toolTip() == "No GPU found: running on the CPU."
    assert desk.notices() == []


def test_a_notice_is_as_high_as_its_text(desk: Desk) -> None:
    stack = desk.window.parts.notices
    short = stack.add("Done.")
    desk.until(lambda: 0 < stack.height() - short.height() <= 25)
    assert short.height() <= 48
    long = stack.add("A file is cut off. " * 12)
    desk.until(lambda: long.height() > short.height() + 30)
    desk.until(lambda: stack.height() > long.height() + short.height() + 24)


def test_the_strip_waits_for_a_photo(desk: Desk, small_photo: Path) -> None:
    assert not desk.window.parts.strip.isVisible()
    desk.open(small_photo)
    assert desk.window.parts.strip.isVisible()
    desk.window.parts.actions["close"].trigger()
    assert not desk.window.parts.strip.isVisible()


def test_a_bad_file_that_is_shown_gives_way_to_the_next(
    make_desk: Callable[..., Desk], small_photo: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "a bad.jpg"
    bad.write_text("not a photo")
    desk = make_desk(held=False)
    desk.drop(bad, small_photo)
    desk.until(lambda: desk.notices() and desk.window.parts.editor.photo)
    assert desk.photo.path == small_photo
    assert desk.window.parts.canvas.isVisible()
    assert [bool(p.failure) for p in desk.window.parts.document.photos] == [True, False]
    desk.window.parts.actions["close"].trigger()
    desk.window.parts.actions["close"].trigger()
    assert desk.window.parts.document.current is None
    assert desk.window.parts.welcome_page.isVisible()


def test_one_bad_file_alone_is_told_of(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("not a photo")
    desk = make_desk(held=False)
    desk.drop(bad)
    desk.until(desk.notices)
    (text,) = desk.notices()
    assert text.startswith("bad.jpg is not a photo")
    assert desk.window.parts.document.photos == ()
    assert desk.window.parts.welcome_page.isVisible()


def test_a_closed_window_is_gone_and_begins_nothing(quick: Desk, small_photo: Path) -> None:
    window = quick.window
    window.parts.actions["export"].trigger()
    window.close()
    window.close()
    assert not window.isVisible()
    assert not window.parts.engine.isRunning()
    written = sorted(small_photo.parent.glob("Cropsight/*"))
    window.parts.exporter.export_crop()
    quick.qtbot.wait(50)
    assert not window.parts.exporter.is_running
    assert sorted(small_photo.parent.glob("Cropsight/*")) == written


def test_an_export_reads_photos_that_nobody_has_looked_at(quick: Desk, small_photo: Path) -> None:
    window = quick.window
    window.parts.filmstrip.hide()  # nor do thumbnails read them
    window.open_paths([small_photo, write_photo(small_photo.parent / "b.jpg", 600, 400)])
    with quick.qtbot.waitSignal(window.parts.exporter.finished) as done:
        window.parts.actions["export_photos"].trigger()
    assert done.args == [2]


def test_the_status_bar_says_whose_crop_it_is(quick: Desk) -> None:
    says = quick.window.parts.status_bar.crop.text
    assert says() == "Suggested 1 of 10 – drag to make it yours"
    left, top, right, bottom = quick.crop.box
    middle = quick.place((left + right) / 2, (top + bottom) / 2)
    quick.press(middle)
    quick.move(middle + QPoint(20, 10))
    assert says() == "Your crop"
    quick.key(K.Key_Escape)
    assert says() == "Suggested 1 of 10 – drag to make it yours"
    quick.release(middle)
    quick.key(K.Key_3)
    assert says() == "Candidate 3 of 10"
    quick.key(K.Key_Z, CTRL)
    assert says() == "Suggested 1 of 10"


def test_a_folder_is_remembered_at_once_and_without_what_macos_adds(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photos = [write_photo(folder / f"{n}.jpg", 300, 200) for n in "abc"]
    (folder / "._a.jpg").write_bytes(b"Mac OS X")
    desk = make_desk(held=False)
    settings, written = desk.window.parts.settings, []
    store = settings._store
    write = store.setValue
    monkeypatch.setattr(store, "setValue", lambda k, v: (written.append(k), write(k, v)))
    desk.window.open_paths([photos[1]])
    desk.open(folder)
    desk.until(lambda: len(desk.window.parts.document.photos) == 3)
    assert written.count("recent") == 2
    assert settings.recent == tuple(photos)
    desk.until(lambda: all(p.photo for p in desk.window.parts.document.photos))
    assert desk.notices() == []
