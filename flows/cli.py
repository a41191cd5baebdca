"""The command line `dangjian`. Imports only what the command at hand needs: `clean` never loads Prefect."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.search_commands import export, search
from flows.story_commands import story_app
from models.errors import DangjianError

__all__ = ["app", "main"]

app = typer.Typer(
    help="党建新闻采集 · nightly ETL of party-building news",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(story_app, name="story")
app.command()(search)
app.command()(export)

# Exit codes: 0 all well, 1 something failed, 2 the command was not understood (typer's own).
FAILED = 1

DryRun = Annotated[bool, typer.Option("--dry-run", help="只试运行，不写数据库 / write nothing")]
Since = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="只要这一天及以后的文章 / this day and later")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="每个来源最多几篇 / articles per source at most")]
Sources = Annotated[list[str] | None, typer.Option("--source", "-s", help="只处理这些来源 / these sources only")]


@app.command()
def nightly(source: Sources = None, since: Since = None, limit: Limit = None, dry_run: DryRun = False) -> None:
    """抓取种子和全部到期来源 / the nightly run: seeds and all due sources, once."""
    from flows.commands import run_nightly

    raise typer.Exit(run_nightly(only=source, since=since, limit=limit, dry_run=dry_run))


@app.command()
def ingest(
    what: Annotated[
        list[str], typer.Argument(help="一个来源的代号，或一个或几个网址 / slug of a source, or addresses")
    ],
    since: Since = None,
    limit: Limit = None,
    dry_run: DryRun = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="不因遇到已知文章而停止 / go on past known ones")
    ] = False,
    rules: Annotated[
        str | None,
        typer.Option("--rules", help="网址按这个来源的规则读取 / read addresses by the rules of this source"),
    ] = None,
) -> None:
    """抓取一个来源，或几个网址 / one source, or some addresses, now."""
    from flows.commands import are_addresses, run_ingest, run_urls

    if are_addresses(what):
        raise typer.Exit(run_urls(what, rules=rules, dry_run=dry_run))
    if len(what) > 1:
        raise typer.BadParameter("只能有一个来源，或全部是网址 / one source, or addresses only")
    raise typer.Exit(run_ingest(what[0], since=since, limit=limit, dry_run=dry_run, backfill=backfill))


@app.command()
def backfill(
    source: Annotated[str, typer.Argument(help="来源代号，见 dangjian sources / slug of the source")],
    since: Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="从这一天起 / this day and later")],
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="到这一天为止 / up to this day")
    ] = None,
    limit: Limit = None,
    dry_run: DryRun = False,
) -> None:
    """补采一段日期，不影响每晚采集的进度 / fetch a span of days, without moving the live position."""
    from flows.commands import run_backfill

    raise typer.Exit(run_backfill(source, since=since, until=until, limit=limit, dry_run=dry_run))


@app.command()
def seeds(dry_run: DryRun = False) -> None:
    """载入种子文件 / load the seed files."""
    from flows.commands import run_seeds

    raise typer.Exit(run_seeds(dry_run=dry_run))


@app.command()
def reprocess(
    source: Sources = None,
    everything: Annotated[bool, typer.Option("--all", help="也包括已用当前规则清洗的 / also up-to-date ones")] = False,
    quarantined: Annotated[bool, typer.Option("--quarantined", help="只处理隔离的 / the quarantine only")] = False,
    off_topic: Annotated[bool, typer.Option("--off-topic", help="只处理无关的 / those off topic only")] = False,
    since: Since = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="到这一天为止 / up to this day")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", help="只处理用这个版本清洗的 / made by this version")] = None,
    article: Annotated[
        list[str] | None, typer.Option("--article", "-a", help="网址或编号 / address or beginning of a key")
    ] = None,
    limit: Limit = None,
    dry_run: DryRun = False,
) -> None:
    """用已保存的原始页面重新清洗，不访问网络 / clean again from the raw pages, without the network."""
    from flows.commands import run_reprocess

    which = "隔离的" if quarantined else "无关的" if off_topic else "全部" if everything else "规则已更新的"
    raise typer.Exit(
        run_reprocess(
            only=source,
            which=which,
            since=since,
            until=until,
            rules_version=rules,
            articles=article or [],
            limit=limit,
            dry_run=dry_run,
        )
    )


@app.command()
def housekeeping(
    replaced_days: Annotated[int, typer.Option(help="被取代的原始页面保留几天 / days to keep replaced pages")] = 90,
    finished_days: Annotated[
        int | None, typer.Option(help="已完成文章的页面也只保留几天 / days to keep pages of finished articles too")
    ] = None,
    runs_days: Annotated[int, typer.Option(help="运行记录和报告保留几天 / days to keep runs and reports")] = 400,
    history_days: Annotated[int, typer.Option(help="Prefect 历史保留几天 / days to keep Prefect's history")] = 90,
    compact: Annotated[bool, typer.Option("--compact", help="把空间还给磁盘 / give the room back")] = False,
    dry_run: DryRun = False,
) -> None:
    """清理不再需要的页面和历史，从不删除文章 / drop pages and history that nobody needs, never an article."""
    from flows.commands import run_housekeeping

    days = {"replaced_days": replaced_days, "runs_days": runs_days, "history_days": history_days}
    raise typer.Exit(run_housekeeping(**days, finished_days=finished_days, compact=compact, dry_run=dry_run))


@app.command()
def retry(
    source: Sources = None,
    kind: Annotated[str | None, typer.Option("--kind", help="只重试这类失败 / this kind of failure only")] = None,
    given_up: Annotated[bool, typer.Option("--given-up", help="也包括已放弃的 / also those given up")] = False,
    dry_run: DryRun = False,
) -> None:
    """立即重试失败的网址 / try failed addresses again now."""
    from flows.commands import run_retry

    raise typer.Exit(run_retry(only=source, kind=kind, given_up=given_up, dry_run=dry_run))


sources = typer.Typer(help="来源：列出、检查、探测 / the sources: list, check, probe", invoke_without_command=True)
app.add_typer(sources, name="sources")


@sources.callback()
def list_sources(
    context: typer.Context,
    table: Annotated[bool, typer.Option("--table", help="只输出 Markdown 表格 / the register as Markdown")] = False,
) -> None:
    """列出全部来源 / list the sources and how they did last time."""
    if context.invoked_subcommand is not None:
        return
    from flows.overview import show_sources
    from flows.source_commands import print_table

    raise typer.Exit(print_table() if table else show_sources())


@sources.command()
def check(
    slugs: Annotated[list[str] | None, typer.Argument(help="来源代号；不填则为全部启用的来源 / default: all")] = None,
) -> None:
    """在本机网络上逐个试用来源，并标记可用的 / try sources on this network and mark those that work."""
    from flows.source_commands import check_sources

    raise typer.Exit(check_sources(slugs or []))


@sources.command()
def probe(
    url: Annotated[str, typer.Argument(help="栏目页或订阅源的网址 / address of a column page or feed")],
    slug: Annotated[str | None, typer.Option("--slug", help="新来源的代号 / slug of the new source")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写到这个文件 / file to write")] = None,
) -> None:
    """分析一个栏目页，显示前十篇文章，写出来源文件 / look at a column page, write a source file for it."""
    from flows.source_commands import probe_page

    raise typer.Exit(probe_page(url, slug=slug, output=output))


@sources.command()
def schema() -> None:
    """输出来源文件的 JSON Schema / the JSON Schema of source files, for editors."""
    from flows.source_commands import print_schema

    raise typer.Exit(print_schema())


@app.command()
def status() -> None:
    """语料库、最近运行和需要处理的问题 / the corpus, the last runs and what needs attention."""
    from flows.overview import show_status

    raise typer.Exit(show_status())


@app.command()
def digest(
    since: Since = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="到这一天为止 / up to this day")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="同时发送 / send it to DANGJIAN_DIGEST_TO")] = False,
) -> None:
    """党建早报：有问题的来源、新报道、一个月的数字 / the morning digest as HTML and Markdown files."""
    from flows.digest.command import make_digest

    raise typer.Exit(make_digest(since=since, until=until, send=send))


@app.command()
def notify(
    text: Annotated[str, typer.Argument(help="要发送的文字 / what to send")] = "测试通知 / a test",
) -> None:
    """给设置中的通知地址各发一条消息 / send a message to every address of DANGJIAN_NOTIFY and DANGJIAN_DIGEST_TO."""
    from flows.notify_command import send_test

    raise typer.Exit(send_test(text))


@app.command()
def migrate() -> None:
    """建立或升级数据库 / create or upgrade the database."""
    from flows.overview import migrate_database

    raise typer.Exit(migrate_database())


@app.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="文件夹或文件 / folder or file")],
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="文件夹中只保留最新几份 / leave the newest N in the folder")
    ] = None,
) -> None:
    """备份数据库和全部原始页面 / back up the database, raw pages included; runs may go on meanwhile."""
    from flows.backup import run_backup

    raise typer.Exit(run_backup(to, keep=keep))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 / the backup")],
    replace: Annotated[bool, typer.Option("--replace", help="覆盖现有数据 / overwrite what is there")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查备份 / only look whether the backup is sound")] = False,
) -> None:
    """从备份恢复，SQLite 和 PostgreSQL 通用 / restore a backup into SQLite or PostgreSQL."""
    from flows.backup import run_restore

    raise typer.Exit(run_restore(file, replace=replace, check_only=check))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / as JSON")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="不解析域名 / look no names up")] = False,
) -> None:
    """检查本机、数据库、服务器、来源，并说明怎么办 / look for what breaks in practice, and say what to do."""
    from flows.doctor.command import run_doctor

    raise typer.Exit(run_doctor(as_json=as_json, offline=offline))


@app.command()
def health() -> None:
    """服务器和数据库是否应答，供容器和监控使用 / exit status 0 if server and database answer."""
    from flows.doctor.vital import run_health

    raise typer.Exit(run_health())


@app.command()
def deploy() -> None:
    """多机使用：向 Prefect 服务器登记全部部署和工作池 / for workers: tell a Prefect server of all flows."""
    from flows.deploying import deploy_all

    raise typer.Exit(deploy_all())


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 / address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """启动 Prefect 服务器、定时任务和执行器 / Prefect server, schedules and runner until Ctrl-C."""
    from flows.serving import serve_all

    raise typer.Exit(serve_all(host=host, port=port))


@app.command()
def web(
    host: Annotated[str | None, typer.Option(help="监听地址 / address to listen on; default: 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port; default: 4280")] = None,
) -> None:
    """启动只读阅览室网页，直到 Ctrl-C / the read-only reading room until Ctrl-C."""
    from flows.web.serve import serve_room

    raise typer.Exit(serve_room(host=host, port=port))


@app.command()
def clean(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 / files or folders", exists=True)],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每行一个 JSON 对象 / one JSON object per line")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="说明每一处修改 / show every repair")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="进程数 / processes; default: all cores")] = None,
) -> None:
    """把文件清洗成记录，不用数据库 / turn files into clean records on standard output, without a database."""
    from flows.clean_files import clean_paths
    from flows.clean_output import choose_printer
    from flows.settings import load_settings

    show = choose_printer(jsonl=jsonl, explain=explain)
    failures = 0
    for done in clean_paths(paths, now=datetime.now(UTC), workers=workers or load_settings().workers):
        failures += done.error is not None
        show(done)
    sys.stdout.flush()
    raise typer.Exit(FAILED if failures else 0)


def main() -> None:
    """Entry point of the console script: UTF-8 out, whatever the locale; a closed pipe is no error.

    What went wrong in a way that we know is one line that says what to do; a traceback is for defects.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except DangjianError as error:
        print(error, file=sys.stderr)
        raise SystemExit(FAILED) from None
    except BrokenPipeError:
        # `dangjian clean ... | head`: the reader has seen enough. Python would complain again at exit.
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
