"""An invented district: documents as clerks would publish them, and the truth beside each.

Every name, figure and account in it is made up. The package knows nothing of how documents are read.
"""

from pipeline.invent.corpus import invent_corpus

__all__ = ["invent_corpus"]
