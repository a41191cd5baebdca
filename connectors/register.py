"""The register: every source file of a folder, checked; mistakes with file, line and what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from connectors.declaration import PageRules, Source, Verified, check_selector
from models.errors import SourceFileWrong

__all__ = [
    "DEFAULT_FOLDER",
    "Mistake",
    "Register",
    "RegisterError",
    "export_schema",
    "load_register",
    "single_page",
    "source_table",
]

DEFAULT_FOLDER = Path(__file__).parent / "sources"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in one source file."""

    file: Path
    line: int  # 1-based
    place: str  # dotted path of the setting, e.g. discover.pages.pattern
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place + ': ' if self.place else ''}{self.expected}"


class RegisterError(SourceFileWrong):
    """One or more source files are wrong: our configuration, to be corrected by a person."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.mistakes,)


@dataclass(frozen=True, slots=True)
class Register:
    """The sources that can be used, by slug, and what is wrong with the others: a bad file costs only itself."""

    sources: Mapping[str, Source]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources.values() if source.enabled)

    def raise_for_mistakes(self) -> None:
        if self.mistakes:
            raise RegisterError(self.mistakes)


def load_register(folder: Path = DEFAULT_FOLDER) -> Register:
    """Read every ``*.yaml`` of the folder in the order of names. The slug of a source is its file's name."""
    sources: dict[str, Source] = {}
    mistakes = [Mistake(file, 1, "", f"expected the name {file.stem}.yaml") for file in sorted(folder.glob("*.yml"))]
    for file in sorted(folder.glob("*.yaml")):
        source, wrong = read_source(file)
        mistakes.extend(wrong)
        if source is not None:
            sources[source.slug] = source
    return Register(sources, tuple(mistakes))


def read_source(file: Path) -> tuple[Source | None, tuple[Mistake, ...]]:
    """One source file, or why it cannot be used."""
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        return None, (Mistake(file, 1, "", f"expected UTF-8 text; {error.reason} at byte {error.start}"),)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        return None, (Mistake(file, mark.line + 1 if mark else 1, "", f"expected plain YAML; {problem}"),)
    if not isinstance(content, dict):
        return None, (Mistake(file, 1, "", "expected settings of the form 'name: value'"),)
    if twice := tuple(_find_twice(file, node)):
        return None, twice
    return _validate(file, content, node)


def _find_twice(file: Path, top: yaml.Node | None) -> Iterator[Mistake]:
    """Settings that stand twice in one place: YAML would take the last and drop the first without a word."""
    left, met = [top], set[int]()
    while left:
        node = left.pop()
        if id(node) in met:  # an alias, maybe of what it stands in
            continue
        met.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            left += node.value
        elif isinstance(node, yaml.MappingNode):
            left += [value for _, value in node.value]
            yield from _twice_in(file, [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)])


def _twice_in(file: Path, keys: Iterable[yaml.ScalarNode]) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for key in keys:
        line = key.start_mark.line + 1
        if (before := first.setdefault(key.value, line)) != line:
            yield Mistake(file, line, key.value, f"expected once; it stands on line {before} already")


def _validate(file: Path, content: dict[str, Any], node: yaml.Node | None) -> tuple[Source | None, tuple[Mistake, ...]]:
    given = content.setdefault("slug", file.stem)
    if given != file.stem:
        line = _line_of(node, ("slug",))
        return None, (Mistake(file, line, "slug", f"expected the name of the file, {file.stem!r}, or nothing"),)
    try:
        source = Source.model_validate(content)
    except ValidationError as error:
        return None, tuple(_explain(file, node, detail) for detail in _causes(error))
    if unreadable := tuple(_find_unreadable(file, node, source)):
        return None, unreadable
    return source.model_copy(update={"article": source.rules}), ()


def _find_unreadable(file: Path, node: yaml.Node | None, source: Source) -> Iterator[Mistake]:
    """Selectors of the article rules that are none: these rules know nothing of Pydantic (see models.rules)."""
    for number, rules in enumerate(source.article):
        for setting in fields(rules):
            given = getattr(rules, setting.name)
            for place, selector in enumerate(given if isinstance(given, tuple) else ()):
                path = ("article", number, setting.name, place)
                try:
                    check_selector(selector)
                except ValueError as error:
                    yield Mistake(file, _line_of(node, path), ".".join(map(str, path)), str(error))


def _causes(error: ValidationError) -> list[Any]:
    """Without what only follows: a list with a wrong member is reported as too short as well."""
    details = error.errors()
    places = [tuple(detail["loc"]) for detail in details]
    followed = {at[:length] for at in places for length in range(len(at))}
    return [detail for detail, at in zip(details, places, strict=True) if at not in followed]


def _explain(file: Path, node: yaml.Node | None, detail: Any) -> Mistake:
    # A discriminated union puts the value of ``kind`` into the path: not a setting, so it is not shown.
    path = tuple(detail["loc"])
    if len(path) > 1 and path[0] == "discover":
        path = (path[0], *path[2:])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        message = "no such setting here"
    elif detail["type"] == "missing":
        message = "expected this setting, it is missing"
    elif detail["type"] in ("tuple_type", "list_type"):
        message = f"expected a list, each entry on a line of its own behind '- '; found {detail['input']!r:.80}"
    elif detail["type"] not in ("value_error",):
        message = f"{message}; found {detail['input']!r:.80}"
    return Mistake(file, _line_of(node, path), ".".join(str(step) for step in path), message)


def _line_of(node: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """Line of the setting at ``path``, or of the nearest one above it that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def export_schema() -> str:
    """JSON Schema of a source file, for editors (``# yaml-language-server: $schema=...``)."""
    schema = Source.model_json_schema()
    schema["required"] = [name for name in schema["required"] if name != "slug"]
    schema["title"] = "Source file"
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def single_page(url: str) -> Source:
    """The source that a single address given by hand belongs to."""
    return Source(
        slug="single", name="单篇网址", verified=Verified.OWN_PAGE, discover=PageRules(kind="page", urls=(url,))
    )


def source_table(register: Register) -> str:
    """The register as a Markdown table, for people: what is read, how, and how far it was tried."""
    lines = ["| 来源 Source | 方式 Kind | 启用 Enabled | 验证 Verified | 网址 Site |", "|---|---|---|---|---|"]
    for source in register.sources.values():
        enabled = "是 yes" if source.enabled else "否 no"
        name = f"{source.name} (`{source.slug}`)"
        lines.append(f"| {name} | {source.discover.kind} | {enabled} | {source.verified} | {source.home or '–'} |")
    return "\n".join(lines) + "\n"
