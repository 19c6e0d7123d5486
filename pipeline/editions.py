"""Frozen editions of a year's ranking: written once, cited, and told apart from what today's numbers say."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline import places
from pipeline.catalogue import Catalogue
from pipeline.export import defused
from pipeline.league import RANKED, League, league
from pipeline.model import UserError
from pipeline.ranking import DRAWS, SEED
from pipeline.sources import ROOT

_SCREENS = ROOT / "queries" / "screens"
_CONSOLE = ROOT / "queries" / "console"
_SAFE = re.compile(r"[^\w\-]+")


def folder() -> Path:
    """Where editions lie: PIPELINE_EDITIONS, else data/editions."""
    return places.editions()


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as it was written."""

    path: Path
    content: Mapping[str, Any]

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each indicator."""
        return {str(name): float(weight) for name, weight in self.content["weights"].items()}


def _rows(connection: duckdb.DuckDBPyConnection, file: Path, **parameters: object) -> list[dict[str, Any]]:
    asked = connection.execute(file.read_text("utf-8"), parameters or None)
    names = [column[0] for column in asked.description or ()]
    return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


def edition_of(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, county: str, year: int, preset: str
) -> dict[str, Any]:
    """The edition of a county's year: the same bytes from the same build."""
    scoring = catalogue.scoring
    if preset not in scoring.presets:
        raise UserError(f"没有权重方案“{preset}”；现有 {'、'.join(scoring.presets)}")
    weights = dict(scoring.presets[preset].weights)
    bodies = [row["body_id"] for row in _rows(connection, _CONSOLE / "bodies_of_county.sql", county=county)]
    if not bodies:
        raise UserError(f"数据库里没有“{county}”；请核对县（市、区）的名称")
    asked: dict[str, Any] = {"bodies": bodies, "first": year - 1, "last": year}
    rows = _rows(
        connection, _SCREENS / "ranking.sql", **asked, language="zh",
        indicators=list(weights), weights=list(weights.values()),
    )  # fmt: skip
    now = [row for row in rows if row["year"] == year]
    if not any(row["list"] == RANKED for row in now):
        raise UserError(f"{county} {year} 年没有可以排名的单位；请核对年份，或先 build")
    if len({row["scope"] for row in now}) > 1:
        raise UserError(f"名为“{county}”的不止一处；请先在数据目录里加以区分")
    values = _rows(connection, _SCREENS / "indicator_values.sql", **asked)
    build = _rows(connection, _SCREENS / "newest_build.sql")[0]
    first = now[0]
    model = scoring.models[str(first["model"])]
    content: dict[str, Any] = {
        "edition": f"{county}-{year}-{preset}-{model.model}-{build['build_id'][:8]}",
        "county": county, "scope": first["scope"], "year": year, "preset": preset, "model": model.model,
        "model_digest": first["digest"], "weights": weights, "least_assessable": model.least_assessable,
        "build": build["build_id"], "built_at": build["built_at"].isoformat(sep=" ", timespec="seconds"),
        "catalogue_hash": build["catalogue_hash"], "seed": SEED, "draws": DRAWS,
    }  # fmt: skip
    content["cite"] = (
        f"{county}{year}年度政务公开年报评比（{scoring.presets[preset].label_zh}，{model.label_zh}"
        f"，模型 {first['digest']}，数据 {build['build_id']}，{content['built_at'][:10]} 建）"
    )
    content["bodies"] = _bodies(now, values, rows, weights, year)
    return content


def _bodies(
    now: Sequence[Mapping[str, Any]],
    values: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    weights: Mapping[str, float],
    year: int,
) -> list[dict[str, Any]]:
    groups = dict.fromkeys(str(row["peer_group"]) for row in now)
    columns = {name: [row[name] for row in values] for name in values[0]}
    leagues = {group: league(rows, columns, weights, year, group) for group in groups}
    everybody = league(rows, columns, weights, year, None)
    of_body: dict[str, dict[str, float | None]] = {}
    for row in values:
        if row["year"] == year:
            of_body.setdefault(row["body_id"], {})[row["indicator"]] = row["value"]
    found = []
    for row in now:
        own = leagues[str(row["peer_group"])]
        entry: dict[str, Any] = {
            name: row[name]
            for name in ("body_id", "body", "peer_group", "list", "report_id", "score", "assessable")
        }
        entry |= _standing(own, row["body_id"], "") | _standing(everybody, row["body_id"], "_of_all")
        found.append(entry | {"values": of_body.get(row["body_id"], {})})
    return found


def _standing(own: League, body: str, suffix: str) -> dict[str, Any]:
    one = own.standing.get(body)
    return {
        f"place{suffix}": own.place.get(body),
        f"low{suffix}": one.low if one else None,
        f"high{suffix}": one.high if one else None,
        f"tier{suffix}": one.tier if one else None,
    }


def write(content: Mapping[str, Any], into: Path) -> tuple[Path, Path]:
    """Write an edition as JSON and as CSV; one that is there already and says otherwise is never overwritten."""
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{_SAFE.sub('_', content['edition'])}.json"
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and path.read_text("utf-8") != text:
        raise UserError(f"{path}：已有同名的版本而内容不同；已发布的版本不改写")
    path.write_text(text, "utf-8")
    table = path.with_suffix(".csv")
    table.write_bytes(b"\xef\xbb\xbf" + _csv(content).encode())
    return path, table


def _csv(content: Mapping[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    bodies = content["bodies"]
    plain = [name for name in bodies[0] if name != "values"]
    writer.writerow(["edition", "year", *plain, *content["weights"]])
    for body in bodies:
        cells = [body[name] for name in plain] + [body["values"].get(name) for name in content["weights"]]
        cells = [defused(cell) if isinstance(cell, str) else cell for cell in cells]
        writer.writerow(
            [content["edition"], content["year"], *("" if cell is None else cell for cell in cells)]
        )
    return out.getvalue()


def published(scope: str, year: int) -> list[Edition]:
    """The editions of a scope and year, the newest build first; a file that is none is passed over."""
    found = []
    for path in sorted(folder().glob("*.json")):
        try:
            content = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict) and content.get("scope") == scope and content.get("year") == year:
            found.append(Edition(path, content))
    return sorted(found, key=lambda one: str(one.content.get("built_at")), reverse=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """A body whose place or score is another today than in an edition; None where it has none."""

    body: str
    place_then: int | None
    place_now: int | None
    score_then: float | None
    score_now: float | None


def differences(edition: Edition, rows: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """What today's `rows` of `queries/screens/ranking.sql`, asked at the edition's weights, say otherwise."""
    then = {str(body["body_id"]): body for body in edition.content["bodies"]}
    now = {str(row["body_id"]): row for row in rows if row["year"] == edition.content["year"]}
    found = []
    for body_id in {**then, **now}:
        old, new = then.get(body_id, {}), now.get(body_id, {})
        one = Difference(
            str(old.get("body") or new.get("body")),
            _whole(old.get("place")), _whole(new.get("place")), _round(old.get("score")), _round(new.get("score")),
        )  # fmt: skip
        if (one.place_then, one.score_then) != (one.place_now, one.score_now):
            found.append(one)
    return found


def _whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)


def _round(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 6)
