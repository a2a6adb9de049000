"""Turn the YAML people edit into the JSON the program loads: `python -m andon.standard.source`.

YAML is kind to the writer and slow to read, so the JSON is committed beside it; a test keeps
the two the same. The 2026 edition is a delta over 2015 and is written out in full here, so that
a program only ever sees whole editions.
"""

import json
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
TRANSITION = {
    "end_for_certified_organizations": "End of the transition for certified organizations",
    "only_2026_for_new_certificates_from": "New certificates only by this edition from",
    "first_2026_audits": "First audits by this edition",
}

Row = dict[str, Any]


def first_edition(doc: Row) -> Row:
    """Return the 2015 edition, whole."""
    clauses, requirements = [], []
    for clause in doc["clauses"]:
        number = clause["number"]
        clauses.append(
            {"number": number, "title": clause["title"], "note": clause.get("notes", "")}
        )
        for row in clause["requirements"]:
            item = {key: row[key] for key in ("id", "ref", "text", "kind", "evidence")}
            requirements.append(item | {"clause": number, "note": row.get("amendment", "")})
    facts = [
        {"name": "Published", "value": doc["published"], "confidence": "high"},
        {"name": "Status", "value": doc["status"], "confidence": "high"},
    ]
    head = {key: doc[key] for key in ("key", "slug", "name")}
    return head | {"clauses": clauses, "requirements": requirements, "facts": facts}


def _place(row: Row, first: Row) -> tuple[int, int, list[tuple[int, str]]]:
    """Sort a clause as it is read: lead sentence, lettered list, sentences after the list."""
    tail = row["id"].removeprefix(row["clause"] + "-")
    if tail[0].isalpha():
        parts = [(0, part) if part.isalpha() else (int(part), "") for part in tail.split("-")]
        return (1, 0, parts)
    before = [old["id"] for old in first["requirements"] if old["clause"] == row["clause"]]
    letters = [i for i, old in enumerate(before) if re.search(r"-[a-z]", old)]
    if row["id"] in before and letters and before.index(row["id"]) < letters[0]:
        return (0, before.index(row["id"]), [])
    return (2, int(tail), [])


def _carried(mapping: Row, new: str, old: Row) -> Row:
    """Return a 2015 requirement at its place in 2026."""
    clause = new.partition("-")[0]
    refs = mapping["ref_2026"].split(", ")
    ref = next((ref for ref in refs if ref.split(" ")[0] == clause), clause)
    kept = {key: old[key] for key in ("text", "kind", "evidence")}
    state = {"change": mapping["change"], "confidence": mapping["confidence"]}
    place = {"id": new, "ref": ref, "clause": clause, "came_from": [old["id"]], "note": ""}
    return place | kept | state


def _stated(delta: Row, row: Row, sources: list[str]) -> Row:
    """Return a requirement the delta states itself."""
    item = {key: row[key] for key in ("id", "ref", "text", "kind", "evidence", "change")}
    place = {"clause": row["ref"].split(" ")[0], "came_from": sources, "note": ""}
    return item | place | {"confidence": delta["confidence"]}


def later_requirements(doc: Row, first: Row) -> list[Row]:
    """Return the whole 2026 list: what the deltas state, and the rest carried over by the map."""
    old = {row["id"]: row for row in first["requirements"]}
    sources: dict[str, list[str]] = {}
    for mapping in doc["requirement_map"]:
        for new in mapping["ids_2026"]:
            sources.setdefault(new, []).append(mapping["id_2015"])
    found: dict[str, Row] = {}
    for delta in doc["deltas"]:
        for row in delta.get("requirements", []):
            found[row["id"]] = _stated(delta, row, sources.get(row["id"], []))
    for mapping in doc["requirement_map"]:
        for new in mapping["ids_2026"]:
            if new not in found:
                found[new] = _carried(mapping, new, old[mapping["id_2015"]])
    order = [clause["number"] for clause in doc["clause_tree"]]
    return sorted(found.values(), key=lambda row: (order.index(row["clause"]), _place(row, first)))


def later_facts(doc: Row) -> list[Row]:
    """Return publication and transition dates, each with how sure it is."""
    publication = doc["publication"]
    facts = [
        {
            "name": "Published",
            "value": publication["date"],
            "confidence": publication["confidence"],
            "basis": publication["not_seen"],
        }
    ]
    for key, name in TRANSITION.items():
        fact = doc["transition"][key]
        kept = {part: fact[part] for part in ("value", "confidence", "basis")}
        facts.append({"name": name} | kept)
    return facts


def _delta(delta: Row) -> Row:
    kept = ("clause", "title", "change", "text", "wording_only", "confidence", "rests_on")
    return {key: delta[key] for key in kept} | {
        "came_from": delta["from"],
        "source_ids": delta["source_ids"],
        "requirements": [row["id"] for row in delta.get("requirements", [])],
        "note": delta.get("note", ""),
    }


def later_edition(doc: Row, first: Row) -> Row:
    """Return the 2026 edition, whole, with its deltas and the map from 2015."""
    notes = {clause["number"]: clause["note"] for clause in first["clauses"]}
    head = {key: doc[key] for key in ("key", "slug", "name")}
    return head | {
        "clauses": [
            {
                "number": clause["number"],
                "title": clause["title"],
                "title_status": clause["title_status"],
                "came_from": clause["from_2015"].split(", "),
                "note": notes.get(clause["number"], ""),
            }
            for clause in doc["clause_tree"]
        ],
        "requirements": later_requirements(doc, first),
        "facts": later_facts(doc),
        "deltas": [_delta(delta) for delta in doc["deltas"]],
        "mappings": [
            {
                "before": mapping["id_2015"],
                "after": mapping["ids_2026"],
                "change": mapping["change"],
                "confidence": mapping["confidence"],
                "wording": mapping.get("wording", ""),
            }
            for mapping in doc["requirement_map"]
        ],
        "sources": [{key: value for key, value in row.items() if value} for row in doc["sources"]],
        "notes": doc["reliability_notes"],
    }


def vocabulary(terms: Row, principles: Row) -> Row:
    """Return terms, the words people use for them, and the principles."""
    core = {row["term"]: row["number"] for row in terms["core_terms_2026"]}
    names = {"used_in_9001": "clauses", "also": "synonyms"}
    rows = []
    for term in terms["terms"]:
        row = {names.get(key, key): value for key, value in term.items()}
        rows.append(row | {"core_number_2026": core.get(term["term"], "")})
    changed = {
        "ref_iso9000_2015": "ref",
        "clauses_9001_2015": "clauses",
        "added_by_9001_2026": "added_2026",
        "how_an_app_supports_it": "support",
    }
    seven = [
        {changed.get(key, key): value for key, value in row.items()}
        | {"key": re.sub(r"[^a-z0-9]+", "-", row["name"].lower())}
        for row in principles["principles"]
    ]
    return {"terms": rows, "aliases": terms["aliases"], "principles": seven}


def documents(doc: Row) -> Row:
    """Return what must be written down, and what is only customary."""
    items = [
        {
            "id": row["id"],
            "clause": row["clause_2015"],
            "mode": row["mode_2015"],
            "what": row["what"],
            "typical_form": row["typical_form"],
            "requirements": row["requirement_ids"],
            "clause_2026": row["edition_2026"]["clause"],
            "phrase_2026": row["edition_2026"]["phrase"],
            "change_2026": row["edition_2026"]["change"],
            "extent": row.get("extent", ""),
            "note": row.get("note", ""),
        }
        for row in doc["items"]
    ]
    return {"items": items, "customary": doc["customary_but_not_required_by_name"]}


def read(language: str, name: str) -> Row:
    """Return one YAML file as plain data."""
    import yaml  # noqa: PLC0415  (only who edits the data needs it)

    text = (DATA / language / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Row = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return loaded


def build(language: str = "en") -> dict[str, Row]:
    """Return the content of each JSON file of a language."""
    first = first_edition(read(language, "iso9001-2015"))
    later = later_edition(read(language, "iso9001-2026"), first)
    words = vocabulary(read(language, "iso9000-terms"), read(language, "principles"))
    return {
        "edition-2015": first,
        "edition-2026": later,
        "vocabulary": words,
        "documents": documents(read(language, "documented-information")),
    }


def write(language: str = "en") -> None:
    """Write the JSON files of a language beside their YAML."""
    for name, content in build(language).items():
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (DATA / language / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
