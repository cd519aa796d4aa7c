"""Which rulings each viewer class may use; and an index by which a sweep opens only the statements that it wants.

The rulings are worked out when each class first reads, so those made before need no word here.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_standing_questions")]

    operations = [
        migrations.RemoveIndex("Statement", "statement_visible"),
        migrations.AddIndex(
            "Statement",
            models.Index(
                condition=models.Q(current=True),
                fields=["handling", "id", "record", "property"],
                name="statement_visible",
            ),
        ),
        migrations.CreateModel(
            name="JoiningClass",
            fields=[
                ("viewer_class_id", models.IntegerField(primary_key=True, serialize=False)),
                ("epoch", models.BigIntegerField()),
                ("evaluated_to", models.BigIntegerField()),
                ("valid_until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "joining_class"},
        ),
        migrations.CreateModel(
            name="SeenRuling",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "viewer_class_id", "judgement_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("viewer_class_id", models.IntegerField()),
                ("judgement_id", models.CharField(max_length=32)),
                ("left_id", models.BigIntegerField()),
                ("right_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "seen_ruling",
                "indexes": [
                    models.Index(fields=["viewer_class_id", "left_id"], name="seen_ruling_left"),
                    models.Index(fields=["viewer_class_id", "right_id"], name="seen_ruling_right"),
                    models.Index(fields=["judgement_id"], name="seen_ruling_judgement"),
                ],
            },
        ),
    ]
