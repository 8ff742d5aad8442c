"""One notice for many photos: names the first few, counts the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.i18n import plurals
from app.widgets.notices import Notice, NoticeStack, Severity

_ALONE = 3
_NAMED = 3
_SHOWN_MS = 12_000


@dataclass(frozen=True, slots=True)
class _Told:
    name: str
    text: str


class GroupedNotice(QObject):
    """Notices about photos that failed, by their keys.

    Up to three have a notice each. From the fourth on there is one for all: ``many`` with the
    number and the first names for ``{0}`` and ``{1}``, all of them as details to copy, and a button
    that shows them in the strip.
    They close after a while, because the filmstrip marks these photos too, and lies below.
    What the person closed is not told again until it happens anew.
    """

    def __init__(
        self,
        notices: NoticeStack,
        kind: Severity,
        many: str,
        show: tuple[str, Callable[[], object]],
    ) -> None:
        super().__init__(notices)
        self._notices = notices
        self._kind = kind
        self._many = many
        self._show = show
        self._told: dict[int, _Told] = {}
        self._single: dict[int, Notice] = {}
        self._all: Notice | None = None

    def tell(self, text: str) -> None:
        """Show a notice about something without a key, for as long as the others."""
        self._notices.add(text, self._kind).fade_later(_SHOWN_MS)

    def add(self, key: int, name: str, text: str) -> None:
        """Add a photo: its name, and the text that its notice has alone."""
        told = _Told(name, text)
        if self._told.get(key) == told:
            return
        self._told[key] = told
        for same in [n for n in self._notices.notices if n.text == text]:
            self._close(same)  # the engine met the same file, and was first
        if len(self._told) > _ALONE:
            self._fold()
            return
        self._close(self._single.pop(key, None))
        notice = self._notices.add(text, self._kind)
        notice.closed.connect(lambda: self._closed(notice))
        self._single[key] = notice
        notice.fade_later(_SHOWN_MS)

    def drop(self, key: int) -> None:
        """Remove the photo: it works again."""
        if self._told.pop(key, None) is None:
            return
        self._close(self._single.pop(key, None))
        if self._all is None:
            return
        if self._told:
            self._say_all(self._all)
        else:
            notice, self._all = self._all, None
            self._close(notice)

    def _fold(self) -> None:
        single, self._single = self._single, {}
        for notice in single.values():
            self._close(notice)
        if self._all is not None:
            self._say_all(self._all)
            return
        notice = self._notices.add(self._words(), self._kind)
        notice.add_button(*self._show)
        notice.closed.connect(lambda: self._closed(notice))
        self._all = notice
        self._say_all(notice)

    def _say_all(self, notice: Notice) -> None:
        notice.set_text(self._words())
        notice.set_details("\n".join(told.text for told in self._told.values()))
        if notice.details is None or notice.details.isHidden():
            notice.fade_later(_SHOWN_MS)

    def _words(self) -> str:
        names = [told.name for told in self._told.values()]
        listed = ", ".join(names[:_NAMED])
        if (more := len(names) - _NAMED) > 0:
            listed += " " + plurals.more(more)
        return self._many.format(len(names), listed)

    def _closed(self, notice: Notice) -> None:
        if notice is self._all:
            self._all = None
            self._told.clear()
        for key in [key for key, single in self._single.items() if single is notice]:
            del self._single[key], self._told[key]

    @staticmethod
    def _close(notice: Notice | None) -> None:
        if notice is not None:
            notice.closed.emit()
