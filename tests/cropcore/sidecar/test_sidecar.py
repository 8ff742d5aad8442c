"""Sidecars as values: what was written reads back, and of two versions the newest counts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import Orientation
from cropcore.sidecar.json_format import SCHEMA, DamagedError, from_json, to_json
from cropcore.sidecar.merge import merged
from cropcore.sidecar.sidecar import (
    NEVER,
    Change,
    DatedValue,
    PhotoFacts,
    SavedCrop,
    Sidecar,
    later_than,
)
from tests.cropcore.helpers.sidecar_maker import FACTS, at, kept

times = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
numbers = st.floats(-1e6, 1e6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
extras = st.dictionaries(st.text().map(lambda t: f"x-{t}"), json_values, max_size=2)
shares = st.floats(0, 1)
areas = st.lists(shares, min_size=4, max_size=4).map(
    lambda v: (min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)
boxes = areas.filter(lambda b: b[2] - b[0] > 1e-6 and b[3] - b[1] > 1e-6)
crops = st.builds(Crop, boxes, st.sampled_from(["rect", "circle"]), st.floats(-45, 45))
aspects = st.sampled_from([Aspect("free"), Aspect("original"), Aspect("circle")]) | st.builds(
    lambda height, ratio: Aspect("ratio", height * ratio, height),
    st.floats(1e-3, 1e5), st.floats(0.011, 99),
)  # fmt: skip
changes = st.builds(Change, st.text(), times, st.none() | st.integers(1, 50))
saved_crops = st.builds(
    SavedCrop, st.sampled_from("abcd"), crops, aspects, st.lists(changes, min_size=1).map(tuple),
    st.none() | st.text(), st.none() | st.floats(0, 100), st.none() | shares,
    st.none() | st.text(), extras,
)  # fmt: skip
saved_crops |= st.builds(
    lambda saved, box, angle: replace(saved, origin=Crop(box, saved.crop.shape, angle)),
    saved_crops, boxes, st.floats(-45, 45),
)  # fmt: skip
facts = st.builds(
    PhotoFacts, st.text(), st.integers(1, 9999), st.integers(1, 9999), st.integers(0, 2**63 - 1), st.text(),
    extras,
)  # fmt: skip
orientations = st.integers(1, 8).map(Orientation.of_exif)
sidecars = st.builds(
    Sidecar, facts,
    st.lists(saved_crops, max_size=4, unique_by=lambda c: c.id).map(tuple),
    st.dictionaries(st.sampled_from("wxyz"), times, max_size=2),
    st.builds(DatedValue, st.sampled_from(["none", "star", "reject"]), times),
    st.builds(DatedValue, orientations, times),
    st.builds(DatedValue, st.lists(areas, max_size=2).map(tuple), times),
    extras,
)  # fmt: skip


def origin(box: list[float]) -> dict[str, Any]:
    """That of the crop of ``kept()``."""
    return {"box": box, "angle": 0, "of": {"box": [0, 0, 0.5, 0.5], "angle": 0}}


class TestJson:
    @given(sidecars)
    def test_reads_back_what_it_wrote(self, sidecar: Sidecar) -> None:
        assert from_json(to_json(sidecar)) == sidecar

    def test_says_what_it_is(self) -> None:
        data = json.loads(to_json(Sidecar(FACTS, (kept(score=78.5, method="gaic"),))))
        assert data["schema"] == SCHEMA
        assert data["photo"]["file"] == "a.jpg"
        (crop,) = data["crops"]
        assert crop["aspect"] == "free"
        assert crop["changes"] == [{"what": "moved", "at": "2024-05-17T08:09:10Z"}]

    def test_an_origin_is_that_of_the_crop_that_it_was_written_with(self) -> None:
        straight = Crop((0.2, 0.2, 0.6, 0.6), angle=5.0)
        saved = replace(kept(), crop=straight, origin=Crop((0.1, 0.1, 0.7, 0.7)))
        data = json.loads(to_json(Sidecar(FACTS, (saved,))))
        data["crops"][0]["box"] = [0.3, 0.2, 0.7, 0.6]  # by a version that knows of no origins
        (moved,) = from_json(json.dumps(data).encode()).crops
        assert moved.origin is None
        assert "origin" not in moved.extra
        del data["crops"][0]["origin"]
        assert from_json(json.dumps(data).encode()).crops[0].origin is None

    def test_the_origin_goes_with_the_newest_change(self) -> None:
        old = replace(kept(), crop=Crop(angle=5.0), origin=Crop((0.1, 0.1, 0.7, 0.7)))
        new = old.with_change(Crop((0.0, 0.0, 0.5, 0.5)), "moved")
        assert new.origin is None
        for mine, other in ((old, new), (new, old)):
            (crop,) = merged(Sidecar(FACTS, (mine,)), Sidecar(FACTS, (other,))).crops
            assert crop == new

    def test_fields_of_later_versions_stay(self) -> None:
        data = json.loads(to_json(Sidecar(FACTS, (kept(),))))
        data["keywords"] = {"de": ["Höhe"]}
        data["photo"]["camera"] = "Cam"
        data["crops"][0]["note"] = None
        again = json.loads(to_json(from_json(json.dumps(data).encode())))
        assert again == data

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda d: d.pop("schema"),
            lambda d: d.pop("photo"),
            lambda d: d.update(schema="1"),
            lambda d: d.update(schema=0),
            lambda d: d.update(schema=True),
            lambda d: d.update(crops={}),
            lambda d: d.update(crops=[3]),
            lambda d: d["photo"].update(width="wide"),
            lambda d: d["crops"][0].update(box=[0, 0, 1]),
            lambda d: d["crops"][0].update(box=[0, 0, 1, None]),
            lambda d: d["crops"][0].update(box=[0, 0, 1, float("nan")]),
            lambda d: d["crops"][0].update(shape="star"),
            lambda d: d["crops"][0].update(angle=10**400),
            lambda d: d["crops"][0].update(aspect="4:0"),
            lambda d: d["crops"][0].update(aspect=[1]),
            lambda d: d["crops"][0]["changes"][0].update(at="yesterday"),
            lambda d: d.update(flag=None),
            lambda d: d.update(flag={"value": ["star"], "at": "2024-05-17"}),
            lambda d: d.update(orientation={"value": {"rotation": 45, "mirrored": False}}),
            lambda d: d.update(removed={"a": 3}),
        ],
    )
    def test_wrong_types_are_damage(self, spoil: Any) -> None:
        data = json.loads(to_json(Sidecar(FACTS, (kept(),))))
        spoil(data)
        with pytest.raises(DamagedError):
            from_json(json.dumps(data).encode())

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda d: d["crops"][0].update(box=[-5, -5, 1e300, 1e308]),
            lambda d: d["crops"][0].update(box=[0.5, 0.5, 0.5, 0.5]),
            lambda d: d["crops"][0].update(box=[0.9, 0.1, 0.1, 0.9]),
            lambda d: d["crops"][0].update(box=[0, 0, 1.01, 1]),
            lambda d: d["crops"][0].update(box=[0.1, 0.1, 0.1 + 1e-12, 0.9]),
            lambda d: d["crops"][0].update(box=[0, 0, 1, 10**400]),
            lambda d: d["crops"][0].update(angle=1e308),
            lambda d: d["crops"][0].update(angle=-46),
            lambda d: d["crops"][0].update(aspect=[1e308, 1e308]),
            lambda d: d["crops"][0].update(aspect=[1e-300, 1e-300]),
            lambda d: d["crops"][0].update(tightness=-3),
            lambda d: d["crops"][0].update(score=1e300),
            lambda d: d["crops"][0].update(confidence=2),
            lambda d: d["crops"][0].update(origin=origin([0, 0, 9, 9])),
            lambda d: d["crops"][0]["changes"][0].update(at="9999-12-31T23:59:59.999999Z"),
            lambda d: d["crops"][0]["changes"][0].update(at="0001-01-01T00:00:00Z"),
            lambda d: d["crops"][0]["changes"][0].update(candidate=10**400),
            lambda d: d["protect"].update(value=[[0, 0, 1e300, 1]]),
            lambda d: d["protect"].update(value=[[0.5, 0, 0.4, 1]]),
            lambda d: d["protect"].update(at="9999-12-31T23:59:59Z"),
            lambda d: d["flag"].update(at="9999-12-31T23:59:59Z"),
            lambda d: d["orientation"].update(at="3000-01-01T00:00:00Z"),
            lambda d: d.update(removed={"b": "9999-12-31T23:59:59Z"}),
            lambda d: d["photo"].update(width=10**400),
            lambda d: d["photo"].update(height=-1),
            lambda d: d["photo"].update(bytes=10**400),
            lambda d: d.update(later={"x": float("nan")}),
        ],
    )
    def test_values_out_of_range_are_damage(self, spoil: Any) -> None:
        data = json.loads(to_json(Sidecar(FACTS, (kept(),))))
        from_json(json.dumps(data).encode())
        spoil(data)
        with pytest.raises(DamagedError):
            from_json(json.dumps(data).encode())

    def test_what_was_rounded_or_cut_away_at_the_border_is_none(self) -> None:
        data = json.loads(to_json(Sidecar(FACTS, (kept(tightness=1.0),))))
        data["crops"][0].update(box=[-1e-9, 0, 1 + 1e-9, 1], angle=45.0)
        data["protect"]["value"] = [[1.0, 0.3, 1.0, 0.4]]
        found = from_json(json.dumps(data).encode())
        assert found.crops[0].crop == Crop((-1e-9, 0.0, 1 + 1e-9, 1.0), angle=45.0)
        assert found.protect.value == ((1.0, 0.3, 1.0, 0.4),)

    @given(sidecars, st.data())
    @settings(max_examples=40)
    def test_no_part_of_a_sidecar_is_one(self, sidecar: Sidecar, data: st.DataObject) -> None:
        text = to_json(sidecar)
        with pytest.raises(DamagedError):
            from_json(text[: data.draw(st.integers(0, len(text) - 3))])


class TestMerging:
    @pytest.mark.parametrize(
        ("mine", "other", "expected"),
        [
            ([], [], {}),
            ([kept("a")], [], {"a": 0.5}),
            ([], [kept("a")], {"a": 0.5}),
            ([kept("a", side=0.1)], [kept("b", side=0.2)], {"a": 0.1, "b": 0.2}),
            ([kept("a", 5, 0.1)], [kept("a", 4, 0.2)], {"a": 0.1}),
            ([kept("a", 4, 0.1)], [kept("a", 5, 0.2)], {"a": 0.2}),
            ([kept("a", 5, 0.1)], [kept("a", 5, 0.2)], {"a": 0.2}),
            ([kept("a", 5, 0.2)], [kept("a", 5, 0.1)], {"a": 0.2}),
        ],
    )
    def test_newest_crop_of_each_id(
        self, mine: list[SavedCrop], other: list[SavedCrop], expected: dict[str, float]
    ) -> None:
        result = merged(Sidecar(FACTS, tuple(mine)), Sidecar(FACTS, tuple(other)))
        assert {c.id: c.crop.box[2] for c in result.crops} == expected

    @pytest.mark.parametrize(("removed", "left"), [(4, ["a"]), (5, []), (6, [])])
    def test_what_was_removed_stays_removed_unless_changed_later(
        self, removed: int, left: list[str]
    ) -> None:
        gone, there = Sidecar(FACTS, removed={"a": at(removed)}), Sidecar(FACTS, (kept("a", 5),))
        assert [c.id for c in merged(gone, there).crops] == left
        assert [c.id for c in merged(there, gone).crops] == left

    def test_each_decision_by_itself(self) -> None:
        mine = Sidecar(
            FACTS, flag=DatedValue("star", at(2)), protect=DatedValue(((0, 0, 1, 1),), at(1))
        )
        other = Sidecar(FACTS, flag=DatedValue("reject", at(1)), protect=DatedValue((), at(2)))
        for result in (merged(mine, other), merged(other, mine)):
            assert (result.flag.value, result.protect.value) == ("star", ())

    def test_fields_of_others_stay(self) -> None:
        mine = Sidecar(FACTS, (kept("a", 9, extra={"x": 1}),), extra={"old": 1, "both": 1})
        other = Sidecar(FACTS, (kept("a", 5, extra={"y": 2}),), extra={"new": 2, "both": 2})
        result = merged(mine, other)
        assert result.extra == {"old": 1, "both": 2, "new": 2}
        assert result.crops[0].extra == {"x": 1, "y": 2}

    @given(sidecars, sidecars)
    def test_who_merges_does_not_matter(self, a: Sidecar, b: Sidecar) -> None:
        one, two = merged(a, b), merged(b, a)
        assert {c.id: c for c in one.crops} == {c.id: c for c in two.crops}
        assert (one.flag, one.orientation, one.protect) == (two.flag, two.orientation, two.protect)
        assert one.removed == two.removed
        assert merged(one, b) == one

    def test_changes_are_later_even_by_a_clock_that_is_behind(self) -> None:
        ahead = later_than(NEVER) + timedelta(days=3)
        crop = replace(kept(), changes=(Change("moved", ahead),))
        moved = crop.with_change(Crop(), "moved")
        assert moved.changed > ahead
        assert len(moved.changes) == 1
        assert (
            len(moved.with_change(Crop(), "taken", 2).with_change(Crop(), "taken", 3).changes) == 3
        )
        before = Sidecar(FACTS, (crop,))
        gone = before.without_crop("a")
        assert merged(gone, before).crops == ()
        assert [c.id for c in merged(gone.with_crop(crop), gone).crops] == ["a"]
        assert DatedValue("none", ahead).instead("star").at > ahead
