"""Copies one photo's crop or settings to many photos, in portions that do not block the GUI thread."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edit import Edit
from app.document.open_photo import OpenPhoto
from app.document.pasted_edits import (
    CopiedCrop,
    copied,
    turned,
    with_best,
    with_matched,
    with_pasted_crop,
    with_pasted_settings,
    with_settings,
)
from app.document.transform_edit import edit_of, remember, straightened, transform_of
from app.document.undo import StepGroup
from app.editor.editor import Editor
from app.engine.messages import Answer, Ask, EngineClient
from app.i18n import plurals
from app.i18n.engine_messages import translated
from app.i18n.match_texts import doubt_text
from app.photos.opener import Opener
from app.runtime.background import BackgroundWorker, ThreadSignals, single_shot
from app.runtime.workers import StopOrder, register_worker
from app.widgets.notices import Notice, NoticeStack, Severity
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.crop import Crop
from cropcore.geometry.match import MatchPattern
from cropcore.geometry.refit import aspect_text, pixels
from cropcore.images.level_detection import Level, found_level
from cropcore.images.photo import Photo, srgb_pixels
from cropcore.sidecar.sidecar import new_id

_PORTION_SECONDS = 0.006
_NAMED = 3
_LEVEL_SIDE = 1000
_LEVEL_ALREADY = 0.05

Change = Callable[[OpenPhoto], Edit]


class CopyPaste(QObject):
    """Copies from the shown photo to the selected ones.

    ``selected`` tells which those are, ``turns`` whether ratios turn with the photo. Signals: ``finished``
    (number of photos that were changed), ``wanted`` (keys of photos to be selected), ``pattern_found``
    (method of a preset that crops alike).
    """

    wanted = Signal(list)
    pattern_found = Signal(str)
    finished = Signal(int)
    _answered = Signal(Future)

    def __init__(
        self,
        document: Document,
        editor: Editor,
        opener: Opener,
        engine: EngineClient,
        notices: NoticeStack,
        selected: Callable[[], Sequence[OpenPhoto]],
        turns: Callable[[], bool],
    ) -> None:
        super().__init__(notices)
        register_worker(self, "pasting", StopOrder.READERS)
        self._document = document
        self._editor = editor
        self._opener = opener
        self._engine = engine
        self._notices = notices
        self._selected = selected
        self._turns = turns
        self._signals = ThreadSignals(self)
        self._looks = BackgroundWorker(self, "levelling", StopOrder.READERS)
        self._copied: CopiedCrop | None = None
        self._source: _Source | None = None
        self._run: _Run | None = None
        self._asked: Future[Answer] | None = None
        self._notice: Notice | None = None
        self._next = single_shot(self, 0, self._work)
        self._answered.connect(self._take_answer)

    def copy(self) -> None:
        """Remember the crop in hand with its settings."""
        photo = self._editor.photo
        if photo is not None:
            crop, aspect, size = self._editor.crop, photo.edit.aspect, _size(photo)
            self._copied = copied(photo.edit, crop, size)
            self._source = _source(photo, crop)
            _, _, wide, high = pixels(crop, aspect, *size)
            shape = aspect_text(aspect, crop, *size)
            self._notices.add(self.tr("Crop copied: {0}, {1} × {2}.").format(shape, wide, high))

    def paste(self) -> None:
        """The copied crop on every selected photo: same ratio, same relative place."""
        if (what := self._found()) is not None:
            text = self.tr("Paste crop")
            self._begin(
                _Run(
                    text,
                    plurals.crop_pasted,
                    lambda p: with_pasted_crop(p.edit, self._for(what, p), _size(p)),
                )
            )

    def paste_settings(self) -> None:
        """Aspect, method and tightness on every selected photo."""
        if (what := self._found()) is not None:
            text = self.tr("Paste settings")
            self._begin(
                _Run(
                    text,
                    plurals.settings_pasted,
                    lambda p: with_pasted_settings(p.edit, self._for(what, p), _size(p)),
                )
            )

    def best_for_each(self) -> None:
        """The ratio of the shown photo on every selected one, each with its own best crop."""
        photo = self._editor.photo
        if photo is not None:
            what = copied(photo.edit, photo.edit.crop, _size(photo))
            run = _Run(self.tr("Best crop"), plurals.best_taken)
            run.ask = lambda p: self._background(
                p, with_settings(p.edit, self._for(what, p)).question
            )
            run.take = partial(self._take_best, run, what)
            self._begin(run)

    def paste_by_subject(self) -> None:
        """The copied crop, or the crop in hand, on every selected photo, by the head or object in each."""
        shown = self._editor.photo
        if self._copied is None and shown is not None:
            self.copy()
        what, source = self._copied, self._source
        if what is None or source is None:
            return
        run = _Run(self.tr("Paste crop by the subject"), plurals.cropped_alike)
        run.leave_out = source.key
        run.first = lambda: self._engine.ask_in_background(
            Ask(
                0,
                source.key,
                0,
                source.photo,
                source.question,
                suggest=False,
                pattern_of=source.crop,
            )
        )
        run.take_first = partial(self._take_pattern, run, what)
        self._begin(run)

    def level(self) -> None:
        """Every selected photo straightened by its own lines; those without enough are listed."""
        run = _Run(self.tr("Level"), plurals.levelled)
        run.look = partial(self._look_for_level, run)
        self._begin(run)

    def stop(self) -> None:
        """Begin nothing more."""
        self._next.stop()
        if self._run is not None:
            self._run.waiting.clear()
        if self._asked is not None:
            self._asked.cancel()

    # Photo by photo ---------------------------------------------------------------------------

    def _for(self, what: CopiedCrop, photo: OpenPhoto) -> CopiedCrop:
        """What was copied, as a photo wants it."""
        return turned(what, _size(photo)) if self._turns() else what

    def _found(self) -> CopiedCrop | None:
        if self._copied is None:
            self._notices.add(self.tr("Nothing is copied yet. Copy a crop first (Ctrl+C)."))
        return self._copied

    def _begin(self, run: _Run) -> None:
        photos = [p for p in self._selected() if not p.failure and p.key != run.leave_out]
        if not photos and run.leave_out is not None:
            self._notices.add(self.tr("Select the photos that are to be cropped like this one."))
        if self._run is not None or not self._document.shows_own or not photos:
            return
        self._run = run
        run.waiting.extend(photos)
        run.total = len(photos)
        if run.takes_time or run.total > 1:
            self._notice = self._notices.add(f"{run.text} …", Severity.INFO)
            self._notice.keep()
            self._notice.closed.connect(self._forget_notice)
            self._notice.add_button(self.tr("Cancel"), self._cancel)
        if any(photo.header is None for photo in photos):
            self._opener.read_headers(photos, self._next.start)
        else:
            self._work()

    def _cancel(self) -> None:
        if self._run is not None:
            self._run.waiting.clear()
            if self._asked is not None:
                self._asked.cancel()

    def _work(self) -> None:
        run = self._run
        if run is None:
            return
        if run.first is not None:
            first, run.first = run.first, None
            self._await(first())
            return
        until = time.perf_counter() + _PORTION_SECONDS
        while run.waiting and time.perf_counter() < until:
            photo = run.waiting.popleft()
            header = photo.photo
            if header is None or self._document.own.find(photo.key) is not photo:
                continue
            if run.ask is not None:
                self._await(run.ask(photo))
                return
            if run.look is not None:
                run.look(photo)
                return
            self._change(run, photo, run.change(photo))
        self._go_on(run)

    def _go_on(self, run: _Run) -> None:
        if self._notice is not None:
            done = run.total - len(run.waiting)
            self._notice.set_progress(done, run.total)
        if run.waiting:
            self._next.start()
        else:
            self._end(run)

    def _background(self, photo: OpenPhoto, question: CropQuestion) -> Future[Answer]:
        assert photo.photo is not None
        return self._engine.ask_in_background(
            Ask(0, photo.key, photo.revision, photo.photo, question)
        )

    def _await(self, asked: Future[Answer]) -> None:
        self._asked = asked
        asked.add_done_callback(lambda future: self._signals.send(self._answered, future))

    def _take_answer(self, future: Future[Answer]) -> None:
        run, self._asked = self._run, None
        if run is None:
            return
        try:
            answer = future.result(timeout=0)
        except CancelledError:
            self._go_on(run)
            return
        if run.take_first is not None:
            take_first, run.take_first = run.take_first, None
            take_first(answer)
        else:
            photo = self._document.own.find(answer.ask.key)
            if photo is not None and photo.photo is answer.ask.photo:
                run.take(photo, answer)
        self._go_on(run)

    def _look_for_level(self, run: _Run, photo: OpenPhoto) -> None:
        assert photo.photo is not None
        self._looks.submit(partial(_level_of, photo.photo), partial(self._take_level, run, photo))

    def _take_level(
        self, run: _Run, photo: OpenPhoto, level: Level | CropsightError | None
    ) -> None:
        if self._document.own.find(photo.key) is photo and photo.photo is not None:
            if isinstance(level, CropsightError):
                run.without.append(photo.path.name)
            elif level is None:
                name = self.tr("{0} (too few level or plumb lines)").format(photo.path.name)
                run.unsure.append((0.0, photo.key, name))
            elif not level.is_sure:
                name = self.tr("{0} (its lines do not agree)").format(photo.path.name)
                run.unsure.append((level.certainty, photo.key, name))
            elif abs(level.angle - photo.edit.crop.angle) >= _LEVEL_ALREADY:
                first = photo.origins.first(transform_of(photo))
                made = straightened(photo, first, level.angle)
                remember(photo, first, made)
                self._change(run, photo, edit_of(photo.edit, made))
        self._go_on(run)

    def _take_best(self, run: _Run, what: CopiedCrop, photo: OpenPhoto, answer: Answer) -> None:
        if answer.suggestions:
            best = answer.suggestions[0].crop
            copy = self._for(what, photo)
            self._change(run, photo, with_best(photo.edit, copy, best, new_id()))
        else:
            run.without.append(photo.path.name)

    def _take_pattern(self, run: _Run, what: CopiedCrop, answer: Answer) -> None:
        pattern = answer.pattern
        if pattern is None:
            run.waiting.clear()
            reason = translated(answer.error) if answer.error is not None else ""
            run.failed = self.tr("Nothing was pasted: {0}").format(reason)
            return
        run.ask = lambda p: self._background(
            p, replace(with_settings(p.edit, what).question, method=pattern.method)
        )
        self.pattern_found.emit(pattern.method)
        run.take = partial(self._take_matched, run, what, pattern)

    def _take_matched(
        self,
        run: _Run,
        what: CopiedCrop,
        pattern: MatchPattern,
        photo: OpenPhoto,
        answer: Answer,
    ) -> None:
        found = answer.suggestions
        if not found:
            run.without.append(photo.path.name)
            return
        if "missing" not in found.doubts:
            self._change(run, photo, with_matched(photo.edit, what, found[0].crop))
        if found.doubts:
            reason = doubt_text(found.doubts[0], pattern.kind)
            run.unsure.append((found.confidence, photo.key, f"{photo.path.name} ({reason})"))

    def _change(self, run: _Run, photo: OpenPhoto, after: Edit) -> None:
        held = photo is self._document.current and self._editor.button_down
        if held or after == photo.edit:
            return
        self._document.push_together(photo, photo.edit, after, run.text, run.group)

    # The end ----------------------------------------------------------------------------------

    def _end(self, run: _Run) -> None:
        self._run = None
        if self._notice is not None:
            self._notice.close_notice()
        text, done = self.tr("Nothing to change on the selected photos."), len(run.group.keys)
        if done:
            text = run.said(done)
            self._mark_shown(run)
        if run.without:
            names = ", ".join(run.without[:_NAMED])
            if len(run.without) > _NAMED:
                names += " " + plurals.more(len(run.without) - _NAMED)
            text += " " + self.tr("Without suggestions: {0}.").format(names)
        run.unsure.sort()
        least_sure = [name for _, _, name in run.unsure]
        if least_sure:
            more = len(least_sure) - _NAMED
            text += " " + plurals.to_look_at(len(least_sure)) + " " + ", ".join(least_sure[:_NAMED])
            text += " " + plurals.more(more) if more > 0 else "."
        text = run.failed or text
        warn = run.without or run.unsure or run.failed
        details = "\n".join(least_sure) if len(least_sure) > _NAMED else ""
        notice = self._notices.add(text, Severity.WARNING if warn else Severity.INFO, details)
        if run.unsure:
            notice.add_button(self.tr("Show them"), lambda: self._show_unsure(run))
        if done:
            notice.add_button(self.tr("Undo"), lambda: self._undo(run, notice))
        self.finished.emit(done)

    def _mark_shown(self, run: _Run) -> None:
        """Have undo take it all back on the shown photo too, be it that it was copied from."""
        photo = self._document.current
        if photo is None or self._editor.button_down or not self._document.shows_own:
            return
        if photo.key not in run.group.keys:
            self._document.push_together(photo, photo.edit, photo.edit, run.text, run.group)

    def _undo(self, run: _Run, notice: Notice) -> None:
        """Take back this one step of every photo; where more was done since, that goes first."""
        notice.close_notice()
        self._tell_left(self._document.undo_together(run.group))

    def undo(self) -> None:
        """Undo the last step of the shown photo; one that was done to several photos, on all of them."""
        if not self._editor.button_down:
            self._tell_left(self._document.undo())

    def redo(self) -> None:
        """Redo the next step of the shown photo; one that was done to several photos, on all of them."""
        if not self._editor.button_down:
            self._tell_left(self._document.redo())

    def _tell_left(self, photos: int) -> None:
        if photos:
            self._notices.add(plurals.changed_since(photos))

    def _show_unsure(self, run: _Run) -> None:
        """Select the photos that are to be looked at, the least sure first, and show that one."""
        known = [self._document.own.find(key) for _, key, _ in run.unsure]
        photos = [photo for photo in known if photo is not None]
        if photos and self._document.shows_own:
            self._document.show(photos[0])
            self.wanted.emit([photo.key for photo in photos])

    def _forget_notice(self) -> None:
        self._notice = None


class _Run:
    """What is done to which photos: a ``change``, or what ``take`` makes of the answer to ``ask``, or what
    ``look`` begins.

    The answer to ``first`` is taken before, by ``take_first``. ``unsure`` are confidence, key and name with
    the reason of photos to be looked at; ``failed`` is why nothing was done at all.
    """

    def __init__(self, text: str, said: Callable[[int], str], change: Change | None = None) -> None:
        self.text = text
        self.said = said
        self.change: Change = change or (lambda photo: photo.edit)
        self.ask: Callable[[OpenPhoto], Future[Answer]] | None = None
        self.take: Callable[[OpenPhoto, Answer], None] = lambda photo, answer: None
        self.look: Callable[[OpenPhoto], None] | None = None
        self.first: Callable[[], Future[Answer]] | None = None
        self.take_first: Callable[[Answer], None] | None = None
        self.leave_out: int | None = None
        self.unsure: list[tuple[float, int, str]] = []
        self.failed = ""
        self.waiting: deque[OpenPhoto] = deque()
        self.total = 0
        self.group = StepGroup()
        self.without: list[str] = []

    @property
    def takes_time(self) -> bool:
        """Whether a worker, or the engine, has a part in it."""
        return any(part is not None for part in (self.ask, self.look, self.first))


@dataclass(frozen=True, slots=True)
class _Source:
    """The photo that a crop was copied from, as it was then."""

    key: int
    photo: Photo
    question: CropQuestion
    crop: Crop


def _level_of(photo: Photo) -> Level | CropsightError | None:
    """The turn, in tenths of degrees clockwise, that makes a photo level by its lines, if they say it."""
    try:
        found = found_level(srgb_pixels(photo, long_side=_LEVEL_SIDE))
    except CropsightError as error:
        return error
    return None if found is None else found.in_tenths


def _source(photo: OpenPhoto, crop: Crop) -> _Source | None:
    header = photo.photo
    return None if header is None else _Source(photo.key, header, photo.edit.question, crop)


def _size(photo: OpenPhoto) -> tuple[int, int]:
    return photo.width, photo.height
