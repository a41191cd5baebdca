"""What an operator may set: environment variables with the prefix ``DANGJIAN_``, or a file ``.env`` in the checkout."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.errors import ConfigurationWrong

__all__ = ["CHECKOUT", "Settings", "load_settings"]

CHECKOUT = Path(__file__).resolve().parent.parent


def count_cores() -> int:
    """The cores this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def split_words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


# Several values in one variable, with commas or spaces between them.
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_words)]


def split_addresses(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


# Several addresses with white space between them: a comma may belong to an address, and all of it may be a password.
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(split_addresses)]


class Settings(BaseSettings):
    """Every setting has a default that works on a fresh clone; docs/running.md explains them."""

    model_config = SettingsConfigDict(
        env_prefix="DANGJIAN_", env_file=CHECKOUT / ".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    data_dir: Path = Field(default=CHECKOUT / "data", description="Database, reports and Prefect's own files")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; the SQLite file in data_dir if unset")
    seeds_dir: Path = Field(default=CHECKOUT / "seeds", description="Files that are loaded as an input of their own")
    sources_dir: Path | None = Field(default=None, description="Source files; connectors/sources if unset")
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        default_factory=count_cores, description="Processes that extract and clean"
    )
    batch_size: Annotated[int, Field(ge=1, le=1000)] = Field(
        # One task run costs about as much as extracting one or two pages: 50 keeps that at 2 to 4 %,
        # and loses at most 50 fetched pages when a run is killed.
        default=50,
        description="URLs per task and per database transaction",
    )
    sources_at_once: Annotated[int, Field(ge=1, le=64)] = Field(
        # More writers than this and Prefect's SQLite server answers "database is locked".
        default=4,
        description="Sources worked on at the same time",
    )
    failed_tasks_per_source: Annotated[int, Field(ge=0, le=200)] = Field(
        # Prefect's event queue loses records beyond some 2,000 task runs a run: 50 sources x 20 stay below.
        default=20,
        description="Failed URLs shown as task runs of their own, per source; the rest go into a table",
    )
    source_seconds: Annotated[float, Field(gt=0)] = Field(
        default=3600.0, description="Time limit of one source in one run; what is left waits for the next"
    )
    discover_seconds: Annotated[float, Field(gt=0)] = Field(
        default=600.0, description="Time limit for reading the lists of one source"
    )
    wait_minutes: Annotated[float, Field(ge=0, le=1440)] = Field(
        # Longer than a night takes; after that somebody should look.
        default=180.0,
        description="How long a run waits while another one is at work, before it gives up",
    )
    database_seconds: Annotated[float, Field(ge=0, le=3600)] = Field(
        # A restart of PostgreSQL, a backup that locks the file: three minutes cover both.
        default=180.0,
        description="How long a run waits for a database that is locked or gone",
    )
    contact: str = Field(default="", description="Address of who runs this, shown to the sites in the User-Agent")
    connect_seconds: Annotated[float, Field(gt=0)] = Field(
        default=10.0, description="Time limit for a connection, so that a dead host costs little"
    )
    retries: Annotated[int, Field(ge=0, le=10)] = Field(
        default=2, description="Further attempts per request within one run; what still fails waits for the next run"
    )
    open_networks: Words = Field(default=(), description="Networks that may be connected to although they are private")
    loopback_hosts: Words = Field(default=(), description="Hosts that may be on this very machine")
    resolve: Words = Field(default=(), description="host=address pairs that take the place of DNS")
    prefect_host: str = Field(default="127.0.0.1", description="Address that `dangjian serve` listens on")
    prefect_port: Annotated[int, Field(ge=1, le=65535)] = 4200
    prefect_login: str | None = Field(
        default=None,
        description="user:password of the server; made up and kept in data_dir/prefect/login if unset; none: no login",
    )
    web_host: str = Field(default="127.0.0.1", description="Address that `dangjian web` listens on")
    web_port: Annotated[int, Field(ge=1, le=65535)] = 4280
    web_user: str = Field(default="", description="Login of the reading room; needed when others can reach it")
    web_password: str = Field(default="", repr=False)
    notify: Secrets = Field(
        default=(),
        description="Where to tell when a source changes its state: addresses of Apprise, or prefect://block-type/name",
    )
    digest_to: Secrets = Field(default=(), description="Where to send the morning digest; written in the same way")
    web_url: str = Field(
        default="", description="Address of the reading room as readers reach it, for links to stories"
    )
    schedule: str = Field(default="30 2 * * *", description="Cron line of the nightly run, in Asia/Shanghai")

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the corpus database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'dangjian.db'}"

    @property
    def shown_database(self) -> str:
        """The same without its password: what may be printed."""
        return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", self.database)

    @property
    def prefect_home(self) -> Path:
        return self.data_dir.resolve() / "prefect"

    @property
    def reports_dir(self) -> Path:
        return self.data_dir.resolve() / "reports"

    @property
    def exports_dir(self) -> Path:
        return self.data_dir.resolve() / "exports"

    @property
    def digests_dir(self) -> Path:
        return self.data_dir.resolve() / "digests"


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process, read once. Raises ConfigurationWrong, without showing what may be a password."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"DANGJIAN_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise ConfigurationWrong(wrong, advice="改正 .env 或环境变量 / correct .env or the environment") from None
