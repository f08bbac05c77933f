"""A made-up site of one list page and its articles, for tests that break it in every way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SENTENCES = (
    "开发区管委会召开了第{n}次专题会议，研究部署下一阶段的重点工作，并听取了各部门的情况汇报。",
    "会议指出，第{n}批项目的建设进度总体顺利，相关企业的复工复产率已经达到百分之九十八。",
    "与会代表还就第{n}号方案的细节进行了讨论，提出了若干条具体的修改意见和建议，会后将逐条落实。",
)


@dataclass
class SmallSite:
    """`count` articles, newest first in the list. titles, columns: by number, where they are not as usual."""

    base: str = "http://news.example.org"
    count: int = 6
    titles: dict[int, str] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)

    @property
    def list_url(self) -> str:
        return f"{self.base}/news/index.html"

    def url(self, number: int) -> str:
        return f"{self.base}/news/2025/{number:04d}.html"

    def title(self, number: int) -> str:
        return self.titles.get(number, f"开发区第{number}批重点项目集中开工建设")

    def numbers(self) -> Iterable[int]:
        return range(self.count, 0, -1)

    def date(self, number: int) -> str:
        return (date(2025, 10, 1) + timedelta(days=number)).isoformat()

    def row(self, number: int) -> str:
        return f'<li><a href="{self.url(number)}">{self.title(number)}</a><span>{self.date(number)}</span></li>'

    def list_page(self, rows: Iterable[str] | None = None, *, charset: str = "utf-8") -> str:
        lines = "\n".join([self.row(number) for number in self.numbers()] if rows is None else rows)
        return (
            f'<html><head><meta charset="{charset}"><title>新闻</title></head><body><div class="nav">'
            f'<a href="/">首页</a> <a href="/about/">关于我们</a></div><ul class="list">\n{lines}\n</ul></body></html>'
        )

    def article_page(self, number: int, *, charset: str = "utf-8") -> str:
        column = self.columns.get(number, "新闻动态")
        text = "".join(f"<p>{sentence.format(n=number)}</p>" for sentence in SENTENCES)
        return (
            f'<html><head><meta charset="{charset}"><title>{self.title(number)}</title></head><body>'
            f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/news/">{column}</a></div>'
            f"<h1>{self.title(number)}</h1><div>发布时间：{self.date(number)} 10:{number:02d}　来源：开发区报</div>"
            f'<div class="content">{text}</div></body></html>'
        )

    def pages(self) -> Mapping[str, str]:
        """Everything that is there, by address."""
        return {self.list_url: self.list_page()} | {self.url(n): self.article_page(n) for n in self.numbers()}


ERROR_PAGE = (
    "<html><head><title>系统维护</title></head><body><h1>系统维护中</h1><p>对不起，服务器暂时无法处理您的请求，"
    "请稍后再试。</p><p><a href='/'>返回首页</a> <a href='javascript:history.back()'>返回上一页</a></p></body></html>"
)
