"""Figures for scripts and spreadsheets over plain HTTP: `/api/facts.<format>`, and its manual at `/api/`."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import duckdb
import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pages.ui import access, choice, deeds, store, watch
from pages.ui.access import Visitor
from pages.ui.choice import Choice
from pages.ui.store import Snapshot
from pages.ui.words import LANGUAGES, Words
from pipeline.export import FORMATS, SHEET_ROWS
from pipeline.model import UserError

# The page's own names for the same things are understood too.
ALIASES = {"years": "year", "bodies": "body"}
KEYS = "body county kind lang known measure names scope shape status superseded year".split()
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)


class NotUnderstood(Exception):
    """A query that is refused: the key of its words and what they are about."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def manual(request: Request) -> Response:
    """How to ask, in Chinese and English."""
    host = _host(request)
    texts = [
        "\n".join(text.replace("HOST", host) for text in Words(language).family("api.manual").values())
        for language in LANGUAGES
    ]
    return PlainTextResponse("\n\n".join(texts) + "\n")


def facts(request: Request) -> Response:
    """Figures in the format that the path names, streamed."""
    asking = access.asker(request.cookies, request.headers.get("authorization", ""))
    watch.about(request.scope).update(role=asking.role)
    if not asking.may(access.needed("api")):
        return _forbidden(asking)
    try:
        with access.acting(asking):
            answer = _streamed(request.query_params, request.path_params["format"], _host(request))
            watch.about(request.scope).update(build=answer.headers["X-Build"])
            return answer
    except NotUnderstood as wrong:
        return _refused(wrong)
    except (duckdb.Error, OSError, UserError):
        return JSONResponse({"error": "no warehouse: run python -m pipeline build"}, status_code=503)


def _host(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _forbidden(asking: Visitor) -> Response:
    """Who is not known has to sign in; who is may not do this."""
    key, status = ("api.wrong.unknown", 401) if asking.role is None else ("api.wrong.role", 403)
    said = {language: Words(language)(key) for language in LANGUAGES}
    return JSONResponse({"error": said["en"], "error_zh": said["zh"]}, status_code=status)


def failed(number: str | None) -> Response:
    """What went wrong inside: the number to ask about."""
    said = {language: Words(language)("api.wrong.failed", number=number) for language in LANGUAGES}
    return JSONResponse({"error": said["en"], "error_zh": said["zh"], "number": number}, status_code=500)


def _refused(wrong: NotUnderstood) -> Response:
    said = {language: Words(language)(wrong.key, **wrong.values) for language in LANGUAGES}
    return JSONResponse({"error": said["en"], "error_zh": said["zh"]}, status_code=400)


def _streamed(query: QueryParams, format_: str, host: str) -> Response:
    if format_ not in FORMATS:
        raise NotUnderstood("api.wrong.format", value=format_[:20], known=", ".join(FORMATS))
    chosen = understood(query)
    if format_ == "xlsx" and chosen.counted()["all_figures"].iloc[0] > SHEET_ROWS:
        raise NotUnderstood("api.wrong.too_many", most=f"{SHEET_ROWS:,}")
    build, media_type = FORMATS[format_]
    name = chosen.file(chosen.say("export.file"), format_)
    about = chosen.about(host, deeds.seen() if format_ == "zip" else None)
    headers = {
        "Content-Disposition": disposition(name, f"facts.{format_}"),
        "X-Build": chosen.build()["build"],
        "X-Known-On": chosen.snapshot.day.isoformat() if chosen.snapshot.day else "",
        "X-Figures": str(about.facts["figures"]),
        # CSV has no place for it; a header holds no Chinese, so it is written as an address is.
        "X-Cite": "UTF-8''" + quote(str(about.facts["cite"])),
        "Cache-Control": "no-cache",
    }
    chunks: Iterator[bytes] = build(chosen.rows(), about)
    return StreamingResponse(chunks, media_type=media_type, headers=headers)


def disposition(name: str, plain: str) -> str:
    """The header that names a file: in Chinese for whoever reads RFC 5987, plain for others."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def understood(query: QueryParams) -> Choice:
    """The choice that a query describes; what does not exist is refused, never answered with nothing."""
    asked = _asked(query)
    say = Words(asked["lang"][-1] if asked["lang"] else LANGUAGES[0])
    _one_of("lang", asked["lang"], LANGUAGES)
    shape = _one_of("shape", asked["shape"], choice.SHAPES) or choice.SHAPES[0]
    names = _one_of("names", asked["names"], choice.NAMES) or "codes"
    superseded = _one_of("superseded", asked["superseded"], ("yes", "no")) == "yes"
    snapshot = store.snapshot(_day(asked["known"]))
    bodies = _bodies(asked, snapshot)
    measures = _known(
        "measure", asked["measure"], list(snapshot.ask("measures_listed", language="zh")["measure"])
    )
    statuses = _known("status", asked["status"], list(choice.STATUSES))
    if statuses and shape == "wide":
        raise NotUnderstood("api.wrong.wide_status")
    scopes = snapshot.ask("scopes").set_index("scope")
    found = sorted(set(bodies["scope"]))
    scope = asked["scope"][-1] if asked["scope"] else found[0] if len(found) == 1 else "real"
    first, last = scopes["first_year"].min(), scopes["last_year"].max()
    years = _years(asked["year"]) or ([] if pd.isna(first) else list(range(int(first), int(last) + 1)))
    if not years:
        raise NotUnderstood("api.wrong.empty")
    place = scopes["place"].get(scope)
    return Choice(
        snapshot=snapshot,
        scope=scope,
        place=say("export.real") if place is None or pd.isna(place) else str(place),
        invented=bool(bodies["invented"].any()),
        bodies=list(bodies["body_id"]),
        all_bodies=not asked["body"],
        body_names=list(bodies["name"]),
        years=years,
        measures=measures or None,
        statuses=statuses or None,
        shape=shape,
        names=names,
        superseded=superseded,
        say=say,
        address=[(key, value) for key in KEYS for value in asked[key]],
    )


def _asked(query: QueryParams) -> dict[str, list[str]]:
    """The values of each key; a key that is not known is refused."""
    asked: dict[str, list[str]] = {key: [] for key in KEYS}
    for key, value in query.multi_items():
        name = ALIASES.get(key, key)
        if name not in asked:
            raise NotUnderstood("api.wrong.key", name=key[:60], known=", ".join(KEYS))
        asked[name].append(value)
    return asked


def _one_of(key: str, values: list[str], known: tuple[str, ...]) -> str | None:
    return (_known(key, values, list(known)) or [None])[-1]


def _known(key: str, values: list[str], known: list[str]) -> list[str]:
    for value in values:
        if value not in known:
            shown = ", ".join(known) if len(known) < 20 else "/api/"
            raise NotUnderstood("api.wrong.value", name=key, value=value[:60], known=shown)
    return values


def _day(values: list[str]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(values[-1]) if values else None
    except ValueError:
        raise NotUnderstood("api.wrong.known", value=values[-1][:60]) from None


def _years(values: list[str]) -> list[int]:
    years: set[int] = set()
    for value in values:
        found = _YEARS.fullmatch(value)
        if found is None:
            raise NotUnderstood("api.wrong.year", value=value[:60])
        first, last = int(found[1]), int(found[2] or found[1])
        years.update(range(min(first, last), max(first, last) + 1))
    return sorted(years)


def _bodies(asked: dict[str, list[str]], snapshot: Snapshot) -> pd.DataFrame:
    """The bodies asked for; invented and real ones are never given together."""
    every = snapshot.ask("bodies_listed")
    if every.empty:
        raise NotUnderstood("api.wrong.empty")
    here = every
    if asked["scope"]:
        scope = asked["scope"][-1]
        _known("scope", [scope], list(snapshot.ask("scopes")["scope"]))
        here = every[~every["invented"]] if scope == "real" else every[every["scope"] == scope]
    here = _narrowed(here, "county", asked["county"], ["county"])
    here = _narrowed(here, "body", asked["body"], ["body_id", "name"])
    kinds = _narrowed(here, "kind", asked["kind"], ["kind"])
    if asked["kind"]:
        here = kinds
    elif not asked["body"]:
        # A county's own report counts its townships again.
        here = here[here["is_township"] | ~here["is_township"].any()]
    if not asked["scope"] and here["invented"].nunique() > 1:
        # Nothing was said: what is real. Named together, they are refused.
        if asked["body"] or asked["county"]:
            raise NotUnderstood("api.wrong.mixed")
        here = here[~here["invented"]]
    return here


def _narrowed(bodies: pd.DataFrame, key: str, values: list[str], columns: list[str]) -> pd.DataFrame:
    if not values:
        return bodies
    for value in values:
        if not any((bodies[column] == value).any() for column in columns):
            raise NotUnderstood("api.wrong.body", name=key, value=value[:60])
    wanted = bodies[columns[0]].isin(values)
    for column in columns[1:]:
        wanted |= bodies[column].isin(values)
    return bodies[wanted]


def routes() -> list[Any]:
    """The routes of the interface."""
    return [Route("/api", manual), Route("/api/", manual), Route("/api/facts.{format}", facts)]
