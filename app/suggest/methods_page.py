"""Page that describes each method and names its paper."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from app.i18n.method_texts import MethodWords, method_words
from app.style import theme
from app.widgets.overlay_page import OverlayPage


class MethodsPage(OverlayPage):
    """Six short sections over the canvas; the text can be selected and copied."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, self.tr("About the methods"), QSize(720, 760))
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(self.tr("About the methods"))
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.viewport().setAutoFillBackground(False)
        self.begin_with(self.text)
        self.body.addWidget(self.text, 1)
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write()

    def _write(self) -> None:
        place = self.text.verticalScrollBar().value()
        sections = "".join(_section(words) for words in method_words().values())
        self.text.setHtml(f"<html><body>{sections}</body></html>")
        self.text.verticalScrollBar().setValue(place)


def _section(words: MethodWords) -> str:
    colours = theme.current()
    title = (
        f'<p style="font-size:{theme.STRONG}px; font-weight:600; color:{colours.text.name()};'
        f' margin-top:0px; margin-bottom:4px;">{escape(words.title)}</p>'
    )
    text = (
        f'<p style="font-size:{theme.BODY}px; line-height:150%; color:{colours.text.name()};'
        f' margin-top:0px; margin-bottom:6px;">{escape(" ".join(words.sentences))}</p>'
    )
    source = escape(words.venue)
    if words.paper:
        source = f"{escape(words.authors)}: <i>{escape(words.paper)}</i>. {source}."
    paper = (
        f'<p style="font-size:{theme.SMALL}px; line-height:140%; color:{colours.secondary.name()};'
        f' margin-top:0px; margin-bottom:22px;">{source}</p>'
    )
    return title + text + paper
