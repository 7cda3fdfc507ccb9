"""All rows of a database as one compressed JSON file, which loads at the migrations it was written at."""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

APPS = ("accounts", "patients", "dosing", "analytics")
# JSON writes these as they are; every other value becomes the text that its field reads again.
AS_THEY_ARE = (type(None), bool, int, float, str, dict, list)
NOBODY_SIGNS_IN = "!"

# Of a model, by its label: the columns, and the rows in the order of their keys.
Table = Mapping[str, list[Any]]
Content = Mapping[str, Table]


def content(apps: Apps) -> Content:
    """Every row of the project's own models, as these models name them."""
    return {model._meta.label_lower: _table(model) for model in _models(apps)}


def write(file: Path, apps: Apps) -> None:
    """Write the database to a file, with the migrations that it stands at."""
    leaves = [list(node) for node in MigrationExecutor(connection).loader.graph.leaf_nodes()]
    dump = {"migrations": [node for node in leaves if node[0] in APPS], "content": content(apps)}
    text = json.dumps(dump, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def read(file: Path) -> tuple[list[tuple[str, str]], Content]:
    """The migrations and the rows of a file."""
    dump = json.loads(lzma.decompress(file.read_bytes()))
    return [(app, name) for app, name in dump["migrations"]], dump["content"]


def load(file: Path) -> Apps:
    """Fill an empty database, migrated no further than the file; returns the models of that state."""
    migrations, tables = read(file)
    executor = MigrationExecutor(connection)
    executor.migrate(migrations)
    apps = cast(Apps, executor.loader.project_state(migrations).apps)
    with transaction.atomic():
        for label, table in tables.items():
            _insert(apps.get_model(label), table)
        _go_on_numbering(_models(apps))
    return apps


def _models(apps: Apps) -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label in APPS]


def _table(model: type[models.Model]) -> Table:
    # By name: the models of a migration have them in another order.
    fields = sorted(model._meta.concrete_fields, key=lambda field: field.attname)
    rows = model._base_manager.order_by("pk").values_list(*[field.attname for field in fields])
    return {
        "columns": [field.attname for field in fields],
        "rows": [[_plain(field, value) for field, value in zip(fields, row, strict=True)] for row in rows],
    }


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if field.name == "password":
        return NOBODY_SIGNS_IN
    if isinstance(value, AS_THEY_ARE):
        return value
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value)


def _insert(model: type[models.Model], table: Table) -> None:
    """As they were, the moments of their writing included."""
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_column[column] for column in table["columns"]]
    for field in fields:
        if isinstance(field, models.DateField):
            field.auto_now = field.auto_now_add = False
    model._base_manager.bulk_create(
        model(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
        for row in table["rows"]
    )


def _go_on_numbering(tables: Iterable[type[models.Model]]) -> None:
    """The next row takes the number after the highest: PostgreSQL counts beside the table."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
