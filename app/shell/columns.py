"""Filmstrip, middle and side panel side by side; the outer two as wide as the person drags them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from app.settings import Settings

FILM, COMPACT_FILM = 112, 72
PANEL, COMPACT_PANEL = 304, 264
_FILM_RANGE = (72, 320)
_PANEL_RANGE = (256, 480)


class Columns(QSplitter):
    """Three columns; the middle one takes what is left.

    A width that was dragged is kept for the next run; a double click on the edge brings back the one that
    follows the window.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._compact = False
        self.setChildrenCollapsible(False)
        # So narrow that the widgets' own lines are the edge; Qt lets it be grabbed beside them as well.
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._remember)

    def set_widgets(self, filmstrip: QWidget, middle: QWidget, panel: QWidget) -> None:
        """The three columns, from left to right."""
        for place, widget in enumerate((filmstrip, middle, panel)):
            self.addWidget(widget)
            self.setStretchFactor(place, int(widget is middle))
        for widget, (least, most) in ((filmstrip, _FILM_RANGE), (panel, _PANEL_RANGE)):
            widget.setMinimumWidth(least)
            widget.setMaximumWidth(most)
        for place in (1, 2):
            self.handle(place).installEventFilter(self)

    def set_compact(self, on: bool) -> None:
        """Narrower columns for small windows, where the person has not chosen their widths."""
        self._compact = on
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on an edge."""
        if event.type() != QEvent.Type.MouseButtonDblClick:
            return False
        if watched is self.handle(1):
            self._settings.film_width = 0
        else:
            self._settings.panel_width = 0
        self._arrange()
        return True

    def _arrange(self) -> None:
        film = self._settings.film_width or (COMPACT_FILM if self._compact else FILM)
        panel = self._settings.panel_width or (COMPACT_PANEL if self._compact else PANEL)
        self.setSizes([film, max(self.width() - film - panel, 1), panel])

    def _remember(self, _: int, edge: int) -> None:
        film, _middle, panel = self.sizes()
        if edge == 1:
            self._settings.film_width = film
        else:
            self._settings.panel_width = panel
