"""What words and characters say wherever they stand: what rooms that may not meet have to know alike. All pure.

ago.py knows times told from the moment of reading, signs.py what a page says that is shown in the place of another,
marks.py characters that turn the direction of text, noticing.py what a reader would notice of an HTML text, and
differences.py how two versions of one differ.
"""
