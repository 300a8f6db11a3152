"""Findings and repairs written into the clerk's own Word file: comments, and tracked changes that a person accepts.

The words of the file stay as they are. Places are those that the reader noted while it walked the text (``Traced``);
runs are cut where a place begins and ends, and nothing else of the text is touched.
"""

AUTHOR = "年报检查"  #: who signs the comments and the changes; comments of this name are replaced by the next run
