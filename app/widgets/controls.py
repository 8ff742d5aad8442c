"""Small widgets and layouts that all panels share: labels, buttons, rows, sections."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app.runtime.accessibility import NamedChoice, provide_interface
from app.style import theme


class Slider(QSlider):
    """A horizontal slider that the wheel never moves, and a double click brings back to ``rest``."""

    def __init__(self, low: int, high: int, name: str, rest: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self.setValue(rest)
        self._rest = rest
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(48)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to where it was at first."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._rest)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls."""
        event.ignore()


class ComboBox(QComboBox):
    """A list of choices that the wheel never moves and that a click does not focus."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls."""
        event.ignore()

    def choose(self, data: object) -> None:
        """Show the choice that carries ``data`` without announcing it."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(data), 0))
        self.blockSignals(blocked)


provide_interface(ComboBox, NamedChoice)


class SpinBox(QSpinBox):
    """A number that is typed or stepped by key; the wheel never moves it.

    What is no number within its range is refused in words beside it, and the last number comes back.

    Signals: ``entered`` (Enter was pressed), ``refused`` (a text).
    """

    entered = Signal()
    refused = Signal(str)

    def __init__(self, low: int, high: int, name: str) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setMinimumWidth(44)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().textEdited.connect(lambda _: self._tell(""))

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let anything be typed, so that it can be refused in words."""
        state, text, place = super().validate(text, place)
        invalid = state is QValidator.State.Invalid
        return QValidator.State.Intermediate if invalid else state, text, place

    def fixup(self, text: str) -> str:
        """Refuse what was typed and is no number within the range."""
        why = self.tr("{0} is no whole number from {1} to {2}.")
        self._tell(why.format(repr(text), self.minimum(), self.maximum()))
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends the typing."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()

    def _tell(self, why: str) -> None:
        self.setAccessibleDescription(why)
        below = self.mapToGlobal(self.rect().bottomLeft())
        QToolTip.showText(below, why, self)
        if why:
            self.refused.emit(why)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls."""
        event.ignore()


def icon_button(icon: str, tip: str, checkable: bool = False) -> QToolButton:
    """A square button with an icon; ``tip`` is its tooltip and its name for screen readers."""
    button = QToolButton()
    button.setProperty("kind", "icon")
    theme.set_icon(button, icon)
    button.setCheckable(checkable)
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def text_button(text: str, tip: str = "") -> QPushButton:
    """A plain button that takes focus by key only, so that the canvas keeps the arrow keys."""
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip)
    button.setAccessibleName(tip or text)
    return button


def caption(text: str) -> QLabel:
    """The title of a group."""
    label = plain_label(text)
    label.setProperty("kind", "caption")
    return label


def plain_label(text: str = "") -> QLabel:
    """A label that shows its text as it is, though it may look like markup: for names of files and the like."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def plain_tip(text: str) -> str:
    """A text for a tooltip that shows as it is, though a name in it may look like markup."""
    if "<" not in text and "&lt;" not in text:
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'


def secondary(text: str = "") -> QLabel:
    """Small explaining text that wraps."""
    label = plain_label(text)
    label.setProperty("kind", "secondary")
    label.setWordWrap(True)
    return label


def row(*widgets: QWidget | int, spacing: int = theme.GAP_S) -> QHBoxLayout:
    """Widgets beside one another; a number is stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        if isinstance(widget, int):
            layout.addStretch(widget)
        else:
            layout.addWidget(widget)
    return layout


class ButtonRow(QWidget):
    """Buttons beside one another, or below one another where their words are too long for that.

    Beside one another they ``fill`` the row, or stand at its end.
    """

    def __init__(self, *buttons: QWidget, fill: bool = True) -> None:
        super().__init__()
        self._buttons: list[QWidget] = []
        self._fill = fill
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GAP_S)
        if not fill:
            self._layout.addStretch(1)
        for button in buttons:
            self.add(button)
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, button: QWidget) -> None:
        """One more button."""
        self._buttons.append(button)
        self._layout.addWidget(button, 1 if self._fill else 0)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest button."""
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        """The height of the row or column at the present width."""
        if not self._buttons:
            return QSize(0, 0)
        wide = max(b.minimumSizeHint().width() for b in self._buttons)
        heights = [b.sizeHint().height() for b in self._buttons]
        if self._beside:
            return QSize(wide, max(heights))
        return QSize(wide, sum(heights) + theme.GAP_S * (len(heights) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        needed = [b.minimumSizeHint().width() for b in self._buttons]
        beside = sum(needed) + theme.GAP_S * (len(needed) - 1) <= self.width()
        if beside != self._beside:
            kinds = QBoxLayout.Direction
            self._layout.setDirection(kinds.LeftToRight if beside else kinds.TopToBottom)
            self.updateGeometry()

    @property
    def _beside(self) -> bool:
        return self._layout.direction() == QBoxLayout.Direction.LeftToRight


def grid(spacing: int = theme.GAP_S) -> QGridLayout:
    """An empty grid without margins."""
    layout = QGridLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(spacing)
    layout.setVerticalSpacing(spacing)
    return layout


def column(parent: QWidget, spacing: int = theme.GAP_S) -> QVBoxLayout:
    """An empty column without margins."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout


def separator() -> QFrame:
    """A line between groups."""
    line = QFrame()
    line.setProperty("kind", "separator")
    line.setFixedHeight(1)
    return line


class Section(QWidget):
    """A group that opens and closes by its title.

    Signals: ``toggled`` (whether it is open now).
    """

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._header = QToolButton()
        self._header.setProperty("kind", "section")
        self._header.setText(title)
        self._header.setAccessibleName(title)
        self._header.setCheckable(True)
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._header.setFixedHeight(theme.CONTROL_HEIGHT)
        self._header.toggled.connect(self._open)
        layout = column(self, theme.GAP_XS)
        layout.addWidget(self._header)
        layout.addWidget(content)
        self._open(False)

    def set_open(self, on: bool) -> None:
        """Open or close."""
        self._header.setChecked(on)

    def _open(self, on: bool) -> None:
        self._content.setVisible(on)
        theme.set_icon(self._header, "chevron-down" if on else "chevron-right")
        self.toggled.emit(on)


class ElidedLabel(QLabel):
    """One line that is elided where the room is short, by default in its middle; the tooltip has all of
    it."""

    def __init__(
        self, text: str = "", cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._full = text
        self._cut = cut
        self.setMinimumWidth(24)

    def set_full_text(self, text: str) -> None:
        """Show ``text``."""
        self._full = text
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self._elide()

    @property
    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full

    def event(self, event: QEvent) -> bool:
        """Follow the width and the font."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._elide()
        return super().event(event)

    def _elide(self) -> None:
        room = max(self.width(), 24)
        shown = self.fontMetrics().elidedText(self._full, self._cut, room)
        if shown != self.text():
            self.setText(shown)
