"""What a page says that is shown in the place of another: a challenge, a refusal, maintenance, an error, a login.

Only words and scripts are judged here. Whether the page is small enough to be one of these is for the caller to say: an
article that talks about error 404, or that announces maintenance, is an article.
"""

from __future__ import annotations

import re

CHALLENGE = "a challenge"
REFUSAL = "a page that turns visitors away"
MAINTENANCE = "a maintenance page"
ERROR = "an error page"
LOGIN = "a login page"

_SCRIPTS = (
    (
        re.compile(
            r"cf-browser-verification|_?cf_chl_|challenge-platform(?!/(?:h/\w/)?scripts/)"
            r"|/cdn-cgi/challenge(?!-platform/(?:h/\w/)?scripts/)",
            re.IGNORECASE,
        ),
        "a Cloudflare challenge",
    ),
    (
        re.compile(
            r"_Incapsula_Resource|distil_r_captcha|px-captcha|(?<!js\.)datadome|geo\.captcha-delivery", re.IGNORECASE
        ),
        "a bot challenge",
    ),
    (
        re.compile(
            r"\$_ts\s*=|\$_ts\.nsd|createElement\(\s*.section.\s*\)|acw_sc__v2|__jsl_clearance|_0x[0-9a-f]{4,6}\s*="
            r"|document\.cookie\s*=.{0,400}location\.(?:href|reload)",
            re.IGNORECASE | re.DOTALL,
        ),
        "a script challenge",
    ),
)
_PROGRAMS = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/\w/orchestrate|/\.within\.website/x/cmd/anubis|/\.safeline/challenge"
    r"|AwsWafIntegration|/\.well-known/(?:ddos-guard|vercel/security)/",
    re.IGNORECASE,
)
_WORDS = (
    (
        re.compile(
            r"请(?:先)?(?:完成|进行|通过)(?:下方|以下|图形|滑动)?(?:安全|人机|身份)?(?:的)?(?:验证"
            r"|校验)(?!码登)|(?:拖动|滑动|移动).{0,6}滑块"
            r"|请(?:输入|填写)(?:图中|图片中|下方|图形|正确)?(?:的)?(?:验证码|字符)|(?:进行|完成|通过)(?:人机"
            r"|安全)(?:身份)?验证|人机(?:身份)?验证"
            r"|(?:正在)?(?:检查|检测)(?:您的浏览器|客户端环境)|(?:验证|确认)(?:您|你)(?:是否)?(?:是|为)?(?:真人|人类)"
            r"|完成验证后.{0,4}继续|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser"
            r"|(?:complete|solve) the captcha|are you a robot|not a robot|you(?: a|['’])re not a bot"
            r"|confirm (?:that )?you(?: a|['’])re (?:a )?human|verifying your browser",
            re.IGNORECASE,
        ),
        CHALLENGE,
    ),
    (
        re.compile(
            r"(?:访问|操作|请求|刷新)(?:太|过于|过度|次数过)(?:频繁|快|多)|访问频率(?:过高|超限)"
            r"|(?:您|你)的(?:访问|请求|操作)(?:行为)?(?:已经?)?(?:可能)?(?:被|受到?)(?:本站|系统|网站|防火墙"
            r"|管理员)?(?:拦截|阻断|拒绝|限制|阻止|禁止)"
            r"|(?:您|你)的\s?ip.{0,30}(?:被|已|禁|限制|拦截|封)|(?:访问|请求)(?:已)?被(?:拦截|阻断|拒绝)"
            r"|触发了?.{0,10}(?:防护|拦截|安全)(?:规则|策略)|疑似.{0,6}攻击.{0,12}拦截"
            r"|too many requests|rate limit(?:ed)? exceeded|unusual traffic|(?:you have been|your (?:ip|request"
            r"|access)"
            r".{0,30}) (?:was |is |has been )?blocked|access (?:to this (?:page|site|resource) )?(?:is "
            r"|has been )?denied",
            re.IGNORECASE,
        ),
        REFUSAL,
    ),
    (
        re.compile(
            r"(?:系统|网站|本站|站点|服务器|平台)(?:正在|处于)?(?:进行)?(?:例行|升级|系统|停机|日常)?(?:维护"
            r"|升级|改版|建设)(?:和?(?:维护|升级))?(?:中|之中|状态|期间|，请|,请)"
            r"|(?:系统|网站|本站|平台)正在(?:进行)?(?:维护|升级|改版|建设)|(?:正在|停机)维护(?:中)?[，,。！!]"
            r"|(?:网站|本站|站点|服务)(?:已|暂时)?(?:临时)?(?:关闭|暂停(?:访问|服务)|不可用)"
            r"|(?:down for|under|undergoing|performing) (?:scheduled |routine |planned )?maintenance"
            r"|(?:temporarily|currently) unavailable|(?:we.ll|will) be (?:right )?back (?:soon|shortly)"
            r"|under construction",
            re.IGNORECASE,
        ),
        MAINTENANCE,
    ),
    (
        re.compile(
            r"(?:您?(?:访问|查看|请求|浏览|查找|要找)的(?:页面|网页|文章|内容|信息|资源|文件)?(?:不存在"
            r"|已(?:被)?删除|未找到"
            r"|找不到|不见了))|(?:页面|网页|文章|内容|信息)(?:不存在|已(?:被)?删除|走丢了|没找到)|(?:抱歉"
            r"|对不起)[，,].{0,16}(?:不存在|删除|无法(?:访问|找到)|找不到)|服务器(?:内部)?错误|"
            r"the page you (?:are|were) looking for|page (?:could )?not (?:be )?found|(?:file|object|page) not found"
            r"|this page (?:doesn.t|does not) exist|internal server error|seite wurde nicht gefunden"
            r"|page (?:est )?introuvable|página no encontrada",
            re.IGNORECASE,
        ),
        ERROR,
    ),
)
_LOGIN_WORDS = re.compile(
    r"请(?:先)?登[录陆]后?(?:再|查看|访问|继续)?|登[录陆]后(?:可|才能)?(?:查看|阅读|访问)|(?:please|you (?:must"
    r"|need to)) (?:log|sign) ?in|login required",
    re.IGNORECASE,
)
_SITE = r"\W*(?:[-_|–—·].{0,40})?$"
_TITLES = (
    (
        re.compile(
            r"^\W*(?:just a moment|attention required!?|security check(?:point)?|安全(?:验证|检查|校验)"
            r"|人机(?:身份)?验证|(?:滑动|访问|身份)验证"
            r"|请?(?:输入)?验证码|请完成(?:安全)?验证|百度安全验证|请稍[候后等][.…。]*|captcha|are you (?:a )?(?:human"
            r"|robot)\??|human verification|vercel security checkpoint"
            r"|(?:making sure|checking) you(?: a|['’])re not a bot!?)" + _SITE,
            re.IGNORECASE,
        ),
        CHALLENGE,
    ),
    (
        re.compile(
            r"^\W*(?:access denied|request (?:blocked|rejected)|too many requests|(?:429|403)\b.{0,40}"
            r"|forbidden|(?:您的)?(?:访问|请求)(?:已)?(?:被|受到?)(?:拦截|拒绝|限制|阻断|阻止)"
            r"|禁止访问|访问(?:受限|被拒)|(?:访问|操作|请求)过于频繁|(?:网站|云|web)?(?:防火墙|安全防护"
            r"|防护系统|安全狗)(?:拦截)?)" + _SITE,
            re.IGNORECASE,
        ),
        REFUSAL,
    ),
    (
        re.compile(
            r"^\W*(?:(?:系统|网站|本站|站点|服务器|平台)(?:正在|停机|升级)?(?:维护|升级|建设|改版)(?:维护"
            r"|升级)?(?:中|页面?)?|(?:正在)?维护中|网站(?:已|暂时)?(?:关闭|暂停)"
            r"|(?:site |website |system )?(?:is )?(?:down for |under |scheduled )?maintenance(?: mode)?"
            r"|under construction"
            r"|(?:we.ll be )?back soon)" + _SITE,
            re.IGNORECASE,
        ),
        MAINTENANCE,
    ),
    (
        re.compile(
            r"^\W*(?:(?:error\W*)?(?:http )?(?:404|500|502|503|504)\b.{0,40}|.{0,20}(?:页面|网页|文章|内容"
            r"|信息)(?:不存在|未找到"
            r"|找不到|已删除|已被删除|走丢了).{0,20}|(?:page )?not found.{0,20}|seite nicht gefunden.{0,20}"
            r"|page introuvable.{0,20}|internal server error|出错了.{0,10}|系统(?:提示|错误|繁忙|异常).{0,10}"
            r"|bad gateway"
            r"|service (?:temporarily )?unavailable|gateway time-?out|无法(?:访问|打开)(?:此|该)(?:页面|网站)"
            r"|该页无法显示|提示信息|错误(?:提示|页面?))" + _SITE,
            re.IGNORECASE,
        ),
        ERROR,
    ),
    (
        re.compile(
            r"^\W*(?:(?:用户|会员|统一身份认证|系统)?登[录陆](?:页面?)?|log ?in|sign ?in)" + _SITE, re.IGNORECASE
        ),
        LOGIN,
    ),
)
_SHELL = re.compile(
    r"(?:enable|activate|turn on|requires?|without) javascript|javascript (?:is )?(?:required|disabled|enabled)"
    r"|请(?:启用|开启"
    r"|打开)\s*javascript|<(?:div|main|section)\b[^>]{0,100}\bid=[\"']?(?:app|root|main|__next|__nuxt"
    r"|q-app)[\"']?[^>]{0,100}>"
    r"\s*(?:<!--.{0,200}?-->\s*)?(?:(?:<[^>]{1,200}>\s*){0,6}(?:加载中|正在加载|请稍[候后等]"
    r"|loading)[.…。]*\s*(?:</[^>]{1,20}>\s*){0,6})?</",
    re.IGNORECASE | re.DOTALL,
)
_ANNOUNCES = re.compile(
    r"通知|公告|公示|通告|关于|如何|怎[么样]|为什么|notice|announce|\bhow\b|\bwhy\b|\babout\b", re.IGNORECASE
)


def in_markup(html: str) -> str:
    """The challenge that a page's scripts are; "" for none."""
    return next((sign for pattern, sign in _SCRIPTS if pattern.search(html[:200_000])), "")


def is_program(html: str) -> bool:
    """Whether a page carries the program of a challenge, which stands on no other page, whatever its words are."""
    return _PROGRAMS.search(html[:200_000]) is not None


def in_title(title: str) -> str:
    """What a title says when it is nothing but the title of such a page; "" for any other."""
    return next((sign for pattern, sign in _TITLES if pattern.match(title)), "")


def in_text(text: str, title: str = "") -> str:
    """What a short text says; "" when it says none of these.

    title: the page's headline. One that announces or explains is an article's: its text may speak of maintenance.
    """
    for pattern, sign in _WORDS:
        if pattern.search(text) and not (sign is MAINTENANCE and _ANNOUNCES.search(title)):
            return sign
    return ""


def asks_for_login(text: str) -> bool:
    """Whether a short text asks to log in."""
    return _LOGIN_WORDS.search(text) is not None


def is_shell(html: str) -> bool:
    """Whether the markup is that of a page which scripts have yet to fill."""
    return _SHELL.search(html[:400_000]) is not None
