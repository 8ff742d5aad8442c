"""What screen readers are told of widgets that Qt cannot tell of: role, value and items of painted ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAccessibleWidget,
    QComboBox,
    QWidget,
)

Role: TypeAlias = QAccessible.Role
Text: TypeAlias = QAccessible.Text
_MakeInterface = Callable[[Any], QAccessibleInterface]
_makers: dict[type[QWidget], _MakeInterface] = {}


def provide_interface(kind: type[QWidget], make: _MakeInterface) -> None:
    """Have ``make`` describe the widgets of a class, and of those derived from it, to screen readers."""
    if not _makers:
        QAccessible.installFactory(_interface_for)
    _makers[kind] = make


def _interface_for(_: str, widget: QObject) -> QAccessibleInterface | None:
    return next((make(widget) for kind, make in _makers.items() if isinstance(widget, kind)), None)


def announce_value(widget: QWidget, value: float) -> None:
    """The value of a painted widget is another one now."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, value))


class Painted(QAccessibleWidget):
    """A painted widget with a role; its description is its value."""

    def __init__(self, widget: QWidget, role: Role) -> None:
        super().__init__(widget, role)

    def text(self, kind: Text) -> str:
        """Name, value or description."""
        if kind == Text.Value:
            return self.widget().accessibleDescription()
        return super().text(kind)


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers of a slider: its ends, one step of a key, what it shows, and how to choose another."""

    low: float
    high: float
    step: float
    value: Callable[[], float]
    choose: Callable[[float], None]


class PaintedScale(Painted):
    """A painted slider."""

    def __init__(self, widget: QWidget, scale: Scale) -> None:
        super().__init__(widget, Role.Slider)
        self._value = _ScaleValue(scale)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """The numbers, besides what any widget has."""
        if kind == QAccessible.InterfaceType.ValueInterface:
            return self._value
        return super().interface_cast(kind)


class _ScaleValue(QAccessibleValueInterface):
    def __init__(self, scale: Scale) -> None:
        super().__init__()
        self._scale = scale

    def currentValue(self) -> float:
        return self._scale.value()

    def setCurrentValue(self, value: float) -> None:
        self._scale.choose(min(max(float(value), self._scale.low), self._scale.high))

    def minimumValue(self) -> float:
        return self._scale.low

    def maximumValue(self) -> float:
        return self._scale.high

    def minimumStepSize(self) -> float:
        return self._scale.step


class ButtonInList(QAccessibleWidget):
    """A button that is one of a list: it is told as an item that can be pressed."""

    def __init__(self, button: QAbstractButton, is_selected: Callable[[], bool]) -> None:
        super().__init__(button, Role.ListItem)
        self._button = button
        self._is_selected = is_selected

    def state(self) -> QAccessible.State:
        """Whether it is the one in hand."""
        state = super().state()
        state.selectable = True
        state.selected = self._is_selected()
        return state

    def actionNames(self) -> list[str]:
        """It can be pressed, and take the focus."""
        return [self.pressAction(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Press it, or give it the focus."""
        if name == self.pressAction():
            self._button.click()
        else:
            super().doAction(name)


class NamedChoice(QAccessibleWidget):
    """A combo box by its name: on Linux, Qt would tell the choice twice, and never what is chosen."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box, Role.ComboBox)
        self._box = box

    def text(self, kind: Text) -> str:
        """Name, choice or description."""
        return self._box.currentText() if kind == Text.Value else super().text(kind)

    def childCount(self) -> int:
        """The list."""
        return 1

    def child(self, index: int) -> Any:
        """The list."""
        return QAccessible.queryAccessibleInterface(self._box.view()) if index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The list has the first place."""
        return 0 if child.object() is self._box.view() else -1

    def actionNames(self) -> list[str]:
        """The list can be opened."""
        return [self.showMenuAction(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Open the list, or take the focus."""
        if name == self.showMenuAction():
            self._box.showPopup()
        else:
            super().doAction(name)


class PaintedItems(QAccessibleWidget):
    """A painted view of a model's rows, as a list of items."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view, Role.List)
        self._view = view
        # Kept, for screen readers hold on to what they were given.
        self._items: dict[int, _Item] = {}

    @property
    def _model(self) -> QAbstractItemModel:
        return self._view.model()

    def childCount(self) -> int:
        """One for each row."""
        return self._model.rowCount()

    def child(self, index: int) -> Any:
        """The item of a row."""
        if not 0 <= index < self.childCount():
            return None
        return self._items.setdefault(index, _Item(self._view, index))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The row of an item."""
        return child.row if isinstance(child, _Item) else -1

    def childAt(self, x: int, y: int) -> Any:
        """The item at a place of the screen."""
        at = self._view.viewport().mapFromGlobal(QRect(x, y, 1, 1).topLeft())
        index = self._view.indexAt(at)
        return self.child(index.row()) if index.isValid() else None

    def focusChild(self) -> Any:
        """The current item."""
        return self.child(self._view.currentIndex().row())


class _Item(QAccessibleInterface):
    """One row of a painted view."""

    def __init__(self, view: QAbstractItemView, row: int) -> None:
        super().__init__()
        self._view = view
        self.row = row

    @property
    def _index(self) -> QModelIndex:
        return self._view.model().index(self.row, 0)

    def isValid(self) -> bool:
        return self._index.isValid()

    def object(self) -> Any:
        return None

    def window(self) -> Any:
        return self.parent().window()

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view)

    def child(self, index: int) -> Any:
        return None

    def childCount(self) -> int:
        return 0

    def childAt(self, x: int, y: int) -> Any:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> Role:
        return Role.ListItem

    def text(self, kind: Text) -> str:
        if kind != Text.Name:
            return ""
        told = self._index.data(Qt.ItemDataRole.AccessibleTextRole)
        return str(told or self._index.data(Qt.ItemDataRole.DisplayRole) or "")

    def setText(self, kind: Text, text: str) -> None:
        """Nothing: what is told follows the model."""

    def rect(self) -> QRect:
        place = self._view.visualRect(self._index)
        return QRect(self._view.viewport().mapToGlobal(place.topLeft()), place.size())

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = self._view.selectionModel().isSelected(self._index)
        state.focused = self._view.hasFocus() and self._view.currentIndex() == self._index
        return state
