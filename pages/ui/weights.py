"""Which weights a score is asked for: a preset, the reader's own block by block, a name for them; all in the address."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import filters, sheet
from pages.ui.words import Words
from pipeline.ranking import spread_weights


@dataclass(frozen=True, slots=True)
class Setting:
    """The weight of each indicator and what the setting is called. `is_own` where it is no preset."""

    label: str
    weights: dict[str, float]
    is_own: bool


def ask(scoring: pd.DataFrame, presets: pd.DataFrame, say: Words) -> Setting:
    """The boxes and sliders for the weights, set from the address, and what they come to."""
    labels = dict(zip(presets["preset"], presets["label"], strict=True))
    sheet.title(say("rank.weights"), say("rank.weights.note"))
    keys = [*scoring["block"].drop_duplicates(), *scoring["indicator"]]
    preset = filters.choice("preset", say("rank.preset"), labels, *keys)
    own = presets[presets["preset"] == preset]
    sheet.note(own["note"].iloc[0])
    usual = dict(zip(own["block"], own["block_weight"], strict=True))
    shares = dict(zip(own["indicator"], own["weight"], strict=True))
    blocks = {
        row["block"]: filters.slid(row["block"], row["block_label"], usual[row["block"]])
        for _, row in scoring.drop_duplicates("block").iterrows()
    }
    with st.expander(say("rank.weights.inner")):
        sheet.note(say("rank.weights.inner.note"))
        inner = {
            row["indicator"]: filters.slid(row["indicator"], row["label"], shares[row["indicator"]])
            for _, row in scoring.iterrows()
        }
    is_own = blocks != usual or inner != shares
    name = filters.typed("name", say("rank.name"), say("rank.name.hint"))
    if is_own:
        st.button(
            say("rank.reset", label=labels[preset]),
            on_click=filters.forget,
            args=(keys,),
            type="tertiary",
            key="reset-weights",
        )
    weights = spread_weights(blocks, inner, dict(zip(scoring["indicator"], scoring["block"], strict=True)))
    return Setting(_named(labels[preset], name, is_own, say), weights, is_own)


def _named(label: str, name: str, is_own: bool, say: Words) -> str:
    if not is_own:
        return label
    return say("rank.preset.named", name=name) if name else say("rank.preset.own", label=label)
