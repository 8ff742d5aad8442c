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
    review, document = window.parts.review_mode, window.parts.document

    def follow() -> None:
        limit(window, review.review is not None, review.can_go_back)

    review.changed.connect(lambda: window.parts.export_controls.show_review(review.write_text))
    for signal in (document.current_changed, document.photos_changed, review.changed):
        signal.connect(follow)


def connect_pages(window: MainWindow) -> None:
    """Preferences, about and keys: what they change holds at once."""
    program = window.parts.program_pages
    window.parts.theme_menu.chosen.connect(window.set_theme)
    program.theme_chosen.connect(lambda: window.set_theme(window.parts.settings.mode))
    program.guides_changed.connect(window.restore_guides)
    program.export_options_changed.connect(window.parts.export_controls.show_options)


def connect_parts(window: MainWindow) -> None:
    """The document, the editor, the canvas and the panels."""
    editor, canvas, strip, aspect = (
        window.parts.editor,
        window.parts.canvas,
        window.parts.strip,
        window.parts.aspect_panel,
    )
    suggester = editor.suggester
    window.parts.document.current_changing.connect(window.clear_photo)
    window.parts.document.current_changed.connect(window.show_photo)
    window.parts.document.photos_changed.connect(window.show_count)
    editor.changed.connect(window.show_edit)
    editor.live_changed.connect(window.show_live)
    suggester.scored.connect(window.show_live)
    suggester.candidates_changed.connect(window.show_candidates)
    suggester.map_changed.connect(window.show_map)
    suggester.engine_changed.connect(window.show_engine)
    for failed in (editor.failed, suggester.failed):
        failed.connect(lambda text: window.parts.notices.add(text, Severity.WARNING))
    window.parts.opener.picture.connect(window.show_picture)
    window.parts.opener.preview_changed.connect(editor.announce)
    window.parts.opener.header_read.connect(editor.photo_read)
    window.parts.opener.full_image_loaded.connect(canvas.set_photo_image)
    window.parts.opener.failed.connect(lambda text: window.parts.notices.add(text, Severity.ERROR))
    window.parts.opener.noted.connect(lambda text: window.parts.notices.add(text))
    window.parts.recent_menu.chosen.connect(lambda path: window.parts.opener.open([path]))
    window.parts.welcome_page.sample_chosen.connect(window.parts.opener.open_samples)
    window.parts.crop_thumbnails.made.connect(window.show_thumbnail)
    window.parts.filmstrip.chosen.connect(window.parts.document.show)
    window.parts.filmstrip.model.choice_changed.connect(window.show_count)
    window.parts.filmstrip.model.counts_changed.connect(window.show_count)

    canvas.holding_changed.connect(window.hold)
    canvas.crop_dragging.connect(editor.drag)
    canvas.drag_cancelled.connect(editor.cancel_drag)
    canvas.crop_edited.connect(lambda _, crop, text: editor.finish_drag(crop, text))
    canvas.candidate_hovered.connect(window.pill_hovered)
    canvas.candidate_taken.connect(strip.take)
    canvas.protect_edited.connect(editor.set_protected)
    canvas.map_hovered.connect(window.parts.maps_panel.show_value)
    canvas.zoom_changed.connect(lambda _: window.show_size())
    canvas.result_requested.connect(window.parts.actions["result"].trigger)
    canvas.candidates_visible_changed.connect(window.parts.actions["candidates"].setChecked)

    window.parts.nested_crops_tool.changed.connect(canvas.set_nested)
    window.parts.nested_crops_tool.aspects_changed.connect(window.parts.export_controls.show_nested)

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
    aspect.swap_wanted.connect(window.parts.actions["swap"].trigger)
    aspect.lock_wanted.connect(window.parts.actions["lock"].trigger)
    aspect.focus_released.connect(canvas.setFocus)
    window.parts.guides_panel.chosen.connect(window.set_guide)
    window.parts.guides_panel.always_changed.connect(window.set_guides_always)
    window.parts.maps_panel.chosen.connect(suggester.set_map)
    window.parts.maps_panel.opacity_changed.connect(lambda _: window.show_map())
    window.parts.numbers_panel.typed.connect(editor.type_side)
    window.parts.method_panel.chosen.connect(window.choose_method)
    window.parts.method_panel.compare_wanted.connect(window.parts.actions["compare"].trigger)
    window.parts.method_panel.why_wanted.connect(window.parts.actions["why"].trigger)
    window.parts.compare.method_chosen.connect(window.choose_method)
    window.parts.compare.focus_released.connect(canvas.setFocus)
    window.parts.why.focus_released.connect(canvas.setFocus)
    window.parts.session.warned.connect(
        lambda text: window.parts.notices.add(text, Severity.WARNING)
    )
    window.parts.sidecar_sync.warned.connect(
        lambda text: window.parts.notices.add(text, Severity.WARNING)
    )
    window.parts.photo_crops.other_crops_changed.connect(canvas.set_other_crops)
    window.parts.photo_crops.focus_released.connect(canvas.setFocus)
    window.parts.side_panel.pages.currentChanged.connect(
        lambda _: window.parts.actions["why"].setChecked(window.parts.why.is_shown)
    )
    window.parts.protect_panel.marking.connect(canvas.set_protect_mode)
    window.parts.protect_panel.cleared.connect(lambda: editor.set_protected(()))
    window.parts.straighten_tool.connect_actions(window.parts.actions)
    window.parts.straighten_tool.switched.connect(window.show_straightening)
    window.parts.straighten_section.toggled.connect(window.parts.straighten_tool.set_on)
    window.parts.protect_panel.marking.connect(
        lambda on: window.parts.straighten_tool.accept() if on else None
    )
    window.parts.export_controls.button.clicked.connect(
        _unless(window.parts.review_mode.write, window.export)
    )
    # A lambda here would keep a closed window: the style hints live as long as the program.
    QApplication.styleHints().colorSchemeChanged.connect(window.apply_theme)


def connect_actions(window: MainWindow) -> None:
    """Menus, buttons and their keys."""
    editor, canvas, group = (
        window.parts.editor,
        window.parts.canvas,
        window.parts.document.undo_group,
    )
    review = window.parts.review_mode
    handlers = {
        "open": window.ask_for_files,
        "samples": lambda: window.parts.opener.open_samples(),
        "close": _unless(review.leave, window.close_photo),
        "export": _unless(review.write, window.export),
        "export_with": lambda: window.parts.export_controls.show(True),
        "export_candidates": lambda: window.parts.exporter.export_candidates(
            window.parts.strip.painted
        ),
        "export_nested": window.parts.exporter.export_nested,
        "export_photos": lambda: window.parts.exporter.export_photos(),
        "batch": window.parts.batch_controller.show,
        "show_folder": window.parts.exporter.show_folder,
        "quit": window.close,
        "undo": lambda: None if editor.button_down else group.undo(),
        "redo": lambda: None if editor.button_down else group.redo(),
        "reset": editor.reset,
        "swap": lambda: window.change_aspect(editor.swap),
        "lock": lambda: window.change_aspect(editor.toggle_lock),
        "free": lambda: window.choose_aspect(Aspect("free")),
        "circle": lambda: window.change_aspect(editor.toggle_circle),
        "original": lambda: window.choose_aspect(Aspect("original")),
        "ratio": window.parts.aspect_panel.begin_typing,
        "also": window.begin_also,
        "next_candidate": lambda: window.parts.strip.step(1),
        "previous_candidate": lambda: window.parts.strip.step(-1),
        "new_crop": window.parts.photo_crops.begin,
        "next_crop": window.parts.photo_crops.choose_next,
        "remove_crop": window.parts.photo_crops.remove,
        "copy_crop": window.parts.copy_paste.copy,
        "paste_crop": window.parts.copy_paste.paste,
        "paste_settings": window.parts.copy_paste.paste_settings,
        "best_for_each": window.parts.copy_paste.best_for_each,
        "accept": _unless(review.accept, window.accept),
        "next_photo": lambda: window.parts.document.step(1),
        "previous_photo": lambda: window.parts.document.step(-1),
        "select_all": window.parts.filmstrip.select_all,
        "star": window.parts.photo_flags.star,
        "reject": _unless(review.reject, window.parts.photo_flags.reject),
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
        "maps": window.parts.maps_panel.next,
        "guides": window.parts.guides_panel.next,
        "turn_guide": window.parts.guides_panel.turn,
        "compare": window.parts.compare.toggle,
        "why": window.parts.why.toggle,
        "methods": window.parts.compare.toggle_methods,
    }
    for name, handler in handlers.items():
        window.parts.actions[name].triggered.connect(lambda _=False, h=handler: h())
    for name in method_words():
        window.parts.actions[f"method_{name}"].triggered.connect(
            lambda _=False, n=name: window.choose_method(n)
        )
    window.parts.actions["candidates"].setChecked(True)
    group.canUndoChanged.connect(window.parts.actions["undo"].setEnabled)
    group.canRedoChanged.connect(window.parts.actions["redo"].setEnabled)
    group.undoTextChanged.connect(lambda text: window.name_step("undo", text))
    group.redoTextChanged.connect(lambda text: window.name_step("redo", text))
    for name in ("undo", "redo"):
        window.parts.actions[name].setEnabled(False)


def _unless(done: Callable[[], bool], otherwise: Callable[[], object]) -> Callable[[], None]:
    """Try the first, which says whether it was its turn; else do the other."""

    def act() -> None:
        if not done():
            otherwise()

    return act


def connect_keys(window: MainWindow) -> None:
    """Keys that are in no menu: digits, arrows and Esc."""
    canvas = window.parts.canvas
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
                lambda x=dx * by, y=dy * by: window.parts.straighten_tool.arrow(x, y)
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
    act = window.parts.actions
    write, leave = _tr("Write accepted"), _tr("Leave review")
    act["export"].setText(write if in_review else _tr("Export"))
    act["close"].setText(leave if in_review else _tr("Close photo"))
    act["review"].setText(leave if in_review else _tr("Back to review"))
    act["review"].setEnabled(in_review or can_go_back)
    window.parts.aspect_panel.setToolTip(
        _tr("The preset has settled the aspect.") if in_review else ""
    )
    window.parts.photo_crops_panel.setEnabled(not in_review)
    if in_review:
        for name in (*_SETTLED, *_OTHER_CROPS, *_OTHER_EXPORTS):
            act[name].setEnabled(False)
        window.parts.aspect_panel.setEnabled(False)
        window.parts.nested_crops_panel.setEnabled(False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
