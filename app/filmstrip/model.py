"""Item model of the filmstrip: the open photos, sorted and filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.document.photo_order import Order, PhotoStatus, Show, shows_of, sort_key, status_of
from app.runtime.background import single_shot
from app.widgets.controls import plain_tip

PHOTO_ROLE = Qt.ItemDataRole.UserRole
_SETTLE_MS = 120
_FEW = 16

Index = QModelIndex | QPersistentModelIndex


class FilmModel(QAbstractListModel):
    """The photos of a document, sorted and filtered; the shown photo is always among them.

    Rows hold their places while confidences and files change: only a choice, or photos that come,
    sort anew. Photos that come are appended first and sorted in a moment, once for all of them.
    The frames of a burst are a stack: folded, the first of those that are shown stands for all.

    Signals: ``counts_changed`` (soon, and once for many), ``choice_changed`` (another order, or
    others are shown).
    """

    counts_changed = Signal()
    choice_changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.order = Order.OPENED
        self.backwards = False
        self.show = Show.ALL
        self.search = ""
        self._words: tuple[str, ...] = ()
        self._document = document
        self._known: tuple[OpenPhoto, ...] = ()
        self._seen: dict[int, frozenset[Show]] = {}
        self._names: dict[int, str] = {}
        self._counts: Counter[Show] = Counter()
        self._rows: list[OpenPhoto] = []
        self._row_of: dict[int, int] = {}
        self._stack_of: dict[int, tuple[int, ...]] = {}
        self._unfolded: set[tuple[int, ...]] = set()
        self._current: OpenPhoto | None = None
        self._settle = single_shot(self, _SETTLE_MS, self.arrange)
        self._tell = single_shot(self, 0, self.counts_changed)
        document.photos_changed.connect(self._follow_photos)
        document.current_changed.connect(self._follow_current)
        document.edit_changed.connect(self._follow_one)
        document.failure_changed.connect(self._follow_one)

    # What a view asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row for each photo that is shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The photo of a row, and words about it."""
        row = index.row()
        if not 0 <= row < len(self._rows):
            return None
        photo = self._rows[row]
        if role == PHOTO_ROLE:
            return photo
        if role == Qt.ItemDataRole.DisplayRole:
            return photo.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            named = photo.path.name
            return plain_tip(f"{named}\n{photo.failure}" if photo.failure else named)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe(photo)
        return None

    @property
    def rows(self) -> Sequence[OpenPhoto]:
        """The photos in their rows."""
        return self._rows

    @property
    def _order(self) -> Order:
        """Another list than the person's own has an order of its own."""
        return self.order if self._document.shows_own else Order.OPENED

    @property
    def _turned(self) -> bool:
        return self.backwards and self._document.shows_own

    def row_of(self, photo: OpenPhoto | None) -> int:
        """The row of a photo, -1 where it is not shown."""
        return self.row_of_key(photo.key) if photo is not None else -1

    def row_of_key(self, key: int) -> int:
        """The row of the photo with this key, -1 where it is not shown."""
        return self._row_of.get(key, -1)

    def count(self, show: Show) -> int:
        """How many of the open photos are seen under a choice."""
        return self._counts[show]

    def matches(self, photo: OpenPhoto) -> bool:
        """Whether a photo's name has all words that are searched for."""
        name = self._names[photo.key]
        return all(word in name for word in self._words)

    def redraw(self, key: int) -> None:
        """Something that the row of a photo shows is different now."""
        row = self._row_of.get(key)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Photos can be selected, and dragged out as files."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    # Stacks ---------------------------------------------------------------------------------

    def set_stacks(self, stacks: Sequence[tuple[int, ...]]) -> None:
        """These photos, by their keys, are stacks; new ones are folded."""
        stack_of = {key: stack for stack in stacks for key in stack}
        if stack_of != self._stack_of:
            self._stack_of = stack_of
            self._unfolded &= set(stacks)
            self._unfold_current()
            self.arrange()

    def stack_size(self, photo: OpenPhoto) -> int:
        """How many photos the stack of a photo has; 0 where it is in none."""
        return len(self._stack_of.get(photo.key, ()))

    def is_folded(self, photo: OpenPhoto) -> bool:
        """Whether a photo is in a stack that is folded."""
        stack = self._stack_of.get(photo.key)
        return stack is not None and stack not in self._unfolded

    def stack(self, photo: OpenPhoto) -> list[OpenPhoto]:
        """The photos of the stack of a photo, as they were taken; itself alone where it is in none."""
        found = map(self._document.find, self._stack_of.get(photo.key, (photo.key,)))
        return [one for one in found if one is not None]

    def meant_by(self, photo: OpenPhoto) -> list[OpenPhoto]:
        """The photos that a selected row stands for: a folded stack for all of its own that pass the filter."""
        if not self.is_folded(photo):
            return [photo]
        return [one for one in self.stack(photo) if one is photo or self._admits(one)]

    def toggle_stack(self, photo: OpenPhoto) -> None:
        """Unfold the stack of a photo, or fold it; its first photo is shown then."""
        stack = self._stack_of.get(photo.key)
        if stack is None:
            return
        if stack in self._unfolded:
            self._unfolded.discard(stack)
            self.arrange()
            shown = next((p for p in self._rows if p.key in stack), None)
            if self._document.current is not None and self._document.current.key in stack:
                self._document.show(shown)
        else:
            self._unfolded.add(stack)
            self.arrange()

    def _unfold_current(self) -> None:
        """The shown photo is never hidden in a stack: where it is not the first, that is unfolded."""
        current = self._document.current
        if current is not None and self.is_folded(current):
            first = next((p for p in self.stack(current) if self._admits(p)), current)
            if first is not current:
                self._unfolded.add(self._stack_of[current.key])

    def _folded_away(self, photos: Sequence[OpenPhoto]) -> list[OpenPhoto]:
        """Without those that another photo of their folded stack stands for."""
        seen: set[tuple[int, ...]] = set()
        rows = []
        admitted = {photo.key: photo for photo in photos}
        for photo in photos:
            stack = self._stack_of.get(photo.key)
            if stack is None or stack in self._unfolded:
                rows.append(photo)
            elif stack not in seen:
                seen.add(stack)
                rows.append(admitted[next(key for key in stack if key in admitted)])
        return rows

    # Choices --------------------------------------------------------------------------------

    def choose(self, order: Order, backwards: bool, show: Show) -> None:
        """Sort by something and show some of the photos; choosing the same sorts anew."""
        self.order, self.backwards, self.show = order, backwards, show
        self.arrange()
        self.choice_changed.emit()

    def find(self, words: str) -> None:
        """Show photos alone whose names have all of these words, in capitals or not; empty: any."""
        if words != self.search:
            self._search_for(words)
            self.arrange()
            self.choice_changed.emit()

    def arrange(self) -> None:
        """Sort and filter all photos now."""
        self._settle.stop()
        rows = self._admitted()
        if self._stack_of and self._document.shows_own:
            rows = self._folded_away(rows)
        key = sort_key(self._order)
        if key is not None:
            rows.sort(key=key)
        if self._turned:
            rows.reverse()
        if rows == self._rows:
            return
        self.beginResetModel()
        self._set_rows(rows)
        self.endResetModel()

    def _search_for(self, words: str) -> None:
        self.search, self._words = words, tuple(words.casefold().split())

    # What happens to photos -----------------------------------------------------------------

    def _follow_photos(self) -> None:
        photos, known = self._document.photos, self._known
        if photos[: len(known)] == known:
            self._append(photos[len(known) :])
        else:
            self._drop_closed(photos)
        self._tell.start()

    def _append(self, fresh: tuple[OpenPhoto, ...]) -> None:
        begins = not self._known
        self._known += fresh
        for photo in fresh:
            self._count(photo)
        if begins and (self.search or (self.show is not Show.ALL and not self._counts[self.show])):
            # Newly opened photos are shown even where the filter of an earlier run would hide all.
            self._search_for("")
            self.show = Show.ALL
            self.choice_changed.emit()
        rows = [photo for photo in fresh if self._admits(photo)]
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows.extend(rows)
            self._row_of.update((photo.key, first + place) for place, photo in enumerate(rows))
            self._document.set_shown(self._rows)
            self.endInsertRows()
        if self._order is not Order.OPENED or self._turned:
            self._settle.start()

    def _drop_closed(self, photos: tuple[OpenPhoto, ...]) -> None:
        self._known = photos
        open_now = {photo.key for photo in photos}
        for key in [key for key in self._seen if key not in open_now]:
            self._counts.subtract(self._seen.pop(key))
            del self._names[key]
        for photo in photos:
            if photo.key not in self._seen:
                self._count(photo)
        gone = [photo for photo in self._rows if photo.key not in open_now]
        # Another list: a reset, since removing rows one by one would make the view select their
        # neighbours.
        if len(gone) <= min(_FEW, len(self._rows) - 1):
            for photo in gone:
                self._take_out(photo)
        self.arrange()

    def _follow_current(self) -> None:
        """The photo shown before leaves where the choice leaves it out; the shown one comes in."""
        before, self._current = self._current, self._document.current
        left = before if before is not None and before.key in self._seen else None
        if left is not None and left.key in self._row_of and not self._admits(left):
            self._take_out(left)
        if self._current is not None and self._current.key in self._seen:
            if self.row_of(self._current) < 0 and self.is_folded(self._current):
                self._unfold_current()
                self.arrange()
            self._put_in(self._current)

    def _follow_one(self, key: int) -> None:
        photo = self._document.find(key)
        if photo is None or key not in self._seen:
            return
        before = self._seen[key]
        if before != shows_of(photo):
            self._counts.subtract(before)
            self._count(photo)
            if self.is_folded(photo):
                self._settle.start()  # another photo may stand for its stack now
            elif self._admits(photo):
                self._put_in(photo)
            elif key in self._row_of:
                self._take_out(photo)
            self._tell.start()
        self.redraw(key)

    def _count(self, photo: OpenPhoto) -> None:
        self._seen[photo.key] = shows_of(photo)
        if photo.key not in self._names:
            self._names[photo.key] = photo.path.name.casefold()
        self._counts.update(self._seen[photo.key])

    def _admits(self, photo: OpenPhoto) -> bool:
        seen = self.show in self._seen[photo.key] and self.matches(photo)
        return seen or photo is self._document.current or not self._document.shows_own

    def _admitted(self) -> list[OpenPhoto]:
        """All photos that :meth:`_admits` would let in; there may be thousands."""
        if not self._document.shows_own:
            return list(self._known)
        show, words, seen, names = self.show, self._words, self._seen, self._names
        kept = {p.key for p in self._known if show in seen[p.key]}
        for word in words:
            kept = {key for key in kept if word in names[key]}
        current = self._document.current
        return [p for p in self._known if p.key in kept or p is current]

    def _put_in(self, photo: OpenPhoto) -> None:
        if photo.key in self._row_of:
            return
        row = self._place_for(photo)
        self.beginInsertRows(QModelIndex(), row, row)
        self._set_rows([*self._rows[:row], photo, *self._rows[row:]])
        self.endInsertRows()

    def _take_out(self, photo: OpenPhoto) -> None:
        row = self._row_of[photo.key]
        self.beginRemoveRows(QModelIndex(), row, row)
        self._set_rows([*self._rows[:row], *self._rows[row + 1 :]])
        self.endRemoveRows()

    def _place_for(self, photo: OpenPhoto) -> int:
        key = sort_key(self._order) or self._document.place_of
        wanted = key(photo)
        for row, other in enumerate(self._rows):
            if wanted > key(other) if self._turned else wanted < key(other):
                return row
        return len(self._rows)

    def _set_rows(self, rows: list[OpenPhoto]) -> None:
        self._rows = rows
        self._row_of = {photo.key: row for row, photo in enumerate(rows)}
        self._document.set_shown(rows)

    def _describe(self, photo: OpenPhoto) -> str:
        status = {
            PhotoStatus.UNCROPPED: self.tr("uncropped"),
            PhotoStatus.TO_REVIEW: self.tr("to review"),
            PhotoStatus.ACCEPTED: self.tr("accepted"),
            PhotoStatus.FAILED: self.tr("cannot be read"),
        }[status_of(photo)]
        words = [photo.path.name, status]
        if photo.edit.starred:
            words.append(self.tr("starred"))
        if photo.edit.rejected:
            words.append(self.tr("rejected"))
        return ", ".join(words)
