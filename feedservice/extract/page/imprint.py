"""Who runs a site and how it is best looked at: the text that is left where an article is nothing but a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import name_words
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary

_SURE = re.compile(
    r"ICP[备證证]|公网安备|网站标识码|copyright\s?[©(（\d]|©\s?(?:copyright\s?)?(?:19|20)\d\d|版权所有|(?:最佳|建议|推荐).{0,24}分辨率|分辨率.{0,12}(?:浏览|访问)|技术支持[:：]|(?:IE|浏览器).{0,12}(?:浏览|访问)"
    r"|未经.{0,16}(?:授权|许可|允许|同意).{0,24}(?:使用|转载|转发|摘编|复制|镜像|建立)|位(?:访客|访问者|来访者)|(?:违法|不良)信息举报",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:主|承|协|合)办(?:单位)?|主管(?:单位)?|(?:联系)?地址|邮编|邮政编码|(?:联系|值班|服务|监督|举报)?电话|传真|(?:电子)?邮箱"
    r"|办公时间|建设维护|运行维护|网站维护)\s?[:：]"
)
_MOST = 400
"""How many words at most an imprint has; what is longer is about something."""


def imprint_of(lines: Sequence[Line], values: Sequence[float]) -> list[int]:
    """The places of the last lines of a page's prose that tell of its site; none where no line surely does.

    values: how many words of prose each line is worth.
    """
    places: list[int] = []
    sure, words = False, 0.0
    for place in range(len(lines) - 1, -1, -1):
        if values[place] <= 0:
            continue
        plain = folded(lines[place].text[:_MOST])
        surely = _SURE.search(plain) is not None or _is_at_foot(lines[place].block)
        words += values[place]
        if words > _MOST or not (surely or len(_LABEL.findall(plain)) > 1):
            break
        sure = sure or surely
        places.append(place)
    return places if sure else []


_FOOT = vocabulary("foot footer copyright")
_NEAR = 6


def _is_at_foot(block: Element) -> bool:
    """Whether a block stands in what is named as the foot of the page."""
    around = (block, *islice(block.iterancestors(), _NEAR))
    return any(above.tag == "footer" or name_words(above) & _FOOT for above in around)
