"""Names are found in an index in memory: of their look-up keys only the words stay, from which words are suggested."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_allowance")]

    operations = [
        migrations.CreateModel(
            name="NameChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("statement_id", models.BigIntegerField()),
                ("erased", models.BooleanField()),
            ],
            options={"db_table": "name_change"},
        ),
        migrations.AddField(
            model_name="standingcheck", name="asked_with", field=models.CharField(default="", max_length=120)
        ),
        migrations.RunSQL("delete from lookup where kind = 'name' and key not like 't:%'", migrations.RunSQL.noop),
    ]
