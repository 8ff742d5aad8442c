"""Typed settings that are kept between runs, on top of QSettings."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar, overload

from PySide6.QtCore import QByteArray, QSettings

from app.document.photo_order import Order, Show
from app.style.theme import Mode
from cropcore.errors import CropsightError
from cropcore.export.options import ExportOptions
from cropcore.files.user_dirs import moved_sample
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.safe_areas import PLACES
from cropcore.images.output_size import Size
from cropcore.interop.foreign_options import KINDS, ForeignOptions

RECENT_KEPT = 10
DEVICES = ("auto", "cpu", "cuda", "mps")
"""As in :mod:`cropcore.engine.device`; not imported for it, to start quickly."""
_PREFERENCES = (
    "theme", "language", "still", "device", "sidecars_beside", "read_foreign_crops", "restore_session",
    "advance_after_reject",
    "pair_raw",
    "fixed_aspect", "turn_ratio", "guide", "guides_always",
)  # fmt: skip


T = TypeVar("T")


class Setting(Generic[T]):
    """One setting: its key in the store, its default, and how it is read from text and written as text.

    What cannot be read, or is not among ``allowed``, is the default.
    """

    def __init__(
        self,
        key: str,
        default: T,
        read: Callable[[str], T],
        write: Callable[[T], str] = str,
        allowed: Collection[T] = (),
    ) -> None:
        self._key, self._default = key, default
        self._read, self._write, self._allowed = read, write, allowed

    @overload
    def __get__(self, settings: None, owner: type[Settings]) -> Setting[T]: ...
    @overload
    def __get__(self, settings: Settings, owner: type[Settings]) -> T: ...
    def __get__(self, settings: Settings | None, owner: type[Settings]) -> Setting[T] | T:
        if settings is None:
            return self
        stored = settings.text(self._key)
        try:
            value = self._default if stored is None else self._read(stored)
        except (ValueError, CropsightError):
            return self._default
        return value if not self._allowed or value in self._allowed else self._default

    def __set__(self, settings: Settings, value: T) -> None:
        settings.set_text(self._key, self._write(value))


def _text(key: str, default: str = "", allowed: Collection[str] = ()) -> Setting[str]:
    return Setting(key, default, str, allowed=allowed)


def _switch(key: str, default: bool = False) -> Setting[bool]:
    return Setting(key, default, lambda text: text == "true", lambda on: "true" if on else "false")


def _or_empty(value: object) -> str:
    return "" if value is None else str(value)


class Settings:
    """The person's settings; unreadable values fall back to the defaults."""

    mode = Setting("theme", Mode.SYSTEM, Mode)
    """The wanted theme."""
    language = _text("language")
    """The language of all texts, such as ``de``; empty means the system's."""
    still = _switch("still")
    """Whether nothing moves, whatever the system says."""
    device = _text("device", "auto", DEVICES)
    """Where the engine computes: ``auto``, ``cpu``, ``cuda`` or ``mps``."""
    sidecars_beside = _switch("sidecars_beside")
    """Whether decisions are kept beside each photo instead of in one folder for all."""
    read_foreign_crops = _switch("read_foreign_crops", True)
    """Whether a crop of Lightroom, darktable or RawTherapee is taken for the person's own."""
    pair_raw = _switch("pair_raw", True)
    """Whether a raw file and the camera's JPEG or HEIC of it are one photo in folders."""
    lightroom_danger_told = _switch("lightroom_danger_told")
    """Whether the person knows what Lightroom does when it reads a sidecar."""
    restore_session = _switch("restore_session", True)
    """Whether a start brings back the photos that were open."""
    fixed_aspect: Setting[Aspect | None] = Setting(
        "fixed_aspect",
        None,
        lambda text: Aspect.parse(text) if text else None,
        _or_empty,
    )
    """The aspect that every fresh photo begins with; None: the one used last."""
    place = _text("place", "", ("", *PLACES))
    """The place that crops were made for last; empty where for none."""
    turn_ratio = _switch("turn_ratio")
    """Whether a ratio turns with the photo: level on wide ones, upright on tall ones."""
    own_ratios: Setting[tuple[Aspect, ...]] = Setting(
        "own_ratios",
        (),
        lambda text: tuple(Aspect.parse(name) for name in text.split()),
        lambda aspects: " ".join(map(str, aspects)),
    )
    """The person's own ratios, in their order."""
    method = _text("method", "default")
    """The method used last: who proposes crops of a fresh photo."""
    keep_heads = _switch("keep_heads", True)
    """Whether suggestions for a fresh photo keep persons' heads whole."""
    keep_text = _switch("keep_text", False)
    """Whether they keep pieces of text whole."""
    also: Setting[tuple[Aspect, ...]] = Setting(
        "also",
        (),
        lambda text: tuple(Aspect.parse(name) for name in text.split()),
        lambda aspects: " ".join(map(str, aspects)),
    )
    """The aspects to be cut later that were chosen last."""
    guide = _text("guide", "thirds")
    """Name of the composition guide."""
    guides_always = _switch("guides_always")
    """Whether guides stay when nothing is dragged."""
    film_order = Setting("film_order", Order.OPENED, Order)
    """What the filmstrip is sorted by."""
    film_backwards = _switch("film_backwards")
    """Whether the filmstrip begins with the last photo."""
    film_show = Setting("film_show", Show.ALL, Show)
    """Which photos the filmstrip shows."""
    advance_after_reject = _switch("advance_after_reject")
    """Whether the next photo is shown after one was rejected."""
    other_program = _text("other_program")
    """The program that opens photos beside this one; empty: the system's choice."""
    stack_bursts = _switch("stack_bursts")
    """Whether the frames of a burst are one stack in the filmstrip."""
    film_width = Setting("film_width", 0, int)
    """How wide the filmstrip was dragged; 0: as the window wants."""
    panel_width = Setting("panel_width", 0, int)
    """How wide the side panel was dragged; 0: as the window wants."""
    sheet_cell_width = Setting("sheet_cell_width", 176, int)
    """How wide the cells of the contact sheet are, at the least."""
    open_folder = _text("open_folder")
    """Where the open dialog begins."""
    batch_preset: Setting[Path | None] = Setting(
        "batch_preset", None, lambda text: Path(text) if text else None, _or_empty
    )
    """The file of the preset of the last batch."""
    _last_aspect = Setting("aspect", Aspect("original"), Aspect.parse)

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("Cropsight", "Cropsight")

    def text(self, key: str) -> str | None:
        """What is stored under a key; None where nothing is."""
        value = self._store.value(key)
        return None if value is None else str(value)

    def set_text(self, key: str, text: str) -> None:
        """Store text under a key."""
        self._store.setValue(key, text)

    @property
    def aspect(self) -> Aspect:
        """What a fresh photo begins with: the fixed aspect, else the one used last."""
        fixed = self.fixed_aspect
        return self._last_aspect if fixed is None else fixed

    @aspect.setter
    def aspect(self, value: Aspect) -> None:
        self._last_aspect = value

    @property
    def geometry(self) -> QByteArray:
        """The window's geometry; empty before the first run."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened lately, the latest first."""
        try:
            names = json.loads(self.text("recent") or "[]")
        except ValueError:
            return ()
        if not isinstance(names, list):
            return ()
        return tuple(moved_sample(Path(n)) for n in names if isinstance(n, str))

    def remember_opened(self, paths: Iterable[Path]) -> None:
        """Put files, in their order, at the head of the recent ones."""
        paths = list(dict.fromkeys([*paths, *self.recent]))[:RECENT_KEPT]
        self._store.setValue("recent", json.dumps([str(p) for p in paths]))

    @property
    def recent_folders(self) -> tuple[tuple[Path, int], ...]:
        """Folders opened lately with how many photos they had, the latest first."""
        try:
            saved = json.loads(self.text("recent_folders") or "[]")
            return tuple((Path(name), int(count)) for name, count in saved)
        except (TypeError, ValueError):
            return ()

    def remember_folder(self, folder: Path, count: int) -> None:
        """Put a folder with its number of photos at the head of the recent ones."""
        others = [(path, n) for path, n in self.recent_folders if path != folder]
        kept = [(folder, count), *others][:RECENT_KEPT]
        self.set_text("recent_folders", json.dumps([(str(path), n) for path, n in kept]))

    def clear_recent(self) -> None:
        """Forget the recent files and folders."""
        self._store.remove("recent")
        self._store.remove("recent_folders")

    @property
    def export(self) -> ExportOptions:
        """The options of the last export."""
        try:
            saved: dict[str, Any] = json.loads(self.text("export") or "{}")
            if saved.get("size"):
                saved["size"] = Size.parse(saved["size"])
            if saved.get("folder"):
                saved["folder"] = Path(saved["folder"])
            if "background" in saved:
                saved["background"] = tuple(saved["background"])
            return replace(ExportOptions(), **saved)
        except (AttributeError, ValueError, TypeError, CropsightError):
            return ExportOptions()

    @export.setter
    def export(self, value: ExportOptions) -> None:
        saved = asdict(value)
        saved["size"] = str(value.size) if value.size else None
        saved["folder"] = str(value.folder) if value.folder else None
        self._store.setValue("export", json.dumps(saved))

    @property
    def foreign(self) -> ForeignOptions:
        """What was written for other editors last, and how."""
        try:
            options = ForeignOptions(**json.loads(self.text("foreign") or "{}"))
        except (TypeError, ValueError):
            return ForeignOptions()
        return options if options.kind in KINDS else ForeignOptions()

    @foreign.setter
    def foreign(self, value: ForeignOptions) -> None:
        self._store.setValue("foreign", json.dumps(asdict(value)))

    @property
    def foreign_stars(self) -> bool:
        """Whether stars and rejections go to other editors and come from them."""
        return self.foreign.stars

    @foreign_stars.setter
    def foreign_stars(self, on: bool) -> None:
        self.foreign = replace(self.foreign, stars=on)

    def reset_preferences(self) -> None:
        """Forget what the page of preferences shows; recent files and export sizes stay."""
        for name in _PREFERENCES:
            self._store.remove(name)
        fresh = ExportOptions()
        self.export = replace(self.export, folder=fresh.folder, metadata=fresh.metadata)
        self.foreign_stars = False

    @property
    def batch(self) -> BatchPageState:
        """What was chosen for the last batch."""
        try:
            saved: dict[str, Any] = json.loads(self.text("batch") or "{}")
            state = BatchPageState(**saved)
            return replace(
                state,
                source=state.source if state.source in SOURCES else SOURCES[0],
                folder=Path(state.folder) if state.folder else None,
                out=Path(state.out) if state.out else None,
            )
        except (AttributeError, ValueError, TypeError):
            return BatchPageState()

    @batch.setter
    def batch(self, value: BatchPageState) -> None:
        saved = asdict(value)
        for name in ("folder", "out"):
            saved[name] = str(saved[name]) if saved[name] else None
        self._store.setValue("batch", json.dumps(saved))

    def sync(self) -> None:
        """Write what is pending."""
        self._store.sync()


PhotoSource = Literal["open", "selected", "folder"]


SOURCES: Final[tuple[PhotoSource, ...]] = ("open", "selected", "folder")


@dataclass(frozen=True, slots=True)
class BatchPageState:
    """What is remembered of the page: the photos' source, folders, and what else was ticked.

    ``out`` is None for a folder ``Cropsight`` beside the photos.
    """

    source: PhotoSource = "open"
    folder: Path | None = None
    out: Path | None = None
    report: bool = True
    review: bool = False
