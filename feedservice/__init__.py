"""feedservice: any site, feed, API or folder of articles goes in; feeds that can be trusted come out."""

__version__ = "0.1.0"
