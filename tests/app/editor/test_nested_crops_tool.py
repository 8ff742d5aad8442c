"""Crops that are to be cut later from the one in hand: chosen, shown, dragged, exported, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt

from app.canvas.other_crops import label_place
from app.document.edit import Owner
from app.document.nested_crops import fitted
from app.export.export_plan import plan_exports
from app.shell.key_groups import key_groups
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import contains, rotated_size
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import Desk

SQUARE, TALL, WIDE, CIRCLE = (Aspect.parse(t) for t in ("1:1", "4:5", "16:9", "circle"))
SIZE = (1200, 800)


@st.composite
def crops(draw: st.DrawFn) -> Crop:
    sides = [draw(st.floats(0.1, 1.0)) for _ in range(2)]
    low = [draw(st.floats(0.0, 1.0)) * (1 - side) for side in sides]
    angle = draw(st.sampled_from([0.0, 3.0]))
    return Crop((*low, low[0] + sides[0], low[1] + sides[1]), "rect", angle)


@given(crops(), crops())
def test_by_geometry_crops_lie_inside_and_have_their_ratio(outer: Crop, before: Crop) -> None:
    wide, high = rotated_size(*SIZE, outer.angle)
    aspects = [SQUARE, WIDE, CIRCLE]
    first = fitted(before, aspects, {}, *SIZE)
    for near in ({}, first):
        made = fitted(outer, aspects, near, *SIZE)
        assert list(made) == aspects
        for aspect, crop in made.items():
            assert contains(outer.box, crop.box)
            assert crop.angle == outer.angle
            left, top, right, bottom = crop.box
            ratio = aspect.ratio_for(*SIZE) or 0
            shown = (right - left) * wide / ((bottom - top) * high)
            assert shown == pytest.approx(ratio, rel=1e-6)


def test_the_way_back_restores_crops_inside() -> None:
    outer, squeezed = Crop((0.1, 0.1, 0.9, 0.9)), Crop((0.1, 0.1, 0.3, 0.4))
    placed = fitted(outer, [SQUARE, WIDE], {}, *SIZE)
    assert fitted(squeezed, [SQUARE, WIDE], placed, *SIZE) != placed
    assert fitted(outer, [SQUARE, WIDE], placed, *SIZE) == placed


def test_labels_do_not_cover_one_another() -> None:
    rect = QRect(0, 0, 300, 200)
    taken: list[QRect] = []
    for shape in ("rect", "rect", "rect", "circle", "rect"):
        place = label_place(rect, 40, 16, 4, taken, shape)
        assert rect.contains(place)
        assert not any(place.intersects(other) for other in taken)
        taken.append(place)


def guides(desk: Desk) -> dict[str, Crop]:
    return dict(desk.window.parts.canvas.state.nested)


def choose(desk: Desk, *names: str) -> None:
    desk.window.parts.nested_crops_section.set_open(True)
    for name in names:
        desk.click(desk.window.parts.nested_crops_panel.chips[name])


def test_guides_follow_the_choice_and_undo(quick: Desk) -> None:
    assert not quick.window.parts.nested_crops_panel.isVisible()
    assert guides(quick) == {}
    choose(quick, "1:1", "16:9")
    quick.until(lambda: quick.photo.current_suggestions is not None)
    assert quick.photo.edit.also == (SQUARE, WIDE)
    best = quick.photo.suggestion_state.suggestions.candidates[0]
    assert quick.crop == best.crop
    assert guides(quick) == {str(n.aspect): n.crop for n in best.nested}
    assert "1:1 70" in quick.window.parts.nested_crops_panel.line.text()
    assert quick.undo_count == 2
    quick.window.parts.actions["undo"].trigger()
    assert quick.photo.edit.also == (SQUARE,)
    assert list(guides(quick)) == ["1:1"]
    assert not quick.window.parts.nested_crops_panel.chips["16:9"].isChecked()
    quick.window.parts.actions["undo"].trigger()
    assert guides(quick) == {}


def test_the_own_ratio_is_no_guide(quick: Desk) -> None:
    choose(quick, "1:1", "16:9")
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    assert list(guides(quick)) == ["16:9"]
    assert not quick.window.parts.nested_crops_panel.chips["1:1"].isEnabled()
    quick.click(quick.window.parts.aspect_panel.chips["4:5"])
    assert list(guides(quick)) == ["1:1", "16:9"]


def test_a_dragged_crop_keeps_its_guides_inside_until_the_engine_places_them(quick: Desk) -> None:
    choose(quick, "1:1", "9:16")
    quick.until(lambda: quick.photo.current_suggestions)
    quick.engine.nested_in.clear()
    before = guides(quick)
    box = quick.crop.box
    grip = quick.place(box[2], box[3])
    quick.press(grip)
    for step in (1, 2, 3):
        quick.move(grip + QPoint(-50 * step, -40 * step))
        live = quick.window.parts.editor.crop
        assert live.box[2] < box[2]
        assert all(contains(live.box, crop.box) for crop in guides(quick).values())
    quick.move(grip)
    assert guides(quick) == before
    quick.move(grip + QPoint(-150, -120))
    dragged = guides(quick)
    quick.release(grip + QPoint(-150, -120))
    quick.until(
        lambda: (
            quick.photo.suggestion_state.nested
            and quick.photo.suggestion_state.nested[1] == quick.crop
        )
    )
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.crop in quick.engine.nested_in
    assert guides(quick) != dragged
    assert all(contains(quick.crop.box, crop.box) for crop in guides(quick).values())
    nested = quick.photo.suggestion_state.nested
    assert nested is not None
    assert guides(quick) == {str(n.aspect): n.crop for n in nested[2]}


def test_own_crops_stay_where_they_are(quick: Desk) -> None:
    quick.draw_crop((0.2, 0.2, 0.7, 0.7))
    own = quick.crop
    choose(quick, "16:9")
    quick.until(lambda: guides(quick))
    assert quick.crop == own


def test_keys_and_the_list_of_keys(quick: Desk) -> None:
    quick.key(Qt.Key.Key_U)
    assert quick.window.parts.nested_crops_panel.isVisible()
    assert quick.window.parts.nested_crops_panel.chips["1:1"].hasFocus()
    quick.key(Qt.Key.Key_Space)
    assert quick.photo.edit.also == (SQUARE,)
    listed = dict(row for group in key_groups() for row in group.keys)
    assert listed["U"] == "Also for other ratios"
    assert quick.window.parts.actions["export_nested"].isEnabled()


def test_the_next_photo_begins_with_the_last_choice(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk(held=False)
    desk.window.parts.settings.also = (SQUARE, Aspect.parse("5:7"))
    desk.open(small_photo)
    desk.until(lambda: guides(desk))
    assert list(guides(desk)) == ["1:1", "5:7"]
    choose(desk, "16:9")
    assert desk.photo.edit.also == (SQUARE, WIDE, Aspect.parse("5:7"))
    assert desk.window.parts.settings.also == desk.photo.edit.also


def boxes_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, Crop]:
    written: dict[str, Crop] = {}
    wrote = desk.window.parts.exporter._wrote

    def note(task, crop, exported):  # type: ignore[no-untyped-def]
        written[str(task.aspect)] = crop
        wrote(task, crop, exported)

    monkeypatch.setattr(desk.window.parts.exporter, "_wrote", note)
    return written


def test_export_with_the_nested_crops(
    quick: Desk, small_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not quick.window.parts.actions["export_nested"].isEnabled()
    quick.click(quick.window.parts.aspect_panel.chips["4:5"])
    choose(quick, "1:1", "16:9")
    quick.until(lambda: quick.photo.current_suggestions and guides(quick))
    shown = guides(quick)
    written = boxes_written(quick, monkeypatch)
    with quick.qtbot.waitSignal(quick.window.parts.exporter.finished) as done:
        quick.window.parts.actions["export_nested"].trigger()
    assert done.args == [3]
    assert written == {"4:5": quick.crop, **shown}
    folder = small_photo.parent / "Cropsight"
    sizes = {}
    for name in ("4x5", "1x1", "16x9"):
        with Image.open(folder / f"small_{name}_1.jpg") as image:
            sizes[name] = image.size
    for name, (wide, high) in sizes.items():
        ratio = Aspect.parse(name).ratio_for(1, 1) or 0
        assert abs(wide - high * ratio) <= max(1, ratio)
    assert sizes["1x1"][0] <= sizes["4x5"][0]


def test_the_page_of_options_offers_it_and_ticked_ratios_take_it(quick: Desk) -> None:
    panel = quick.window.parts.export_controls.panel
    quick.window.parts.export_controls.show(True)
    place = panel.scope_box.findData("nested")
    assert not panel.scope_box.model().item(place).isEnabled()
    quick.window.parts.export_controls.show(False)
    choose(quick, "1:1")
    quick.until(lambda: quick.photo.current_suggestions and guides(quick))
    quick.window.parts.export_controls.show(True)
    assert panel.scope_box.model().item(place).isEnabled()
    panel.scope_box.setCurrentIndex(place)
    assert quick.window.parts.export_controls.button.main.text() == "Export 2 files"
    tasks = plan_exports([quick.photo], [SQUARE, WIDE])
    assert tasks[0].crop == guides(quick)["1:1"]
    assert not tasks[1].inside
    quick.window.parts.actions["undo"].trigger()
    assert panel.scope == "crop"


def test_photos_that_nobody_looked_at_are_cut_inside_their_best_crop(
    quick: Desk, small_photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(quick, "1:1")
    second = tmp_path / "second.jpg"
    second.write_bytes(small_photo.read_bytes())
    quick.drop(second)
    quick.until(lambda: len(quick.window.parts.document.photos) == 2)
    other = quick.window.parts.document.photos[1]
    quick.until(lambda: other.photo is not None)
    quick.window.parts.document.show(quick.window.parts.document.photos[0])
    other.edit = type(other.edit)(also=(SQUARE,), aspect=TALL)
    other.suggestions = other.answered = None
    written = boxes_written(quick, monkeypatch)
    with quick.qtbot.waitSignal(quick.window.parts.exporter.finished) as done:
        quick.window.parts.exporter._start(plan_exports([other], [TALL, SQUARE]))
    assert done.args == [2]
    assert contains(written["4:5"].box, written["1:1"].box)
