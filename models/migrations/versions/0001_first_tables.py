"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Hash = sa.String(64)
Word = sa.String(32)
Slug = sa.String(128)
Moment = sa.DateTime(timezone=True)
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "raw_page",
        sa.Column("digest", Hash, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_raw_page")),
    )
    op.create_table(
        "run",
        sa.Column("id", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("slot", Word, nullable=True),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("heartbeat_at", Moment, nullable=False),
        sa.Column("lease_until", Moment, nullable=False),
        sa.Column("finished_at", Moment, nullable=True),
        sa.Column("flow_run_id", sa.Text(), nullable=True),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("slot", name=op.f("uq_run_slot")),
    )
    op.create_index("ix_run_started_at", "run", ["started_at"], unique=False)
    op.create_table(
        "source",
        sa.Column("slug", Slug, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_source")),
    )
    op.create_table(
        "story",
        sa.Column("id", Hash, nullable=False),
        sa.Column("representative", Hash, nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("published_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_table(
        "page_fetch",
        sa.Column("id", Hash, nullable=False),
        sa.Column("key", Hash, nullable=False),
        sa.Column("source", Slug, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", Word, nullable=False),
        sa.Column("digest", Hash, nullable=False),
        sa.Column("more", Json, nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("hints", Json, nullable=False),
        sa.Column("fetched_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["raw_page.digest"], name=op.f("fk_page_fetch_digest")),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_page_fetch_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_fetch")),
    )
    op.create_index("ix_page_fetch_key", "page_fetch", ["key"], unique=False)
    op.create_table(
        "run_source",
        sa.Column("run", Word, nullable=False),
        sa.Column("source", Slug, nullable=False),
        sa.Column("discovered", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("off_topic", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("state", Word, nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("coverage", Json, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_run_source_run")),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_run_source_source")),
        sa.PrimaryKeyConstraint("run", "source", name=op.f("pk_run_source")),
    )
    op.create_index("ix_run_source_source", "run_source", ["source"], unique=False)
    op.create_table(
        "source_list",
        sa.Column("source", Slug, nullable=False),
        sa.Column("url_hash", Hash, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", Hash, nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("good_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_source_list_source")),
        sa.PrimaryKeyConstraint("source", "url_hash", name=op.f("pk_source_list")),
    )
    op.create_table(
        "article",
        sa.Column("id", Hash, nullable=False),
        sa.Column("source", Slug, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("story", Hash, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("kicker", sa.Text(), nullable=True),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("series", Json, nullable=True),
        sa.Column("published_at", Moment, nullable=True),
        sa.Column("published_offset", sa.Integer(), nullable=True),
        sa.Column("published_precision", Word, nullable=True),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("authors", Json, nullable=False),
        sa.Column("photographers", Json, nullable=False),
        sa.Column("editors", Json, nullable=False),
        sa.Column("credits", Json, nullable=False),
        sa.Column("newspaper_page", sa.Text(), nullable=True),
        sa.Column("clicks", sa.BigInteger(), nullable=True),
        sa.Column("tags", Json, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=True),
        sa.Column("blocks", Json, nullable=False),
        sa.Column("script", Word, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("region_code", Word, nullable=True),
        sa.Column("regions", Json, nullable=False),
        sa.Column("topics", Json, nullable=False),
        sa.Column("methods", Json, nullable=False),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("relevance_hits", Json, nullable=False),
        sa.Column("flags", Json, nullable=False),
        sa.Column("provenance", Json, nullable=False),
        sa.Column("charset", sa.Text(), nullable=False),
        sa.Column("charset_origin", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("page", Hash, nullable=True),
        sa.Column("record_hash", Hash, nullable=False),
        sa.Column("content_hash", Hash, nullable=False),
        sa.Column("text_hash", Hash, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("flaps", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["page"], ["page_fetch.id"], name=op.f("fk_article_page")),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_article_source")),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name=op.f("fk_article_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    op.create_index("ix_article_first_seen_at", "article", ["first_seen_at"], unique=False)
    op.create_index("ix_article_published_at", "article", ["published_at"], unique=False)
    op.create_index("ix_article_region_code", "article", ["region_code"], unique=False)
    op.create_index("ix_article_source", "article", ["source"], unique=False)
    op.create_index("ix_article_story", "article", ["story"], unique=False)
    op.create_index("ix_article_text_hash", "article", ["text_hash"], unique=False)
    op.create_table(
        "candidate",
        sa.Column("key", Hash, nullable=False),
        sa.Column("source", Slug, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Text(), nullable=True),
        sa.Column("hints", Json, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("outcome", Word, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("strikes", sa.Float(), nullable=False),
        sa.Column("next_try", Moment, nullable=True),
        sa.Column("stage", Word, nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.Column("failed_at", Moment, nullable=True),
        sa.Column("page", Hash, nullable=True),
        sa.Column("run", Word, nullable=True),
        sa.Column("first_seen_at", Moment, nullable=False),
        sa.Column("checked_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page_fetch.id"], name=op.f("fk_candidate_page")),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_candidate_source")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_candidate")),
    )
    op.create_index("ix_candidate_source_state", "candidate", ["source", "state"], unique=False)
    op.create_index("ix_candidate_state_next_try", "candidate", ["state", "next_try"], unique=False)
    op.create_table(
        "article_version",
        sa.Column("article", Hash, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", Hash, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("kicker", sa.Text(), nullable=True),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("published_at", Moment, nullable=True),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("authors", Json, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", Json, nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("page", Hash, nullable=True),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_article_version_article")),
        sa.ForeignKeyConstraint(["page"], ["page_fetch.id"], name=op.f("fk_article_version_page")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_article_version")),
        sa.UniqueConstraint("article", "content_hash", name=op.f("uq_article_version_article_content_hash")),
    )
    op.create_table(
        "quarantine",
        sa.Column("key", Hash, nullable=False),
        sa.Column("source", Slug, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("stage", Word, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("page", Hash, nullable=True),
        sa.Column("run", Word, nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["key"], ["candidate.key"], name=op.f("fk_quarantine_key")),
        sa.ForeignKeyConstraint(["page"], ["page_fetch.id"], name=op.f("fk_quarantine_page")),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_quarantine_source")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_source", "quarantine", ["source"], unique=False)
    op.create_table(
        "repair",
        sa.Column("article", Hash, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", Hash, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("certainty", Word, nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_repair_article")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_repair")),
    )
    op.create_index("ix_repair_rule", "repair", ["rule"], unique=False)


def downgrade() -> None:
    op.drop_table("repair")
    op.drop_table("quarantine")
    op.drop_table("article_version")
    op.drop_table("candidate")
    op.drop_table("article")
    op.drop_table("source_list")
    op.drop_table("run_source")
    op.drop_table("page_fetch")
    op.drop_table("story")
    op.drop_table("source")
    op.drop_table("run")
    op.drop_table("raw_page")
