from __future__ import annotations

from dataclasses import replace

import pytest

from cleaning.lines import place_repairs, read_lines, read_texts, write_lines
from models.records import Block, BlockKind, Credit, Draft, Found, Image, Origin, Repair

DRAFT = Draft(
    source="s",
    url="u",
    key="k",
    title=Found("标题", Origin.META, "标题_某网"),
    authors=Found(("张三", "李四"), Origin.BYLINE),
    credits=(Credit("摄影", ("王五",), ("某报",)),),
    blocks=(
        Block(BlockKind.HEADING, "小标题"),
        Block(BlockKind.IMAGE, image=Image("http://a.example.cn/b.jpg", caption="图中人")),
        Block(BlockKind.PARAGRAPH, "第一段\n还是第一段"),
        Block(BlockKind.CAPTION, "图注"),
    ),
    furniture=("打印本页",),
)


def test_every_text_field_is_a_line_with_its_place() -> None:
    assert [(line.place, line.text) for line in read_lines(DRAFT)] == [
        ("title", "标题"),
        ("author 1", "张三"),
        ("author 2", "李四"),
        ("credit 1", "摄影"),
        ("credit 1", "王五"),
        ("credit 1", "某报"),
        ("paragraph 1", "小标题"),
        ("image 1", "图中人"),
        ("paragraph 2", "第一段 还是第一段"),
        ("caption 1", "图注"),
        ("furniture 1", "打印本页"),
    ]


def test_texts_are_those_of_the_lines() -> None:
    every = replace(
        DRAFT,
        kicker=Found("引题", Origin.META),
        subtitle=Found("副题", Origin.META),
        medium=Found("某报", Origin.BYLINE),
        platform=Found("某网", Origin.META),
        editors=Found(("赵六",), Origin.TAIL),
        newspaper_page=Found("04", Origin.META),
        tags=("党建", "社区\r治理"),
    )
    assert read_texts(every) == [line.text for line in read_lines(every)]


def test_lines_go_back_to_their_fields_and_provenance_stays() -> None:
    texts = [line.text + "*" for line in read_lines(DRAFT)]
    changed = write_lines(DRAFT, texts)
    assert [line.text for line in read_lines(changed)] == texts
    assert changed.title == Found("标题*", Origin.META, "标题_某网")


def test_a_block_whose_text_is_gone_is_dropped_but_a_picture_stays() -> None:
    emptied = write_lines(DRAFT, ["" for _ in read_lines(DRAFT)])
    assert [block.kind for block in emptied.blocks] == [BlockKind.IMAGE]


@pytest.mark.parametrize(("texts", "message"), [([], "removed a line break"), (["x"] * 99, "added a line break")])
def test_a_rule_that_changes_the_number_of_lines_is_refused(texts: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_lines(DRAFT, texts)


def test_repairs_get_the_place_of_their_offset() -> None:
    lines = read_lines(DRAFT)
    text = "\n".join(line.text for line in lines)
    at = text.index("第一段")
    placed = place_repairs(
        [Repair("r", "a", "b", at, at + 1), Repair("r", "a", "b", 0, len(text)), Repair("r", "a", "b", place="x")],
        lines,
        text,
    )
    assert [repair.place for repair in placed] == ["paragraph 2", "document", "x"]
