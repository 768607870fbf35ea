"""JSON of what stands in a file and of what a service has: the longer documents of `read` and `describe`."""

from typing import TYPE_CHECKING, Any

from importer.reports.drift_words import message
from importer.results.describe import Described, DescribedType
from importer.results.init import Drafted, DraftedStep
from importer.results.metadata import Drift, Pulled
from importer.results.probe import Probed
from importer.results.read import ReadFile
from importer.results.template import Templated

if TYPE_CHECKING:
    # Whoever renders results needs not the reader of files.
    from importer.sources.inspection import CellFacts


def file_document(result: ReadFile) -> dict[str, Any]:
    """Return a file as the importer sees it."""
    facts = result.facts
    return {
        "file": facts.file,
        "kind": facts.kind,
        "encoding": facts.encoding,
        "encoding_how": facts.encoding_how,
        "delimiter": facts.delimiter,
        "delimiter_how": facts.delimiter_how,
        "sheets": [
            {
                "name": sheet.name,
                "state": sheet.state,
                "rows": sheet.rows,
                "columns": sheet.columns,
                "header_row": sheet.header_row,
                "merged": list(sheet.merged),
                "hidden_rows": list(sheet.hidden_rows),
                "hidden_columns": list(sheet.hidden_columns),
                "tables": [{"name": table.name, "range": table.range} for table in sheet.tables],
            }
            for sheet in facts.sheets
        ],
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.row,
                "cells": {letters: _cell(cell) for letters, cell in row.cells.items()},
            }
            for row in facts.rows
        ],
    }


def model_document(result: Described) -> dict[str, Any]:
    """Return a service's sets, singletons and types."""
    found: dict[str, Any] = {
        "source": result.source,
        "version": result.version,
        "schemas": list(result.schemas),
        "references": list(result.references),
        "counts": dict(result.counts),
        "sets": [_type(item) for item in result.sets],
        "singletons": [_type(item) for item in result.singletons],
        "types": [_type(item) for item in result.types],
    }
    if result.values is not None:
        found["values"] = [dict(item) for item in result.values.rows]
        found["values_complete"] = not result.values.cut
    return found


def template_document(result: Templated) -> dict[str, Any]:
    """Return the sheets of a template, with what each column takes."""
    return {
        "template": str(result.path),
        "sheets": [
            {
                "name": sheet.name,
                "header_row": sheet.header_row,
                "columns": [
                    {
                        "headers": list(column.headers),
                        "required": column.required,
                        "kind": column.kind,
                        "values": list(column.allowed.values) if column.allowed is not None else [],
                    }
                    for column in sheet.columns
                ],
            }
            for sheet in result.sheets
        ],
    }


def pulled_document(result: Pulled) -> dict[str, Any]:
    """Return where metadata are kept."""
    return {
        "path": str(result.path),
        "service": {"name": result.service.name, "url": result.service.url},
        "size": result.size,
        "sha256": result.fingerprint,
        "version": result.version,
        "sets": result.sets,
        "same": result.same,
    }


def drift_document(result: Drift) -> dict[str, Any]:
    """Return what changed in metadata."""
    return {
        "before": result.before,
        "after": result.after,
        "changes": [
            {
                "subject": str(item.change.subject),
                "change": str(item.change.kind),
                "owner": item.change.owner or None,
                "name": item.change.name,
                "before": item.change.before,
                "after": item.change.after,
                "score": item.change.score,
                "breaking": item.change.breaking,
                "message": message(item.change),
                "sets": list(item.sets),
                "places": [place.as_json() for place in item.places],
            }
            for item in result.changes
        ],
        "recipes": [{"file": name, "touched": name in result.touched} for name in result.recipes],
    }


def probe_document(result: Probed) -> dict[str, Any]:
    """Return what a service can do, each with the questions and answers that it was learned from."""
    found = result.findings
    asked = [operator for operator in found.operators.values() if operator != "unknown"]
    return {
        "path": str(result.path),
        "service": {"name": result.service.name, "url": result.service.url},
        "metadata": {"sha256": found.metadata, "etag": found.metadata_etag},
        "asked": found.asked,
        "batch": found.batch,
        "in": all(operator == "in" for operator in asked) if asked else None,
        "operators": dict(found.operators),
        "own_keys": {name: "unknown" if kept is None else kept for name, kept in found.own_keys.items()},
        "top_max": found.top_max,
        "paging": {"form": found.paging.form, "size": found.paging.size},
        "etag": dict(found.etag),
        "count": found.count,
        "clock": found.clock,
        "throttle": dict(found.throttle),
        "rights": dict(found.rights),
        "duplicate": dict(found.duplicate),
        "concurrency": dict(found.concurrency),
        "seen": [
            {
                "about": item.about,
                "set": item.set,
                "request": item.request,
                "status": item.status,
                "answer": item.answer,
            }
            for item in found.seen
        ],
    }


def draft_document(result: Drafted) -> dict[str, Any]:
    """Return what was guessed, with the evidence, and what was not."""
    draft = result.draft
    return {
        "recipe": str(result.path),
        "workbook": result.workbook,
        "service": {"name": result.service.name, "url": result.service.url},
        "files": [str(path) for path in result.files],
        "locale": draft.locale,
        "blank": list(draft.blank),
        "steps": [_drafted(step) for step in draft.steps],
        "left_out": [{"sheet": item.sheet, "reason": item.reason} for item in draft.left_out],
    }


def _drafted(step: DraftedStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "sheet": step.sheet,
        "to": step.to,
        "active": step.active,
        "reason": step.reason or None,
        "evidence": step.evidence or None,
        "mode": step.mode,
        "match": [list(names) for names in step.match],
        "header_row": step.header_row,
        "fields": [
            {
                "property": item.property,
                "column": item.column,
                "letters": item.letters,
                "score": item.score,
                "evidence": item.evidence,
                "active": item.active,
                "reason": item.reason or None,
                "lookup": item.lookup,
                "by": list(item.by) if item.by is not None else None,
                "map": [{"from": word, "to": value} for word, value in item.values],
            }
            for item in step.fields
        ],
        "no_guess": [
            {"column": item.column, "letters": item.letters, "note": item.note} for item in step.columns
        ],
        "missing": [
            {"property": item.property, "type": item.type, "required": item.certain} for item in step.needed
        ],
    }


def _type(item: DescribedType) -> dict[str, Any]:
    return {
        "name": item.name,
        "type": item.type,
        "key": list(item.key),
        "description": item.description,
        "properties": [
            {
                "name": p.name,
                "type": p.type,
                "nullable": p.nullable,
                "writable": p.writable,
                "required": p.required,
                "max_length": p.max_length,
                "members": list(p.members),
                "description": p.description,
            }
            for p in item.properties
        ],
        "navigation": [
            {
                "name": n.name,
                "pair": n.pair,
                "constraints": [{"property": a, "referenced": b} for a, b in n.constraints],
                "target": n.target,
                "collection": n.collection,
                "description": n.description,
            }
            for n in item.navigation
        ],
        "actions": list(item.actions),
    }


def _cell(cell: "CellFacts") -> dict[str, Any]:
    optional = {"format": cell.format, "error": cell.error, "formula": cell.formula, "indent": cell.indent}
    return {
        "type": cell.type,
        "value": cell.value,
        **{name: value for name, value in optional.items() if value is not None},
    }
