"""Catalogues parse, load and say what they promise; what is still untranslated is listed."""

from __future__ import annotations

import ast
import errno
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from app.i18n import languages, plurals
from app.i18n.engine_messages import translated
from app.i18n.idea_texts import idea_text
from cropcore.engine.crop_ideas import IDEAS
from cropcore.errors import CropsightError, ExportError, PhotoError, system_reason
from cropcore.images.photo import read_photo
from cropcore.messages import Message
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


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("def f(x): raise PhotoError('a.jpg', f'is {x}.')", "no literal"),
        ("def f(x): raise PhotoError('a.jpg', 'is it.', 'Try ' + x)", "no literal"),
        ("def f(x): raise PhotoError('a.jpg', str(x))", "no literal"),
        ("def f(x):\n    why = f'is {x}.'\n    raise PhotoError('a.jpg', why)", "no literal"),
        ("def f(why: str): raise PhotoError('a.jpg', why)", "no message"),
        ("def f(x): return Message('{0}'.format(x))", "no literal"),
    ],
)
def test_templates_that_could_not_be_translated_are_refused(
    code: str, what: str, tmp_path: Path
) -> None:
    (tmp_path / "cropcore").mkdir()
    classes = "class FileError(CropsightError): ...\nclass PhotoError(FileError): ...\n"
    (tmp_path / "cropcore" / "a.py").write_text(classes + code)
    with pytest.raises(script.UnclearTextError, match=what):
        script.extract(tmp_path)


def test_templates_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "cropcore").mkdir()
    (tmp_path / "cropcore" / "a.py").write_text(
        "class FileError(CropsightError): ...\n"
        "class PhotoError(FileError): ...\n"
        "REMEDY = 'Copy it.'\n"
        "def f(said: Message, x):\n"
        "    why = 'is {x}.' if x else 'is empty.'\n"
        "    raise PhotoError('a.jpg', why, REMEDY, x=Message('wrong'))\n"
        "def g(said: Message): raise CropsightError(said)\n"
        "def h(x): raise PhotoError('a.jpg', '{x}: {x}', x=x)\n"
    )
    found = {text.source for text in script.extract(tmp_path)}
    assert found == {"is {x}.", "is empty.", "Copy it.", "wrong"}


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

    def test_errors_of_the_engine_are_told_in_german(self, german: None, tmp_path: Path) -> None:
        path = tmp_path / "a.jpg"
        path.write_bytes(b"")
        with pytest.raises(PhotoError) as raised:
            read_photo(path)
        said = "a.jpg ist leer. Noch einmal von dort kopieren, wo es herkam."
        assert translated(raised.value) == said
        assert str(raised.value).startswith("a.jpg: is empty. Copy it again")

    def test_values_are_translated_too(self, german: None) -> None:
        error = ExportError(
            "a/b.jpg",
            "could not be written: {reason}.",
            "Choose another folder.",
            reason=system_reason(OSError(errno.EACCES, "Permission denied")),
        )
        said = "b.jpg ließ sich nicht schreiben: Zugriff verweigert. Einen anderen Ordner wählen."
        assert translated(error) == said
        frame = Message("{frame}, {side}", frame=Message("middle"), side=Message("above"))
        assert translated(frame) == "Mittelfeld, oben"
        enlarged = Message(
            "Enlarged {scale:.2f} times: the crop has fewer pixels than asked.", scale=1.5
        )
        assert translated(enlarged).startswith("1,50-fach")
        assert translated(Message("Nobody said {this}.", this="this")) == "Nobody said this."

    def test_braces_in_names_are_no_placeholders(self, german: None) -> None:
        error = PhotoError("{0}{x.jpg", "could not be read: {reason}.", reason="{why}")
        assert translated(error) == "{0}{x.jpg ließ sich nicht lesen: {why}."

    def test_a_reason_and_its_file_are_one_sentence(self, qapp: Any) -> None:
        def text(reason: str) -> str:
            return translated(PhotoError("my: photo.jpg", reason, "Copy it."))

        assert text("is empty.") == "my: photo.jpg is empty. Copy it."
        assert text("HEIC needs a package.") == "my: photo.jpg: HEIC needs a package. Copy it."
        assert translated(CropsightError("It did not work.")) == "It did not work."

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


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_every_template_of_the_engine_is_in_the_catalogue(path: Path) -> None:
    templates = [text for text in script.extract() if text.context == "Engine"]
    assert len(templates) > 200
    for origin in ("is empty.", "The disk is full.", "Saliency", "permission denied"):
        assert script.Text("Engine", origin) in templates
    known = script.read(path)
    assert [text.source for text in templates if text not in known] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_translated_templates_take_the_same_values(path: Path) -> None:
    """One that did not would raise an error where an error is to be told."""

    def fields(template: str) -> list[tuple[str | None, ...]]:
        return sorted(part[1:] for part in Formatter().parse(template) if part[1] is not None)

    known = {text: forms for text, forms in script.read(path).items() if text.context == "Engine"}
    wrong = [text for text, forms in known.items() if fields(text.source) != fields(forms[0])]
    assert wrong == []


def test_no_text_of_the_engine_is_taken_apart_by_patterns() -> None:
    """Patterns are for formats only: Python's stack dumps, and the quoting of desktop entries."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(name.name == "re" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "re")
    }
    assert users == {"app/runtime/stall_recorder.py", "app/shell/desktop_entry.py"}


def test_every_idea_has_a_text(german: None) -> None:
    english = [idea for idea in IDEAS if idea_text(idea).lower() == idea]
    assert english == []
    assert idea_text("closer, subject left 2") == "Enger, Motiv links 2"
    assert idea_text("") == ""
