"""Formulas of the catalogue in the reader's words: names in the place of codes. Knows no page."""

import re
from collections.abc import Mapping

from pages.ui.words import Words

# Only these formulas are equations between codes; the others are said by the rule's own name.
EQUATIONS = ("equation", "years")
_CODE = re.compile(r"([a-z][a-z_0-9]*)(\[-1\])?")


def in_words(formula: str, kind: str, names: Mapping[str, str], say: Words) -> str:
    """An equation with the names of its terms; empty for a rule that is no equation."""
    if kind not in EQUATIONS:
        return ""
    signed = formula.replace(" - ", say("formula.minus"))

    def named(term: re.Match[str]) -> str:
        name = names.get(term[1], term[1])
        return say("formula.last_year", name=name) if term[2] else name

    return _CODE.sub(named, signed)
