"""Which sources a person can pick in a form: read from the source files when the flows are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from connectors.declaration import Source
from connectors.register import DEFAULT_FOLDER, Register, load_register
from flows.settings import Settings, load_settings

__all__ = [
    "ANY_FAILURE",
    "BY_SITE",
    "FailureChoice",
    "Limit",
    "RulesChoice",
    "SourceChoice",
    "label_of",
    "read_register",
    "slug_of",
]

# Between name and slug of a choice. The slug comes last and has no space, so that it can be read back.
BETWEEN = " · "
# What stands for "none chosen": for None the form would ask for the type of the value first.
ANY_FAILURE = "（全部类别）"
BY_SITE = "（按网址所属的网站）"
NO_SOURCES = "（尚无来源文件）"


# How many articles at the most.
Limit = Annotated[int, Field(ge=1)]


def read_register(settings: Settings) -> Register:
    return load_register(settings.sources_dir or DEFAULT_FOLDER)


def label_of(source: Source) -> str:
    return f"{source.name}{BETWEEN}{source.slug}"


def slug_of(choice: str) -> str:
    """The slug of a choice; a plain slug is understood as well."""
    return choice.rsplit(BETWEEN, 1)[-1]


def source_labels() -> tuple[str, ...]:
    register = read_register(load_settings())
    return tuple(label_of(source) for source in register.sources.values()) or (NO_SOURCES,)


def failure_kinds() -> tuple[str, ...]:
    from connectors.failures import FailureKind

    return tuple(kind.value for kind in FailureKind)


if TYPE_CHECKING:
    SourceChoice = str
    RulesChoice = str
    FailureChoice = str
else:
    # Literal is what Prefect's form shows as a drop-down.
    SourceChoice = Literal[source_labels()]
    RulesChoice = Literal[(BY_SITE, *source_labels())]
    FailureChoice = Literal[(ANY_FAILURE, *failure_kinds())]
