"""A web page of unknown hands as a page that can do nothing: no script, no request, no form, no link; figures marked.

What is let through is listed here; all else goes. The page is meant for a frame with an empty `sandbox`, and carries a
policy of its own: three walls, each of which holds alone.
"""

import html as escaping
import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from pipeline.alignment import aligned, between, stretches
from pipeline.model import Grid, Paragraph, Place
from pipeline.readers import html, mht
from pipeline.readers.limits import Limits

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light}body{margin:0;padding:12px;background:#fff;color:#1d2733;overflow-wrap:anywhere;"
    "font:14px/1.7 'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "img{max-width:100%}table{border-collapse:collapse;max-width:100%}td,th{border:1px solid #c9d0d8;padding:2px 5px}"
    ".picture-left-out{border:1px dashed #9aa6b3;color:#66717e;padding:0 .4em}"
    "mark.figure{background:#eaf1fa;color:inherit;scroll-margin:35vh}td.figure,th.figure{box-shadow:inset 0 0 0 1px #9dbbe0;scroll-margin:35vh}"
    "mark.figure:target,td.figure:target,th.figure:target{background:#ffe7a3!important;outline:2px solid #d99a00}"
)
_KEPT = frozenset(
    "html body a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del"
    " dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd legend li main mark nav"
    " ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time"
    " tr tt u ul var wbr".split()
)
# What a reader passes over goes with all that is in it; of other elements that are not kept, their text stays.
_GONE = (html.SKIPPED - {"head"}) | frozenset("audio canvas datalist noembed title video".split())
_LITERAL = frozenset("listing plaintext xmp".split())
_BLOCKS = frozenset("details dialog dir fieldset form hgroup marquee menu noframes optgroup search".split())
_OURS = frozenset(("figure", "picture-left-out"))
_ATTRIBUTES = {
    name: re.compile(pattern)
    for name, pattern in {
        "align": "[A-Za-z]{1,12}",
        "alt": r"[^\x00-\x1f]{0,200}",
        "bgcolor": "#?[0-9A-Za-z]{1,20}",
        "border": "[0-9]{1,3}",
        "cellpadding": "[0-9]{1,3}",
        "cellspacing": "[0-9]{1,3}",
        "class": r"[\w\- ]{1,200}",
        "color": "#?[0-9A-Za-z]{1,20}",
        "colspan": "[0-9]{1,4}",
        "dir": "ltr|rtl|auto",
        "height": "[0-9.]{1,6}%?",
        "lang": "[A-Za-z-]{1,20}",
        "rowspan": "[0-9]{1,5}",
        "size": "[+-]?[0-9]",
        "span": "[0-9]{1,4}",
        "start": "[0-9]{1,6}",
        "valign": "[A-Za-z]{1,12}",
        "width": "[0-9.]{1,6}%?",
    }.items()
}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_RULE = re.compile(r"([^{}@]{1,300})\{([^{}]*)\}")
_SELECTOR = re.compile(r"[\w\s.#,:>+~*\-]+")
_PROPERTY = re.compile(r"-?[a-z]{1,12}(?:-[a-z]{1,14}){0,5}")
# No bracket but of a colour or a sum, no backslash, no angle: nothing that could name an address or end the sheet.
_VALUE = re.compile(r"(?:[\w\s.,#%+*/'\"!\u3400-\u9fff-]|(?:rgba?|hsla?|calc)\([\w\s.,%+*/-]*\))+")
# What would lie over the frame's other parts, or call for something from outside.
_PROPERTIES_GONE = frozenset(
    "behavior position z-index -moz-binding cursor content animation transition src filter clip-path".split()
)


def page(data: bytes, media_type: str, places: Iterable[Place], limits: Limits) -> str:
    """The page in these bytes (HTML or a saved page), harmless, its `places` marked and named by their locators."""
    pictures: Mapping[str, str] = {}
    charset = None
    if media_type == "multipart/related":
        pictures = mht.pictures(data, limits)
        data, charset = mht.find_page(data, limits)
    root, _ = html.parse(data, charset)
    marks = _mark(root, places, limits)
    sheet = _sheet("\n".join("".join(style.itertext()) for style in root.iter("style")))
    _clean(root, pictures, marks)
    body = root.find("body")
    inner = etree.tostring(root if body is None else body, method="html", encoding="unicode", with_tail=False)
    inner = re.sub(r"^<(?:html|body)[^>]*>|</(?:html|body)>$", "", inner)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="referrer" content="no-referrer"><style>{sheet}</style><style>{_STYLE}</style></head>'
        f"<body>{inner}</body></html>"
    )


# ---- figures ----


def _mark(root: etree._Element, places: Iterable[Place], limits: Limits) -> dict[etree._Element, str]:
    """Marks put around the figures in the texts; the elements that are marks or marked cells, with their locators."""
    wanted: dict[int, list[Place]] = {}
    for place in dict.fromkeys(places):
        wanted.setdefault(place.block, []).append(place)
    marks: dict[etree._Element, str] = {}
    blocks = [(number, found) for number, found in enumerate(html.placed(root, limits)) if number in wanted]
    for number, (block, where) in blocks:
        if isinstance(block, Paragraph):
            marks |= _mark_text(block.text, where, wanted[number])
        elif isinstance(block, Grid):
            _mark_cells(block, where, wanted[number], marks)
    return marks


def _mark_cells(
    grid: Grid, elements: Sequence[etree._Element], places: Sequence[Place], marks: dict[etree._Element, str]
) -> None:
    cells = {
        (cell.row, cell.column): (cell, element) for cell, element in zip(grid.cells, elements, strict=True)
    }
    for place in places:
        if place.row is not None and place.column is not None and (place.row, place.column) in cells:
            cell, element = cells[place.row, place.column]
            if place.start is None:
                marks[element] = str(place)
    for (row, column), (cell, element) in cells.items():
        inside = [p for p in places if (p.row, p.column) == (row, column) and p.start is not None]
        if inside:
            marks |= _mark_text(cell.text, _slots(element), inside)


def _slots(cell: etree._Element) -> list[html.Slot]:
    """The texts of a cell in reading order."""
    slots: list[html.Slot] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start" and element.text:
            slots.append((element.text, element, False))
        if event == "end" and element is not cell and element.tail:
            slots.append((element.tail, element, True))
    return slots


def _mark_text(read: str, slots: Sequence[html.Slot], places: Sequence[Place]) -> dict[etree._Element, str]:
    printed = "".join(text for text, _, _ in slots)
    found = aligned(printed, read)
    if found is None:
        return {}
    spans = []
    for place in places:
        start, end = (0, len(read)) if place.start is None else (place.start, place.end or place.start)
        spans.append((*between(found, start, end), str(place)))
    marks: dict[etree._Element, str] = {}
    named: set[str] = set()
    cuts = list(stretches(spans))
    at = 0
    for text, element, is_behind in slots:
        here = [
            (max(start - at, 0), min(end - at, len(text)), names)
            for start, end, names in cuts
            if start < at + len(text) and end > at
        ]
        if here:
            marks |= _cut(text, element, is_behind, here, named)
        at += len(text)
    return marks


def _cut(
    text: str,
    element: etree._Element,
    is_behind: bool,
    here: Sequence[tuple[int, int, tuple[str, ...]]],
    named: set[str],
) -> dict[etree._Element, str]:
    """One text with marks in it: a name for the first stretch of each figure, the rest only look the same."""
    marks: dict[etree._Element, str] = {}
    made: list[etree._Element] = []
    for number, (start, end, names) in enumerate(here):
        new = [name for name in names if name not in named]
        named.update(new)
        # Figures that share a stretch are marks within each other, one name each.
        outer = inner = etree.Element("mark")
        marks[outer] = new[0] if new else ""
        for name in new[1:]:
            inner = etree.SubElement(inner, "mark")
            marks[inner] = name
        inner.text = text[start:end]
        following = here[number + 1][0] if number + 1 < len(here) else len(text)
        outer.tail = text[end:following]
        made.append(outer)
    before = text[: here[0][0]]
    if is_behind:
        parent = element.getparent()
        at = parent.index(element) + 1
        element.tail = before
    else:
        parent, at = element, 0
        element.text = before
    for offset, mark in enumerate(made):
        tail = mark.tail
        parent.insert(at + offset, mark)
        mark.tail = tail
    return marks


# ---- what may stay ----


def _clean(root: etree._Element, pictures: Mapping[str, str], marks: Mapping[etree._Element, str]) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag.lower() in _GONE:
            _drop(element)
            continue
        tag = element.tag.lower()
        kept = _attributes(element)
        source = element.get("src", "")
        element.attrib.clear()
        if tag in _LITERAL:
            element.tag = "pre"
        elif tag not in _KEPT:
            element.tag = "div" if tag in _BLOCKS else "span"
        for name, value in kept.items():
            element.set(name, value)
        if tag == "img":
            _picture(element, source, pictures)
        if element in marks:
            element.set("class", "figure")
            if marks[element]:
                element.set("id", marks[element])


def _drop(element: etree._Element) -> None:
    """Take an element out with all that is in it; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _attributes(element: etree._Element) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        pattern = _ATTRIBUTES.get(str(name).lower())
        if pattern is not None and pattern.fullmatch(str(value).strip()):
            kept[str(name).lower()] = str(value).strip()
    if "class" in kept:
        kept["class"] = " ".join(name for name in kept["class"].split() if name not in _OURS)
    style = _declarations(element.get("style", ""))
    return {**kept, "style": style} if style else kept


def _picture(element: etree._Element, source: str, pictures: Mapping[str, str]) -> None:
    """A picture that came with the page stays; of one that would have to be fetched, its place."""
    found = pictures.get(source.strip(), source)
    if _PICTURE.fullmatch(found):
        element.set("src", found)
        return
    element.tag = "span"
    element.text = element.get("alt") or "▧"
    element.attrib.clear()
    element.set("class", "picture-left-out")


def _declarations(style: str) -> str:
    kept = []
    for declaration in _COMMENT.sub(" ", style).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if _PROPERTY.fullmatch(name) and name not in _PROPERTIES_GONE and _VALUE.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _sheet(sheet: str) -> str:
    """The plain rules of a style sheet; rules that begin with @ go, and what stands in them too."""
    plain = re.sub(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[^{};]*;", " ", _COMMENT.sub(" ", sheet))
    plain = plain.replace("<!--", " ").replace("-->", " ")
    rules = []
    for selector, inner in _RULE.findall(plain):
        declarations = _declarations(inner)
        if declarations and _SELECTOR.fullmatch(selector) and "\n\n" not in selector:
            rules.append(f"{' '.join(selector.split())}{{{declarations}}}")
    return escaping.escape("\n".join(rules), quote=False).replace("&gt;", ">")
