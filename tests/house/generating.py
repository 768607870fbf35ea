"""What is generated from something else in this repository, and the one command that does it: `make docs`.

The sample is the source; the package and `recipes/` hold copies of it. The JSON Schemas come from the models.
Shipped dialects are written in YAML, and read as JSON. The tables of keys in the reference hold the sentences of the models.
"""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from importer.project.schema import project_schema
from importer.recipe import unplanned
from importer.recipe.field_models import FieldModel, LookupModel
from importer.recipe.models import ParameterModel, RecipeModel
from importer.recipe.schema import recipe_schema
from importer.recipe.step_models import AbsentModel, LimitsModel, StepModel, ThenModel
from importer.recipe.table_models import SplitModel, TableModel, TreeModel, UnpivotModel
from importer.service.dialect import compiled, dialect_schema, shipped_dialects

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "onboarding"
DIALECTS = ROOT / "importer" / "service" / "dialects"
REFERENCE = ROOT / "docs" / "reference" / "recipe.md"
DEMONSTRATION = ROOT / "importer" / "jobs" / "demonstration"
# Name of a table of the reference → the model whose keys it lists, and the keys that no plan carries out yet.
TABLES: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "recipe": (RecipeModel, unplanned._TOP),
    "params": (ParameterModel, ()),
    "table": (TableModel, ()),
    "tree": (TreeModel, ()),
    "unpivot": (UnpivotModel, ()),
    "step": (StepModel, unplanned._STEP),
    "split": (SplitModel, ()),
    "then": (ThenModel, ()),
    "absent": (AbsentModel, ()),
    "limits": (LimitsModel, ()),
    "field": (FieldModel, unplanned._RULE),
    "lookup": (LookupModel, unplanned._LOOKUP),
}
# The keys that a recipe begins with, before what it may share with others.
_FIRST = ("recipe", "description", "service", "params", "include", "source")
_TABLE = re.compile(r"(<!-- keys: (\w+) -->\n).*?(<!-- end of keys -->)", re.DOTALL)


def reference(text: str) -> str:
    """Return the reference of the language with its tables of keys as the models have them."""

    def table(found: re.Match[str]) -> str:
        return f"{found[1]}\n| key | meaning |\n|---|---|\n{chr(10).join(_rows(found[2]))}\n\n{found[3]}"

    return _TABLE.sub(table, text)


def _rows(name: str) -> Iterator[str]:
    model, waiting = TABLES[name]
    # The keys of lookups stand in a table of their own.
    apart = LookupModel.model_fields if model is FieldModel else {}
    fields = sorted(
        model.model_fields.items(),
        key=lambda item: _FIRST.index(item[0]) if model is RecipeModel and item[0] in _FIRST else len(_FIRST),
    )
    for field, info in fields:
        if field not in apart:
            key, sentence = info.alias or field, (info.description or "").replace("|", "\\|")
            yield f"| `{key}` | {sentence}{' *' if key in waiting else ''} |"


def generated() -> Iterator[tuple[Path, bytes]]:
    """Yield each generated file and what it should hold."""
    yield ROOT / "schemas" / "recipe-1.json", recipe_schema().encode()
    yield REFERENCE, reference(REFERENCE.read_text("utf-8")).encode()
    yield ROOT / "schemas" / "dialect-1.json", dialect_schema().encode()
    for name in shipped_dialects():
        yield DIALECTS / f"{name}.json", compiled(name).encode()
    yield ROOT / "schemas" / "project-1.json", project_schema().encode()
    for name in ("importer.yaml", "onboarding.yaml", "onboarding.xlsx"):
        yield DEMONSTRATION / name, (SAMPLE / name).read_bytes()
    yield ROOT / "recipes" / "timetta" / "onboarding.yaml", (SAMPLE / "onboarding.yaml").read_bytes()


def sample_scripts() -> list[Path]:
    """Return the scripts that make the other samples and what is expected of them."""
    return sorted(set((ROOT / "samples").glob("*/make_*.py")) - {SAMPLE / "make_workbook.py"})


def sample_files(script: Path) -> dict[str, bytes]:
    """Return what a script makes: name → content."""
    made = runpy.run_path(str(script))["contents"]()
    return {name: item if isinstance(item, bytes) else item.encode() for name, item in made.items()}


def main() -> None:
    """Write them all, the samples first."""
    runpy.run_path(str(SAMPLE / "make_workbook.py"), run_name="__main__")
    for script in sample_scripts():
        for name, content in sample_files(script).items():
            script.with_name(name).write_bytes(content)
    for path, content in generated():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
