"""Charts of papers as SVG: bars with their figures written on them, told apart in black and white too."""

from collections.abc import Mapping, Sequence

from lxml import etree

from pipeline.paper.model import Chart, clean

WIDTH = 440.0
_BAR, _GAP, _SIZE, _LABELS, _RIGHT = 17.0, 9.0, 10.5, 150.0, 30.0
# From dark to light, so that neighbours differ on a grey print; the last is hatched.
SHADES = ("#1f4e79", "#6f9fc8", "#b9cfe4", "#e6edf5", "#ffffff")
_FONT = "FandolHei, sans-serif"
_ON_DARK = 0


def _svg(height: float) -> etree._Element:
    return etree.Element(
        "svg", xmlns="http://www.w3.org/2000/svg", width=f"{WIDTH:g}", height=f"{height:g}",
        viewBox=f"0 0 {WIDTH:g} {height:g}",
    )  # fmt: skip


def _write(parent: etree._Element, x: float, y: float, words: str, anchor: str, colour: str = "#000") -> None:
    settings = {"x": f"{x:.2f}", "y": f"{y:.2f}", "text-anchor": anchor, "fill": colour}
    element = etree.SubElement(parent, "text", settings | {"font-family": _FONT, "font-size": f"{_SIZE:g}"})
    element.text = clean(words)


def _rectangle(parent: etree._Element, x: float, y: float, width: float, height: float, fill: str) -> None:
    place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "width": f"{width:.2f}", "height": f"{height:.2f}"}
    etree.SubElement(parent, "rect", place | {"fill": fill, "stroke": "#1f4e79", "stroke-width": "0.6"})


def _done(svg: etree._Element, caption: str, alt: str, height: float) -> Chart:
    return Chart(caption, alt, etree.tostring(svg, encoding="unicode"), WIDTH, height)


def stacked(
    caption: str, alt: str, rows: Mapping[str, Sequence[int]], names: Sequence[str], ends: Sequence[str] = ()
) -> Chart:
    """A bar for each row, in parts that `names` tell apart; the figure of a part stands in it, `ends` behind the bar."""
    legend = 26.0
    height = legend + len(rows) * (_BAR + _GAP) + 4
    svg = _svg(height)
    at = _LABELS / 2
    for place, name in enumerate(names):
        _rectangle(svg, at, 6, 11, 11, SHADES[place])
        _write(svg, at + 15, 15.5, name, "start")
        at += 30 + _SIZE * len(name)
    room = WIDTH - _LABELS / 2 - 2 * _RIGHT
    most = max([1, *(sum(parts) for parts in rows.values())])
    for line, (label, parts) in enumerate(rows.items()):
        y = legend + line * (_BAR + _GAP)
        _write(svg, _LABELS / 2 - 6, y + 12.5, label, "end")
        x = _LABELS / 2
        for place, part in enumerate(parts):
            width = room * part / most
            if part:
                _rectangle(svg, x, y, width, _BAR, SHADES[place])
                colour = "#fff" if place <= _ON_DARK else "#000"
                if width >= _SIZE * 0.6 * len(str(part)):
                    _write(svg, x + width / 2, y + 12.5, str(part), "middle", colour)
            x += width
        if ends:
            _write(svg, x + 5, y + 12.5, ends[line], "start")
    return _done(svg, caption, alt, height)


def bars(caption: str, alt: str, rows: Mapping[str, int]) -> Chart:
    """A bar for each row with its figure behind it; long labels stand above their bar."""
    step = _BAR + _SIZE + 10
    height = len(rows) * step + 4
    svg = _svg(height)
    most = max([1, *rows.values()])
    for line, (label, value) in enumerate(rows.items()):
        y = line * step
        _write(svg, 0, y + 11, label, "start")
        width = (WIDTH - _RIGHT) * value / most
        _rectangle(svg, 0.5, y + 15, width, _BAR - 5, SHADES[0])
        _write(svg, width + 6, y + 25, str(value), "start")
    return _done(svg, caption, alt, height)
