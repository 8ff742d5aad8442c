"""Keys and gestures with what they do, in groups, for the list that F1 shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.actions import menu_titles, native_keys, specs


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together: a title, and pairs of keys and what they do."""

    title: str
    keys: tuple[tuple[str, str], ...]

    def found(self, words: Iterable[str]) -> frozenset[int]:
        """The places of the pairs that have all these words, in whatever case; the title counts too."""
        wanted = [word.casefold() for word in words]
        return frozenset(
            place
            for place, (keys, text) in enumerate(self.keys)
            if all(word in f"{self.title} {keys} {text}".casefold() for word in wanted)
        )


def key_groups() -> tuple[KeyGroup, ...]:
    """The gestures on the photo, then the actions that have keys, menu by menu."""
    of_menu: dict[str, list[tuple[str, str]]] = {menu: [] for menu in menu_titles()}
    for spec in specs():
        if spec.keys:
            of_menu[spec.menu].append((native_keys(spec.keys), spec.text.rstrip(" …")))
    menus = (
        KeyGroup(title.replace("&", ""), tuple(of_menu[menu]))
        for menu, title in menu_titles().items()
    )
    return (KeyGroup(_tr("On the photo"), _gestures()), *menus)


def _gestures() -> tuple[tuple[str, str], ...]:
    """What is no action."""
    return (
        (_tr("Drag inside, on an edge, outside"), _tr("Move, resize, draw a new crop")),
        (_tr("Drag outside a corner"), _tr("Straighten; with Shift more finely")),
        (_tr("1 … 9, 0"), _tr("Take candidate 1 to 10")),
        (_tr("Arrows, Shift+arrows"), _tr("Nudge by 1 pixel, by 10")),
        (_tr("Arrows, Shift+arrows while straightening"), _tr("Turn by 0.1 degree, by 1")),
        (_tr("B held"), _tr("Show the photo as it was")),
        (_tr("Double click"), _tr("Show the result alone")),
        (_tr("Shift while dragging"), _tr("Turn the ratio lock around")),
        (_tr("Ctrl or Alt while dragging"), _tr("Resize about the centre")),
        (_tr("Esc, right click"), _tr("Cancel a drag or a preview")),
        (_tr("Wheel, pinch"), _tr("Zoom at the cursor")),
        (_tr("Space or middle drag"), _tr("Pan")),
    )
