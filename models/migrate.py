"""Bring a database to the revision that this program works with."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from models.database import reading, writing
from models.errors import DatabaseTooNew
from models.migrations import HEAD

__all__ = ["FOLDER", "migrate", "revision", "upgrade"]

FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> str:
    """Apply what is missing, in one transaction; answer the revision.

    Whoever comes second waits for the writers' lock and finds nothing left to do. Raises DatabaseTooNew.
    """
    with reading(engine) as connection:
        if revision(connection) == HEAD:
            return HEAD
    with writing(engine) as connection:
        if revision(connection) != HEAD:
            upgrade(connection)
    return HEAD


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables to a revision, within the caller's transaction. Raises DatabaseTooNew."""
    # Imported here: a second of start-up that only a database that is not up to date has to pay.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise DatabaseTooNew(
            f"revision {revision(connection) if to == 'head' else to}",
            expected=HEAD,
            advice="install the version that wrote it",
        ) from error
