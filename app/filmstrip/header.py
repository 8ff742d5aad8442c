"""Header of the filmstrip: sort and filter menus, and the count of photos."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from app.document.photo_order import Order, Show
from app.filmstrip.model import FilmModel
from app.widgets.controls import icon_button, plain_label, plain_tip

HEIGHT = 30


class FilmHeader(QFrame):
    """Two small buttons with menus; the same menus belong into the menu bar.

    Signals: ``chosen`` (Order, whether backwards, Show).
    """

    chosen = Signal(Order, bool, Show)

    def __init__(self, film: FilmModel) -> None:
        super().__init__()
        self.setObjectName("filmHeader")
        self.setFixedHeight(HEIGHT)
        self._film = film
        self.sort_menu = QMenu(self.tr("Sort photos by"), self)
        self.show_menu = QMenu(self.tr("Show photos"), self)
        self._orders = self._fill_sort_menu()
        self._shows = self._fill_show_menu()
        self.sort_button = self._button("sort", self.sort_menu, self.tr("Sort photos"))
        self.show_button = self._button("filter", self.show_menu, self.tr("Choose which are shown"))
        self.show_button.setCheckable(True)
        self._count = plain_label()
        self._count.setProperty("kind", "secondary")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(5, 1, 8, 1)
        layout.setSpacing(0)
        layout.addWidget(self.sort_button)
        layout.addWidget(self.show_button)
        layout.addWidget(self._count, 1)
        self.show_menu.aboutToShow.connect(self._name_shows)
        film.counts_changed.connect(self.follow)
        film.choice_changed.connect(self.follow)
        film.rowsInserted.connect(self.follow)
        film.rowsRemoved.connect(self.follow)
        film.modelReset.connect(self.follow)
        self.follow()

    def set_compact(self, on: bool) -> None:
        """A narrow strip has no room for the count, which the toolbar tells as well."""
        self._count.setVisible(not on)

    def follow(self) -> None:
        """Show what is chosen."""
        film = self._film
        self._orders[film.order].setChecked(True)
        self._backwards.setChecked(film.backwards)
        self._shows[film.show].setChecked(True)
        filtered = film.show is not Show.ALL or bool(film.search)
        self.show_button.setChecked(filtered)
        count = f"{film.rowCount():,}".replace(",", "\u202f")
        self._count.setText(count)
        if filtered:
            tip = self.tr("{0} of {1} photos are shown: {2}")
            words = self._words()[film.show]
            if film.search:
                words = self.tr("{0}, name with “{1}”").format(words, film.search)
            text = tip.format(film.rowCount(), film.count(Show.ALL), words)
        else:
            text = self.tr("Choose which photos are shown")
        self.show_button.setToolTip(plain_tip(text))
        self.show_button.setAccessibleName(text)

    def _button(self, icon: str, menu: QMenu, tip: str) -> QToolButton:
        button = icon_button(icon, tip)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _fill_sort_menu(self) -> dict[Order, QAction]:
        words = {
            Order.OPENED: self.tr("As opened"),
            Order.NAME: self.tr("Name"),
            Order.TAKEN: self.tr("Time taken"),
            Order.CHANGED: self.tr("Time changed"),
            Order.CONFIDENCE: self.tr("Confidence, least sure first"),
        }
        group = QActionGroup(self)
        made = {}
        for order, text in words.items():
            action = QAction(text, self, checkable=True)
            action.triggered.connect(lambda _=False, o=order: self._choose(order=o))
            group.addAction(action)
            self.sort_menu.addAction(action)
            made[order] = action
        self.sort_menu.addSeparator()
        self._backwards = QAction(self.tr("Backwards"), self, checkable=True)
        self._backwards.triggered.connect(lambda on: self._choose(backwards=on))
        self.sort_menu.addAction(self._backwards)
        return made

    def _fill_show_menu(self) -> dict[Show, QAction]:
        group = QActionGroup(self)
        made = {}
        for show, text in self._words().items():
            action = QAction(text, self, checkable=True)
            action.triggered.connect(lambda _=False, s=show: self._choose(show=s))
            group.addAction(action)
            self.show_menu.addAction(action)
            made[show] = action
        self.show_menu.insertSeparator(made[Show.STARRED])
        return made

    def _words(self) -> dict[Show, str]:
        return {
            Show.ALL: self.tr("All"),
            Show.UNCROPPED: self.tr("Uncropped"),
            Show.TO_REVIEW: self.tr("To review"),
            Show.ACCEPTED: self.tr("Accepted"),
            Show.FAILED: self.tr("Failed"),
            Show.STARRED: self.tr("Starred"),
            Show.REJECTED: self.tr("Rejected"),
            Show.UNDECIDED: self.tr("Undecided"),
        }

    def _name_shows(self) -> None:
        """Counts are wanted only while the menu is open; the tab sets them apart at its right."""
        for show, text in self._words().items():
            self._shows[show].setText(f"{text}\t{self._film.count(show)}")

    def _choose(
        self, order: Order | None = None, backwards: bool | None = None, show: Show | None = None
    ) -> None:
        film = self._film
        self.chosen.emit(
            film.order if order is None else order,
            film.backwards if backwards is None else backwards,
            film.show if show is None else show,
        )
