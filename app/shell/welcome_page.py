"""Welcome page shown without photos, and the overlay while files are dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QEnterEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAccessibleWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.photos.sample_photos import sample_names
from app.runtime.accessibility import Role, provide_interface
from app.style import theme
from app.style.resources import resource
from app.widgets.controls import plain_label, row, text_button

_CARD_WIDTH = 560
_PICTURE = QSize(152, 102)
_RADIUS = 6


class SampleButton(QAbstractButton):
    """A small picture that opens the photo that it shows."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.name = name
        self._picture = QPixmap(str(resource(f"samples/{name}.jpg")))
        self.setFixedSize(_PICTURE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(title)
        self.setAccessibleName(title)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show it plain again."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture with round corners, framed under the pointer and with the focus."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        marked = self.underMouse() or self.hasFocus()
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        outline = QPainterPath()
        outline.addRoundedRect(inside, _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        painter.drawPixmap(inside, self._picture, QRectF(self._picture.rect()))
        painter.setClipping(False)
        colours = theme.current()
        painter.setPen(QPen(colours.accent if marked else colours.separator, 2 if marked else 1))
        painter.drawPath(outline)


class WelcomePage(QWidget):
    """Invites to drop or open photos, or to try a sample.

    Signals: ``sample_chosen`` (name).
    """

    sample_chosen = Signal(str)

    def __init__(
        self, open_action: QAction, folder_action: QAction, samples_action: QAction
    ) -> None:
        super().__init__()
        self.setObjectName("emptyPage")
        self.setAccessibleName(self.tr("Open photos"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card = QFrame()
        self.card.setObjectName("emptyCard")
        self.card.setFixedWidth(_CARD_WIDTH)
        self._picture = plain_label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = text_button(self.tr("Open …"), open_action.toolTip())
        self.open_button.setProperty("kind", "primary")
        self.open_button.clicked.connect(open_action.trigger)
        self.folder_button = text_button(self.tr("Open folder …"), folder_action.toolTip())
        self.folder_button.setProperty("kind", "large")
        self.folder_button.clicked.connect(folder_action.trigger)
        self.samples_button = text_button(
            self.tr("Sample photos"), self.tr("Try Cropsight with photos painted by code")
        )
        self.samples_button.setProperty("kind", "large")
        self.samples_button.clicked.connect(samples_action.trigger)
        buttons = (self.open_button, self.folder_button, self.samples_button)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(32, 36, 32, 32)
        inside.setSpacing(theme.GAP_M)
        inside.addWidget(self._picture)
        inside.addWidget(_line(self.tr("Drop photos or a folder here"), "emptyTitle"))
        formats = self.tr("JPEG, PNG, WebP, TIFF, AVIF, HEIC. Originals are never changed.")
        inside.addWidget(_line(formats, "emptyText"))
        inside.addSpacing(theme.GAP_XS)
        inside.addLayout(row(1, *buttons, 1, spacing=theme.GAP_M))
        inside.addSpacing(theme.GAP_L)
        inside.addWidget(_line(self.tr("Or begin with one of these"), "emptyHint"))
        inside.addLayout(self._build_samples())
        layout = QVBoxLayout(self)
        layout.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        self.follow_theme()

    def follow_theme(self) -> None:
        """Redraw the picture in the colours of the theme."""
        scale = self.devicePixelRatioF()
        self._picture.setPixmap(theme.pixmap("photos", theme.current().text, 40, scale))

    def show_dragged(self, on: bool) -> None:
        """Files are over the window, or not any more."""
        self.card.setProperty("dragged", on)
        theme.restyle(self.card)

    def _build_samples(self) -> QHBoxLayout:
        titles = {
            "boat": self.tr("Open the sample photo of a boat"),
            "evening": self.tr("Open the sample photo of an evening"),
            "oranges": self.tr("Open the sample photo of oranges"),
        }
        self.samples = [SampleButton(name, titles[name]) for name in sample_names()]
        for button in self.samples:
            button.clicked.connect(lambda _=False, name=button.name: self.sample_chosen.emit(name))
        return row(1, *self.samples, 1, spacing=theme.GAP_M)


provide_interface(WelcomePage, lambda page: QAccessibleWidget(page, Role.Grouping))


class DropOverlay(QFrame):
    """Answers files that are dragged over ``window``: the empty page lights up, or a veil with one
    sentence lies over the photo."""

    def __init__(self, window: QWidget, stage: QStackedWidget, empty: WelcomePage) -> None:
        super().__init__(stage)
        self.setObjectName("dropVeil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window, self._stage, self._empty = window, stage, empty
        label = plain_label(self.tr("Drop to open"))
        label.setObjectName("dropText")
        layout = QVBoxLayout(self)
        layout.addWidget(label, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()
        window.installEventFilter(self)
        stage.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow drags over the window and the size of the stage."""
        kind = event.type()
        if watched is self._window:
            if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
                self._show(any(url.isLocalFile() for url in event.mimeData().urls()))
            elif kind in (QEvent.Type.DragLeave, QEvent.Type.Drop):
                self._show(False)
        elif kind == QEvent.Type.Resize:
            self._arrange()
        return False

    def _show(self, on: bool) -> None:
        over_empty = self._stage.currentWidget() is self._empty
        self._empty.show_dragged(on and over_empty)
        self.setVisible(on and not over_empty)
        if self.isVisible():
            self._arrange()
            self.raise_()

    def _arrange(self) -> None:
        gap = theme.GAP_L
        self.setGeometry(self._stage.rect().adjusted(gap, gap, -gap, -gap))


def _line(text: str, name: str) -> QLabel:
    label = plain_label(text)
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
