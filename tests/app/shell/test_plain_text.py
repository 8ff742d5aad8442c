"""Names of files and presets are text in every label and tooltip, though they may look like markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTextBrowser, QWidget

from app.widgets.controls import plain_tip
from app.widgets.notices import Severity
from tests.app.helpers.gui import Desk, write_photo

NAME = "<img src=x>&amp;<b>.jpg"
PAGES = (
    "preferences", "about", "keys", "methods", "compare", "why", "export_with", "export_foreign",
    "batch", "contact_sheet",
)  # fmt: skip


def seen(text: str) -> str:
    """What a tooltip shows of a text: markup begins with a tag."""
    return QTextDocumentFragment.fromHtml(text).toPlainText() if text.startswith("<") else text


def widgets(desk: Desk) -> list[QWidget]:
    windows = (desk.window, *QApplication.topLevelWidgets())
    return [widget for window in windows for widget in (window, *window.findChildren(QWidget))]


@pytest.mark.parametrize("text", [NAME, "a\n<b>b</b>", "&lt;b&gt;.jpg", "R&D 1 < 2.jpg", "a.jpg"])
def test_a_tooltip_shows_a_text_as_it_is(text: str) -> None:
    tip = plain_tip(text)
    assert seen(tip) == text
    assert tip.startswith("<p ") or ("<" not in tip and "&lt;" not in tip)


def test_no_label_and_no_tooltip_takes_a_name_for_markup(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    folder = tmp_path / "<i>holiday"
    folder.mkdir()
    desk = make_desk(held=False)
    desk.open(write_photo(folder / NAME, 600, 400), write_photo(folder / "b.jpg", 300, 200))
    desk.until(lambda: desk.photo.current_suggestions)
    parts = desk.window.parts
    parts.notices.add(f"{folder / NAME} is damaged.", Severity.ERROR)
    parts.recent_menu.aboutToShow.emit()
    for page in PAGES:
        parts.actions[page].trigger()
    parts.batch_controller.page.show_state(f"1 photo of {folder}", True)
    labels = [widget for widget in widgets(desk) if isinstance(widget, QLabel)]
    assert any(NAME in label.text() for label in labels)
    rich = [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText]
    assert rich == []
    tips = [widget.toolTip() for widget in widgets(desk)]
    tips += [action.toolTip() for action in parts.recent_menu.actions()]
    for view in (widget for widget in widgets(desk) if isinstance(widget, QAbstractItemView)):
        model = view.model()
        rows = range(model.rowCount() if model is not None else 0)
        told = (model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in rows)
        tips += [str(tip) for tip in told if tip]
    named = [tip for tip in tips if "img" in tip or "holiday" in tip]
    assert len(named) > 3
    assert [tip for tip in named if NAME not in seen(tip) and folder.name not in seen(tip)] == []
    raw = [tip for tip in tips if ("<" in tip or "&lt;" in tip) and not tip.startswith("<p style")]
    assert raw == []
    texts = [widget for widget in widgets(desk) if isinstance(widget, QTextBrowser)]
    assert not any("img src" in text.toPlainText() for text in texts)
