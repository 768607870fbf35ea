"""JSON of what stands in a file and of what a service has: the longer documents of `read` and `describe`."""

from typing import TYPE_CHECKING, Any

from importer.results.describe import Described, DescribedType
from importer.results.init import Drafted, DraftedStep
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
