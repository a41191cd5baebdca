"""What the README and the page on running it tell people to type exists, in both languages alike."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from flows.cli import app
from flows.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("README.md", "README.zh-CN.md", "docs/running.md")


def known(words: list[str]) -> bool:
    """Whether a command line names a command, a sub-command and options that there are."""
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    return command.name != "main" and {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_shown_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf8")
    shown = re.findall(r"^(?:\.venv/bin/| {4})dangjian +([a-z][^#\n|]*)", text, re.M)
    assert len(shown) >= 5
    for line in shown:
        words = re.findall(r"[^\s\[\]]+", line)
        assert known(words), line


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_that_is_shown_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.M))
    text = (ROOT / page).read_text("utf8")
    assert set(re.findall(r"(?:^|[`\s])make ([a-z-]+)\b", text, re.M)) <= targets | {"serve"}


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = ((ROOT / page).read_text("utf8") for page in PAGES[:2])
    shown = [re.findall(r"^\.venv/bin/dangjian +([a-z]+(?: [a-z]+)?)", text, re.M) for text in (english, chinese)]
    assert sorted(shown[0]) == sorted(shown[1])


def test_every_setting_is_explained_and_no_other() -> None:
    """A setting that nobody explains is found by nobody; one that is gone misleads."""
    text = (ROOT / "docs" / "running.md").read_text("utf8")
    names = {f"DANGJIAN_{name.upper()}" for name in Settings.model_fields}
    assert names - set(re.findall(r"DANGJIAN_[A-Z_]+[A-Z]", text)) == set()
    assert set(re.findall(r"`(DANGJIAN_[A-Z_]+[A-Z])`", text)) - names == set()


@pytest.mark.parametrize("page", [*PAGES, "docs/errors/README.md", "docs/adding-a-source.md", "docs/decisions.md"])
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / page
    for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", file.read_text("utf8")):
        if not link.startswith("http"):
            assert (file.parent / link).exists(), link
