"""Whether animations may run: reduced motion of the system and of the preferences."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyle

_STILL_PERSON, _STILL_SYSTEM = "cropsight_still", "cropsight_system_still"


def is_allowed() -> bool:
    """Whether animations may run now."""
    app = QApplication.instance()
    if app is None or app.property(_STILL_PERSON) or app.property(_STILL_SYSTEM):
        return False
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def set_still(on: bool) -> None:
    """Set the preference: no animation at all, or as the system says."""
    _set(_STILL_PERSON, on)


def set_system_still(on: bool) -> None:
    """Set what the system says, where Qt's style does not know it."""
    _set(_STILL_SYSTEM, on)


def _set(name: str, on: bool) -> None:
    app = QApplication.instance()
    if app is not None:
        app.setProperty(name, on)
