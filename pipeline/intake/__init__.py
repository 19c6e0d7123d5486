"""From a heap of files to a published build: received, read for trial, settled by a person, published, undone.

What has come in lies in a batch, a folder of its own, until it is published: a warehouse made for trial shows what the
dashboard would then show. Everything that somebody decides is on the disk before it is answered.
"""

from pipeline.intake.batch import Batch, File, Site, batches, begin, open_batch
from pipeline.intake.folder import Taken, take, watch
from pipeline.intake.publishing import discard, publish, undo
from pipeline.intake.receiving import receive
from pipeline.intake.trial import Line, correct_in, is_fresh, lines_of, trial

__all__ = [
    "Batch",
    "File",
    "Line",
    "Site",
    "Taken",
    "batches",
    "begin",
    "correct_in",
    "discard",
    "is_fresh",
    "lines_of",
    "open_batch",
    "publish",
    "receive",
    "take",
    "trial",
    "undo",
    "watch",
]
