"""Catalogues parse, load and say what they promise; what is still untranslated is listed."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from app.i18n import engine_messages, languages, plurals
from app.widgets.notices import Severity
from tests.app.helpers.gui import Desk

ROOT = Path(__file__).parents[3]


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "docs/translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


script = load_script()
CATALOGUES = sorted(script.FOLDER.glob("cropsight_*.ts"))


@pytest.fixture
def german(qapp: Any) -> Iterator[None]:
    loaded = languages.install(qapp, "de")
    yield
    for translator in loaded:
        qapp.removeTranslator(translator)
    qapp.setProperty("cropsight_language", None)


def test_every_text_of_the_program_can_be_translated() -> None:
    """No text is put together before it is translated, and each has a context."""
    texts = script.extract()
    assert len(texts) > 500
    assert script.Text("Actions", "Open …") in texts
    assert script.Text("Counted", "and %n more", counts=True) in texts
    assert script.Text("WindowParts", "Straighten") in texts, "said through a module's _tr"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_catalogues_keep_every_placeholder(path: Path) -> None:
    known = script.read(path)
    assert len(known) > 400
    assert not list(script.broken(known))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_what_is_untranslated_is_listed(path: Path) -> None:
    """Texts change faster than translations: a warning says what to do, and little may be open."""
    texts = script.extract()
    open_ends = list(script.problems(texts, script.read(path)))
    if open_ends:
        warnings.warn(f"{path.name}:\n" + "\n".join(open_ends), stacklevel=1)
    assert len(open_ends) < len(texts) / 4


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_the_compiled_catalogue_is_in_step(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["translations.py", "compile"])
    assert script.main() == 0
    assert copy.with_suffix(".qm").read_bytes() == path.with_suffix(".qm").read_bytes()


def test_extracting_keeps_what_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["translations.py", "extract", "fr"])
    assert script.main() == 0
    path = tmp_path / "cropsight_fr.ts"
    text = script.Text("Actions", "Quit")
    script.write(path, "fr", script.extract(), {text: ("Quitter",)})
    assert script.main() == 0
    assert script.read(path) == {text: ("Quitter",)}
    first, second = capsys.readouterr().out.splitlines()
    total = len(script.extract())
    assert first.endswith(f"{total} to translate")
    assert second.endswith(f"{total - 1} to translate")


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("class A:\n    def f(self, x): self.tr(f'a {x}')", "no literal"),
        ("def f(x): x.tr('a')", "class of x"),
        ("def f(): _tr('a')", "no _tr"),
        ("class A:\n    def f(self): self.tr('%n', '', 3)", "plurals.py"),
    ],
)
def test_texts_that_could_not_be_translated_are_refused(
    code: str, what: str, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text(code)
    with pytest.raises(script.UnclearTextError, match=what):
        script.extract(tmp_path)


def test_lost_placeholders_and_menu_keys_are_found() -> None:
    text = script.Text("A", "{0} of &{1}")
    assert list(script.broken({text: ("{0} von &{1}",)})) == []
    assert "placeholders" in next(script.broken({text: ("{0} von &{0}",)}))
    assert "menu key" in next(script.broken({text: ("{0} von {1}",)}))
    assert "empty" in next(script.broken({text: ("",)}))


class TestLanguages:
    def test_the_window_speaks_german(self, german: None, desk: Desk) -> None:
        act = desk.window.parts.actions
        assert act["open"].text() == "Öffnen …"
        assert [m.title() for m in act.menus.values()][:2] == ["&Datei", "&Bearbeiten"]
        assert desk.window.parts.welcome_page.open_button.text() == "Öffnen …"

    def test_texts_of_a_class_are_found_from_its_heirs(self, german: None, desk: Desk) -> None:
        assert desk.window.parts.status_bar.engine.text() == "Engine bereit, CPU"

    def test_numbers_have_their_plural(self, german: None) -> None:
        assert plurals.export_files(1) == "1 Datei exportieren"
        assert plurals.export_files(12) == "12 Dateien exportieren"

    def test_english_plurals_need_no_catalogue(self, qapp: Any) -> None:
        assert plurals.export_files(1) == "Export 1 file"
        assert plurals.export_files(12) == "Export 12 files"

    def test_the_engines_sentences_too(self, german: None, desk: Desk) -> None:
        desk.window.parts.notices.add(
            "a.jpg: is damaged or incomplete. Copy it again from where it came from.",
            Severity.ERROR,
        )
        assert desk.notices()[-1].startswith("a.jpg ist beschädigt oder unvollständig. Noch")
        assert engine_messages.translated("middle, above") == "Mittelfeld, oben"
        assert engine_messages.translated("b.tif: could not be read: No such device.") == (
            "b.tif ließ sich nicht lesen: No such device."
        )
        assert engine_messages.translated("Nobody said this.") == "Nobody said this."

    def test_a_reason_and_its_file_are_one_sentence(self, qapp: Any) -> None:
        translated = engine_messages.translated
        assert translated("my photo.jpg: is empty. Copy it.") == "my photo.jpg is empty. Copy it."
        assert translated("a.heic: HEIC needs a package.") == "a.heic: HEIC needs a package."
        assert (
            translated("Something did not work: ValueError.")
            == "Something did not work: ValueError."
        )

    def test_qts_own_buttons_follow(self, german: None) -> None:
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"

    @pytest.mark.parametrize("language", ["xx", "en", "en_GB", "C", "tlh_AQ"])
    def test_what_is_not_there_is_english(self, qapp: Any, language: str) -> None:
        assert languages.install(qapp, language) == ()
        assert QObject().tr("Quit") == "Quit"

    def test_a_country_falls_back_to_its_language(self, qapp: Any) -> None:
        loaded = languages.install(qapp, "de_AT")
        assert loaded
        assert languages.spoken().startswith("de")
        for translator in loaded:
            qapp.removeTranslator(translator)
        qapp.setProperty("cropsight_language", None)

    def test_each_is_offered_by_its_own_name(self) -> None:
        assert languages.languages()[0] == ("en", "English")
        assert ("de", "Deutsch") in languages.languages()


def test_listed_sentences_are_what_the_engine_says() -> None:
    """A sentence that was reworded in the engine would stay English without a sound."""
    spoken: set[str] = set()
    for path in (ROOT / "cropcore").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                spoken.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
                spoken.add("".join(map(str, parts)))
    listed = {re.sub(r"\{\d\}", "{}", text): text for text in engine_messages.sentences()}
    assert sorted(text for plain, text in listed.items() if plain not in spoken) == []
