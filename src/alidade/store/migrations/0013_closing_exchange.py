"""What the exchange lacked: relays, orders to erase that wait for a person, proposed procedures, answers given once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0012_workpieces")]

    operations = [
        migrations.AddField("Peer", "relay", models.JSONField(default=dict)),
        migrations.AddField("ThreadClock", "paused_by", models.CharField(default="", max_length=64)),
        migrations.AddField("ThreadClock", "paused_step", models.CharField(default="", max_length=60)),
        migrations.AddField("ThreadClock", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField("ProcedureFile", "state", models.CharField(default="published", max_length=12)),
        migrations.AddField("ProcedureFile", "published_by", models.CharField(default="", max_length=128)),
        migrations.AlterField("ErasureDuty", "order", models.CharField(max_length=300)),
        migrations.AlterField("Tombstone", "order", models.CharField(max_length=300)),
        migrations.AlterField("Tombstone", "item", models.CharField(max_length=300)),
        migrations.CreateModel(
            name="ErasureHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("record", models.CharField(max_length=32)),
                ("because", models.CharField(max_length=40)),
                ("officer", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
                ("until", models.DateField()),
            ],
            options={
                "db_table": "erasure_hold",
                "constraints": [models.UniqueConstraint(fields=["own", "record"], name="erasure_hold_once")],
            },
        ),
        migrations.CreateModel(
            name="ErasureWaiting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("order", models.CharField(max_length=300)),
                ("peer", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=64)),
                ("ground", models.CharField(max_length=200)),
                ("targets", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("answer", models.CharField(default="", max_length=8)),
                ("officer", models.CharField(default="", max_length=128)),
            ],
            options={
                "db_table": "erasure_waiting",
                "constraints": [models.UniqueConstraint(fields=["own", "order", "peer"], name="erasure_waiting_once")],
            },
        ),
        migrations.CreateModel(
            name="ExchangeStart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("renewed", models.JSONField(default=list)),
            ],
            options={"db_table": "exchange_start"},
        ),
        migrations.CreateModel(
            name="AnsweredOnce",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("officer", models.CharField(max_length=128)),
                ("key", models.CharField(max_length=64)),
                ("asked", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "answered_once",
                "constraints": [models.UniqueConstraint(fields=["officer", "key"], name="answered_once_key")],
                "indexes": [models.Index(fields=["at"], name="answered_once_at")],
            },
        ),
    ]
