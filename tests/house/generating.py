"""What is generated from something else in this repository, and the one command that does it: `make docs`.

The sample is the source; the package and `recipes/` hold copies of it. The JSON Schemas come from the models.
Shipped dialects are written in YAML, and read as JSON.
"""

import runpy
from collections.abc import Iterator
from pathlib import Path

from importer.project.schema import project_schema
from importer.recipe.schema import recipe_schema
from importer.service.dialect import compiled, dialect_schema, shipped_dialects

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "onboarding"
DIALECTS = ROOT / "importer" / "service" / "dialects"
DEMONSTRATION = ROOT / "importer" / "jobs" / "demonstration"


def generated() -> Iterator[tuple[Path, bytes]]:
    """Yield each generated file and what it should hold."""
    yield ROOT / "schemas" / "recipe-1.json", recipe_schema().encode()
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
