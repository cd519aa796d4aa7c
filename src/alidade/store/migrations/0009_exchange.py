"""What one node's authorities exchange with those of others: peers, what is on its way, what came, what is owed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0008_threads")]

    operations = [
        migrations.CreateModel(
            name="Peer",
            fields=[
                ("authority", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("state", models.CharField(max_length=12)),
                ("manifest", models.BinaryField()),
                ("entry", models.JSONField()),
                ("said", models.JSONField(default=list)),
                ("proposed_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("reached_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(default="", max_length=40)),
            ],
            options={
                "db_table": "peer",
            },
        ),
        migrations.CreateModel(
            name="StatementProof",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("statement_id", models.BigIntegerField(unique=True)),
                ("path", models.BinaryField()),
            ],
            options={
                "db_table": "statement_proof",
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("peer", models.CharField(max_length=64)),
                ("origin", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("signature", models.BinaryField()),
                ("key_id", models.CharField(max_length=80)),
            ],
            options={
                "db_table": "cosignature",
                "constraints": [models.UniqueConstraint(fields=("own", "peer", "origin"), name="cosignature_once")],
            },
        ),
        migrations.CreateModel(
            name="Disclosed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("peer", models.CharField(max_length=64)),
                ("record", models.CharField(max_length=32)),
                ("statement", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "disclosed",
                "indexes": [models.Index(fields=["own", "record"], name="disclosed_record")],
                "constraints": [models.UniqueConstraint(fields=("own", "peer", "statement"), name="disclosed_once")],
            },
        ),
        migrations.CreateModel(
            name="ErasureDuty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("direction", models.CharField(max_length=8)),
                ("order", models.CharField(max_length=64)),
                ("peer", models.CharField(max_length=64)),
                ("message_id", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer", models.CharField(default="", max_length=8)),
                ("because", models.CharField(default="", max_length=200)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "erasure_duty",
                "indexes": [
                    models.Index(condition=models.Q(("answer", "")), fields=["own", "due_at"], name="erasure_duty_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("own", "direction", "order", "peer"), name="erasure_duty_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeBody",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "exchange_body",
                "constraints": [models.UniqueConstraint(fields=("own", "sha256"), name="exchange_body_once")],
            },
        ),
        migrations.CreateModel(
            name="ExchangeCursor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=64)),
                ("thread", models.CharField(max_length=200)),
                ("expected", models.BigIntegerField()),
            ],
            options={
                "db_table": "exchange_cursor",
                "constraints": [
                    models.UniqueConstraint(fields=("own", "sender", "thread"), name="exchange_cursor_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("direction", models.CharField(max_length=3)),
                ("peer", models.CharField(max_length=64)),
                ("message_id", models.CharField(max_length=64)),
                ("item", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "exchange_item",
                "indexes": [
                    models.Index(fields=["own", "item", "direction"], name="exchange_item_item"),
                    models.Index(fields=["own", "direction", "peer", "message_id"], name="exchange_item_message"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangePeer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("authority", models.CharField(max_length=64)),
                ("root", models.BinaryField()),
                ("number", models.BigIntegerField()),
                ("last_word_at", models.DateTimeField()),
                ("paused", models.CharField(default="", max_length=200)),
            ],
            options={
                "db_table": "exchange_peer",
                "constraints": [models.UniqueConstraint(fields=("own", "authority"), name="exchange_peer_once")],
            },
        ),
        migrations.CreateModel(
            name="ExchangeSequence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("recipient", models.CharField(max_length=64)),
                ("thread", models.CharField(max_length=200)),
                ("last", models.BigIntegerField()),
            ],
            options={
                "db_table": "exchange_sequence",
                "constraints": [
                    models.UniqueConstraint(fields=("own", "recipient", "thread"), name="exchange_sequence_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Inbox",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=64)),
                ("message_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=20)),
                ("thread", models.CharField(max_length=200)),
                ("sequence", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(max_length=12)),
                ("reason", models.CharField(default="", max_length=80)),
                ("raw", models.BinaryField(null=True)),
                ("field_key", models.CharField(default="", max_length=32)),
                ("items", models.JSONField(default=list)),
                ("receipt_due", models.BooleanField(default=False)),
                ("receipt", models.BinaryField(default=b"")),
                ("entry_index", models.BigIntegerField(default=-1)),
                ("entry_leaf", models.BinaryField(default=b"")),
            ],
            options={
                "db_table": "inbox",
                "indexes": [
                    models.Index(fields=["own", "sender", "thread", "sequence"], name="inbox_place"),
                    models.Index(fields=["own", "sender", "received_at"], name="inbox_received"),
                    models.Index(
                        condition=models.Q(("receipt_due", True)), fields=["own", "sender"], name="inbox_receipt_due"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "parked"))),
                        fields=["own", "sender", "thread"],
                        name="inbox_held",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("own", "sender", "message_id"), name="inbox_once")],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("recipient", models.CharField(max_length=64)),
                ("message_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=20)),
                ("thread", models.CharField(max_length=200)),
                ("sequence", models.BigIntegerField()),
                ("priority", models.IntegerField()),
                ("acknowledged", models.BooleanField()),
                ("posted_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("bucket", models.BigIntegerField()),
                ("body_sha256", models.CharField(max_length=64)),
                ("slip", models.BinaryField(null=True)),
                ("field_key", models.CharField(max_length=32)),
                ("attempts", models.IntegerField(default=0)),
                ("state", models.CharField(max_length=12)),
                ("sealing_key", models.CharField(default="", max_length=80)),
                ("signing_key", models.CharField(default="", max_length=80)),
                ("front", models.BinaryField(default=b"")),
                ("digests", models.JSONField(default=list)),
                ("items", models.JSONField(default=list)),
                ("settled_at", models.DateTimeField(null=True)),
                ("receipt", models.BinaryField(default=b"")),
                ("disposition", models.CharField(max_length=12, null=True)),
                ("reason", models.CharField(default="", max_length=80)),
            ],
            options={
                "db_table": "outbox",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["own", "recipient", "next_at"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["own", "recipient", "priority", "thread", "sequence", "posted_at", "next_at"],
                        name="outbox_order",
                    ),
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["own", "recipient", "thread", "sequence"],
                        name="outbox_unsettled",
                    ),
                    models.Index(fields=["own", "recipient", "thread", "sequence"], name="outbox_place"),
                    models.Index(fields=["own", "body_sha256"], name="outbox_body"),
                ],
                "constraints": [models.UniqueConstraint(fields=("own", "recipient", "message_id"), name="outbox_once")],
            },
        ),
        migrations.CreateModel(
            name="PeerHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("origin", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("signature", models.BinaryField()),
                ("key_id", models.CharField(max_length=80)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "peer_head",
                "constraints": [models.UniqueConstraint(fields=("own", "origin", "size"), name="peer_head_once")],
            },
        ),
        migrations.CreateModel(
            name="PeerManifest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("authority", models.CharField(max_length=64)),
                ("number", models.BigIntegerField()),
                ("raw", models.BinaryField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "peer_manifest",
                "constraints": [
                    models.UniqueConstraint(fields=("own", "authority", "number"), name="peer_manifest_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("direction", models.CharField(max_length=8)),
                ("peer", models.CharField(max_length=64)),
                ("message_id", models.CharField(max_length=64)),
                ("origin", models.CharField(max_length=200)),
                ("index", models.BigIntegerField()),
                ("leaf", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "promise",
                "indexes": [models.Index(fields=["own", "direction", "peer", "index"], name="promise_index")],
                "constraints": [
                    models.UniqueConstraint(fields=("own", "direction", "peer", "message_id"), name="promise_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("item", models.CharField(max_length=200)),
                ("order", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "tombstone",
                "constraints": [models.UniqueConstraint(fields=("own", "item"), name="tombstone_once")],
            },
        ),
        migrations.CreateModel(
            name="WitnessAlarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("own", models.CharField(max_length=64)),
                ("peer", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=40)),
                ("evidence", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
                ("seen", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "witness_alarm",
                "indexes": [models.Index(fields=["own", "peer"], name="witness_alarm_peer")],
            },
        ),
    ]
