"""Keep the translations in step with the program's texts.

    python docs/translations.py extract [LANGUAGE ...]   texts into resources/translations/*.ts
    python docs/translations.py compile                  *.ts into the *.qm that the program loads
    python docs/translations.py check                    what is untranslated or broken; status 1 if so

`extract fr` begins a French catalogue. Translate it with Qt Linguist (`pyside6-linguist FILE.ts`), or
with any editor, then compile. Texts are read from the syntax tree rather than by lupdate, which knows
neither the module functions named _tr and the texts of somebody else's tr, nor the templates of the
engine's errors and messages (docs/adr/0026).
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import PySide6

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "translations"
PLURALS = {"ja": 1, "ko": 1, "zh": 1, "vi": 1, "th": 1, "id": 1, "pl": 3, "ru": 3, "uk": 3, "cs": 3}
"""How many plural forms Qt wants; two for languages that are not named."""
_FIELD = re.compile(r"\{[^{}]*\}|%n|%L?\d")
_ENGINE = "Engine"
_ENGLISH_ONLY = ("cli", "training", "evaluation", "benchmark")
"""Packages of cropcore that only a command line speaks for; the window imports none of them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the program: the class or context it belongs to, and whether it counts something."""

    context: str
    source: str
    counts: bool = False


class UnclearTextError(Exception):
    """A text that is no literal, or whose context cannot be known."""


def extract(root: Path = ROOT) -> list[Text]:
    """Every text of the desktop program and of the engine under it, each once, by files and lines.

    Raises:
        UnclearTextError: a text could not be translated as it is written.
    """
    trees = {
        path.relative_to(root): ast.parse(path.read_text(encoding="utf-8"))
        for package in ("app", "cropcore")
        for path in sorted((root / package).rglob("*.py"))
    }
    templates = _templates(trees.values())
    found: dict[Text, None] = {}
    for path, tree in trees.items():
        finder = _Finder(path, templates)
        finder.visit(tree)
        if path.parts[0] == "app" or path.parts[1] not in _ENGLISH_ONLY:
            found.update(dict.fromkeys(finder.texts))
    return list(found)


def _templates(trees: Iterable[ast.Module]) -> dict[str, slice]:
    """Which arguments of the engine's messages and errors are templates, by the name of the class."""
    bases = {
        node.name: [ast.unparse(base) for base in node.bases]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Message": slice(0, 1), "CropsightError": slice(0, 1), "FileError": slice(1, 3)}
    found["NotOwnError"] = slice(1, 2)
    while more := {
        name: found[next(base for base in of if base in found)]
        for name, of in bases.items()
        if name not in found and any(base in found for base in of)
    }:
        found |= more
    return found


class _Finder(ast.NodeVisitor):
    def __init__(self, path: Path, templates: dict[str, slice]) -> None:
        self._path = path
        self._templates = templates
        self._values: list[dict[str, list[ast.expr]]] = []
        self._classes: list[str] = []
        self._types: list[dict[str, str]] = []
        self._module: tuple[str, bool] | None = None
        self.texts: list[Text] = []

    def visit_Module(self, node: ast.Module) -> None:
        self._values.append(_assigned(node.body))
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == "_tr":
                self._module = self._context_of(part)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name == "_tr":
            return
        types = {a.arg: ast.unparse(a.annotation) for a in node.args.args if a.annotation}
        self._types.append(types)
        self._values.append(_assigned(ast.walk(node)))
        self.generic_visit(node)
        self._values.pop()
        self._types.pop()

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        if isinstance(called, ast.Name) and called.id == "_tr":
            if self._module is None:
                raise self._unclear(node, "there is no _tr in this module")
            self._add(node, self._module[0], node.args[0], self._module[1])
        elif isinstance(called, ast.Attribute) and called.attr == "tr":
            if len(node.args) > 1:
                raise self._unclear(node, "texts that count belong to app/i18n/plurals.py")
            self._add(node, self._owner(node, called.value), node.args[0])
        elif isinstance(called, ast.Name) and called.id in self._templates:
            for argument in node.args[self._templates[called.id]]:
                self._add_template(argument)
        elif isinstance(called, ast.Attribute) and called.attr == "translate":
            where = ast.unparse(called.value)
            if where in ("QCoreApplication", "QApplication"):
                context = node.args[0]
                if isinstance(node.args[1], ast.Name):
                    return  # a text that is marked elsewhere
                if not isinstance(context, ast.Constant):
                    raise self._unclear(node, "the context is no literal")
                self._add(node, str(context.value), node.args[1], len(node.args) == 4)
        self.generic_visit(node)

    def _add_template(self, text: ast.expr) -> None:
        """A template as it stands, or where its name is assigned; messages were found elsewhere."""
        if isinstance(text, ast.Name):
            for values in reversed(self._values):
                if text.id in values:
                    for value in values[text.id]:
                        self._add_template(value)
                    return
            wanted = [types[text.id] for types in self._types if text.id in types]
            if not wanted or wanted[-1] != "Message":
                raise self._unclear(text, f"{text.id} is no message")
        elif isinstance(text, ast.IfExp):
            self._add_template(text.body)
            self._add_template(text.orelse)
        elif isinstance(text, ast.Constant):
            if any(letter.isalpha() for letter in _FIELD.sub("", str(text.value))):
                self._add(text, _ENGINE, text)
        elif _is_text(text):
            raise self._unclear(text, "the template is no literal")

    def _context_of(self, node: ast.FunctionDef) -> tuple[str, bool]:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".translate"):
                context = call.args[0]
                if isinstance(context, ast.Constant):
                    return str(context.value), len(call.args) == 4
        raise self._unclear(node, "_tr has no context")

    def _owner(self, node: ast.AST, who: ast.expr) -> str:
        name = ast.unparse(who)
        if name == "self" and self._classes:
            return self._classes[-1]
        for types in reversed(self._types):
            if name in types:
                return types[name].strip("\"'").split(".")[-1]
        raise self._unclear(node, f"the class of {name} is not known")

    def _add(self, node: ast.AST, context: str, text: ast.expr, counts: bool = False) -> None:
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            raise self._unclear(node, "the text is no literal")
        self.texts.append(Text(context, text.value, counts))

    def _unclear(self, node: ast.AST, what: str) -> UnclearTextError:
        return UnclearTextError(f"{self._path}:{getattr(node, 'lineno', 0)}: {what}")


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """What is assigned to plain names."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _is_text(node: ast.expr) -> bool:
    """Whether an expression makes a text, by its look: mypy knows the rest to be messages."""
    made = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
        "str",
        "format",
        "join",
    )
    return made or isinstance(node, ast.JoinedStr | ast.BinOp)


def read(path: Path) -> dict[Text, tuple[str, ...]]:
    """The finished translations of a catalogue: one form, or several for a text that counts."""
    found: dict[Text, tuple[str, ...]] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") is not None:
                continue
            counts = message.get("numerus") == "yes"
            forms = [f.text or "" for f in translation.iter("numerusform")]
            text = Text(context.findtext("name") or "", message.findtext("source") or "", counts)
            found[text] = tuple(forms) if counts else (translation.text or "",)
    return found


def write(
    path: Path, language: str, texts: Iterable[Text], known: dict[Text, tuple[str, ...]]
) -> None:
    """Write a catalogue with these texts; those without a translation are marked unfinished."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    by_context: dict[str, list[Text]] = {}
    for text in texts:
        by_context.setdefault(text.context, []).append(text)
    for name in sorted(by_context):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for text in by_context[name]:
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "source").text = text.source
            translation = ElementTree.SubElement(message, "translation")
            forms = known.get(text)
            if forms is None:
                translation.set("type", "unfinished")
                forms = ("",) * (PLURALS.get(language.split("_")[0], 2) if text.counts else 1)
            if text.counts:
                message.set("numerus", "yes")
                for form in forms:
                    ElementTree.SubElement(translation, "numerusform").text = form
            else:
                translation.text = forms[0]
    ElementTree.indent(root, " ")
    body = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    path.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8"
    )


def problems(texts: Iterable[Text], known: dict[Text, tuple[str, ...]]) -> Iterator[str]:
    """What is missing, gone or would break when it is shown."""
    texts = list(texts)
    for text in texts:
        if text not in known:
            yield f"untranslated: {text.context}: {text.source!r}"
    for text in known.keys() - set(texts):
        yield f"vanished: {text.context}: {text.source!r}"
    yield from broken(known)


def broken(known: dict[Text, tuple[str, ...]]) -> Iterator[str]:
    """Translations whose placeholders or menu keys are not those of the text."""
    for text, forms in known.items():
        wanted = sorted(_FIELD.findall(text.source))
        for form in forms:
            if not form.strip():
                yield f"empty: {text.context}: {text.source!r}"
            elif sorted(_FIELD.findall(form)) != wanted:
                yield f"placeholders: {text.context}: {text.source!r} -> {form!r}"
            elif form.count("&") != text.source.count("&"):
                yield f"menu key: {text.context}: {text.source!r} -> {form!r}"


def release_tool() -> Path:
    """Qt's own compiler of catalogues, which PySide6 brings along."""
    folder = Path(PySide6.__file__).parent
    for place in ("lrelease", "Qt/libexec/lrelease", "lrelease.exe"):
        if (folder / place).is_file():
            return folder / place
    raise SystemExit("This PySide6 brings no lrelease.")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract").add_argument("languages", nargs="*")
    commands.add_parser("compile")
    commands.add_parser("check")
    chosen = parser.parse_args()
    texts = extract()
    if chosen.command == "extract":
        for language in chosen.languages:
            path = FOLDER / f"cropsight_{language}.ts"
            if not path.exists():
                write(path, language, texts, {})
    bad = 0
    for path in sorted(FOLDER.glob("cropsight_*.ts")):
        known = read(path)
        if chosen.command == "extract":
            write(path, path.stem.removeprefix("cropsight_"), texts, known)
            print(f"{path.name}: {len(texts)} texts, {len(set(texts) - known.keys())} to translate")
        elif chosen.command == "compile":
            subprocess.run([release_tool(), path, "-qm", path.with_suffix(".qm")], check=True)
        else:
            for line in problems(texts, known):
                print(f"{path.name}: {line}")
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
