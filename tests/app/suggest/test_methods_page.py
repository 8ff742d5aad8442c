"""The page on the methods: six sections, each in three sentences with its paper."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from app.i18n.method_texts import method_title, method_words
from app.style import theme
from tests.app.helpers.engine_double import METHODS
from tests.app.helpers.gui import Desk

K = Qt.Key
PAPERS = {
    "gaic": ("Zeng", "Grid Anchor based Image Cropping", "CVPR 2019"),
    "sfrc": ("Wang", "Spatial-aware Feature and Rank Consistency", "CVPR 2023"),
    "asm": ("Tu", "Composition and Saliency Aware Aesthetic Score Map", "AAAI 2020"),
    "mars": ("Li", "Learning to Learn Cropping Models", "CVPR 2020"),
    "setpred": ("Jia", "Diverse Compositions from Global Views", "CVPR 2022"),
}


@pytest.mark.parametrize("name", METHODS)
def test_three_sentences_each(name: str) -> None:
    words = method_words()[name]
    assert len(words.sentences) == 3
    for sentence in words.sentences:
        assert sentence[0].isupper()
        assert re.findall(r"[.!?]", sentence) == ["."]
        assert sentence.endswith(".")
    assert not words.tip.endswith(".")


@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_is_named(name: str) -> None:
    words = method_words()[name]
    author, title, venue = PAPERS[name]
    assert author in words.authors
    assert title in words.paper
    assert venue in words.venue


def test_the_page_shows_them_in_both_themes(desk: Desk) -> None:
    page = desk.window.parts.compare.methods
    desk.key(K.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert page.isVisible()
    for mode, dark in ((theme.Mode.DARK, True), (theme.Mode.LIGHT, False)):
        desk.window.commands.set_theme(mode)
        text = page.text.toPlainText()
        assert [line for line in text.splitlines() if line in map(method_title, METHODS)] == [
            method_title(name) for name in METHODS
        ]
        for words in method_words().values():
            assert " ".join(words.sentences) in text
            assert words.authors in text
            assert words.paper in text
        html = page.text.toHtml()
        assert theme.palette(dark).text.name() in html
        assert theme.palette(not dark).text.name() not in html
    desk.key(K.Key_Escape)
    assert not page.isVisible()


def test_the_text_can_be_selected(desk: Desk) -> None:
    desk.window.parts.actions["methods"].trigger()
    page = desk.window.parts.compare.methods
    assert page.text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    page.text.moveCursor(QTextCursor.MoveOperation.Start)
    page.text.moveCursor(QTextCursor.MoveOperation.EndOfLine, QTextCursor.MoveMode.KeepAnchor)
    assert page.text.textCursor().selectedText() == "Cascade"


def test_one_sheet_at_a_time(desk: Desk) -> None:
    window = desk.window
    window.parts.actions["methods"].trigger()
    window.parts.compare.toggle()
    assert window.parts.compare.page.isVisible()
    assert not window.parts.compare.methods.isVisible()
    window.parts.actions["methods"].trigger()
    assert not window.parts.compare.page.isVisible()


def test_an_unknown_method_keeps_its_name() -> None:
    assert method_title("vpn") == "vpn"
