"""All actions of the program in one table: text, shortcut, icon and menu.

The list of keys that F1 shows (:mod:`app.shell.key_groups`) is made from the same table, so that it is
never out of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.i18n.method_texts import method_words
from app.style import theme


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. ``on_canvas`` keys work only while the canvas has the focus."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    on_canvas: bool = False
    new_group: bool = False
    needs_photo: bool = True


def specs() -> tuple[Spec, ...]:
    """The table, in the order of the menus."""
    return (
        Spec("open", _tr("Open …"), ("Ctrl+O",), "file", "open", needs_photo=False),
        Spec(
            "open_folder",
            _tr("Open folder …"),
            ("Ctrl+Shift+O",),
            "file",
            tip=_tr("All photos of a folder and of the folders in it"),
            needs_photo=False,
        ),
        Spec("samples", _tr("Open sample photos"), (), "file", needs_photo=False),
        Spec("close", _tr("Close photo"), ("Ctrl+W",), "file"),
        Spec("export", _tr("Export"), ("Ctrl+E",), "file", "export", new_group=True),
        Spec("export_with", _tr("Export with options …"), ("Ctrl+Shift+E",), "file"),
        Spec("export_candidates", _tr("Export all candidates"), ("Ctrl+Alt+E",), "file"),
        Spec(
            "export_nested",
            _tr("Export with the nested crops"),
            ("Ctrl+Alt+U",),
            "file",
            tip=_tr("This crop, and from it those of the ratios under Also for"),
        ),
        Spec("export_photos", _tr("Export all photos"), (), "file"),
        Spec(
            "export_foreign",
            _tr("Crops for other editors …"),
            ("Ctrl+Alt+X",),
            "file",
            tip=_tr("Write crops for Lightroom, darktable or RawTherapee"),
        ),
        Spec("batch", _tr("Batch …"), ("Ctrl+B",), "file", "batch", needs_photo=False),
        Spec("show_folder", _tr("Show export folder"), (), "file"),
        Spec("reveal", _tr("Show photo in the file manager"), ("Ctrl+Shift+R",), "file"),
        Spec("open_elsewhere", _tr("Open in another program"), (), "file"),
        Spec(
            "choose_program",
            _tr("Open in a program of your choice …"),
            (),
            "file",
            tip=_tr("It opens photos from then on"),
        ),
        Spec("quit", _tr("Quit"), ("Ctrl+Q",), "file", new_group=True, needs_photo=False),
        Spec("undo", _tr("Undo"), ("Ctrl+Z",), "edit", "undo"),
        Spec("redo", _tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "edit", "redo"),
        Spec("reset", _tr("Whole photo"), ("Ctrl+Backspace",), "edit", new_group=True),
        Spec("swap", _tr("Swap width and height"), ("X",), "edit"),
        Spec("lock", _tr("Lock ratio"), ("L",), "edit"),
        Spec("free", _tr("Free ratio"), ("F",), "edit"),
        Spec("circle", _tr("Circle"), ("C",), "edit"),
        Spec("original", _tr("Original ratio"), ("Shift+R",), "edit"),
        Spec("ratio", _tr("Type a ratio"), ("R",), "edit"),
        Spec(
            "also",
            _tr("Also for other ratios"),
            ("U",),
            "edit",
            tip=_tr("Ratios that are to be cut from this crop later"),
        ),
        Spec("next_candidate", _tr("Next candidate"), ("]", "."), "edit", new_group=True),
        Spec("previous_candidate", _tr("Previous candidate"), ("[", ","), "edit"),
        Spec(
            "new_crop",
            _tr("New crop"),
            ("N",),
            "edit",
            tip=_tr("Keep this crop and begin another"),
            new_group=True,
        ),
        Spec("next_crop", _tr("Next crop of this photo"), ("Shift+N",), "edit"),
        Spec("remove_crop", _tr("Remove crop"), ("Ctrl+Delete",), "edit"),
        Spec(
            "copy_crop",
            _tr("Copy crop"),
            ("Ctrl+C",),
            "edit",
            tip=_tr("Copy the crop in hand with its settings"),
            new_group=True,
        ),
        Spec(
            "copy_picture",
            _tr("Copy crop as a picture"),
            ("Ctrl+Shift+C",),
            "edit",
            tip=_tr("The crop's pixels, for another program"),
        ),
        Spec(
            "paste_crop",
            _tr("Paste crop"),
            ("Ctrl+V",),
            "edit",
            tip=_tr("On the selected photos: same ratio, same relative place"),
        ),
        Spec(
            "paste_by_subject",
            _tr("Paste crop by the subject"),
            ("Ctrl+M",),
            "edit",
            tip=_tr(
                "On the selected photos: heads as high and as large, objects with the same margins"
            ),
        ),
        Spec(
            "paste_numbers",
            _tr("Paste crop by numbers"),
            ("Ctrl+Alt+V",),
            "edit",
            tip=_tr(
                "x, y, width and height in pixels, or JSON of cropcore crop, from the clipboard"
            ),
        ),
        Spec(
            "paste_settings",
            _tr("Paste settings"),
            ("Ctrl+Shift+V",),
            "edit",
            tip=_tr("On the selected photos: aspect, method and tightness"),
        ),
        Spec(
            "best_for_each",
            _tr("Same ratio, best crop for each"),
            ("Ctrl+Shift+B",),
            "edit",
            tip=_tr("On the selected photos: the best crop of each in the ratio of this one"),
        ),
        Spec(
            "correct_heads",
            _tr("Correct heads"),
            ("Shift+K",),
            "edit",
            tip=_tr("Click a wrong head to dismiss it, drag over a missed one"),
            checkable=True,
            new_group=True,
        ),
        Spec(
            "preferences",
            _tr("Preferences …"),
            ("Ctrl+,",),
            "edit",
            new_group=True,
            needs_photo=False,
        ),
        Spec(
            "accept",
            _tr("Accept and go on"),
            ("Return", "Enter"),
            "photo",
            on_canvas=True,
        ),
        Spec("next_photo", _tr("Next photo"), ("PgDown",), "photo"),
        Spec("previous_photo", _tr("Previous photo"), ("PgUp",), "photo"),
        Spec("first_photo", _tr("First photo"), ("Home",), "photo", on_canvas=True),
        Spec("last_photo", _tr("Last photo"), ("End",), "photo", on_canvas=True),
        Spec("next_undecided", _tr("Next undecided photo"), ("Ctrl+PgDown",), "photo"),
        Spec("select_all", _tr("Select all photos"), ("Ctrl+A",), "photo", new_group=True),
        Spec("star", _tr("Star"), ("P",), "photo", new_group=True, checkable=True),
        Spec(
            "accept_selected",
            _tr("Accept the selected photos"),
            ("Ctrl+Return", "Ctrl+Enter"),
            "photo",
            tip=_tr("The crops that are proposed for them become your own"),
        ),
        Spec("reject", _tr("Reject"), ("Delete",), "photo", checkable=True),
        Spec(
            "unfold_stack", _tr("Unfold or fold the stack"), ("Shift+S",), "photo", new_group=True
        ),
        Spec(
            "stack_alike",
            _tr("Crop the stack alike"),
            ("Ctrl+Shift+S",),
            "photo",
            tip=_tr("The crop of this photo follows its subject through the burst"),
        ),
        Spec(
            "review",
            _tr("Back to review"),
            ("Ctrl+R",),
            "photo",
            new_group=True,
            needs_photo=False,
        ),
        Spec(
            "straighten",
            _tr("Straighten"),
            ("S",),
            "photo",
            "straighten",
            _tr(
                "Straighten: draw a line, drag the slider, or take the angle of the photo's own lines"
            ),
            checkable=True,
            new_group=True,
        ),
        Spec(
            "level",
            _tr("Level the selection"),
            ("Shift+L",),
            "photo",
            tip=_tr("Straighten every selected photo by its own lines"),
        ),
        Spec("turn_left", _tr("Turn left"), ("Ctrl+[",), "photo", "rotate-left"),
        Spec("turn_right", _tr("Turn right"), ("Ctrl+]",), "photo", "rotate-right"),
        Spec("flip", _tr("Flip horizontally"), ("Shift+H",), "photo", "flip-horizontal"),
        Spec("flip_down", _tr("Flip vertically"), ("Shift+V",), "photo", "flip-vertical"),
        Spec(
            "contact_sheet",
            _tr("Contact sheet"),
            ("G",),
            "view",
            "grid",
            _tr("All photos in a grid, with their crops"),
            checkable=True,
        ),
        Spec(
            "stack_bursts",
            _tr("Stack bursts"),
            (),
            "view",
            tip=_tr("Frames taken within seconds that look alike become one stack"),
            checkable=True,
        ),
        Spec("find", _tr("Find a photo by its name"), ("Ctrl+F",), "view"),
        Spec("fit", _tr("Fit"), ("Ctrl+0",), "view", "fit", new_group=True),
        Spec("actual", _tr("100 %"), ("Ctrl+1",), "view", "actual"),
        Spec("zoom_crop", _tr("Zoom to the crop"), ("Ctrl+2",), "view"),
        Spec("toggle_zoom", _tr("Fit or 100 %"), ("Z",), "view"),
        Spec("zoom_in", _tr("Zoom in"), ("+", "=", "Ctrl++"), "view"),
        Spec("zoom_out", _tr("Zoom out"), ("-", "Ctrl+-"), "view"),
        Spec(
            "before",
            _tr("Before"),
            (),
            "view",
            "before",
            _tr("The photo as it was (hold B)"),
            checkable=True,
            new_group=True,
        ),
        Spec("result", _tr("Result"), ("V",), "view", "result", checkable=True),
        Spec(
            "masked",
            _tr("Masked"),
            ("Shift+M",),
            "view",
            "masked",
            _tr("The photo, dark where a crop of this ratio should not lie"),
            checkable=True,
        ),
        Spec("candidates", _tr("Candidates"), ("H",), "view", checkable=True, new_group=True),
        Spec(
            "heads",
            _tr("Heads"),
            ("K",),
            "view",
            tip=_tr("Outline the heads that were found"),
            checkable=True,
        ),
        Spec("maps", _tr("Next map"), ("M",), "view"),
        Spec("guides", _tr("Next guide"), ("O",), "view"),
        Spec("turn_guide", _tr("Turn guide"), ("Shift+O",), "view"),
        Spec(
            "full_screen",
            _tr("Full screen"),
            ("F11",),
            "view",
            checkable=True,
            new_group=True,
            needs_photo=False,
        ),
        Spec(
            "lights_out",
            _tr("Lights out"),
            ("Ctrl+L",),
            "view",
            tip=_tr("Darken all but the crop; again: black; again, or Esc: as it was"),
        ),
        Spec(
            "close_notices",
            _tr("Close all notices"),
            ("Shift+Esc",),
            "view",
            new_group=True,
            needs_photo=False,
        ),
        *_method_specs(),
        Spec(
            "compare",
            _tr("Compare methods"),
            ("A",),
            "method",
            "compare",
            _tr("The best crop of each method, side by side"),
            new_group=True,
        ),
        Spec(
            "why",
            _tr("Why this crop"),
            ("W",),
            "method",
            "why",
            _tr("What speaks for the crop in hand"),
            checkable=True,
        ),
        Spec("keys", _tr("Keys"), ("F1", "?"), "help", needs_photo=False),
        Spec("methods", _tr("About the methods"), ("Shift+F1",), "help", needs_photo=False),
        Spec("about", _tr("About Cropsight"), (), "help", needs_photo=False),
    )


def _method_specs() -> tuple[Spec, ...]:
    """One action for each method, Alt and its place."""
    return tuple(
        Spec(f"method_{name}", words.title, (f"Alt+{place}",), "method", "", words.tip, True)
        for place, (name, words) in enumerate(method_words().items(), 1)
    )


def menu_titles() -> dict[str, str]:
    """The menus, in the order of the bar, and their titles."""
    return {
        "file": _tr("&File"),
        "edit": _tr("&Edit"),
        "photo": _tr("&Photo"),
        "view": _tr("&View"),
        "method": _tr("&Method"),
        "help": _tr("&Help"),
    }


class Actions(QObject):
    """The actions of one window, by name."""

    def __init__(self, window: QWidget, canvas: QWidget) -> None:
        super().__init__(window)
        self.by_name: dict[str, QAction] = {}
        self._specs = specs()
        for spec in self._specs:
            action = QAction(spec.text, window)
            # A leading space: the style leaves too little room between icon and text.
            action.setIconText(" " + spec.text.rstrip(" …"))
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setCheckable(spec.checkable)
            tip = spec.tip or spec.text.rstrip(" …")
            keys = native_keys(spec.keys[:1])
            action.setToolTip(f"{tip} ({keys})" if keys else tip)
            if spec.on_canvas:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            (canvas if spec.on_canvas else window).addAction(action)
            self.by_name[spec.name] = action
        self.refresh_icons()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def fill(self, bar: QMenuBar, recent: QMenu) -> None:
        """Build the menus; ``recent`` follows Open."""
        self.menus = {key: bar.addMenu(title) for key, title in menu_titles().items()}
        for spec in self._specs:
            menu = self.menus[spec.menu]
            if spec.new_group:
                menu.addSeparator()
            menu.addAction(self.by_name[spec.name])
            if spec.name == "open_folder":
                menu.addMenu(recent)

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme."""
        for spec in self._specs:
            if spec.icon:
                self.by_name[spec.name].setIcon(theme.icon(spec.icon))

    def enable(self, with_photo: bool) -> None:
        """With no photo shown, only opening and help remain."""
        for spec in self._specs:
            if spec.needs_photo and spec.name not in ("undo", "redo"):
                self.by_name[spec.name].setEnabled(with_photo)


def native_keys(keys: Sequence[str]) -> str:
    """Keys as this system writes them, side by side."""
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(QKeySequence(key).toString(native) for key in keys)
