"""Steps through the composition guides by key, saying which one it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.editor.overlay_panels import GuidesPanel, guide_titles


class GuideSteps(QObject):
    """Changes the guide of ``panel`` as keys ask.

    Signals: ``said`` (a short text, for a moment).
    """

    said = Signal(str)

    def __init__(self, panel: GuidesPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def next(self) -> None:
        """The next guide; after the last comes none."""
        self._panel.next()
        title = guide_titles()[self._panel.name]
        none = self._panel.name == "none"
        self.said.emit(self.tr("No guide") if none else self.tr("Guide: {0}").format(title))

    def turn(self) -> None:
        """The other way around, where the guide has one."""
        title = guide_titles()[self._panel.name]
        if self._panel.can_turn:
            self._panel.turn()
            self.said.emit(self.tr("Guide: {0}, turned").format(title))
        elif self._panel.name != "none":
            self.said.emit(self.tr("Guide: {0}, the same whichever way it is turned").format(title))
        else:
            self.said.emit(self.tr("No guide to turn"))
