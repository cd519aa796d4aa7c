"""Questions to the picture that are asked again until a day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0013_closing_exchange")]

    operations = [
        migrations.CreateModel(
            name="StandingQuestion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=32, unique=True)),
                ("piece", models.CharField(max_length=32)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("grounds", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("until", models.CharField(max_length=10)),
                ("ended_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_with", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "standing_question",
                "indexes": [models.Index(fields=["officer"], name="standing_question_officer")],
            },
        ),
        migrations.CreateModel(
            name="StandingAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record", models.CharField(max_length=32)),
                ("told_at", models.DateTimeField()),
                ("seen", models.BooleanField(default=False)),
                (
                    "standing",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.standingquestion"),
                ),
            ],
            options={
                "db_table": "standing_answer",
                "constraints": [models.UniqueConstraint(fields=["standing", "record"], name="standing_answer_once")],
            },
        ),
    ]
