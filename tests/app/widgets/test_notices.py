"""Notices: beside the picture, merged, whole, withdrawn, closed by one key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.widgets.notices import Notice, Severity
from tests.app.helpers.gui import Desk

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def on_window(desk: Desk, widget: object) -> QRect:
    return QRect(widget.mapTo(desk.window, QPoint()), widget.size())  # type: ignore[attr-defined]


def label_of(notice: Notice) -> QLabel:
    return next(label for label in notice.findChildren(QLabel) if label.text())


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_no_notice_covers_or_moves_the_picture(
    make_desk: Callable[..., Desk], size: tuple[int, int], small_photo: Path
) -> None:
    desk = make_desk(size, held=False)
    desk.open(small_photo)
    parts = desk.window.parts
    picture = parts.canvas.crop_rect((0, 0, 1, 1))
    fixed = [on_window(desk, w) for w in (parts.canvas, parts.export_controls.button)]
    for number in range(6):
        parts.notices.add(f"Photo {number} cannot be read. " * 4, Severity.ERROR)
    desk.until(lambda: parts.notices.height() > 100)
    assert not on_window(desk, parts.notices).intersects(on_window(desk, parts.stage))
    assert parts.canvas.crop_rect((0, 0, 1, 1)) == picture
    assert [on_window(desk, w) for w in (parts.canvas, parts.export_controls.button)] == fixed
    assert parts.notices.height() < parts.side_panel.height() / 2 + 60
    parts.notices.clear()
    assert not parts.notices.isVisible()


def test_notices_of_one_kind_are_one_that_counts(desk: Desk) -> None:
    stack = desk.window.parts.notices
    for name in "abc":
        stack.add(f"{name}.jpg cannot be written.", Severity.ERROR, topic="export errors")
    stack.add("b.jpg cannot be written.", Severity.ERROR, topic="export errors")
    stack.add("Other.", Severity.ERROR)
    first, other = stack.notices
    assert first.text == "a.jpg cannot be written. 2 more like it."
    assert first.details is not None
    assert [line[:5] for line in first.details.text.splitlines()] == ["a.jpg", "b.jpg", "c.jpg"]
    assert other.text == "Other."


def test_a_long_name_is_cut_in_its_middle_and_keeps_its_ending(desk: Desk) -> None:
    name = "DSC_" + "0123456789_" * 12 + "final.tiff"
    notice = desk.window.parts.notices.add(f"{name}: the file is damaged.", Severity.ERROR)
    desk.until(lambda: notice.width() < 300)
    label = label_of(notice)
    assert label.text().startswith("DSC_")
    assert "…" in label.text()
    assert label.text().endswith("final.tiff: the file is damaged.")
    assert name in label.toolTip()
    assert name in notice.text
    widest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
    assert widest <= label.width()


def test_a_long_error_is_told_in_full(desk: Desk) -> None:
    text = "The template {nme} names a field that there is not. " * 6 + "Use {name}."
    notice = desk.window.parts.notices.add(text, Severity.ERROR)
    label = label_of(notice)
    desk.until(lambda: label.height() >= label.heightForWidth(label.width()) > 100)
    assert label.text() == text
    bar = desk.window.parts.notices.findChildren(type(desk.window.parts.side_panel._scroll))[0]
    assert bar.verticalScrollBar().maximum() == 0


def test_one_key_closes_all_but_what_is_at_work(quick: Desk) -> None:
    stack = quick.window.parts.notices
    for number in range(9):
        stack.add(f"Error {number}.", Severity.ERROR)
    work = stack.add("Exporting 1 of 9")
    work.set_progress(1, 9)
    quick.key(K.Key_Escape, SHIFT)
    assert stack.notices == [work]
    assert stack.isVisible()
    stack.add("One more.", Severity.ERROR)
    quick.click(stack.close_all)
    assert stack.notices == [work]


def test_what_an_export_said_goes_once_it_is_no_longer_so(
    quick: Desk, monkeypatch: pytest.MonkeyPatch, small_photo: Path
) -> None:
    exporter = quick.window.parts.exporter

    def export() -> None:
        with quick.qtbot.waitSignal(exporter.finished):
            quick.key(K.Key_E, Qt.KeyboardModifier.ControlModifier)

    folder = small_photo.parent / "Cropsight"
    folder.write_text("a file in its place")
    export()
    assert [n.kind for n in quick.window.parts.notices.notices] == [Severity.ERROR]
    folder.unlink()
    export()
    export()
    (notice,) = quick.window.parts.notices.notices
    assert notice.kind is Severity.INFO, "the error is withdrawn, the older success replaced"
    assert [b.text() for b in notice.findChildren(QPushButton)] == ["Show"]


def test_a_name_with_marks_in_it_is_plain_text(desk: Desk) -> None:
    notice = desk.window.parts.notices.add("<b>x</b>.jpg is damaged.", Severity.ERROR)
    assert label_of(notice).textFormat() is Qt.TextFormat.PlainText
