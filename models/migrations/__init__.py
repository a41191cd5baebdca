"""Migrations of the database: ``HEAD`` is the revision that this program works with."""

__all__ = ["HEAD"]

# Kept by hand (a test compares it), so that a start on an up-to-date database need not import Alembic (one second).
HEAD = "0006"
