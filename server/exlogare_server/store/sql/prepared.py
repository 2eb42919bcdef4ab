"""The statements of every post: written in SQLAlchemy Core, compiled once, then run through the driver.

Core takes some ten times as long around such a statement as SQLite takes to run it. What it would do is done here,
less general: the values are turned into what the driver takes and back by the columns' own types, and the driver's
errors come out as SQLAlchemy's. See ``docs/adr/0005-sqlite-single-writer.md``.
"""

import collections
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class _Compiled:
    """A statement of one dialect and one set of parameters."""

    def __init__(self, statement: Any, dialect: sa.Dialect, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self.text = str(compiled)
        self._is_positional = compiled.positional
        # Literals of the statement itself are parameters as well, always with the same value.
        self._parameters = tuple(
            (name, _to_driver(compiled.binds[name].type, dialect), compiled.binds[name].value)
            for name in (compiled.positiontup if compiled.positional else compiled.binds)
        )
        columns = list(statement.exported_columns)
        self._types = tuple(column.type.dialect_impl(dialect) for column in columns)
        self._dialect = dialect
        self._from_driver: tuple[_Convert | None, ...] | None = None
        row: Any = collections.namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # noqa: PYI024 - its fields are only known now
        self._make = row._make

    def arguments(self, values: Values) -> Any:
        """Give the parameters as the driver takes them."""
        found = [
            constant if name not in values else values[name] if convert is None else convert(values[name])
            for name, convert, constant in self._parameters
        ]
        if self._is_positional:
            return found
        return {name: value for (name, _, _), value in zip(self._parameters, found, strict=True)}

    def rows(self, cursor: DBAPICursor) -> list[Any]:
        """Give what was found, each row with names."""
        found = cursor.fetchall()
        if self._from_driver is None:
            # How to convert depends on what the driver says of the first answer.
            described = zip(self._types, cursor.description or (), strict=True)
            self._from_driver = tuple(kind.result_processor(self._dialect, said[1]) for kind, said in described)
        converts = self._from_driver
        return [
            self._make([value if convert is None else convert(value) for convert, value in zip(converts, row)])  # noqa: B905 - as many as there are columns
            for row in found
        ]


class Prepared:
    """A statement that is run often.

    Args:
        statement: or what makes it for a dialect's name, where the two dialects have their own words. SET and VALUES
            come from the parameters' names, which are few sets.
    """

    def __init__(self, statement: sa.Executable | Callable[[str], sa.Executable]) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def run(self, connection: sa.Connection, values: Values) -> None:
        """Run it."""
        compiled = self._for(connection, values)
        _execute(connection, compiled.text, compiled.arguments(values))

    def run_many(self, connection: sa.Connection, rows: Sequence[Values]) -> None:
        """Run it for each of some rows, which have the same names; at least one."""
        compiled = self._for(connection, rows[0])
        _execute(connection, compiled.text, [compiled.arguments(row) for row in rows], many=True)

    def all(self, connection: sa.Connection, values: Values) -> list[Any]:
        """Run it and give its rows, whose columns are attributes."""
        compiled = self._for(connection, values)
        return compiled.rows(_execute(connection, compiled.text, compiled.arguments(values)))

    def one_or_none(self, connection: sa.Connection, values: Values) -> Any:
        """Run it and give its only row; ``None`` when there is none."""
        return next(iter(self.all(connection, values)), None)

    def _for(self, connection: sa.Connection, values: Values) -> _Compiled:
        dialect = connection.dialect
        key = (dialect.name, *values)
        found = self._compiled.get(key)
        if found is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            found = self._compiled[key] = _Compiled(statement, dialect, tuple(values))
        return found


def execute(connection: sa.Connection, text: str) -> None:
    """Run a statement without parameters and without an answer, such as ``COMMIT``."""
    _execute(connection, text, ())


def _execute(connection: sa.Connection, text: str, arguments: Any, *, many: bool = False) -> DBAPICursor:
    driver = connection.connection
    cursor = driver.cursor()
    try:
        if many:
            cursor.executemany(text, arguments)
        else:
            cursor.execute(text, arguments)
    except connection.dialect.loaded_dbapi.Error as error:
        _raise(connection, cursor, error)
    return cursor


def _raise(connection: sa.Connection, cursor: DBAPICursor, error: Any) -> NoReturn:
    """Raise SQLAlchemy's error."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor):
        # Fails at once, and by that Core notices: it lets go of this connection and of all that are as old.
        connection.exec_driver_sql("SELECT 1")
    raise sa.exc.DBAPIError.instance(
        None, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    ) from None


def _to_driver(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)
