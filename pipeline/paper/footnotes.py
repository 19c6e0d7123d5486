"""Footnotes of a docx, which python-docx does not write: a part of their own, and the references to it."""

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from docx.text.paragraph import Paragraph
from lxml import etree

_SEPARATORS = (("separator", "-1"), ("continuationSeparator", "0"))
STYLE = "FootnoteText"
_BOOKMARK = "_Note"


def _child(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, qn(f"w:{tag}"))
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _superscript(paragraph: Paragraph) -> etree._Element:
    run = etree.SubElement(paragraph._p, qn("w:r"))
    _child(_child(run, "rPr"), "vertAlign", val="superscript")
    return run


class Footnotes:
    """Collects notes while a document is written, then puts them into it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.root = etree.Element(qn("w:footnotes"), nsmap={"w": nsmap["w"]})
        self.numbers: dict[str, int] = {}
        for kind, number in _SEPARATORS:
            note = _child(self.root, "footnote", type=kind, id=number)
            _child(_child(_child(note, "p"), "r"), kind)

    def refer(self, paragraph: Paragraph, text: str) -> None:
        """A reference at the end of a paragraph, and the note it leads to; the same words are one note."""
        if text in self.numbers:
            self._refer_again(paragraph, self.numbers[text])
            return
        number = self.numbers[text] = len(self.numbers) + 1
        _child(paragraph._p, "bookmarkStart", id=str(number), name=f"{_BOOKMARK}{number}")
        _child(_superscript(paragraph), "footnoteReference", id=str(number))
        _child(paragraph._p, "bookmarkEnd", id=str(number))
        note = _child(_child(self.root, "footnote", id=str(number)), "p")
        _child(_child(note, "pPr"), "pStyle", val=STYLE)
        mark = _child(note, "r")
        _child(_child(mark, "rPr"), "vertAlign", val="superscript")
        _child(mark, "footnoteRef")
        words = _child(_child(note, "r"), "t")
        words.text = f" {text}"
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _refer_again(self, paragraph: Paragraph, number: int) -> None:
        """A note has one reference; what else leads to it is a field that repeats its number."""
        _child(_superscript(paragraph), "fldChar", fldCharType="begin")
        _child(_superscript(paragraph), "instrText").text = f" NOTEREF {_BOOKMARK}{number} \\h "
        _child(_superscript(paragraph), "fldChar", fldCharType="separate")
        _child(_superscript(paragraph), "t").text = str(number)
        _child(_superscript(paragraph), "fldChar", fldCharType="end")

    def attach(self) -> None:
        """Give the document its part of footnotes."""
        package = self.document.part.package
        blob = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self.document.settings.element
        own = etree.Element(qn("w:footnotePr"))
        for _, number in _SEPARATORS:
            _child(own, "footnote", id=number)
        # The schema fixes the order: right before what documents of python-docx's template always have.
        settings.find(qn("w:compat")).addprevious(own)
