"""Typed settings that are kept between runs, on top of QSettings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from PySide6.QtCore import QByteArray, QSettings

from app.document.photo_order import Order, Show
from app.style.theme import Mode
from cropcore.errors import CropsightError
from cropcore.export.options import ExportOptions
from cropcore.files.user_dirs import moved_sample
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size

RECENT_KEPT = 10
DEVICES = ("auto", "cpu", "cuda", "mps")
"""As in :mod:`cropcore.engine.device`; not imported for it, to start quickly."""
_PREFERENCES = (
    "theme", "language", "still", "device", "sidecars_beside", "read_foreign_crops", "restore_session",
    "fixed_aspect", "guide", "guides_always",
)  # fmt: skip


class Settings:
    """The person's settings; unreadable values fall back to the defaults."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("Cropsight", "Cropsight")

    @property
    def mode(self) -> Mode:
        """The wanted theme."""
        try:
            return Mode(self._text("theme", Mode.SYSTEM))
        except ValueError:
            return Mode.SYSTEM

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._store.setValue("theme", str(value))

    @property
    def language(self) -> str:
        """The language of all texts, such as ``de``; empty means the system's."""
        return self._text("language", "")

    @language.setter
    def language(self, value: str) -> None:
        self._store.setValue("language", value)

    @property
    def still(self) -> bool:
        """Whether nothing moves, whatever the system says."""
        return self._text("still", "false") == "true"

    @still.setter
    def still(self, value: bool) -> None:
        self._store.setValue("still", "true" if value else "false")

    @property
    def device(self) -> str:
        """Where the engine computes: ``auto``, ``cpu``, ``cuda`` or ``mps``."""
        value = self._text("device", "auto")
        return value if value in DEVICES else "auto"

    @device.setter
    def device(self, value: str) -> None:
        self._store.setValue("device", value)

    @property
    def sidecars_beside(self) -> bool:
        """Whether decisions are kept beside each photo instead of in one folder for all."""
        return self._text("sidecars_beside", "false") == "true"

    @sidecars_beside.setter
    def sidecars_beside(self, value: bool) -> None:
        self._store.setValue("sidecars_beside", "true" if value else "false")

    @property
    def read_foreign_crops(self) -> bool:
        """Whether a crop of Lightroom, darktable or RawTherapee is taken for the person's own."""
        return self._text("read_foreign_crops", "true") == "true"

    @read_foreign_crops.setter
    def read_foreign_crops(self, value: bool) -> None:
        self._store.setValue("read_foreign_crops", "true" if value else "false")

    @property
    def restore_session(self) -> bool:
        """Whether a start brings back the photos that were open."""
        return self._text("restore_session", "true") == "true"

    @restore_session.setter
    def restore_session(self, value: bool) -> None:
        self._store.setValue("restore_session", "true" if value else "false")

    @property
    def fixed_aspect(self) -> Aspect | None:
        """The aspect that every fresh photo begins with; None: the one used last."""
        try:
            name = self._text("fixed_aspect", "")
            return Aspect.parse(name) if name else None
        except CropsightError:
            return None

    @fixed_aspect.setter
    def fixed_aspect(self, value: Aspect | None) -> None:
        self._store.setValue("fixed_aspect", "" if value is None else str(value))

    @property
    def aspect(self) -> Aspect:
        """What a fresh photo begins with: the fixed aspect, else the one used last."""
        if (fixed := self.fixed_aspect) is not None:
            return fixed
        try:
            return Aspect.parse(self._text("aspect", "original"))
        except CropsightError:
            return Aspect("original")

    @aspect.setter
    def aspect(self, value: Aspect) -> None:
        self._store.setValue("aspect", str(value))

    @property
    def method(self) -> str:
        """The method used last: who proposes crops of a fresh photo."""
        return self._text("method", "default")

    @method.setter
    def method(self, value: str) -> None:
        self._store.setValue("method", value)

    @property
    def also(self) -> tuple[Aspect, ...]:
        """The aspects to be cut later that were chosen last."""
        try:
            return tuple(Aspect.parse(name) for name in self._text("also", "").split())
        except CropsightError:
            return ()

    @also.setter
    def also(self, value: tuple[Aspect, ...]) -> None:
        self._store.setValue("also", " ".join(str(aspect) for aspect in value))

    @property
    def guide(self) -> str:
        """Name of the composition guide."""
        return self._text("guide", "thirds")

    @guide.setter
    def guide(self, value: str) -> None:
        self._store.setValue("guide", value)

    @property
    def guides_always(self) -> bool:
        """Whether guides stay when nothing is dragged."""
        return self._text("guides_always", "false") == "true"

    @guides_always.setter
    def guides_always(self, value: bool) -> None:
        self._store.setValue("guides_always", "true" if value else "false")

    @property
    def film_order(self) -> Order:
        """What the filmstrip is sorted by."""
        try:
            return Order(self._text("film_order", Order.OPENED))
        except ValueError:
            return Order.OPENED

    @film_order.setter
    def film_order(self, value: Order) -> None:
        self._store.setValue("film_order", str(value))

    @property
    def film_backwards(self) -> bool:
        """Whether the filmstrip begins with the last photo."""
        return self._text("film_backwards", "false") == "true"

    @film_backwards.setter
    def film_backwards(self, value: bool) -> None:
        self._store.setValue("film_backwards", "true" if value else "false")

    @property
    def film_show(self) -> Show:
        """Which photos the filmstrip shows."""
        try:
            return Show(self._text("film_show", Show.ALL))
        except ValueError:
            return Show.ALL

    @film_show.setter
    def film_show(self, value: Show) -> None:
        self._store.setValue("film_show", str(value))

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
            names = json.loads(self._text("recent", "[]"))
        except ValueError:
            return ()
        if not isinstance(names, list):
            return ()
        return tuple(moved_sample(Path(n)) for n in names if isinstance(n, str))

    def remember_opened(self, paths: Iterable[Path]) -> None:
        """Put files, in their order, at the head of the recent ones."""
        paths = list(dict.fromkeys([*paths, *self.recent]))[:RECENT_KEPT]
        self._store.setValue("recent", json.dumps([str(p) for p in paths]))

    def clear_recent(self) -> None:
        """Forget the recent files."""
        self._store.remove("recent")

    @property
    def open_folder(self) -> str:
        """Where the open dialog begins."""
        return self._text("open_folder", "")

    @open_folder.setter
    def open_folder(self, value: str) -> None:
        self._store.setValue("open_folder", value)

    @property
    def export(self) -> ExportOptions:
        """The options of the last export."""
        try:
            saved: dict[str, Any] = json.loads(self._text("export", "{}"))
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

    def reset_preferences(self) -> None:
        """Forget what the page of preferences shows; recent files and export sizes stay."""
        for name in _PREFERENCES:
            self._store.remove(name)
        fresh = ExportOptions()
        self.export = replace(self.export, folder=fresh.folder, metadata=fresh.metadata)

    @property
    def batch(self) -> BatchPageState:
        """What was chosen for the last batch."""
        try:
            saved: dict[str, Any] = json.loads(self._text("batch", "{}"))
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

    @property
    def batch_preset(self) -> Path | None:
        """The file of the preset of the last batch."""
        text = self._text("batch_preset", "")
        return Path(text) if text else None

    @batch_preset.setter
    def batch_preset(self, value: Path | None) -> None:
        self._store.setValue("batch_preset", str(value or ""))

    def sync(self) -> None:
        """Write what is pending."""
        self._store.sync()

    def _text(self, key: str, default: str) -> str:
        return str(self._store.value(key, default))


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
