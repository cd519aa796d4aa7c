"""What a judgement says lies sealed; four eyes, revoking with its reason, and looking again when something is new."""

from typing import Any

from django.db import migrations, models
from django.db.models import Max


def note_newest_statement(apps: Any, editor: Any) -> None:
    """A judgement from before was made on all that there is: what comes later is new to it."""
    alias = editor.connection.alias
    newest = apps.get_model("store", "Statement").objects.using(alias).aggregate(last=Max("id"))["last"]
    apps.get_model("store", "Judgement").objects.using(alias).update(statements_to=newest or 0)


class Migration(migrations.Migration):
    dependencies = [("store", "0010_references")]

    operations = [
        migrations.AlterField("Judgement", "reason", models.TextField(db_default="", default="")),
        migrations.AlterField(
            "Judgement",
            "handling",
            models.ForeignKey(db_index=False, on_delete=models.PROTECT, to="store.handling"),
        ),
        migrations.AddField("Judgement", "content", models.BinaryField(null=True)),
        migrations.AddField("Judgement", "field_key", models.CharField(db_default="", default="", max_length=32)),
        migrations.AddField("Judgement", "statements_to", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("Judgement", "waiting", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("Judgement", "confirmed_by", models.CharField(db_default="", default="", max_length=128)),
        migrations.AddField("Judgement", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField("Judgement", "revoked_by", models.CharField(db_default="", default="", max_length=128)),
        migrations.AddField("Judgement", "revoked_at", models.DateTimeField(null=True)),
        migrations.AddField("Judgement", "replaced_by", models.CharField(db_default="", default="", max_length=32)),
        *(
            migrations.AddIndex(
                "Judgement",
                models.Index(
                    condition=models.Q(revoked=False, waiting=False),
                    fields=["handling", side],
                    name=f"judgement_{side}",
                ),
            )
            for side in ("left", "right")
        ),
        migrations.CreateModel(
            name="JudgingRule",
            fields=[
                ("authority", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("four_eyes", models.BooleanField(default=False)),
                ("accepts", models.JSONField(null=True)),
            ],
            options={"db_table": "judging_rule"},
        ),
        migrations.RunPython(note_newest_statement, migrations.RunPython.noop, elidable=True),
    ]
