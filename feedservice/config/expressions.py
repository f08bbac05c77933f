"""What selectors may name on a page: engines complain only when they come to it, if at all."""

from __future__ import annotations

import re

_CHINESE = re.compile("[“”‘’，；：（）【】「」『』《》、。]")
_NO_ELEMENT = re.compile(r"(?:^|(?<=[\s>+~,]))[^\W\x00-\x7f][^\s>+~,.#:]*")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\\.")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(
    r"(?P<variable>\$\s*)?(?P<name>[^\W\d][\w.-]*)(?P<local>:[^\W\d][\w.-]*|:\*)?(?P<axis>\s*::)?(?P<call>\s*\()?"
)
_CALLED = re.compile(
    r"last|position|count|id|local-name|namespace-uri|name|string|concat|starts-with|contains|substring|string-length"
    r"|substring-(?:before|after)|normalize-space|translate|boolean|not|true|false|lang|number|sum|ceiling|floor|round"
    r"|comment|text|processing-instruction|node|and|or|mod|div"
)
"""Functions, and what else a bracket may follow."""


def check_css_signs(selector: str) -> None:
    """Let a CSS selector through in which nothing is of a Chinese keyboard that only looks like CSS.

    Signs outside of quotes and brackets, which CSS takes for letters, and words where elements are named.
    Raises ValueError saying what cannot be.
    """
    bare = _BRACKETS.sub("", _LITERAL.sub("", selector.removeprefix("css:")))
    if found := _CHINESE.search(bare):
        raise ValueError(f"{found[0]} is no sign of CSS")
    if found := _NO_ELEMENT.search(bare):
        raise ValueError(f"no page has an element {found[0]}")


def check_xpath_names(expression: str) -> None:
    """Let an expression through that names no variable, no prefix but xml, and functions of XPath 1.0 alone.

    Raises ValueError saying what cannot be.
    """
    for found in _NAME.finditer(_LITERAL.sub('""', expression)):
        name = found["name"]
        if found["variable"]:
            raise ValueError(f"there is no variable ${name}")
        if found["local"] and name != "xml":
            raise ValueError(f"pages have no prefix {name}:")
        if found["call"] and not found["local"] and not _CALLED.fullmatch(name):
            raise ValueError(f"there is no function {name}()")
