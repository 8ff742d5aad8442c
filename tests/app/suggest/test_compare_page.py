"""The methods side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt

from app.document.edit import Owner
from app.suggest.compare_card import CompareCard
from app.suggest.compare_page import ComparePage, best_arrangement
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import Photo
from tests.app.helpers.engine_double import METHODS, candidate_crops
from tests.app.helpers.gui import Desk, Thumb, write_photo

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def page(desk: Desk) -> ComparePage:
    return desk.window.parts.compare.page


def known(desk: Desk) -> list[str]:
    return [name for name, card in page(desk).cards.items() if card.candidate is not None]


def is_full(desk: Desk) -> bool:
    return len(known(desk)) == len(METHODS) and all(
        card.picture.has_picture for card in page(desk).cards.values()
    )


def shown_crops(desk: Desk) -> list[object]:
    return [card.candidate.crop for card in page(desk).cards.values() if card.candidate]


def best_crops(desk: Desk, aspect: str) -> list[object]:
    wanted = Aspect.parse(aspect)
    return [candidate_crops(wanted, desk.photo.photo, name)[0] for name in METHODS]


def test_each_method_shows_its_best_crop(quick: Desk) -> None:
    quick.key(K.Key_A)
    assert page(quick).isVisible()
    assert tuple(page(quick).cards) == METHODS
    quick.until(lambda: is_full(quick))
    assert shown_crops(quick) == best_crops(quick, "original")
    cards = list(page(quick).cards.values())
    assert [card.title.text() for card in cards] == [
        "Cascade", "GAIC", "SFRC", "ASM", "Mars", "Set prediction",
    ]  # fmt: skip
    assert [card.score.text() for card in cards] == ["88", "87", "86", "85", "84", "83"]
    assert cards[5].note.text() == "validity 1.00"
    assert all("score" in card.picture.accessibleName() for card in cards)


def test_the_cards_fill_one_by_one(desk: Desk, small_photo: Path) -> None:
    desk.open(small_photo)
    desk.deliver()
    desk.key(K.Key_A)
    # The cascade was answered for the strip already.
    desk.until(lambda: known(desk) == ["cascade"])
    for count in range(2, 7):
        desk.until(lambda: desk.engine.running)
        desk.engine.deliver_next()
        desk.until(lambda n=count: known(desk) == list(METHODS[:n]))
    assert desk.engine.asked_methods == list(METHODS)
    assert desk.engine.most_running == 1


def test_what_the_person_asks_comes_first(desk: Desk, small_photo: Path) -> None:
    desk.open(small_photo)
    desk.deliver()
    desk.key(K.Key_A)
    desk.until(lambda: desk.engine.running)
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
    desk.engine.deliver_next()
    desk.until(lambda: len(desk.engine.asked) == 3)
    assert str(desk.engine.asked[2]) == "1:1"
    assert desk.engine.asked_methods[2] == "cascade"


def test_closing_cancels_what_has_not_begun(desk: Desk, small_photo: Path) -> None:
    desk.open(small_photo)
    desk.deliver()
    desk.key(K.Key_A)
    desk.until(lambda: desk.engine.running)
    desk.key(K.Key_Escape)
    assert not page(desk).isVisible()
    desk.engine.let_all_go()
    desk.until(lambda: not desk.engine.running)
    desk.qtbot.wait(100)
    assert desk.engine.asked_methods == ["cascade", "gaic"]
    assert desk.window.parts.canvas.hasFocus()
    assert desk.undo_count == 0


def test_a_click_takes_the_crop_in_one_step(quick: Desk) -> None:
    before = quick.photo.edit
    quick.key(K.Key_A)
    quick.until(lambda: is_full(quick))
    quick.click(page(quick).cards["mars"].picture)
    assert quick.crop == candidate_crops(before.aspect, quick.photo.photo, "mars")[0]
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.photo.edit.method == before.method
    assert quick.undo_count == 1
    assert quick.photo.stack.undoText() == "Crop of Mars"
    assert not page(quick).isVisible()
    quick.key(K.Key_Z, CTRL)
    assert quick.photo.edit == before


def test_use_this_method(quick: Desk) -> None:
    quick.key(K.Key_A)
    quick.until(lambda: is_full(quick))
    cards = page(quick).cards
    assert [n for n, c in cards.items() if c.use.isChecked()] == ["cascade"]
    quick.click(cards["asm"].use)
    assert quick.photo.edit.method == "asm"
    assert quick.window.parts.method_panel.name == "asm"
    assert [n for n, c in cards.items() if c.use.isChecked()] == ["asm"]
    assert page(quick).isVisible()
    quick.click(cards["asm"].use)
    assert cards["asm"].use.isChecked()
    quick.until(lambda: quick.window.parts.shown_candidates.suggestions.method == "asm")
    # Who proposes changes nothing about what is compared.
    assert len(known(quick)) == len(METHODS)


def test_it_follows_the_aspect_and_the_slider(quick: Desk) -> None:
    quick.key(K.Key_A)
    quick.until(lambda: is_full(quick))
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    assert known(quick) == []
    assert all(card.picture.has_picture for card in page(quick).cards.values())
    quick.until(lambda: shown_crops(quick) == best_crops(quick, "1:1"))
    assert page(quick).subject.text() == "1:1"
    thumb = Thumb(quick)
    thumb.press()
    thumb.move(0.8)
    thumb.release(0.8)
    quick.until(lambda: shown_crops(quick) == best_crops(quick, "4:5"))


def test_it_follows_the_photo(quick: Desk, tmp_path: Path) -> None:
    quick.key(K.Key_A)
    quick.until(lambda: is_full(quick))
    quick.open(write_photo(tmp_path / "next.jpg", 700, 900))
    assert known(quick) == [] or quick.photo.path.name == "next.jpg"
    quick.until(lambda: shown_crops(quick) == best_crops(quick, "original"))
    quick.until(lambda: is_full(quick))


def test_a_method_that_fails_leaves_the_others(
    quick: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = quick.engine.answer

    def fail(scene: Photo, question: CropQuestion) -> object:
        if question.method == "sfrc":
            raise CropsightError("SFRC has no weights.")
        return answer(scene, question)

    monkeypatch.setattr(quick.engine, "answer", fail)
    quick.key(K.Key_A)
    quick.until(lambda: len(known(quick)) == len(METHODS) - 1)
    card: CompareCard = page(quick).cards["sfrc"]
    assert "no weights" in card.picture.accessibleName()
    assert not card.picture.isEnabled()


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (960, 600)])
@pytest.mark.parametrize("aspect", ["9:16", "1:1", "2:1"])
def test_no_card_is_cut_off(
    make_desk: Callable[..., Desk], small_photo: Path, size: tuple[int, int], aspect: str
) -> None:
    desk = make_desk(size, held=False)
    desk.open(small_photo)
    desk.window.commands.choose_aspect(Aspect.parse(aspect))
    desk.key(K.Key_A)
    desk.until(lambda: is_full(desk))
    board = page(desk)._board
    room = page(desk)._scroll.viewport().width()
    assert board.minimumSizeHint().width() <= room
    for card in page(desk).cards.values():
        assert card.geometry().right() < room
        assert card.title.width() >= card.title.sizeHint().width()
        assert card.picture.height() >= 80


@pytest.mark.parametrize(
    ("room", "ratio", "best"),
    [
        ((1000, 560), 1.5, (3, False)),
        ((500, 900), 1.0, (2, False)),
        ((220, 900), 1.5, (1, False)),
        ((1500, 420), 0.56, (6, False)),
        ((1050, 550), 0.625, (3, True)),
        ((900, 800), 0.5, (3, True)),
    ],
)
def test_the_grid_makes_the_pictures_as_large_as_it_can(
    room: tuple[int, int], ratio: float, best: tuple[int, bool]
) -> None:
    assert best_arrangement(6, QSize(*room), ratio, 12, words=100) == best


def test_tall_crops_have_their_words_beside_them_and_wide_ones_below(
    quick: Desk, tmp_path: Path
) -> None:
    quick.open(write_photo(tmp_path / "tall.jpg", 800, 1280))
    quick.until(lambda: quick.photo.width == 800 and quick.photo.current_suggestions)
    quick.key(K.Key_A)
    quick.until(lambda: is_full(quick))

    def places() -> set[bool]:
        cards = page(quick).cards.values()
        return {
            card.title.mapTo(card, QPoint()).x() > card.picture.geometry().right() for card in cards
        }

    quick.until(lambda: places() == {True})
    for card in page(quick).cards.values():
        room = card.picture.room
        # Six columns side by side would leave a width of 142 at this size of the window.
        assert min(room.width(), room.height() * 0.625) > 148
        assert card.title.width() >= card.title.sizeHint().width()
        assert card.geometry().right() < page(quick).width()
    quick.window.commands.choose_aspect(Aspect.parse("16:9"))
    quick.until(lambda: is_full(quick) and places() == {False})
