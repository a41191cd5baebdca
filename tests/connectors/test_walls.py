"""What a wall looks like, and what only looks like one."""

from __future__ import annotations

from connectors.error_pages import recognise_error_page
from connectors.walls import recognise_wall

NAVIGATION = "".join(f'<li><a href="/c{n}/">栏目{n}</a></li>' for n in range(80))
LEFT_BEHIND = '<script src="/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js"></script>'


def test_a_product_that_leaves_its_script_on_every_page_does_not_make_each_a_wall() -> None:
    page = f"<html><body>{NAVIGATION}<p>东风社区党支部开展主题党日活动。</p>{LEFT_BEHIND}</body></html>".encode()
    assert recognise_wall(200, {}, page) is None
    assert recognise_wall(200, {}, f"<html><body>{LEFT_BEHIND}</body></html>".encode()) == "Cloudflare"


def test_words_of_walls_and_errors_in_the_frame_of_a_site_say_nothing() -> None:
    page = f"<html><body>{NAVIGATION}<p>请完成验证。页面不存在。</p></body></html>".encode()
    assert recognise_wall(200, {}, page) is None
    assert recognise_error_page(page) is None
    bare = "<html><body><p>请完成验证后继续访问</p></body></html>".encode()
    assert recognise_wall(200, {}, bare) == "安全验证页：请完成验证"
    assert recognise_error_page("<html><body><p>您访问的页面不存在</p></body></html>".encode()) is not None
