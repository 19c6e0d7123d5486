"""指标说明: what every measure, channel, rule and status means, where it is printed, and how often it is given."""

import pandas as pd
import streamlit as st

from pages.ui import filters, formulas, sheet, store, tables
from pages.ui.tables import Column
from pages.ui.words import LANGUAGES, Words, speak
from pipeline.search import fold, words_of

# What is declared in the catalogue, and what only the screen names.
DECLARED = ("measure", "channel", "applicant", "layout", "rule")
NAMED = ("status", "bound_name", "state", "verdict", "outcome", "severity", "cause")


def answer(entries: pd.DataFrame, say: Words) -> list[str]:
    """How many of each the catalogue holds, and how many measures the reports in view give a figure for."""
    counts = {kind: entries.loc[entries["kind"] == kind, "code"].nunique() for kind in DECLARED}
    measures = entries[entries["kind"] == "measure"]
    said = [say("definitions.counts", **counts)]
    if pd.isna(measures["reports"].max()):
        return [*said, say("definitions.no_report")]
    given = len(measures[measures["n"] > 0])
    return [*said, say("definitions.given", reports=int(measures["reports"].max()), given=given)]


def names(row: pd.Series, say: Words) -> tuple[str, str]:
    """The name in the reader's language, and in the other."""
    own, other = (
        (row["label_zh"], row["label_en"])
        if say.language == LANGUAGES[0]
        else (row["label_en"], row["label_zh"])
    )
    return own, other  # fmt: skip


def forms(layouts: object, labels: dict[str, str], say: Words) -> str:
    return say("list.separator").join(labels[name] for name in codes(layouts))


def codes(layouts: object) -> list[str]:
    """The codes of a list column, where no list means none."""
    return [str(name) for name in layouts] if hasattr(layouts, "__iter__") else []


def share(row: pd.Series, say: Words) -> str:
    """How many reports give a figure, of how many that are asked for it."""
    if pd.isna(row["reports"]):
        return say("sign.absent")
    given = say.number(row["n"]) if pd.notna(row["n"]) else say("definitions.never")
    return say("definitions.share", n=given, all=say.number(row["reports"]))


# --- one entry in full ---------------------------------------------------------------------------


def show_measure(row: pd.Series, labels: dict[str, str], say: Words) -> None:
    """Where it is printed, what it is a part of, how it compares across forms, and which rules it enters."""
    code = row["code"]
    own, other = names(row, say)
    what = [say("definitions.code", code=code), other, say.of("unit", row["unit"])]
    what += [say.of("measure_section", row["section"]), say.of("sort", row["sort"])]
    sheet.title(own, say("source.part").join(what))
    sheet.text(say("definitions.held", share=share(row, say), forms=forms(row["layouts"], labels, say)))
    for relation, rows in store.ask("parts_of_measure", measure=code, language=say.language).groupby(
        "relation"
    ):
        sheet.text(say(f"definitions.{relation}", names=say.listed(list(rows["label"]), most=12)))
    show_places(code, say)
    show_joins(code, labels, say)
    rules = store.ask("rules_of_measure", measure=code, language=say.language)
    sheet.title(say("definitions.rules", count=len(rules)) if len(rules) else say("definitions.rules.none"))
    operands = operand_names(say)
    for _, rule in rules.iterrows():
        show_rule_line(rule, operands, say)


def show_places(measure: str, say: Words) -> None:
    places = store.ask("places_of_measure", measure=measure, language=say.language)
    if places.empty:
        sheet.note(say("definitions.in_text"))
        return
    sheet.title(say("definitions.places"), say("definitions.places.note"))
    rows = [row for _, row in places.iterrows()]
    columns = [
        Column(say("definitions.form"), [row["layout_label"] for row in rows], width=130),
        Column(
            say("definitions.table"), [say.of("measure_section", row["table"]) for row in rows], width=150
        ),
        Column(
            say("definitions.row"), [say("definitions.path").join(row["rows"]) for row in rows], width=330
        ),
        Column(say("definitions.column"), [column_of(row, say) for row in rows], width=120),
        Column(say("definitions.aliases"), [say("list.separator").join(row["aliases"]) for row in rows]),
    ]
    tables.show(columns, key="places", alt=say("definitions.places"))


def column_of(place: pd.Series, say: Words) -> str:
    path = [say("definitions.each_applicant") if part == "*" else part for part in place["columns"]]
    return say("definitions.path").join(path)


def show_joins(measure: str, labels: dict[str, str], say: Words) -> None:
    joins = store.ask("joins_of_measure", measure=measure, language=say.language)
    if joins.empty:
        return
    sheet.title(say("definitions.joins"))
    operands = operand_names(say)
    for _, row in joins.iterrows():
        what = {"before": row["from_label"], "behind": row["to_label"]}
        line = say("definitions.join", joins=say.of("join", row["joins"]), **what)
        if pd.notna(row["channel"]):
            line = say("definitions.join.channel", channel=row["channel"], line=line)
        terms = [operands.get(term, term) for term in row["terms"]]
        added = say("definitions.join.terms", terms=say("definitions.plus").join(terms)) if terms else ""
        sheet.text(say("source.part").join(filter(None, [line, row["note"], added])))


def operand_names(say: Words) -> dict[str, str]:
    found = store.ask("names_of_operands", language=say.language)
    return dict(zip(found["code"], found["label"], strict=True))


def show_rule_line(rule: pd.Series, operands: dict[str, str], say: Words) -> None:
    kind = [say.of("severity", rule["severity"]), say.of("cause", rule["cause"])]
    formula = formulas.in_words(rule["formula"], rule["rule_kind"], operands, say)
    lines = [say("findings.kind", rule=rule["rule"], kind=say("source.part").join(kind))]
    lines += [say("findings.formula", formula=formula)] if formula else []
    sheet.entry("rule", rule["label"], lines, "")
    link = {**filters.carried(), "rule": rule["rule"]}
    st.page_link("checks.py", label=say("definitions.outcomes"), query_params=link)


def show_about(entries: pd.DataFrame, labels: dict[str, str], code: str, say: Words) -> None:
    """One entry in full; a rule with all its parts."""
    rows = entries[entries["code"] == code]
    row = rows.iloc[0]
    with st.container(border=True, key="about"):
        if row["kind"] == "measure":
            show_measure(row, labels, say)
        else:
            own, other = names(row, say)
            what = [say("definitions.code", code=code), other, say.of("definitions_kind", row["kind"])]
            sheet.title(own, say("source.part").join(what))
            show_more(rows, labels, say)
        st.button(say("definitions.close"), on_click=filters.turn, args=("about", None), type="tertiary")


def show_more(rows: pd.DataFrame, labels: dict[str, str], say: Words) -> None:
    first = rows.iloc[0]
    if first["kind"] == "channel" and first["detail"]:
        sheet.text(say("definitions.synonyms", words=first["detail"]))
    if first["kind"] == "layout":
        sheet.text(say("definitions.years", years=first["detail"]))
    if first["kind"] == "rule":
        operands = operand_names(say)
        own = rows.rename(columns={"code": "rule"}).assign(
            label=[names(row, say)[0] for _, row in rows.iterrows()]
        )
        for _, row in own.iterrows():
            show_rule_line(row, operands, say)
            sheet.note(
                say("definitions.source", source=row["source"], forms=forms(row["layouts"], labels, say))
            )


# --- lists ---------------------------------------------------------------------------------------


def show_list(entries: pd.DataFrame, part: str, labels: dict[str, str], say: Words) -> None:
    """The entries of one kind; a click shows one in full."""
    rows = entries[entries["kind"] == part]
    sheet.title(
        say("definitions.listed", kind=say.of("definitions_part", part), count=rows["code"].nunique()),
        say("definitions.pick"),
    )
    listed = [row for _, row in rows.iterrows()]
    both = [names(row, say) for row in listed]
    columns = [
        Column(say("definitions.name"), [own for own, _ in both], width=230),
        Column(say("definitions.other_name"), [other for _, other in both], width=220),
    ]
    if part == "measure":
        columns += [
            Column(say("definitions.unit"), [say.of("unit", row["unit"]) for row in listed], width=56),
            Column(
                say("definitions.section"),
                [say.of("measure_section", row["section"]) for row in listed],
                width=150,
            ),
            Column(
                say("definitions.forms"), [forms(row["layouts"], labels, say) for row in listed], width=190
            ),
            Column(
                say("definitions.given.column"), [share(row, say) for row in listed], numeric=True, width=80
            ),
        ]
    if part == "channel":
        columns.append(Column(say("definitions.known_as"), [row["detail"] for row in listed], width="large"))
    if part == "layout":
        columns.append(Column(say("definitions.of_years"), [row["detail"] for row in listed]))
    if part == "rule":
        columns += [
            Column(
                say("findings.severity"), [say.of("severity", row["severity"]) for row in listed], width=80
            ),
            Column(say("findings.cause"), [say.of("cause", row["cause"]) for row in listed], width=140),
        ]
    columns.append(Column(say("definitions.id"), [row["code"] for row in listed], width=160))
    chosen = st.query_params.get("about")
    place = tables.picked(columns, key=f"list-{part}-{chosen}", alt=say("definitions.question"), rows=18)
    if place is not None and listed[place]["code"] != chosen:
        filters.turn("about", listed[place]["code"])
        st.rerun()


def signs(say: Words, terms: list[str]) -> pd.DataFrame:
    """What the screen names: statuses, precision, states of reports, outcomes, each in both languages."""
    chinese, english = (Words(language) for language in LANGUAGES)
    rows = [
        {
            "kind": family,
            "code": code,
            "label_zh": name,
            "label_en": english.of(family, code),
            "detail": meaning(family, code, say),
        }
        for family in NAMED
        for code, name in chinese.family(family).items()
    ]
    found = [row for row in rows if all(term in fold(" ".join(row.values())) for term in terms)]
    return pd.DataFrame(found, columns=["kind", "code", "label_zh", "label_en", "detail"])


def meaning(family: str, code: str, say: Words) -> str:
    text = say.of("meaning", f"{family}.{code}")
    return "" if text == f"{family}.{code}" else text


def show_signs(rows: pd.DataFrame, say: Words) -> None:
    sheet.title(say("definitions.listed", kind=say("definitions_part.sign"), count=len(rows)))
    listed = [row for _, row in rows.iterrows()]
    both = [names(row, say) for row in listed]
    columns = [
        Column(
            say("definitions.kind"), [say.of("definitions_kind", row["kind"]) for row in listed], width=120
        ),
        Column(say("definitions.name"), [own for own, _ in both], width=150),
        Column(say("definitions.other_name"), [other for _, other in both], width=200),
        Column(say("definitions.meaning"), [row["detail"] for row in listed], width=430),
    ]
    tables.show(columns, key="signs", alt=say("definitions.question"), rows=20)


def as_downloaded(entries: pd.DataFrame, named: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The dictionary as it is narrowed, in one table."""
    rows = pd.concat([entries.assign(layouts=[" ".join(codes(row)) for row in entries["layouts"]]), named])
    return rows.assign(
        kind=[say.of("definitions_kind", kind) for kind in rows["kind"]],
        unit=["" if pd.isna(unit) else say.of("unit", unit) for unit in rows["unit"]],
        severity=["" if pd.isna(code) else say.of("severity", code) for code in rows["severity"]],
        cause=["" if pd.isna(code) else say.of("cause", code) for code in rows["cause"]],
    )


say = speak()
view = sheet.opened(say)
everything = store.ask("dictionary", terms=[], **view.query())
sheet.head(say("definitions.question"), answer(everything, say), view.invented, say)
label = "label_zh" if say.language == LANGUAGES[0] else "label_en"
layouts = everything[everything["kind"] == "layout"]
labels = dict(zip(layouts["code"], layouts[label], strict=True))
terms = words_of(filters.typed("term", say("definitions.find"), say("definitions.find.hint")))
entries = store.ask("dictionary", terms=terms, **view.query()) if terms else everything
named = signs(say, terms)
about = st.query_params.get("about")
if about in set(everything["code"]):
    show_about(everything, labels, about, say)
elif about:
    sheet.note(say("definitions.unknown"))
part = filters.switch("part", say("definitions.kind"), say.family("definitions_part"))
if part == "sign":
    show_signs(named, say)
else:
    show_list(entries, part, labels, say)
tables.download_listed(
    lambda: as_downloaded(entries, named, say),
    say.family("csv_dictionary"),
    say,
    name=say("menu.definitions"),
)
