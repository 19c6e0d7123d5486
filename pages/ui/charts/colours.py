"""The colours of both themes, of the channels and of the series; nothing is told by colour alone."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme, contrast checked against its background."""

    ink: str
    grey: str
    faint: str
    line: str
    ground: str
    blue: str
    rust: str
    soft: str
    on_bar: str


LIGHT = Palette(
    ink="#1d2733",
    grey="#66717e",
    faint="#a9b2bd",
    line="#e6eaef",
    ground="#ffffff",
    blue="#2f6db3",
    rust="#c2410c",
    soft="#c9d9ec",
    on_bar="#ffffff",
)


DARK = Palette(
    ink="#e6ebf1",
    grey="#9aa6b3",
    faint="#5b6774",
    line="#2b343e",
    ground="#14191f",
    blue="#6ea6e6",
    rust="#f08a5d",
    soft="#2d4766",
    on_bar="#10151a",
)


# A channel has one colour on every page; those after the first three are told apart by colour-blind readers too.
CHANNELS = {
    "website": "#2f6db3",
    "wechat": "#3a9a78",
    "toutiao": "#c98a1b",
    "weibo": "#a8518a",
    "douyin": "#4d4a8c",
    "video_account": "#7aa63c",
    "kuaishou": "#b4633a",
    "board": "#7b6a58",
    "village_board": "#9c8d7c",
    "screen": "#4f8a94",
    "gazette": "#5a8fc9",
    "media": "#8a6bb0",
    "procurement_portal": "#1f4e85",
    "service_portal": "#4a86c5",
    "miniprogram": "#5bb39a",
    "social": "#3a9a78",
    "web": "#2f6db3",
}


OTHER_CHANNEL = "#7d8894"


# Told apart by shape as well as by colour; the letters stand before the names at the lines' ends.
SYMBOLS = (
    ("circle", "●"),
    ("square", "■"),
    ("diamond", "◆"),
    ("triangle-up", "▲"),
    ("star", "★"),
    ("cross", "✚"),
)


MOST_LINES = len(SYMBOLS)


LINES_LIGHT = ("#2f6db3", "#c2410c", "#3a9a78", "#b07710", "#a8518a", "#4d4a8c")


LINES_DARK = ("#6ea6e6", "#f08a5d", "#5bb39a", "#e0ad3c", "#d08cbd", "#a9a6e0")


def palette() -> Palette:
    """The colours of the theme that the reader's browser shows."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def on(colour: str) -> str:
    """White or black, whichever can be read on a colour: one of them always has 4.5 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18 else "#000000"


def channel_colour(channel: str) -> str:
    """The colour of a channel, the same on every page."""
    return CHANNELS.get(channel, OTHER_CHANNEL)


def flow_colours() -> dict[str, str]:
    """The colours of what comes in and what becomes of it: blue for granted, rust for refused, greys between."""
    return {
        "requests_received": "#2f6db3",
        "requests_carried_in": "#7d8894",
        "granted": "#2f6db3",
        "granted_in_part": "#5a8fc9",
        "refused": "#c2410c",
        "unavailable": "#a8763e",
        "unprocessed": "#7b6a58",
        "other_outcome": "#66717e",
        "requests_carried_out": "#7d8894",
    }


def series_colours() -> list[str]:
    """The colours of the first series, the second and so on; each bar bears its series' name as well."""
    return ["#2f6db3", "#c98a1b", "#3a9a78", "#a8518a", "#66717e", "#7b6a58"]
