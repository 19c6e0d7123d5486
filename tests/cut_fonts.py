"""How the fonts in data/fonts were cut from Fandol's: `python -m tests.cut_fonts FOLDER-OF-FANDOL`.

FangSong keeps all of GB 2312 and what the catalogue says; the others, for titles and headings, its first level. What they lack
falls back to FangSong, and what that lacks is printed as 〓 with its code point.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "data" / "fonts"
SIGNS = "〔〕—…“”‘’·•％＋－≥≤≠×±÷（）〇①②③④⑤⑥⑦⑧⑨⑩→□√〓─"


def gb2312(rows: Iterable[int]) -> set[str]:
    """The characters of some rows of GB 2312."""
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return {text for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))}


def wanted() -> dict[str, set[str]]:
    """Each font and its characters."""
    catalogue = (ROOT / "data" / "catalogue").rglob("*.csv")
    said = set("".join(path.read_text("utf-8") for path in catalogue))
    first = {chr(code) for code in range(0x20, 0x7F)} | gb2312(range(0xA1, 0xA4)) | set(SIGNS) | said
    first |= gb2312(range(0xB0, 0xD8))
    everything = first | gb2312(range(0xD8, 0xF8))
    heads = ("FandolHei-Regular", "FandolKai-Regular", "FandolSong-Bold")
    return {"FandolFang-Regular": everything, **dict.fromkeys(heads, first)}


def cut(folder: Path) -> None:
    """Write the fonts and the list of what FangSong holds."""
    for name, characters in wanted().items():
        options = subset.Options(hinting=False, name_IDs=["*"], layout_features=["*"], notdef_outline=True)
        options.drop_tables += ["vhea", "vmtx", "VORG"]
        font = subset.load_font(str(folder / f"{name}.otf"), options)
        font.recalcTimestamp = False
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(characters))
        cutter.subset(font)
        subset.save_font(font, str(FONTS / f"{name}.otf"), options)
    (FONTS / "characters.txt").write_text("".join(sorted(held())), "utf-8")


def held() -> set[str]:
    """What FangSong can print, the controls left out."""
    return {chr(code) for code in TTFont(FONTS / "FandolFang-Regular.otf").getBestCmap() if code >= ord(" ")}


if __name__ == "__main__":
    cut(Path(sys.argv[1]))
