from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_desk_and_consent")]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=32)),
                ("moved_to", models.CharField(default="", max_length=400)),
                ("moved_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "place"},
        ),
    ]
