"""Articles become served bytes here: written once, checked at the gate, compressed once; what stays is taken over.

feeds.py knows the way from a feed's articles to its documents; archive.py what leaves it for its past; manuscripts.py
how articles are told apart and read; printing.py an edition in every format; composing.py one document, of old pieces
and new ones, and what is done about articles that fail; layout.py of what parts a document is made up, chunks.py
what is known of a part without reading it, and stock.py what can be had of a document as it was; pool.py the items that
several feeds share; gate.py what every document must be; sizes.py how large things may be; binding.py the document of
what was written; codings.py and stitching.py compression and entity tags; finishing.py the codings that come later;
lists.py the documents that belong to no feed.
"""

from __future__ import annotations

from feedservice.publish.feeds import Prepared, Published, prepare_feed, publish
from feedservice.publish.finishing import finish_documents
from feedservice.publish.lists import publish_list
from feedservice.publish.pool import Pool

__all__ = ["Pool", "Prepared", "Published", "finish_documents", "prepare_feed", "publish", "publish_list"]
