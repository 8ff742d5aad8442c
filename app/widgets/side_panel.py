"""Side panel: collapsible sections, and pages that replace them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.style import theme
from app.widgets.controls import Section, separator


class SidePanel(QFrame):
    """The column at the right: the groups of the edit page, or another page; below both a foot."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.content = QWidget()
        self.content.setObjectName("panelContent")
        self._groups = QVBoxLayout(self.content)
        self._groups.setContentsMargins(12, 12, 12, 12)
        self._groups.setSpacing(theme.GAP_M)
        self._groups.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.content)
        self._scroll = scroll
        self.pages = QStackedWidget()
        self.pages.addWidget(scroll)
        self._foot = QFrame()
        self._foot.setObjectName("exportFoot")
        QVBoxLayout(self._foot).setContentsMargins(12, 12, 12, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._foot)

    def add_above_foot(self, widget: QWidget) -> None:
        """What takes its room from the page, so that neither its top nor the foot moves."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 1, widget)

    def set_foot(self, widget: QWidget) -> None:
        """What stays in sight below every page."""
        foot = self._foot.layout()
        assert foot is not None
        foot.addWidget(widget)

    def add_page(self, page: QWidget) -> None:
        """Another page beside the edit page; by Tab it comes before the foot, whenever it is built."""
        before = self._foot.previousInFocusChain()
        while before is not None and not _takes_tab(before) and before is not self._foot:
            before = before.previousInFocusChain()
        self.pages.addWidget(page)
        for widget in _chain(page):
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget

    def show_edit(self) -> None:
        """Show the edit page."""
        self.pages.setCurrentIndex(0)

    def bring_into_view(self, group: QWidget) -> None:
        """Scroll so that a group that was opened just now is seen, once it is laid out."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(group, 0, theme.GAP_M))

    def add(self, *widgets: QWidget, line: bool = True) -> None:
        """Append a group, after a line unless it is the first."""
        for place, widget in enumerate(widgets):
            if line and place == 0 and self._groups.count() > 1:
                self._groups.insertWidget(self._groups.count() - 1, separator())
            self._groups.insertWidget(self._groups.count() - 1, widget)

    def add_sections(self, *sections: Section) -> None:
        """Append groups that open by their title, close together."""
        box = QWidget()
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.GAP_XS)
        for section in sections:
            inside.addWidget(section)
        self.add(box)

    def set_compact(self, on: bool) -> None:
        """Smaller gaps."""
        self._groups.setSpacing(theme.GAP_S if on else theme.GAP_M)


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _chain(page: QWidget) -> list[QWidget]:
    """What of a page Tab goes through, in that order."""
    found = [page] if _takes_tab(page) else []
    widget = page.nextInFocusChain()
    while widget is not None and page.isAncestorOf(widget):
        if _takes_tab(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
