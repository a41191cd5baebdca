"""Notifications reach a webhook, a mail server and the chat robots; what goes wrong is said, and never more."""

from __future__ import annotations

import json
from email.header import decode_header, make_header
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from flows.notify import MOST_BYTES, Message, cut, deliver, tell_failures
from flows.settings import Settings
from tests.flows.conftest import Api
from tests.flows.receivers import body_of, mail_server, webhook

NEWS = Message(
    "党建早报 11月22日", "🔴 某先锋网 失效\n<script>alert(1)</script> 新报道", "<html><p>新报道 &lt;b&gt;</p></html>"
)


def told(*addresses: str) -> tuple[SecretStr, ...]:
    return Settings(notify=" ".join(addresses)).notify  # type: ignore[arg-type]


async def test_a_webhook_gets_title_and_text() -> None:
    with webhook() as inbox:
        [delivery] = await deliver(told(f"json://127.0.0.1:{inbox.port}/hook"), NEWS)
    assert delivery.good
    [given] = inbox.given
    assert (given["title"], given["message"]) == (NEWS.title, NEWS.text)


async def test_a_mail_brings_the_page() -> None:
    with mail_server() as inbox:
        address = f"mailto://127.0.0.1:{inbox.port}?from=etl@example.cn&to=reader@example.cn&mode=insecure"
        [delivery] = await deliver(told(address), NEWS)
    assert delivery.good
    [mail] = inbox.given
    assert str(make_header(decode_header(mail["Subject"]))) == NEWS.title
    assert "新报道 &lt;b&gt;" in body_of(mail, "text/html")


ROBOTS = [
    ("wecombot://0123456789abcdef0123456789abcdef0123", "qyapi.weixin.qq.com", lambda sent: sent["text"]["content"]),
    ("dingtalk://abcdefghij1234567890", "oapi.dingtalk.com", lambda sent: sent["text"]["content"]),
    ("feishu://0123456789abcdef0123456789abcdef", "open.feishu.cn", lambda sent: sent["content"]["text"]),
]


@pytest.mark.parametrize(("address", "host", "read"), ROBOTS, ids=["wecom", "dingtalk", "feishu"])
async def test_chat_robots_get_text(monkeypatch: pytest.MonkeyPatch, address: str, host: str, read: Any) -> None:
    sent: list[tuple[str, Any]] = []

    def post(url: str, data: Any = None, **_: Any) -> requests.Response:
        sent.append((url, json.loads(data)))
        answer = requests.Response()
        answer.status_code = 200
        return answer

    monkeypatch.setattr(requests, "post", post)
    [delivery] = await deliver(told(address), NEWS)
    assert delivery.good, delivery
    [(url, payload)] = sent
    assert host in url
    assert "某先锋网 失效" in read(payload)


async def test_one_target_that_fails_costs_no_other_and_its_secrets_are_not_told() -> None:
    with webhook() as inbox, webhook() as broken:
        broken.status = 500
        good, bad, wrong = await deliver(
            told(
                f"json://127.0.0.1:{inbox.port}/hook",
                f"json://127.0.0.1:{broken.port}/very-secret-token",
                "nonsense-secret-token",
            ),
            NEWS,
        )
    assert (good.good, bad.good, wrong.good) == (True, False, False)
    said = " ".join(tell_failures([good, bad, wrong]))
    assert "json" in said
    assert "secret-token" not in said
    assert len(inbox.given) == 1


async def test_without_targets_nothing_is_sent() -> None:
    assert await deliver((), NEWS) == ()


def test_addresses_may_hold_commas_and_are_never_printed() -> None:
    settings = Settings(notify="mailto://u:p@h?to=a@b.cn,c@d.cn\n json://127.0.0.1/x")  # type: ignore[arg-type]
    assert [len(one.get_secret_value()) for one in settings.notify] == [31, 18]
    assert "u:p" not in repr(settings)


def test_a_long_text_is_cut_at_a_line_and_says_so() -> None:
    text = "\n".join(f"第 {number} 条新闻，标题很长很长" for number in range(200))
    shown = cut(text)
    assert len(shown.encode()) <= MOST_BYTES
    *kept, last = shown.splitlines()
    assert kept == text.splitlines()[: len(kept)]
    assert last == f"……另有 {200 - len(kept)} 行"
    assert cut("短") == "短"


@pytest.mark.slow
async def test_a_notification_block_of_the_prefect_ui_is_an_address(prefect_server: Api) -> None:
    from prefect.blocks.notifications import CustomWebhookNotificationBlock
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with webhook() as inbox, temporary_settings({PREFECT_API_URL: prefect_server.url}):
        block = CustomWebhookNotificationBlock(
            name="test", url=f"http://127.0.0.1:{inbox.port}/hook", json_data={"text": "{{subject}}|{{body}}"}
        )
        block.allow_private_urls = True
        await block.save("reader", overwrite=True)  # type: ignore[misc]
        good, missing = await deliver(told("prefect://custom-webhook/reader", "prefect://custom-webhook/nobody"), NEWS)
    assert good.good, good
    assert inbox.given == [{"text": f"{NEWS.title}|{NEWS.text}"}]
    assert not missing.good
    assert "nobody" in missing.detail or "ValueError" in missing.detail
