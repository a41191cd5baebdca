"""Stories of near copies: marks of sentences, bonds between wordings, decisions by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Hash = sa.String(64)
Word = sa.String(32)
Moment = sa.DateTime(timezone=True)

COLUMNS = (
    ("wording", sa.BigInteger(), None),
    ("letters", sa.Integer(), "0"),
    ("damage", sa.Integer(), "0"),
    ("relation", Word, None),
    ("copy_of", Hash, None),
    ("shared", sa.Integer(), None),
    ("sentences", sa.Integer(), None),
    ("containment", sa.Float(), None),
)

# A story goes by its representative from now on: the text it began with may be gone, an article stays.
RENAME_STORIES = (
    "INSERT INTO story (id, representative, articles, published_at) "
    "SELECT representative, representative, articles, published_at FROM story "
    "WHERE representative IS NOT NULL AND representative NOT IN (SELECT id FROM story)",
    "UPDATE article SET story = (SELECT representative FROM story WHERE story.id = article.story) "
    "WHERE EXISTS (SELECT 1 FROM story WHERE story.id = article.story AND representative IS NOT NULL)",
    "DELETE FROM story WHERE id NOT IN (SELECT story FROM article)",
    "UPDATE article SET relation = CASE WHEN id = story THEN 'original' ELSE 'same' END, "
    "copy_of = CASE WHEN id = story THEN NULL ELSE story END",
    "UPDATE article SET damage = (SELECT coalesce(sum(repair.count), 0) FROM repair WHERE repair.article = article.id "
    "AND repair.rule IN ('byte-damage', 'mojibake', 'pinyin'))",
)


def upgrade() -> None:
    for name, kind, default in COLUMNS:
        op.add_column("article", sa.Column(name, kind, nullable=default is None, server_default=default))
    op.create_index("ix_article_wording", "article", ["wording"], unique=False)
    op.create_table(
        "sentence_mark",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "wording", name=op.f("pk_sentence_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wording_bond",
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("relation", Word, nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("sentences", sa.Integer(), nullable=False),
        sa.Column("containment", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_wording_bond")),
    )
    op.create_index("ix_wording_bond_second", "wording_bond", ["second"], unique=False)
    op.create_table(
        "story_decision",
        sa.Column("first", Hash, nullable=False),
        sa.Column("second", Hash, nullable=False),
        sa.Column("verdict", Word, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["first"], ["article.id"], name=op.f("fk_story_decision_first")),
        sa.ForeignKeyConstraint(["second"], ["article.id"], name=op.f("fk_story_decision_second")),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_story_decision")),
    )
    op.create_index("ix_story_decision_second", "story_decision", ["second"], unique=False)
    for statement in RENAME_STORIES:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("story_decision")
    op.drop_table("wording_bond")
    op.drop_table("sentence_mark")
    op.drop_index("ix_article_wording", "article")
    with op.batch_alter_table("article") as article:
        for name, _, _ in COLUMNS:
            article.drop_column(name)
