"""Reads the reduced-motion setting from the XDG desktop portal."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

from app.style import motion

_CHANGED: Any = SLOT("changed(QDBusMessage)")
_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"


def says_still(space: str, key: str, value: object) -> bool:
    """Whether a setting of a desktop means that nothing shall move.

    Known are GNOME's switch, KDE's factor for the length of animations, and the one that all
    desktops agreed on later.
    """
    if (space, key) == ("org.freedesktop.appearance", "reduced-motion"):
        return value == 1
    if (space, key) == ("org.gnome.desktop.interface", "enable-animations"):
        return value is False
    if (space, key) == ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"):
        try:
            return float(str(value)) == 0
        except ValueError:
            return False
    return False


_ASKED = (
    ("org.freedesktop.appearance", "reduced-motion"),
    ("org.gnome.desktop.interface", "enable-animations"),
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"),
)


class SystemMotion(QObject):
    """Asks the portal for the setting and listens for changes; does nothing without a portal."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._says: dict[tuple[str, str], bool] = {}
        self._calls: list[QDBusPendingCallWatcher] = []

    def start(self, bus: QDBusConnection | None = None) -> None:
        """Ask; the answers come later."""
        bus = QDBusConnection.sessionBus() if bus is None else bus
        if not bus.isConnected():
            return
        bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self, _CHANGED)
        for space, key in _ASKED:
            call = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "Read")
            call.setArguments([space, key])
            watcher = QDBusPendingCallWatcher(bus.asyncCall(call), self)
            watcher.finished.connect(
                lambda done, space=space, key=key: self._answered(done, space, key)
            )
            self._calls.append(watcher)

    @Slot(QDBusMessage)
    def changed(self, message: QDBusMessage) -> None:
        """The desktop changed a setting."""
        arguments = message.arguments()
        if len(arguments) == 3:
            self.take(str(arguments[0]), str(arguments[1]), arguments[2])

    def take(self, space: str, key: str, value: object) -> None:
        """What one setting says now."""
        if (space, key) in _ASKED:
            self._says[space, key] = says_still(space, key, _plain(value))
            motion.set_system_still(any(self._says.values()))

    def _answered(self, done: QDBusPendingCallWatcher, space: str, key: str) -> None:
        reply = done.reply()
        if reply.type() == QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self.take(space, key, reply.arguments()[0])


def _plain(value: Any) -> object:
    """A value without the variants that it is wrapped in."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
