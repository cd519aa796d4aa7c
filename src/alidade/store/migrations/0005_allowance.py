from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_grounds_of_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("used_until", models.DateTimeField()),
            ],
            options={
                "db_table": "allowance",
                "constraints": [models.UniqueConstraint(fields=("holder", "kind"), name="allowance_once")],
            },
        ),
        migrations.CreateModel(
            name="KeptRequest",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.CharField(max_length=64)),
                ("reference", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "kept_request",
                "indexes": [models.Index(fields=["made_at"], name="kept_request_made")],
            },
        ),
    ]
