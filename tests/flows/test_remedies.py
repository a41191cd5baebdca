"""Every way to fail has a name in both languages, something to do, and a page; and messages name that page."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.failures import FailureKind, FetchError
from flows import workshop
from flows.failure_page import describe_failure
from flows.ingest import FailedItem
from flows.remedies import FOLDER, REMEDIES, Remedy, remedy_of
from flows.settings import Settings
from models import errors
from models.errors import DangjianError
from tests.models.corpus import candidate

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ROOT / FOLDER
HEADINGS = ("What it means", "How it looks", "Likely causes", "What to do", "What happens by itself")
CHINESE = re.compile("[一-鿿]")
ENGLISH = re.compile("[a-z]{3}")


def own_errors() -> list[type[DangjianError]]:
    return [
        error
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, DangjianError) and error is not DangjianError
    ]


def cleaning_kinds() -> Iterator[str]:
    """The kinds that the workshop gives by itself, read from its source so that a new one cannot be forgotten."""
    for node in ast.walk(ast.parse(inspect.getsource(workshop))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Broken":
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def test_there_are_kinds_to_look_at() -> None:
    assert len(FailureKind) >= 20
    assert len(own_errors()) >= 15
    assert set(cleaning_kinds()) == {"cleaning-timeout", "cleaning-memory", "cleaning-died"}


@pytest.mark.parametrize("kind", [*(kind.value for kind in FailureKind), *cleaning_kinds()])
def test_every_kind_of_failure_has_a_remedy_of_its_own(kind: str) -> None:
    assert remedy_of(kind).page == kind


@pytest.mark.parametrize("kind", FailureKind)
def test_a_kind_has_the_same_chinese_name_everywhere(kind: FailureKind) -> None:
    assert remedy_of(kind).zh == kind.chinese


@pytest.mark.parametrize("error", own_errors(), ids=lambda error: error.__name__)
def test_every_error_of_ours_names_its_page(error: type[DangjianError]) -> None:
    said = str(error("detail"))
    assert CHINESE.search(error.zh)
    if error is errors.TryAgainLater:  # the family as such is never raised
        return
    assert f"{FOLDER}/{error.page}.md" in said
    assert remedy_of(error.__name__) is REMEDIES[error.page]


def test_an_exception_that_nobody_expected_has_a_remedy_too() -> None:
    assert remedy_of("ZeroDivisionError").page == "cleaning-error"


@pytest.mark.parametrize("remedy", REMEDIES.values(), ids=lambda remedy: remedy.page)
def test_every_remedy_has_a_name_in_both_languages_an_advice_and_a_full_page(remedy: Remedy) -> None:
    assert CHINESE.search(remedy.zh)
    assert ENGLISH.search(remedy.en)
    assert CHINESE.search(remedy.advice)
    page = (ROOT / remedy.path).read_text("utf8")
    assert page.startswith(f"# {remedy.zh} · {remedy.en}\n")
    for number, heading in enumerate(HEADINGS):
        section = page.split(f" · {heading}\n", 1)[1].split("\n## ", 1)[0]
        assert CHINESE.search(section), heading
        assert ENGLISH.search(section), heading
        assert number == 0 or section.strip()[0] in "-1", heading


def test_the_index_lists_every_page_with_its_advice_and_no_page_is_left_over() -> None:
    index = (PAGES / "README.md").read_text("utf8")
    for remedy in REMEDIES.values():
        assert f"| [`{remedy.page}`]({remedy.page}.md) | {remedy.zh} · {remedy.en} | {remedy.advice} |" in index
    assert {page.stem for page in PAGES.glob("*.md")} == {*REMEDIES, "README"}


def test_what_pages_speak_of_exists() -> None:
    """Settings, commands and links named on the pages are those of this program."""
    text = "\n".join(page.read_text("utf8") for page in PAGES.glob("*.md"))
    settings = {f"DANGJIAN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"DANGJIAN_[A-Z_]+", text)) <= settings
    from typer.main import get_command

    from flows.cli import app

    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"`dangjian ([a-z-]+)", text)) <= commands
    for link in re.findall(r"\]\(([^)#]+\.md)", text):
        assert (PAGES / link).exists(), link


@pytest.mark.parametrize("kind", [*(kind.value for kind in FailureKind), *cleaning_kinds(), "ZeroDivisionError"])
def test_the_page_of_a_failed_task_says_what_to_do_and_where_more_stands(kind: str) -> None:
    item = FailedItem(candidate("甲"), "fetch", kind, "message", "", "")
    said = describe_failure(item, "示范", None)
    remedy = remedy_of(kind)
    assert remedy.zh in said
    assert remedy.advice in said
    assert remedy.path in said


def test_a_fetch_error_knows_its_page() -> None:
    assert FetchError(FailureKind.DNS, "http://nowhere.invalid/", "no address").page == "dns"
