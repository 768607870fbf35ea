"""Value tables: keys compare like lookups (recipe-language.md §6.3)."""

from collections.abc import Callable, Mapping

import msgspec

from importer.recipe.expressions import Compiled, Scope, compile_expression
from importer.recipe.expressions.values import Value, text_of
from importer.recipe.normal import Constant, ValueTable
from importer.text.folding import fold


class CompiledTable(msgspec.Struct, frozen=True):
    """A value table made ready: exact and folded keys → what gives the value."""

    exact: Mapping[str, Compiled]
    folded: Mapping[str, Compiled]
    otherwise: Compiled | None
    words: tuple[str, ...]

    def look(self, value: Value) -> Compiled | None:
        """Return what gives the value of a word, or None when the table lacks it."""
        text = text_of(value)
        found = self.exact.get(text) or self.folded.get(fold(text))
        return found or self.otherwise


def compile_table(table: ValueTable, columns: Mapping[str, int | None]) -> CompiledTable:
    """Return the table made ready for the rows of one section."""
    made = {word: _compiled(value, columns) for word, value in table.entries}
    otherwise = None if table.default is None else _compiled(table.default, columns)
    return CompiledTable(made, {fold(word): give for word, give in made.items()}, otherwise, tuple(made))


def _compiled(value: object, columns: Mapping[str, int | None]) -> Callable[[Scope], Value]:
    if isinstance(value, Constant):
        constant = value.value
        return lambda _: constant
    return compile_expression(value, columns)  # type: ignore[arg-type]
