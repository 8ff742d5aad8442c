"""Theme: colours, sizes and fonts, dark and light, and the style sheet made from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from string import Template
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.style.icons import DrawnIcon, drawn
from app.style.resources import resource

SMALL, BODY, STRONG, TITLE = 12, 13, 15, 20
"""Type sizes in pixels."""
GAP_XS, GAP_S, GAP_M, GAP_L, GAP_XL = 4, 8, 12, 16, 24
"""Distances in pixels."""
CONTROL_HEIGHT, ICON_SIZE, HIT_SIZE = 28, 16, 24

_DARK_PROPERTY, _SHEET_PROPERTY = "cropsight_dark", "cropsight_sheet"
_ICON_PROPERTY = "cropsight_icon"


class Mode(StrEnum):
    """Which theme the person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of the program; the canvas draws its crop in fixed white and black."""

    canvas: QColor
    panel: QColor
    control: QColor
    control_border: QColor
    separator: QColor
    text: QColor
    secondary: QColor
    accent: QColor
    on_accent: QColor
    warning: QColor
    error: QColor


_DARK = Palette(
    canvas=QColor("#181818"),
    panel=QColor("#242424"),
    control=QColor("#303030"),
    control_border=QColor("#7A7A7A"),
    separator=QColor("#454545"),
    text=QColor("#EAEAEA"),
    secondary=QColor("#ABABAB"),
    accent=QColor("#5AA2FF"),
    on_accent=QColor("#0B1A2B"),
    warning=QColor("#E5B45A"),
    error=QColor("#F2777A"),
)
_LIGHT = Palette(
    canvas=QColor("#BFBFBF"),
    panel=QColor("#F3F3F3"),
    control=QColor("#FFFFFF"),
    control_border=QColor("#858585"),
    separator=QColor("#C4C4C4"),
    text=QColor("#1C1C1C"),
    secondary=QColor("#595959"),
    accent=QColor("#1463C4"),
    on_accent=QColor("#FFFFFF"),
    warning=QColor("#8A5A00"),
    error=QColor("#B3261E"),
)


def palette(dark: bool) -> Palette:
    """The colours of the dark or the light theme."""
    return _DARK if dark else _LIGHT


def is_dark() -> bool:
    """Whether the running application shows the dark theme (dark before one is applied)."""
    app = QApplication.instance()
    value = app.property(_DARK_PROPERTY) if app is not None else None
    return True if value is None else bool(value)


def current() -> Palette:
    """The colours that the running application shows."""
    return palette(is_dark())


def mixed(a: QColor, b: QColor, share: float) -> QColor:
    """``a`` with ``share`` (0 to 1) of ``b``."""
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


def font(size: int = BODY, bold: bool = False) -> QFont:
    """The system's interface font at a size in pixels, with figures of one width."""
    return QFont(_font(size, bold))


@cache
def _font(size: int, bold: bool) -> QFont:
    result = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    result.setPixelSize(size)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def apply(app: QApplication, mode: Mode) -> None:
    """Apply palette, font and style sheet to the application; open widgets follow a later call."""
    colour(app, mode)
    dark = is_dark()
    if app.property(_SHEET_PROPERTY) == dark:
        return
    app.setProperty(_SHEET_PROPERTY, dark)
    app.setStyleSheet(_style_sheet(palette(dark)))
    for widget in app.allWidgets():
        if isinstance(widget, QAbstractButton):
            refresh_icon(widget)


def colour(app: QApplication, mode: Mode) -> None:
    """Apply palette, style and font, the part of :func:`apply` that widgets need when they are made.

    The style sheet is set after the window is built, because each reparenting of a widget would match
    all its rules again.
    """
    scheme = app.styleHints().colorScheme()
    dark = mode is Mode.DARK or (mode is Mode.SYSTEM and scheme != Qt.ColorScheme.Light)
    if app.property(_DARK_PROPERTY) == dark:
        return
    app.setProperty(_DARK_PROPERTY, dark)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_qt_palette(palette(dark)))


def icon(name: str) -> QIcon:
    """One of the program's icons in the colours of the theme that is shown."""
    return _icon(name, is_dark())


@cache
def _icon(name: str, dark: bool) -> QIcon:
    colours = palette(dark)
    faded = mixed(colours.panel, colours.secondary, 0.5)

    def colour_of(mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode is QIcon.Mode.Disabled:
            return faded
        return colours.accent if state is QIcon.State.On else colours.text

    return QIcon(DrawnIcon(name, colour_of))


def pixmap(name: str, colour: QColor, size: int = ICON_SIZE, scale: float = 1.0) -> QPixmap:
    """An icon drawn in one colour, ``size`` device-independent pixels wide."""
    result = QPixmap(drawn(name, colour, round(size * scale)))
    result.setDevicePixelRatio(scale)
    return result


def set_icon(button: QAbstractButton, name: str) -> None:
    """Give a button an icon that follows the theme."""
    if button.property(_ICON_PROPERTY) != name:
        button.setProperty(_ICON_PROPERTY, name)
        button.setIcon(icon(name))


def refresh_icon(button: QAbstractButton) -> None:
    """Redraw the icon that :func:`set_icon` gave; other buttons stay as they are."""
    if name := button.property(_ICON_PROPERTY):
        button.setIcon(icon(cast(str, name)))


def restyle(widget: QWidget) -> None:
    """Make a widget follow a property that the style sheet looks at."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _qt_palette(colours: Palette) -> QPalette:
    result = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, colours.panel),
        (role.WindowText, colours.text),
        (role.Base, colours.control),
        (role.AlternateBase, colours.panel),
        (role.Text, colours.text),
        (role.Button, colours.control),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.on_accent),
        (role.ToolTipBase, colours.control),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.secondary),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.Mid, colours.separator),
    ):
        result.setColor(where, colour)
    faded = mixed(colours.panel, colours.secondary, 0.6)
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, faded)
    return result


def _style_sheet(colours: Palette) -> str:
    names = {f.name: getattr(colours, f.name).name() for f in fields(colours)}
    names["hover"] = mixed(colours.control, colours.text, 0.08).name()
    names["pressed"] = mixed(colours.control, colours.text, 0.16).name()
    names["panel_hover"] = mixed(colours.panel, colours.text, 0.08).name()
    names["soft_border"] = mixed(colours.separator, colours.control_border, 0.35).name()
    names["accent_hover"] = mixed(colours.accent, colours.text, 0.12).name()
    names["chosen"] = mixed(colours.control, colours.accent, 0.22).name()
    names["faded"] = mixed(colours.panel, colours.secondary, 0.5).name()
    names["drop"] = mixed(colours.canvas, colours.accent, 0.12).name()
    names["empty_hint"] = mixed(colours.secondary, colours.text, 0.35).name()
    veil = QColor(colours.canvas)
    veil.setAlphaF(0.72)
    names["veil"] = veil.name(QColor.NameFormat.HexArgb)
    names["arrows"] = resource("arrows").as_posix()
    names["scheme"] = "dark" if colours is _DARK else "light"
    return Template(resource("style.qss").read_text(encoding="utf-8")).substitute(names)
