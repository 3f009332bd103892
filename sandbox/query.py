"""Carries out a query of Athena in DuckDB, over objects that lie in a folder. Reads what to do from stdin, writes rows.

It proves that the text of a query runs and what it finds, on columns as the Glue table has them. It does not prove what
only Athena has: its own functions, its reader of JSON, partition projection, permissions.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import duckdb

_SCALARS = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}


def duck_type(hive: str) -> str:
    """A type of Hive's as DuckDB writes it."""
    if hive in _SCALARS:
        return _SCALARS[hive]
    outer, _, rest = hive.partition("<")
    inner = _split(rest[:-1])
    if outer == "struct":
        members = [member.partition(":") for member in inner]
        return f"STRUCT({', '.join(f'{_name(name)} {duck_type(kind)}' for name, _, kind in members)})"
    if outer == "map":
        return f"MAP({', '.join(map(duck_type, inner))})"
    if outer == "array":
        return f"{duck_type(inner[0])}[]"
    raise ValueError(f"no type for {hive}")


def _split(text: str) -> list[str]:
    """The parts between commas that are not inside of another type."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"<": 1, ">": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _name(name: str) -> str:
    if not re.fullmatch(r"\w+", name):
        raise ValueError(f"no name of a column: {name}")
    return f'"{name}"'


def create(connection: duckdb.DuckDBPyConnection, database: str, table: dict[str, Any]) -> None:
    """A view over the files of a table, with the columns and partitions the table has."""
    columns = {column["Name"]: duck_type(column["Type"]) for column in table["columns"]}
    partitions = {key["Name"]: "VARCHAR" for key in table["partitions"]}
    name = f"{_name(database)}.{_name(table['name'])}"
    if not list(Path(table["folder"]).rglob("*.gz")):
        every = ", ".join(f"CAST(NULL AS {kind}) AS {_name(key)}" for key, kind in {**columns, **partitions}.items())
        connection.execute(f"CREATE VIEW {name} AS SELECT {every} WHERE false")
        return
    reader = (
        f"read_json('{table['folder']}/**/*.gz', format = 'newline_delimited', compression = 'gzip', "
        f"columns = {columns}, hive_partitioning = true, hive_types = {partitions}, ignore_errors = true, "
        "maximum_object_size = 33554432)"
    )
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {reader}")


def main() -> None:
    """Reads `{database, tables, sql}`, writes the rows as a list of objects."""
    asked = json.load(sys.stdin)
    connection = duckdb.connect()
    # Athena's name for it; in vain it answers NULL, of a text that is no JSON too
    connection.execute(
        "CREATE MACRO json_extract_scalar(text, path) AS "
        "CASE WHEN json_valid(text) THEN json_extract_string(text, path) END"
    )
    connection.execute(f"CREATE SCHEMA {_name(asked['database'])}")
    for table in asked["tables"]:
        create(connection, asked["database"], table)
    found = connection.execute(asked["sql"])
    names = [column[0] for column in found.description or []]
    json.dump([dict(zip(names, row, strict=True)) for row in found.fetchall()], sys.stdout, default=str)


if __name__ == "__main__":
    main()
