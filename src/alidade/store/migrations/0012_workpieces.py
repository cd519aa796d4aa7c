"""Charts, questions and dossiers: sealed, in versions, under handlings of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_judgements")]

    operations = [
        migrations.CreateModel(
            name="Workpiece",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=32, unique=True)),
                ("kind", models.CharField(max_length=16)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("version", models.IntegerField()),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("mentions", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("withdrawn", models.BooleanField(default=False)),
                ("handling", models.ForeignKey(db_index=False, on_delete=models.PROTECT, to="store.handling")),
            ],
            options={
                "db_table": "workpiece",
                "indexes": [
                    models.Index(
                        condition=models.Q(withdrawn=False),
                        fields=["handling", "kind", "id"],
                        name="workpiece_visible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkpieceVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("piece_id", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("officer", models.CharField(max_length=128)),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "db_table": "workpiece_version",
                "constraints": [models.UniqueConstraint(fields=["piece_id", "version"], name="workpiece_version_once")],
            },
        ),
    ]
