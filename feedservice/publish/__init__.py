"""Articles become served bytes here: rendered, checked at the gate, compressed once.

feeds.py knows editions and what to do about articles that fail; gate.py what every document must be; sizes.py how large
articles and documents may be; codings.py compression and entity tags; lists.py the documents that belong to no feed.
"""

from __future__ import annotations

from feedservice.publish.feeds import Published, publish_feed
from feedservice.publish.lists import publish_list

__all__ = ["Published", "publish_feed", "publish_list"]
