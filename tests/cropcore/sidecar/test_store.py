"""Where sidecars lie: nothing is lost, whoever else writes, whatever breaks."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cropcore.errors import PhotoError, SidecarError
from cropcore.files.file_lock import locked
from cropcore.sidecar import store as sidecar_store
from cropcore.sidecar.sidecar import content_digest, new_id
from cropcore.sidecar.store import SidecarStore, default_library, library_name
from tests.cropcore.helpers import photo_maker as maker
from tests.cropcore.helpers.sidecar_maker import fresh, kept


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    maker.image().save(folder / "a.jpg")
    return folder / "a.jpg"


@pytest.fixture(params=[False, True], ids=["library", "beside"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SidecarStore:
    return SidecarStore(tmp_path / "data" / "sidecars", request.param)


class TestStore:
    def test_round_trip(self, store: SidecarStore, photo: Path) -> None:
        assert store.load(photo) == sidecar_store.LoadedSidecar(None)
        sidecar = fresh(photo, kept())
        saved = store.save(photo, sidecar)
        assert (saved.sidecar, saved.notices) == (sidecar, ())
        assert store.load(photo) == sidecar_store.LoadedSidecar(sidecar)
        expected = photo.parent if store.beside else store.folder
        assert saved.path.parent == expected
        store.remove(photo)
        assert store.load(photo).sidecar is None
        store.remove(photo)
        assert [p.name for p in photo.parent.iterdir()] == ["a.jpg"]

    def test_nothing_is_written_by_reading(self, store: SidecarStore, photo: Path) -> None:
        store.load(photo)
        assert not store.folder.exists()

    def test_both_places_are_read_and_kept_up_to_date(self, tmp_path: Path, photo: Path) -> None:
        library, beside = (SidecarStore(tmp_path / "lib", b) for b in (False, True))
        library.save(photo, fresh(photo, kept("a", 1)))
        beside.save(photo, fresh(photo, kept("b", 2)))
        library.save(photo, fresh(photo, kept("a", 3, 0.9)))
        for each in (library, beside):
            sidecar = each.load(photo).sidecar
            assert sidecar is not None
            assert {c.id: c.crop.box[2] for c in sidecar.crops} == {"a": 0.9, "b": 0.5}

    @pytest.mark.parametrize(
        "name",
        ["with space.jpg", "Zürich ✓ 写真.jpg", "x" * 250 + ".jpg", "é" * 120 + ".jpg", "..jpg",
         "100%.jpg", "-rf.jpg", os.fsdecode(b"caf\xe9.jpg")],
    )  # fmt: skip
    def test_any_name(self, store: SidecarStore, photo: Path, name: str) -> None:
        named = photo.rename(photo.with_name(name))
        saved = store.save(named, fresh(named, kept()))
        loaded = store.load(named).sidecar
        assert loaded is not None
        assert loaded.photo.name == name
        assert bool(saved.notices) == (store.beside and len(os.fsencode(name)) > 240)

    def test_a_link_has_the_sidecar_of_its_photo(self, store: SidecarStore, photo: Path) -> None:
        link = photo.parent.parent / "link.jpg"
        link.symlink_to(photo)
        store.save(link, fresh(link, kept()))
        assert store.load(photo).sidecar == fresh(photo, kept())
        assert SidecarStore(store.folder).load(link).changed is False

    def test_names_in_the_library_differ_by_folder(self, tmp_path: Path) -> None:
        one, two = (library_name(tmp_path / f / "IMG 1.jpg") for f in ("a", "b"))
        assert one != two
        assert one.startswith("IMG_1-")

    def test_the_default_library_is_the_user_s_own(self) -> None:
        assert default_library().is_absolute()
        assert "cropsight" in str(default_library()).lower()

    @pytest.mark.parametrize("text", [b"", b"{", b"no json", b"[]", b'{"schema": 1}', b"\xff\xfe"])
    def test_damage_is_set_aside(self, store: SidecarStore, photo: Path, text: bytes) -> None:
        path = store.save(photo, fresh(photo)).path
        for number in (1, 2):
            path.write_bytes(text + b" " * number)
            loaded = store.load(photo)
            assert loaded.sidecar is None
            aside = path.with_name(f"{path.name.removesuffix('.json')}.damaged-{number}.json")
            assert aside.name in str(loaded.notices[0])
            assert aside.read_bytes() == text + b" " * number
        path.write_bytes(text)
        assert store.save(photo, fresh(photo, kept())).notices
        assert store.load(photo).sidecar == fresh(photo, kept())

    def test_a_later_version_is_left_alone(self, store: SidecarStore, photo: Path) -> None:
        path = store.save(photo, fresh(photo, kept())).path
        text = json.dumps({**json.loads(path.read_bytes()), "schema": 2, "crops": "new"}).encode()
        path.write_bytes(text)
        loaded = store.load(photo)
        assert loaded.sidecar is None
        assert "Update Cropsight" in str(loaded.notices[0])
        for action in (lambda: store.save(photo, fresh(photo)), lambda: store.remove(photo)):
            with pytest.raises(SidecarError, match="later version"):
                action()
        assert path.read_bytes() == text

    @pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENAMETOOLONG])
    def test_read_only_folder(
        self, tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        write_at = sidecar_store.write_at
        locked_away = photo.parent

        def refuse(path: Path, data: bytes, replace: bool = False) -> None:
            if path.parent == locked_away:
                raise OSError(number, os.strerror(number))
            write_at(path, data, replace)

        monkeypatch.setattr(sidecar_store, "write_at", refuse)
        store = SidecarStore(tmp_path / "lib", beside=True)
        saved = store.save(photo, fresh(photo, kept()))
        assert saved.path.parent == store.folder
        assert str(store.folder) in str(saved.notices[0])
        assert store.load(photo).sidecar == fresh(photo, kept())
        locked_away = store.folder
        with pytest.raises(SidecarError, match="Check the folder"):
            SidecarStore(store.folder).save(photo, fresh(photo, kept()))

    def test_a_folder_in_the_place_is_not_touched(self, tmp_path: Path, photo: Path) -> None:
        store = SidecarStore(tmp_path / "lib", beside=True)
        photo.with_name("a.jpg.cropsight.json").mkdir()
        saved = store.save(photo, fresh(photo, kept()))
        assert saved.path.parent == store.folder
        assert store.load(photo).sidecar == fresh(photo, kept())

    def test_a_moved_photo_is_recognised(self, tmp_path: Path, photo: Path) -> None:
        store = SidecarStore(tmp_path / "lib")
        store.save(photo, fresh(photo, kept()))
        moved = photo.rename(tmp_path / "renamed.jpg")
        maker.image(width=90).save(photo)
        loaded = store.load(moved)
        assert loaded.sidecar == fresh(moved, kept())
        assert "a.jpg" in str(loaded.notices[0])
        store.save(moved, fresh(moved, kept("b")))
        store.remove(moved)
        again = store.load(moved).sidecar
        assert again is not None
        assert again.crops == ()

    def test_a_changed_photo_is_told(self, store: SidecarStore, photo: Path) -> None:
        store.save(photo, fresh(photo, kept()))
        maker.image(width=90).save(photo)
        loaded = store.load(photo)
        assert loaded.changed
        assert "changed" in str(loaded.notices[0])

    def test_a_photo_that_is_gone_keeps_its_crops(self, store: SidecarStore, photo: Path) -> None:
        store.save(photo, fresh(photo, kept()))
        photo.unlink()
        assert store.load(photo).sidecar is not None
        with pytest.raises(PhotoError):
            content_digest(photo)

    def test_waits_for_a_lock_no_longer_than_it_must(
        self, store: SidecarStore, photo: Path
    ) -> None:
        store.save(photo, fresh(photo, kept()))
        lock = store.folder / ".lock"
        with locked(lock), pytest.raises(TimeoutError), locked(lock, seconds=0.05):
            pass
        with locked(lock, seconds=0):
            pass


def writer(library: Path, photo: Path, body: str) -> subprocess.Popen[bytes]:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from cropcore.sidecar.store import SidecarStore\n"
        "from tests.cropcore.helpers.sidecar_maker import fresh, kept\n"
        "store, photo = SidecarStore(Path(sys.argv[1])), Path(sys.argv[2])\n" + body
    )
    command = [sys.executable, "-c", program, str(library), str(photo)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE)


def test_two_processes_lose_nothing(tmp_path: Path, photo: Path) -> None:
    body = "for i in range(25): store.save(photo, fresh(photo, kept('{}' + str(i))))"
    running = [writer(tmp_path / "lib", photo, body.format(name)) for name in "ab"]
    assert [process.wait() for process in running] == [0, 0]
    sidecar = SidecarStore(tmp_path / "lib").load(photo).sidecar
    assert sidecar is not None
    assert {c.id for c in sidecar.crops} == {f"{n}{i}" for n in "ab" for i in range(25)}


@pytest.fixture
def endless(tmp_path: Path, photo: Path) -> Iterator[subprocess.Popen[bytes]]:
    body = (
        "print(flush=True)\n"
        "for i in range(10**6): store.save(photo, fresh(photo, kept(seconds=i, method='m' * 50000)))"
    )
    process = writer(tmp_path / "lib", photo, body)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("wait", [0.003 * i for i in range(6)])
def test_killed_while_writing_leaves_old_or_new(
    tmp_path: Path, photo: Path, endless: subprocess.Popen[bytes], wait: float
) -> None:
    store = SidecarStore(tmp_path / "lib")
    old = store.save(photo, fresh(photo, kept(seconds=-1))).sidecar
    assert endless.stdout is not None
    endless.stdout.readline()
    time.sleep(wait)
    endless.send_signal(signal.SIGKILL)
    endless.wait()
    loaded = store.load(photo)
    assert loaded.notices == ()
    assert loaded.sidecar is not None
    assert loaded.sidecar == old or len(loaded.sidecar.crops[0].method or "") == 50000
    assert store.save(photo, fresh(photo, kept(new_id()))).notices == ()
