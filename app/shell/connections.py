"""Joins the features of a window, one function for each: signals, actions and shortcuts.

A feature connects what it is made of itself; only what two features have to do with one another is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from app.canvas.crop_view import ViewMode
from app.export.foreign_job import ForeignTask
from app.i18n import plurals
from app.i18n.method_texts import method_words
from app.widgets.notices import Severity
from cropcore.geometry.aspect import Aspect

if TYPE_CHECKING:
    from app.actions import Actions
    from app.batch.batch_thread import BatchResult
    from app.shell.main_window import MainWindow
    from cropcore.batch.review import AcceptedCrop


def connect(window: MainWindow) -> None:
    """Join the features of a window that was just built."""
    for join in (
        connect_document,
        connect_opening,
        connect_filmstrip,
        connect_contact_sheet,
        connect_bursts,
        connect_editor,
        connect_canvas,
        connect_candidates,
        connect_aspects,
        connect_nested_crops,
        connect_photo_crops,
        connect_numbers,
        connect_guides_and_maps,
        connect_methods,
        connect_straightening,
        connect_heads,
        connect_protected_areas,
        connect_views,
        connect_sidecars,
        connect_exports,
        connect_batches,
        connect_review,
        connect_copies,
        connect_program,
    ):
        join(window)


def connect_document(window: MainWindow) -> None:
    """The document's shown photo and list with what presents them; undo with its actions and names."""
    document, presenter, actions = window.parts.document, window.presenter, window.parts.actions
    group = document.undo_group
    document.current_changing.connect(presenter.clear_photo)
    document.current_changed.connect(presenter.show_photo)
    document.photos_changed.connect(presenter.show_count)
    group.canUndoChanged.connect(actions["undo"].setEnabled)
    group.canRedoChanged.connect(actions["redo"].setEnabled)
    group.undoTextChanged.connect(lambda text: window.commands.name_step("undo", text))
    group.redoTextChanged.connect(lambda text: window.commands.name_step("redo", text))
    _handle(
        actions,
        {
            "undo": window.parts.copy_paste.undo,
            "redo": window.parts.copy_paste.redo,
            "next_photo": lambda: document.step(1),
            "previous_photo": lambda: document.step(-1),
            "first_photo": document.show_first,
            "last_photo": document.show_last,
            "next_undecided": window.commands.show_undecided,
        },
    )
    for name in ("undo", "redo"):
        actions[name].setEnabled(False)


def connect_opening(window: MainWindow) -> None:
    """The opener with the editor, the canvas, the notices, the welcome page and the recent files."""
    parts = window.parts
    opener, notices = parts.opener, parts.notices
    opener.picture.connect(window.presenter.show_picture)
    opener.preview_changed.connect(parts.editor.announce)
    opener.header_read.connect(parts.editor.photo_read)
    opener.full_image_loaded.connect(parts.canvas.set_photo_image)
    opener.failed.connect(lambda text: notices.add(text, Severity.ERROR, topic="opening"))
    opener.raw_previewed.connect(lambda _: window.presenter.show_size())
    opener.noted.connect(lambda text: notices.add(text, topic="notes"))
    parts.recent_menu.chosen.connect(lambda path: opener.open([path]))
    parts.welcome_page.sample_chosen.connect(opener.open_samples)
    parts.session.warned.connect(lambda text: notices.add(text, Severity.WARNING))
    parts.folder_watcher.came_meanwhile.connect(
        lambda count: notices.add(plurals.came_meanwhile(count))
    )
    _handle(
        parts.actions,
        {
            "open": window.commands.ask_for_files,
            "open_folder": window.commands.ask_for_folder,
            "samples": lambda: opener.open_samples(),
            "reveal": window.commands.reveal,
            "open_elsewhere": window.commands.open_elsewhere,
            "choose_program": window.commands.choose_program,
        },
    )


def connect_filmstrip(window: MainWindow) -> None:
    """The filmstrip with the document, the photo count, and the actions on the selected photos."""
    filmstrip, flags, presenter = window.parts.filmstrip, window.parts.photo_flags, window.presenter
    filmstrip.chosen.connect(window.parts.document.show)
    filmstrip.model.choice_changed.connect(presenter.show_count)
    filmstrip.model.counts_changed.connect(presenter.show_count)
    _handle(
        window.parts.actions,
        {
            "select_all": filmstrip.select_all,
            "star": flags.star,
            "accept_selected": window.commands.accept_selected,
        },
    )


def connect_contact_sheet(window: MainWindow) -> None:
    """The contact sheet with the canvas, whose place it takes, and with the actions on the picture."""
    parts, presenter = window.parts, window.presenter
    for photos in (parts.filmstrip.view, parts.contact_sheet):
        photos.menu_wanted.connect(parts.photo_menu.show_at)
    parts.contact_sheet.closed.connect(lambda: presenter.show_sheet(False))
    for name in _ON_THE_PICTURE:
        # Before the handlers of the action: what is done to the picture shows it.
        parts.actions[name].triggered.connect(lambda: presenter.show_sheet(False))
    _handle(
        parts.actions,
        {
            "contact_sheet": lambda: presenter.show_sheet(not presenter.in_sheet),
            "find": window.commands.begin_search,
        },
    )


def connect_bursts(window: MainWindow) -> None:
    """Stacks of bursts with their actions and the settings."""
    parts, commands = window.parts, window.commands
    parts.actions["stack_bursts"].setChecked(parts.settings.stack_bursts)
    parts.actions["stack_bursts"].toggled.connect(commands.set_stack_bursts)
    parts.burst_finder.set_on(parts.settings.stack_bursts)
    _handle(
        parts.actions,
        {"unfold_stack": commands.toggle_stack, "stack_alike": parts.stack_crops.crop_alike},
    )


def connect_editor(window: MainWindow) -> None:
    """The editor and its suggester with what presents the edit, and with the notices."""
    editor, presenter = window.parts.editor, window.presenter
    suggester = editor.suggester
    editor.changed.connect(presenter.show_edit)
    editor.live_changed.connect(presenter.show_crop_in_hand)
    suggester.scored.connect(presenter.show_crop_in_hand)
    suggester.candidates_changed.connect(presenter.show_search)
    suggester.engine_changed.connect(presenter.show_engine)
    for failed in (editor.failed, suggester.failed):
        failed.connect(lambda text: window.parts.notices.add(text, Severity.WARNING))
    _handle(window.parts.actions, {"reset": editor.reset})


def connect_canvas(window: MainWindow) -> None:
    """Drags and zoom on the canvas with the editor and the status bar."""
    canvas, editor = window.parts.canvas, window.parts.editor
    canvas.holding_changed.connect(editor.set_holding)
    canvas.crop_dragging.connect(editor.drag)
    canvas.drag_cancelled.connect(editor.cancel_drag)
    canvas.crop_edited.connect(lambda _, crop, text: editor.finish_drag(crop, text))
    canvas.zoom_changed.connect(lambda _: window.presenter.show_size())
    canvas.menu_wanted.connect(window.parts.canvas_menu.popup)
    _handle(
        window.parts.actions,
        {
            "fit": canvas.zoom_fit,
            "actual": lambda: canvas.zoom_actual(),
            "zoom_crop": window.commands.zoom_to_crop,
            "toggle_zoom": lambda: canvas.zoom_toggle(),
            "zoom_in": lambda: window.commands.zoom(True),
            "zoom_out": lambda: window.commands.zoom(False),
        },
    )


def connect_candidates(window: MainWindow) -> None:
    """The candidates that are shown with the canvas, the strip, the editor and the digit keys."""
    parts, presenter, commands = window.parts, window.presenter, window.commands
    canvas, strip = parts.canvas, parts.strip
    canvas.observe(parts.shown_candidates)
    canvas.candidate_taken.connect(commands.take)
    canvas.candidates_visible_changed.connect(parts.actions["candidates"].setChecked)
    strip.hovered.connect(canvas.preview_candidate)
    strip.taken.connect(commands.take)
    _handle(
        parts.actions,
        {
            "next_candidate": lambda: strip.step(1),
            "previous_candidate": lambda: strip.step(-1),
            "candidates": presenter.toggle_candidates,
        },
    )
    parts.actions["candidates"].setChecked(True)
    for rank in range(1, 11):
        QShortcut(QKeySequence(str(rank % 10)), window, lambda r=rank: commands.take_by_key(r))


def connect_aspects(window: MainWindow) -> None:
    """The aspect panel and the actions on the aspect with the editor and the settings."""
    panel, editor, commands = window.parts.aspect_panel, window.parts.editor, window.commands
    actions = window.parts.actions
    panel.chosen.connect(commands.choose_aspect)
    panel.slider_pressed.connect(editor.hold)
    panel.slid.connect(editor.slide_aspect)
    panel.slider_released.connect(commands.release_aspect)
    panel.tightness_pressed.connect(editor.hold)
    panel.tightness_slid.connect(editor.slide_tightness)
    panel.tightness_released.connect(commands.release_tightness)
    panel.swap_wanted.connect(actions["swap"].trigger)
    panel.lock_wanted.connect(actions["lock"].trigger)
    panel.focus_released.connect(window.parts.canvas.setFocus)
    panel.place_chosen.connect(commands.choose_place)
    panel.own_changed.connect(commands.set_own_ratios)
    panel.turn_changed.connect(commands.set_turn_ratio)
    _handle(
        actions,
        {
            "swap": lambda: commands.change_aspect(editor.swap),
            "lock": lambda: commands.change_aspect(editor.toggle_lock),
            "free": lambda: commands.choose_aspect(Aspect("free")),
            "circle": lambda: commands.change_aspect(editor.toggle_circle),
            "original": lambda: commands.choose_aspect(Aspect("original")),
            "ratio": panel.begin_typing,
        },
    )


def connect_nested_crops(window: MainWindow) -> None:
    """The crops to be cut later with the canvas, the export menu and their action."""
    tool = window.parts.nested_crops_tool
    tool.changed.connect(window.parts.canvas.set_nested)
    tool.aspects_changed.connect(window.parts.export_controls.show_nested)
    _handle(window.parts.actions, {"also": window.commands.begin_nested_crops})


def connect_photo_crops(window: MainWindow) -> None:
    """The several crops of a photo with the canvas and their actions."""
    crops, canvas = window.parts.photo_crops, window.parts.canvas
    crops.other_crops_changed.connect(canvas.set_other_crops)
    crops.focus_released.connect(canvas.setFocus)
    _handle(
        window.parts.actions,
        {"new_crop": crops.begin, "next_crop": crops.choose_next, "remove_crop": crops.remove},
    )


def connect_numbers(window: MainWindow) -> None:
    """The crop by numbers with the notices, the canvas and its action."""
    parts = window.parts
    tool, notices = parts.numbers_tool, parts.notices
    tool.failed.connect(lambda text: notices.add(text, Severity.WARNING, topic="numbers"))
    tool.field_wanted.connect(window.commands.show_numbers)
    tool.focus_released.connect(parts.canvas.setFocus)
    parts.numbers_panel.focus_released.connect(parts.canvas.setFocus)
    _handle(parts.actions, {"paste_numbers": tool.paste})


def connect_guides_and_maps(window: MainWindow) -> None:
    """Guides and maps chosen in their panels with the canvas, the suggester and the settings."""
    guides, maps, canvas = window.parts.guides_panel, window.parts.maps_panel, window.parts.canvas
    suggester, steps = window.parts.editor.suggester, window.parts.guide_steps
    steps.said.connect(window.parts.status_bar.say)
    guides.chosen.connect(window.commands.set_guide)
    guides.always_changed.connect(window.commands.set_guides_always)
    maps.chosen.connect(suggester.set_map)
    maps.opacity_changed.connect(lambda _: window.presenter.show_map())
    suggester.map_changed.connect(window.presenter.show_map)
    canvas.map_hovered.connect(maps.show_value)
    _handle(
        window.parts.actions,
        {"maps": maps.next, "guides": steps.next, "turn_guide": steps.turn},
    )


def connect_methods(window: MainWindow) -> None:
    """The method panel, the comparison of methods and the why page with one another and their actions."""
    parts, commands = window.parts, window.commands
    panel, compare, why, actions = parts.method_panel, parts.compare, parts.why, parts.actions
    panel.chosen.connect(commands.choose_method)
    panel.compare_wanted.connect(actions["compare"].trigger)
    panel.why_wanted.connect(actions["why"].trigger)
    compare.method_chosen.connect(commands.choose_method)
    compare.focus_released.connect(parts.canvas.setFocus)
    why.focus_released.connect(parts.canvas.setFocus)
    parts.side_panel.pages.currentChanged.connect(lambda _: actions["why"].setChecked(why.is_shown))
    handlers: dict[str, Callable[[], object]] = {
        f"method_{name}": partial(commands.choose_method, name) for name in method_words()
    }
    handlers |= {
        "compare": compare.toggle,
        "why": why.toggle,
        "methods": compare.toggle_methods,
    }
    _handle(actions, handlers)


def connect_straightening(window: MainWindow) -> None:
    """The straighten tool with its section, its actions and the arrow keys of the canvas."""
    tool, canvas = window.parts.straighten_tool, window.parts.canvas
    tool.connect_actions(window.parts.actions)
    tool.switched.connect(window.commands.show_straightening)
    window.parts.straighten_section.toggled.connect(tool.set_on)
    for key, dx, dy in (
        ("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1)
    ):  # fmt: skip
        for prefix, by in (("", 1), ("Shift+", 10)):
            shortcut = QShortcut(QKeySequence(prefix + key), canvas)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda x=dx * by, y=dy * by: tool.arrow(x, y))


def connect_heads(window: MainWindow) -> None:
    """The panel of persons' heads with the canvas, the editor, the settings and their actions."""
    parts, commands = window.parts, window.commands
    panel, canvas, editor, actions = parts.heads_panel, parts.canvas, parts.editor, parts.actions
    panel.keep_changed.connect(commands.set_keep_heads)
    panel.keep_text_changed.connect(commands.set_keep_text)
    panel.shown_changed.connect(canvas.set_heads_visible)
    panel.correcting_changed.connect(canvas.set_head_mode)
    panel.correcting_changed.connect(commands.begin_correcting_heads)
    canvas.head_dismissed.connect(editor.dismiss_head)
    canvas.head_drawn.connect(editor.draw_head)
    for name, button in (("heads", panel.show_button), ("correct_heads", panel.correct)):
        actions[name].toggled.connect(button.setChecked)
        button.toggled.connect(actions[name].setChecked)
    editor.suggester.candidates_changed.connect(window.presenter.show_heads)


def connect_protected_areas(window: MainWindow) -> None:
    """The protected areas drawn on the canvas with their panel and the editor."""
    panel, canvas, editor = window.parts.protect_panel, window.parts.canvas, window.parts.editor
    canvas.protect_edited.connect(editor.set_protected)
    panel.marking.connect(canvas.set_protect_mode)
    panel.marking.connect(window.commands.begin_marking)
    panel.cleared.connect(lambda: editor.set_protected(()))


def connect_views(window: MainWindow) -> None:
    """Before, result, masked and lights out with their actions; Esc with what it closes."""
    commands, actions = window.commands, window.parts.actions
    window.parts.canvas.result_requested.connect(actions["result"].trigger)
    _handle(
        actions,
        {
            "before": lambda: commands.toggle_mode(ViewMode.BEFORE),
            "result": lambda: commands.toggle_mode(ViewMode.RESULT),
            "masked": lambda: commands.toggle_mode(ViewMode.MASKED),
            "lights_out": window.parts.lights_out.step,
        },
    )
    QShortcut(QKeySequence(Qt.Key.Key_Escape), window, commands.escape)


def connect_sidecars(window: MainWindow) -> None:
    """What goes wrong with sidecars, and what other programs changed, with the notices."""
    notices, sync = window.parts.notices, window.parts.sidecar_sync

    def offer(text: str) -> None:
        before = tuple(notices.notices)
        notice = notices.add(text, Severity.WARNING, topic="later crops")
        if notice not in before:
            again = notice.add_button(_tr("Read again"), sync.read_again)
            again.clicked.connect(notice.close_notice)

    sync.newer_found.connect(offer)
    sync.warned.connect(lambda text: notices.add(text, Severity.WARNING, topic="sidecars"))


def connect_exports(window: MainWindow) -> None:
    """The exporter and its panel with the candidates and the actions of the menu."""
    exporter, controls = window.parts.exporter, window.parts.export_controls
    shown = window.parts.shown_candidates
    controls.options_changed.connect(window.parts.export_marks.follow)
    controls.focus_released.connect(window.parts.canvas.setFocus)
    controls.options_changed.connect(window.parts.lossless_grid.follow)
    _handle(
        window.parts.actions,
        {
            "export_with": lambda: controls.show(True),
            "export_candidates": lambda: exporter.export_candidates(shown.suggestions),
            "export_nested": exporter.export_nested,
            "export_photos": lambda: exporter.export_photos(),
            "show_folder": exporter.show_folder,
        },
    )


def connect_batches(window: MainWindow) -> None:
    """A running batch with the suggester, whose engine it shares, and with the review of its crops."""
    parts = window.parts
    parts.running_batch.running_changed.connect(parts.editor.suggester.set_hurried)
    parts.running_batch.set_review(parts.review_mode.keep)
    parts.running_batch.set_offer(lambda end: parts.foreign_exporter.offer(batch_crops(end)))
    _handle(parts.actions, {"batch": parts.batch_controller.show})


def connect_review(window: MainWindow) -> None:
    """A review with the actions that mean something else in it, or nothing, and with the export button.

    The review is asked first; where none is shown, the action means what it says.
    """
    parts, commands = window.parts, window.commands
    review, document, foreign = parts.review_mode, parts.document, parts.foreign_exporter

    def follow() -> None:
        can_go = review.can_go_back or parts.running_batch.has_ready
        limit(window, review.review is not None, can_go)

    def open_ready() -> bool:
        return review.review is None and parts.running_batch.open_ready()

    parts.running_batch.ended.connect(lambda _: follow())

    def show_export() -> None:
        preset = review.review.preset if review.review is not None else None
        parts.export_controls.show_review(review.write_text)
        parts.export_marks.set_preset(preset)

    def offer_accepted() -> bool:
        if review.review is None:
            return False
        foreign.offer_photos(document.photos)
        return True

    review.files.set_offer(lambda accepted: foreign.offer(accepted_crops(accepted)))
    review.changed.connect(show_export)
    for signal in (document.current_changed, document.photos_changed, review.changed):
        signal.connect(follow)
    parts.export_controls.button.clicked.connect(_unless(review.write, commands.export))
    _handle(
        parts.actions,
        {
            "close": _unless(review.leave, commands.close_photo),
            "export": _unless(review.write, commands.export),
            "accept": _unless(review.accept, commands.accept),
            "reject": _unless(review.reject, commands.reject),
            "export_foreign": _unless(offer_accepted, parts.export_controls.show_foreign),
            "review": _unless(open_ready, review.toggle),
        },
    )


def connect_copies(window: MainWindow) -> None:
    """Copying and pasting of crops with their actions."""
    copies = window.parts.copy_paste
    copies.pattern_found.connect(window.parts.batch_controller.offer_pattern)
    copies.wanted.connect(window.parts.filmstrip.select)
    _handle(
        window.parts.actions,
        {
            "copy_crop": copies.copy,
            "copy_picture": window.parts.crop_picture.copy,
            "paste_crop": copies.paste,
            "paste_by_subject": copies.paste_by_subject,
            "paste_settings": copies.paste_settings,
            "best_for_each": copies.best_for_each,
            "level": copies.level,
        },
    )


def connect_program(window: MainWindow) -> None:
    """Preferences and the theme with what they change at once; leaving the program."""
    parts, commands = window.parts, window.commands
    pages = parts.program_pages
    parts.theme_menu.chosen.connect(commands.set_theme)
    pages.theme_chosen.connect(lambda: commands.set_theme(parts.settings.mode))
    pages.guides_changed.connect(commands.restore_guides)
    pages.export_options_changed.connect(parts.export_controls.show_options)
    # A lambda here would keep a closed window: the style hints live as long as the program.
    QApplication.styleHints().colorSchemeChanged.connect(commands.apply_theme)
    _handle(
        parts.actions,
        {
            "quit": window.close,
            "close_notices": parts.notices.clear,
            "full_screen": window.commands.toggle_full_screen,
        },
    )


_ON_THE_PICTURE = (
    "fit", "actual", "zoom_crop", "toggle_zoom", "before", "result", "masked", "candidates", "heads",
    "maps", "guides", "turn_guide", "lights_out", "straighten", "correct_heads", "new_crop", "next_crop",
    "remove_crop", "next_candidate", "previous_candidate", "compare", "why",
)  # fmt: skip
_SETTLED = ("swap", "lock", "free", "circle", "original", "ratio", "also")
_OTHER_CROPS = (
    "new_crop", "next_crop", "remove_crop",
    "copy_crop", "paste_crop", "paste_by_subject", "paste_settings", "best_for_each", "level",
    "paste_numbers",
)  # fmt: skip
_OTHER_EXPORTS = ("export_with", "export_candidates", "export_photos")


def limit(window: MainWindow, in_review: bool, can_go_back: bool) -> None:
    """Switch off what the preset has settled, and say what some actions do instead.

    Outside a review the presenter switches on what the shown photo allows.
    """
    parts = window.parts
    act = parts.actions
    write, leave = _tr("Write accepted"), _tr("Leave review")
    act["export"].setText(write if in_review else _tr("Export"))
    act["close"].setText(leave if in_review else _tr("Close photo"))
    act["review"].setText(leave if in_review else _tr("Back to review"))
    act["review"].setEnabled(in_review or can_go_back)
    parts.aspect_panel.setToolTip(_tr("The preset has settled the aspect.") if in_review else "")
    parts.photo_crops_panel.setEnabled(not in_review)
    if in_review:
        for name in (*_SETTLED, *_OTHER_CROPS, *_OTHER_EXPORTS):
            act[name].setEnabled(False)
        parts.aspect_panel.setEnabled(False)
        parts.nested_crops_panel.setEnabled(False)


def batch_crops(end: BatchResult) -> list[ForeignTask]:
    """The crops of a batch as tasks for other editors."""
    return [
        ForeignTask(path, crop, aspect, turn=end.order.prior_edits_of(path).orientation)
        for path, crop, aspect in end.crops
    ]


def accepted_crops(accepted: Sequence[AcceptedCrop]) -> list[ForeignTask]:
    """Accepted crops as tasks for other editors."""
    return [ForeignTask(one.photo.path, one.crop, one.aspect, one.photo) for one in accepted]


def _handle(actions: Actions, handlers: Mapping[str, Callable[[], object]]) -> None:
    """Call a handler whenever its action is triggered, without the checked state that Qt passes."""
    for name, handler in handlers.items():
        actions[name].triggered.connect(lambda _=False, h=handler: h())


def _unless(done: Callable[[], bool], otherwise: Callable[[], object]) -> Callable[[], None]:
    """Try the first, which says whether it was its turn; else do the other."""

    def act() -> None:
        if not done():
            otherwise()

    return act


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
