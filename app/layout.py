"""The window's parts and how they lie beside one another, in two densities."""

from __future__ import annotations

from PySide6.QtCore import Qt
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

from app import theme
from app.actions import Actions
from app.panels.controls import ElidedLabel, Section, separator, text_button

WIDE_FROM, HIGH_FROM = 1360, 800
"""A window smaller than this, either way, is compact."""
_TOOLBAR_TEXT = ("open", "fit", "actual", "before", "result", "masked")


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
        groups = (("open",), ("undo", "redo"), ("fit", "actual"), ("before", "result", "masked"))
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


class EmptyPage(QWidget):
    """What a person sees before the first photo."""

    def __init__(self, open_action: QAction, samples_action: QAction) -> None:
        super().__init__()
        self.setObjectName("emptyPage")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = QFrame()
        card.setObjectName("emptyCard")
        card.setFixedSize(440, 268)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Drop photos here"))
        title.setObjectName("emptyTitle")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(self.tr("JPEG, PNG, WebP, TIFF, AVIF, HEIC.\nOriginals are never changed."))
        text.setObjectName("emptyText")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        self.open_button = text_button(self.tr("Open …"), open_action.toolTip())
        self.open_button.setProperty("kind", "primary")
        self.open_button.clicked.connect(open_action.trigger)
        self.samples_button = text_button(
            self.tr("Sample photos"), self.tr("Try Cropsight with photos painted by code")
        )
        self.samples_button.setProperty("kind", "large")
        self.samples_button.clicked.connect(samples_action.trigger)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(theme.GAP_M)
        inside.addStretch(1)
        inside.addWidget(self._picture)
        inside.addWidget(title)
        inside.addWidget(text)
        inside.addSpacing(theme.GAP_S)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_M)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.samples_button)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.follow_theme()

    def follow_theme(self) -> None:
        """Redraw the picture in the colours of the theme."""
        scale = self.devicePixelRatioF()
        self._picture.setPixmap(theme.pixmap("photos", theme.current().text, 40, scale))


class SidePanel(QFrame):
    """The column at the right: the groups of the edit page, or the export options; Export below."""

    def __init__(self, export_page: QWidget, foot: QWidget) -> None:
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
        self.pages = QStackedWidget()
        self.pages.addWidget(scroll)
        self.pages.addWidget(export_page)
        self._foot = QFrame()
        self._foot.setObjectName("exportFoot")
        inside = QVBoxLayout(self._foot)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.addWidget(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._foot)

    @property
    def shows_export(self) -> bool:
        """Whether the export options are shown."""
        return self.pages.currentIndex() == 1

    def show_export(self, on: bool) -> None:
        """Show the export options, or the edit page."""
        self.pages.setCurrentIndex(1 if on else 0)

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
