"""Articles become served bytes here: written once, checked at the gate, compressed once; what stays is taken over.

feeds.py knows the way from a feed's articles to its documents, press.py what all feeds are written with. archive.py
knows what leaves a feed for its past, window.py what one without an archive shows, sizes.py how large things may be.
manuscripts.py tells articles apart and reads them, carriers.py names all who carry one; printing.py writes an edition
in every format, composing.py one document, of old pieces and new ones, binding.py what is published of it, and gate.py
says what every document must be. layout.py knows of what parts a document is made up, chunks.py what is known of a part
without reading it, stock.py what can be had of a document as it was, pool.py and recent.py what several feeds share.
codings.py and stitching.py know compression and entity tags, finishing.py the codings that come later, lists.py the
documents that belong to no feed.
"""

from __future__ import annotations

from feedservice.publish.feeds import Prepared, Published, prepare_feed, publish
from feedservice.publish.finishing import finish_documents
from feedservice.publish.lists import publish_list
from feedservice.publish.pool import Pool
from feedservice.publish.press import Press

__all__ = ["Pool", "Prepared", "Press", "Published", "finish_documents", "prepare_feed", "publish", "publish_list"]
