"""Fills the keys by which what refers to a record is found: the public id that each reference in force holds."""

from typing import Any

from django.db import migrations

from alidade.vocabulary import load_vocabulary

_FILL = """
insert into lookup (kind, key, handling_id, record_id, statement_id)
select 'refers', s.value, s.handling_id, s.record_id, s.id
from statement s join record r on r.id = s.record_id
where s.current and length(s.value) = 32 and s.property in ({properties}) and r.thing || ' ' || s.property in ({pairs})
order by s.id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Make the keys by the vocabulary as it stands, as restoring a backup does."""
    vocabulary = load_vocabulary()
    pairs = sorted(
        (thing, name)
        for thing in vocabulary.things
        for name, definition in vocabulary.properties_of(thing).items()
        if definition.kind == "entity"
    )
    properties = sorted({name for _, name in pairs})
    # Words of the vocabulary, which are letters alone: as parameters they would be too many for some versions of SQLite.
    quoted = [", ".join(f"'{word}'" for word in words) for words in (properties, [f"{t} {n}" for t, n in pairs])]
    with schema_editor.connection.cursor() as cursor:
        # sql: constant parts only
        cursor.execute(_FILL.format(properties=quoted[0], pairs=quoted[1]))
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("set constraints all immediate")  # a table with checks still to come cannot be altered
            cursor.execute("set constraints all deferred")


class Migration(migrations.Migration):
    dependencies = [("store", "0009_exchange")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
