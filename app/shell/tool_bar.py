"""The window's parts and how they lie beside one another, in two densities."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import Actions
from app.style import theme
from app.widgets.controls import ElidedLabel, Section, separator

WIDE_FROM, HIGH_FROM = 1360, 800
"""A window smaller than this, either way, is compact."""
ROOMY_FROM = (2400, 1300)
"""From this width and height on the strip of candidates is taller."""
_TOOLBAR_TEXT = ("open", "fit", "actual", "before", "result", "masked", "straighten")


class ToolBar(QFrame):
    """The row of buttons above the canvas, with the name of the photo at its right."""

    def __init__(self, actions: Actions, recent: QMenu) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.name = ElidedLabel()
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count = QLabel()
        self.count.setProperty("kind", "secondary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 12, 0)
        layout.setSpacing(2)
        self.buttons = {}
        groups = (
            ("open",),
            ("undo", "redo"),
            ("fit", "actual"),
            ("before", "result", "masked"),
            ("straighten",),
        )
        for place, group in enumerate(groups):
            if place:
                layout.addWidget(_bar())
            for name in group:
                button = _tool(actions[name], name in _TOOLBAR_TEXT)
                self.buttons[name] = button
                layout.addWidget(button)
                if name == "open":
                    layout.addWidget(self._recent_button(recent))
        layout.addStretch(1)
        layout.addWidget(self.name, 4)
        layout.addSpacing(8)
        layout.addWidget(self.count)

    def set_compact(self, on: bool) -> None:
        """Icons alone where the window is small."""
        self.setFixedHeight(36 if on else 40)
        for name in _TOOLBAR_TEXT:
            self.buttons[name].setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if on
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )

    def _recent_button(self, recent: QMenu) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        theme.set_icon(button, "chevron-down")
        button.setFixedSize(theme.HIT_SIZE, theme.CONTROL_HEIGHT)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(recent)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(recent.title())
        button.setAccessibleName(recent.title())
        return button


def strip_height(width: int, height: int) -> int:
    """How high the strip of candidates is in a window of this size."""
    if width < WIDE_FROM or height < HIGH_FROM:
        return 96
    return 164 if width >= ROOMY_FROM[0] and height >= ROOMY_FROM[1] else 124


class StatusBar(QFrame):
    """One quiet line: the engine, the crop, the photo."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setFixedHeight(24)
        self.engine, self.crop, self.photo = QLabel(), QLabel(), QLabel()
        self.crop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.photo.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        for label in (self.engine, self.crop, self.photo):
            label.setSizePolicy(label.sizePolicy().Policy.Ignored, label.sizePolicy().Policy.Fixed)
            layout.addWidget(label, 1)


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
        """Narrower, with smaller gaps."""
        self.setFixedWidth(264 if on else 304)
        self._groups.setSpacing(theme.GAP_S if on else theme.GAP_M)


def _tool(action: QAction, with_text: bool) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMinimumSize(theme.CONTROL_HEIGHT + 4, theme.CONTROL_HEIGHT)
    button.setMaximumHeight(theme.CONTROL_HEIGHT)
    button.setAccessibleName(action.text())
    if with_text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _bar() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "separator")
    line.setFixedSize(1, 20)
    box = QFrame()
    inside = QHBoxLayout(box)
    inside.setContentsMargins(5, 0, 5, 0)
    inside.addWidget(line)
    return box


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
