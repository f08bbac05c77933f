"""What a person's name looks like, on Chinese pages first."""

from __future__ import annotations

import re

from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import squeeze

_HAN = re.compile(r"[\u3400-\u9fff]")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯"
    "江尹薛闫雷段龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季穆包柯焦温岳齐葛祝詹华左耿关安甘代申"
    "查裴凌舒成柳邢路牛聂栗阮喻游颜翟梅盛项殷傅庄"
    "倪祁单蒲明庞樊管鲁卞南涂解尚费童应屈辛颛司欧上官诸葛尧宫宁岑冉符芦苗裘桂房佟鲍纪商牟仇卓蓝娄隋冀党连霍甄栾"
    "巩臧景晏干车束虞席雍初池佘谌缪敖麦仝逄晁邸亓苑邝植丘阎宗尉郎郜阚钮仲伍戚邬皮蔺郁胥闻劳姬郦桑濮寿扈郏浦瞿茹"
    "习艾古慎戈庾暨匡寇阙荆竺逯桓饶鞠巢蒯靳滕米冷兰班苟阴沙简狄嵇战"
    "張劉陳楊黃趙吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾譚鄒陸顧龍萬錢湯喬賀賴龔嚴華鄔藍莊連簡溫鐘紀闕塗駱聶齊歐費魯單項骆卫衛"
)
PROVINCES = vocabulary(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 "
    "贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 台湾 中国香港 中国澳门 中国台湾"
)
_COMPOUND = re.compile(
    r"(?:欧阳|上官|皇甫|司徒|令狐|诸葛|司马|宇文|申屠|南宫|夏侯|尉迟|公孙|慕容|长孙|东方|端木|轩辕|独孤|呼延|百里|东郭"
    r"|歐陽|司馬|諸葛|慕容|拓跋|澹台|闻人|赫连|第五|西门|南荣|羊舌|即墨|乐正|仲孙|万俟|鲜于|完颜)"
)
_OFFICE = re.compile(r"[省市县区镇网报社台刊界局院街路部委厅号版室园库店馆系处科组队团端]$")
_DOTTED = re.compile(r"[\u3400-\u9fff]{1,9}(?:\s?[·•・．‧]\s?[\u3400-\u9fffA-Z]{1,9}){1,3}")
_NATION = re.compile(r"^[\[【（(〔]?[\u3400-\u9fff]{1,4}[\]】）)〕]\s?")
_PROSE = re.compile(
    r"获悉|发现|看到|了解|走进|来到|介绍|表示|采访|告诉|观察|手记|调查|简介|综合|工作|协会|视角|快讯|专稿|专电|日前|近日|昨日"
    r"|今天|新闻|记者|编辑|中心|频道|小编|主编|文章|原创|大小|字号|先生|女士|同志|来源|作者|图片|现场|报道|报导|连线|单位|查询|查找|查看|申请|搜索|搜寻|登录|注册|专栏|列印|打印|收听|分享|简体|繁体|整合|整理|汇总|关注|转载|请注明|网络|佚名|匿名|未知|不详|暂无|投稿|管理"
)
_NO_SURNAME = re.compile(
    r"[的了在从到对是与说这那我你他她它们个据被把让给向其已昨近告访证会节站团稿题文图摄影视频音省市县区镇村街路网报社刊"
    r"局院部委厅版馆处科组队端]"
)


_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese: Japanese has the same characters, and kana between them."""
    return bool(_HAN.search(text)) and len(_KANA.findall(text)) < 0.1 * len(text)


_LETTERS = r"[^\W\d_][^\W\d_.'’-]*[.'’-]?(?:[^\W\d_]+)?"
_PARTICLES = "de|von|van|der|den|da|di|la|le|el|bin|al|ter"
_PERSON = re.compile(
    rf"^(?:(?:Dr|Prof)\.?\s)*{_LETTERS}(?:\s(?:{_PARTICLES})){{0,2}}(?:\s{_LETTERS}){{1,3}}$",
)


def is_person(text: str) -> bool:
    """Whether a text looks like a full name in a script with capitals: two to four words that begin with one."""
    return bool(
        len(text) < 50
        and _PERSON.match(text)
        and all(word[0].isupper() for word in (text.split()[0], text.split()[-1]))
    )


def without_aside(text: str) -> str:
    """A name without the account, the place or the bracket behind it: Jane Doe (Exampletown), Jane Doe @jane."""
    return _BEHIND.sub("", text) or text


_BEHIND = re.compile(r"(?<=\w)(?:\s*[(（\[].*|\s*@\w{2,30})$")
_BETWEEN = re.compile(r"\s*[,;/&]\s*|\s+(?:and|und|et|y|e|og|och|en|ja|i|a|oraz|dan|ve|și|és|и|та|και)\s+")


def people_in(text: str) -> tuple[str, ...]:
    """The full names that a text lists; none where anything else is in it: Jane Doe, John Roe and Ann Poe."""
    names = [name for name in _BETWEEN.split(squeeze(text)[:400]) if name]
    return tuple(dict.fromkeys(names)) if len(names) > 1 and all(is_person(name) for name in names) else ()


def is_chinese_name(text: str) -> bool:
    """Whether a text looks like the name of one Chinese person: a common surname and one to three characters more."""
    return 2 <= len(text) <= 4 and all(_HAN.match(char) for char in text) and text[0] in _SURNAMES


def is_province(text: str) -> bool:
    """Whether a text is the name of a province or the like, as platforms show where somebody wrote from."""
    return folded(text) in PROVINCES


def is_full_name(text: str) -> bool:
    """Whether a text is surely a Chinese person's full name: three characters that end like no office and no place."""
    return len(text) == 3 and is_chinese_name(text) and not _OFFICE.search(text)


def is_office(text: str) -> bool:
    """Whether a text ends as places, offices and papers do."""
    return _OFFICE.search(text) is not None


def is_dotted_name(text: str) -> bool:
    """Whether a text is a name of several parts with points between: 阿依古丽·买买提."""
    return _DOTTED.fullmatch(text) is not None


def may_be_name(text: str) -> bool:
    """Whether a text can be a name where a role before it says that one comes: any two or three characters but words.

    Four need a surname of two, or a common one and none of an office's endings.
    """
    if is_dotted_name(text):
        return True
    if not 2 <= len(text) <= 4 or not all(_HAN.match(char) for char in text) or _PROSE.search(folded(text)):
        return False
    if len(text) == 4:
        return bool(_COMPOUND.match(text)) or (is_chinese_name(text) and not _OFFICE.search(text))
    if is_chinese_name(text):
        return len(text) == 2 or not _OFFICE.search(text)
    return not _NO_SURNAME.search(folded(text))


def without_nation(text: str) -> str:
    """A foreign author's name without the country before it: [英]罗伯特·史密斯."""
    rest = _NATION.sub("", text)
    return rest if rest != text and is_dotted_name(rest) else text


def joined_characters(text: str) -> str:
    """A text in which the characters of names that are set with spaces inside stand together: 方 敏, 张 胜 男.

    Points between the parts of a name lose the spaces around them.
    """
    words: list[str] = []
    singles: list[str] = []
    for word in re.sub(r"\s?([·•・‧])\s?", r"\1", squeeze(text)).split(" "):
        if len(word) == 1 and _HAN.match(word):
            singles.append(word)
            continue
        words += [*_grouped(singles), word]
        singles = []
    return " ".join([*words, *_grouped(singles)])


def _grouped(singles: list[str]) -> list[str]:
    """Single characters in twos, the last of an odd run in a three."""
    if len(singles) < 2:
        return singles
    ends = [*range(2, len(singles) - len(singles) % 2 + 1, 2)]
    ends[-1] = len(singles)
    return ["".join(singles[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
