"""Connects the signals of the window's parts, actions and shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from app.canvas.crop_view import ViewMode
from app.i18n.method_texts import method_words
from app.widgets.notices import Severity
from cropcore.geometry.aspect import Aspect

if TYPE_CHECKING:
    from app.shell.main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Join the features of a window that was just built."""
    connect_parts(window)
    connect_actions(window)
    connect_keys(window)
    connect_review(window)
    connect_pages(window)


def connect_review(window: MainWindow) -> None:
    """What the export button says and what is switched off while a review is shown."""
    review, document = window.reviewing, window.document

    def follow() -> None:
        limit(window, review.review is not None, review.can_go_back)

    review.changed.connect(lambda: window.export_page.show_review(review.write_text))
    for signal in (document.current_changed, document.photos_changed, review.changed):
        signal.connect(follow)


def connect_pages(window: MainWindow) -> None:
    """Preferences, about and keys: what they change holds at once."""
    program = window.program
    window.theme_menu.chosen.connect(window.set_theme)
    program.theme_chosen.connect(lambda: window.set_theme(window.settings.mode))
    program.guides_changed.connect(window.restore_guides)
    program.export_options_changed.connect(window.export_page.show_options)


def connect_parts(window: MainWindow) -> None:
    """The document, the editor, the canvas and the panels."""
    editor, canvas, strip, aspect = window.editor, window.canvas, window.strip, window.aspect
    window.document.current_changing.connect(window.clear_photo)
    window.document.current_changed.connect(window.show_photo)
    window.document.photos_changed.connect(window.show_count)
    editor.changed.connect(window.show_edit)
    editor.live_changed.connect(window.show_live)
    editor.candidates_changed.connect(window.show_candidates)
    editor.map_changed.connect(window.show_map)
    editor.engine_changed.connect(window.show_engine)
    editor.failed.connect(lambda text: window.notices.add(text, Severity.WARNING))
    window.opening.picture.connect(window.show_picture)
    window.opening.preview_changed.connect(editor.announce)
    window.opening.header_read.connect(editor.photo_read)
    window.opening.full_image_loaded.connect(canvas.set_photo_image)
    window.opening.failed.connect(lambda text: window.notices.add(text, Severity.ERROR))
    window.opening.noted.connect(lambda text: window.notices.add(text))
    window.recent.chosen.connect(lambda path: window.opening.open([path]))
    window.empty.sample_chosen.connect(window.opening.open_samples)
    window.thumbnails.made.connect(window.show_thumbnail)
    window.film.chosen.connect(window.document.show)
    window.film.film.choice_changed.connect(window.show_count)
    window.film.film.counts_changed.connect(window.show_count)

    canvas.holding_changed.connect(window.hold)
    canvas.crop_dragging.connect(editor.drag)
    canvas.drag_cancelled.connect(editor.cancel_drag)
    canvas.crop_edited.connect(lambda _, crop, text: editor.finish_drag(crop, text))
    canvas.candidate_hovered.connect(window.pill_hovered)
    canvas.candidate_taken.connect(strip.take)
    canvas.protect_edited.connect(editor.set_protected)
    canvas.map_hovered.connect(window.maps.show_value)
    canvas.zoom_changed.connect(lambda _: window.show_size())
    canvas.result_requested.connect(window.act["result"].trigger)
    canvas.candidates_visible_changed.connect(window.act["candidates"].setChecked)

    window.nesting.changed.connect(canvas.set_nested)
    window.nesting.aspects_changed.connect(window.export_page.show_nested)

    strip.hovered.connect(canvas.preview_candidate)
    strip.taken.connect(window.take)
    strip.pictures_wanted.connect(window.paint_candidates)

    aspect.chosen.connect(window.choose_aspect)
    aspect.slider_pressed.connect(editor.hold)
    aspect.slid.connect(editor.slide_aspect)
    aspect.slider_released.connect(window.release_aspect)
    aspect.tightness_pressed.connect(editor.hold)
    aspect.tightness_slid.connect(editor.slide_tightness)
    aspect.tightness_released.connect(lambda: editor.let_go(window.tr("Tightness")))
    aspect.swap.connect(window.act["swap"].trigger)
    aspect.lock.connect(window.act["lock"].trigger)
    aspect.left.connect(canvas.setFocus)
    window.guides.chosen.connect(window.set_guide)
    window.guides.always.connect(window.set_guides_always)
    window.maps.chosen.connect(editor.set_map)
    window.maps.opacity.connect(lambda _: window.show_map())
    window.numbers.typed.connect(editor.type_side)
    window.method.chosen.connect(window.choose_method)
    window.method.compare.connect(window.act["compare"].trigger)
    window.method.why.connect(window.act["why"].trigger)
    window.compare.method_chosen.connect(window.choose_method)
    window.compare.left.connect(canvas.setFocus)
    window.why.left.connect(canvas.setFocus)
    window.session.warned.connect(lambda text: window.notices.add(text, Severity.WARNING))
    window.keeping.warned.connect(lambda text: window.notices.add(text, Severity.WARNING))
    window.crops.other_crops_changed.connect(canvas.set_other_crops)
    window.crops.left.connect(canvas.setFocus)
    window.side.pages.currentChanged.connect(
        lambda _: window.act["why"].setChecked(window.why.is_shown)
    )
    window.protect.marking.connect(canvas.set_protect_mode)
    window.protect.cleared.connect(lambda: editor.set_protected(()))
    window.straightening.connect_actions(window.act)
    window.straightening.switched.connect(window.show_straightening)
    window.straighten_section.toggled.connect(window.straightening.set_on)
    window.protect.marking.connect(lambda on: window.straightening.accept() if on else None)
    window.export_page.button.clicked.connect(_unless(window.reviewing.write, window.export))
    # A lambda here would keep a closed window: the style hints live as long as the program.
    QApplication.styleHints().colorSchemeChanged.connect(window.apply_theme)


def connect_actions(window: MainWindow) -> None:
    """Menus, buttons and their keys."""
    editor, canvas, group = window.editor, window.canvas, window.document.undo_group
    review = window.reviewing
    handlers = {
        "open": window.ask_for_files,
        "samples": lambda: window.opening.open_samples(),
        "close": _unless(review.leave, window.close_photo),
        "export": _unless(review.write, window.export),
        "export_with": lambda: window.export_page.show(True),
        "export_candidates": lambda: window.exporting.export_candidates(window.strip.painted),
        "export_nested": window.exporting.export_nested,
        "export_photos": lambda: window.exporting.export_photos(),
        "batch": window.batch.show,
        "show_folder": window.exporting.show_folder,
        "quit": window.close,
        "undo": lambda: None if editor.button_down else group.undo(),
        "redo": lambda: None if editor.button_down else group.redo(),
        "reset": editor.reset,
        "swap": lambda: window.change_aspect(editor.swap),
        "lock": lambda: window.change_aspect(editor.toggle_lock),
        "free": lambda: window.choose_aspect(Aspect("free")),
        "circle": lambda: window.change_aspect(editor.toggle_circle),
        "original": lambda: window.choose_aspect(Aspect("original")),
        "ratio": window.aspect.begin_typing,
        "also": window.begin_also,
        "next_candidate": lambda: window.strip.step(1),
        "previous_candidate": lambda: window.strip.step(-1),
        "new_crop": window.crops.begin,
        "next_crop": window.crops.choose_next,
        "remove_crop": window.crops.remove,
        "copy_crop": window.copying.copy,
        "paste_crop": window.copying.paste,
        "paste_settings": window.copying.paste_settings,
        "best_for_each": window.copying.best_for_each,
        "accept": _unless(review.accept, window.accept),
        "next_photo": lambda: window.document.step(1),
        "previous_photo": lambda: window.document.step(-1),
        "select_all": window.film.select_all,
        "star": window.flagging.star,
        "reject": _unless(review.reject, window.flagging.reject),
        "review": review.toggle,
        "fit": canvas.zoom_fit,
        "actual": lambda: canvas.zoom_actual(),
        "toggle_zoom": lambda: canvas.zoom_toggle(),
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
        "before": lambda: window.toggle_mode(ViewMode.BEFORE),
        "result": lambda: window.toggle_mode(ViewMode.RESULT),
        "masked": lambda: window.toggle_mode(ViewMode.MASKED),
        "candidates": window.toggle_candidates,
        "maps": window.maps.next,
        "guides": window.guides.next,
        "turn_guide": window.guides.turn,
        "compare": window.compare.toggle,
        "why": window.why.toggle,
        "methods": window.compare.toggle_methods,
    }
    for name, handler in handlers.items():
        window.act[name].triggered.connect(lambda _=False, h=handler: h())
    for name in method_words():
        window.act[f"method_{name}"].triggered.connect(
            lambda _=False, n=name: window.choose_method(n)
        )
    window.act["candidates"].setChecked(True)
    group.canUndoChanged.connect(window.act["undo"].setEnabled)
    group.canRedoChanged.connect(window.act["redo"].setEnabled)
    group.undoTextChanged.connect(lambda text: window.name_step("undo", text))
    group.redoTextChanged.connect(lambda text: window.name_step("redo", text))
    for name in ("undo", "redo"):
        window.act[name].setEnabled(False)


def _unless(done: Callable[[], bool], otherwise: Callable[[], object]) -> Callable[[], None]:
    """Try the first, which says whether it was its turn; else do the other."""

    def act() -> None:
        if not done():
            otherwise()

    return act


def connect_keys(window: MainWindow) -> None:
    """Keys that are in no menu: digits, arrows and Esc."""
    canvas = window.canvas
    for rank in range(1, 11):
        QShortcut(QKeySequence(str(rank % 10)), window, lambda r=rank: window.take_by_key(r))
    QShortcut(QKeySequence(Qt.Key.Key_Escape), window, window.escape)
    for key, dx, dy in (
        ("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1)
    ):  # fmt: skip
        for prefix, by in (("", 1), ("Shift+", 10)):
            shortcut = QShortcut(QKeySequence(prefix + key), canvas)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(
                lambda x=dx * by, y=dy * by: window.straightening.arrow(x, y)
            )


_SETTLED = ("swap", "lock", "free", "circle", "original", "ratio", "also")
_OTHER_CROPS = (
    "new_crop", "next_crop", "remove_crop",
    "copy_crop", "paste_crop", "paste_settings", "best_for_each",
)  # fmt: skip
_OTHER_EXPORTS = ("export_with", "export_candidates", "export_photos")


def limit(window: MainWindow, in_review: bool, can_go_back: bool) -> None:
    """Switch off what the preset has settled, and say what some actions do instead.

    Outside a review the window itself switches on what the shown photo allows.
    """
    act = window.act
    write, leave = _tr("Write accepted"), _tr("Leave review")
    act["export"].setText(write if in_review else _tr("Export"))
    act["close"].setText(leave if in_review else _tr("Close photo"))
    act["review"].setText(leave if in_review else _tr("Back to review"))
    act["review"].setEnabled(in_review or can_go_back)
    window.aspect.setToolTip(_tr("The preset has settled the aspect.") if in_review else "")
    window.crops_panel.setEnabled(not in_review)
    if in_review:
        for name in (*_SETTLED, *_OTHER_CROPS, *_OTHER_EXPORTS):
            act[name].setEnabled(False)
        window.aspect.setEnabled(False)
        window.also.setEnabled(False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
