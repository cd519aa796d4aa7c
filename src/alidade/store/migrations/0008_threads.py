"""Threads: what runs between authorities, with its steps, clocks, desks, drafts and files."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_earlier_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskRule",
            fields=[
                ("authority", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "desk_rule",
            },
        ),
        migrations.CreateModel(
            name="ParkedStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("thread", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "thread_parked",
                "indexes": [models.Index(fields=["thread"], name="thread_parked_thread")],
            },
        ),
        migrations.CreateModel(
            name="ProcedureFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("version", models.IntegerField()),
                ("content", models.BinaryField()),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("kept_at", models.DateTimeField()),
                ("offered", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "procedure_file",
                "constraints": [models.UniqueConstraint(fields=("code", "version"), name="procedure_file_once")],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=64, unique=True)),
                ("procedure", models.CharField(max_length=60)),
                ("version", models.IntegerField()),
                ("opener", models.CharField(max_length=64)),
                ("parties", models.JSONField(default=dict)),
                ("classification", models.CharField(max_length=20)),
                ("urgent", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=60)),
                ("final", models.BooleanField(default=False)),
                ("head", models.BinaryField(null=True)),
                ("field_key", models.CharField(max_length=32)),
                ("frame_key", models.CharField(max_length=32)),
                ("opened_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "thread",
                "indexes": [models.Index(fields=["procedure", "opened_at"], name="thread_procedure")],
            },
        ),
        migrations.CreateModel(
            name="ThreadAttachment",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("state", models.CharField(default="coming", max_length=12)),
                ("size", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(max_length=64)),
                ("media", models.CharField(default="", max_length=100)),
                ("label", models.BinaryField(null=True)),
                ("field_key", models.CharField(max_length=32)),
                ("begun_at", models.DateTimeField()),
                (
                    "thread",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.thread"),
                ),
            ],
            options={
                "db_table": "thread_attachment",
                "indexes": [
                    models.Index(fields=["thread"], name="thread_attachment_thread"),
                    models.Index(fields=["authority", "state"], name="thread_attachment_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadChunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                (
                    "attachment",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.threadattachment"),
                ),
            ],
            options={
                "db_table": "thread_chunk",
                "constraints": [models.UniqueConstraint(fields=("attachment", "number"), name="thread_chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadClock",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("use", models.CharField(max_length=80)),
                ("clock", models.CharField(max_length=80)),
                ("owed_by", models.CharField(max_length=64)),
                ("phase", models.CharField(max_length=20)),
                ("open", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("met", models.BooleanField(null=True)),
                ("look_at", models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.UTC))),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_clock",
                "indexes": [
                    models.Index(fields=["look_at"], name="thread_clock_look"),
                    models.Index(fields=["owed_by", "open", "due_at"], name="thread_clock_due"),
                ],
                "constraints": [models.UniqueConstraint(fields=("thread", "use", "owed_by"), name="thread_clock_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadDraft",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("unit", models.CharField(default="", max_length=100)),
                ("procedure", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=60)),
                ("classification", models.CharField(max_length=20)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("urgent", models.BooleanField(default=False)),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("saved_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("looked_by", models.CharField(default="", max_length=128)),
                (
                    "thread",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.thread"),
                ),
            ],
            options={
                "db_table": "thread_draft",
                "indexes": [models.Index(fields=["authority", "state", "officer"], name="thread_draft_authority")],
            },
        ),
        migrations.CreateModel(
            name="ThreadNews",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(default="", max_length=128)),
                ("kind", models.CharField(max_length=20)),
                ("mark", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("seen", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(default=0)),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_news",
                "indexes": [
                    models.Index(fields=["authority", "officer", "seen"], name="thread_news_officer"),
                    models.Index(fields=["sent_at"], name="thread_news_sent"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "authority", "kind", "mark"), name="thread_news_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadNote",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("content", models.BinaryField()),
                ("field_key", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_note",
                "indexes": [models.Index(fields=["thread", "authority"], name="thread_note_thread")],
            },
        ),
        migrations.CreateModel(
            name="ThreadParty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=60)),
                ("classification", models.CharField(max_length=20)),
                ("folder", models.CharField(default="quiet", max_length=10)),
                ("urgent", models.BooleanField(default=False)),
                ("turn", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.UTC))),
                (
                    "awaited_at",
                    models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.UTC)),
                ),
                ("officer", models.CharField(default="", max_length=128)),
                ("unit", models.CharField(default="", max_length=100)),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_party",
                "indexes": [
                    models.Index(
                        fields=[
                            "authority",
                            "folder",
                            "due_at",
                            "thread",
                            "classification",
                            "officer",
                            "unit",
                            "urgent",
                        ],
                        name="thread_party_due",
                    ),
                    models.Index(fields=["authority", "folder", "awaited_at", "thread"], name="thread_party_awaited"),
                    models.Index(
                        fields=["authority", "officer", "folder", "due_at", "thread"], name="thread_party_mine"
                    ),
                    models.Index(fields=["authority", "unit", "folder", "due_at", "thread"], name="thread_party_unit"),
                ],
                "constraints": [models.UniqueConstraint(fields=("thread", "authority"), name="thread_party_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(max_length=128)),
                ("read_to", models.BigIntegerField()),
                ("read_at", models.DateTimeField()),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_reading",
                "constraints": [models.UniqueConstraint(fields=("thread", "officer"), name="thread_reading_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("author", models.CharField(max_length=64)),
                ("number", models.IntegerField()),
                ("code", models.CharField(max_length=60)),
                ("stored_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=64)),
                ("signature", models.BinaryField()),
                ("frame", models.BinaryField(null=True)),
                ("content", models.BinaryField(null=True)),
                ("field_key", models.CharField(max_length=32)),
                ("standing", models.CharField(default="waiting", max_length=12)),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_step",
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "author", "number"), name="thread_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadEffect",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("effect", models.CharField(max_length=30)),
                ("authority", models.CharField(max_length=64)),
                ("outcome", models.CharField(max_length=20)),
                ("objects_of", models.JSONField(default=list)),
                ("done_at", models.DateTimeField()),
                ("step", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.threadstep")),
            ],
            options={
                "db_table": "thread_effect",
                "constraints": [models.UniqueConstraint(fields=("step", "effect"), name="thread_effect_once")],
            },
        ),
        migrations.CreateModel(
            name="ThreadAssignment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=64)),
                ("officer", models.CharField(default="", max_length=128)),
                ("unit", models.CharField(default="", max_length=100)),
                ("how", models.CharField(max_length=12)),
                ("by", models.CharField(default="", max_length=128)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.thread")),
            ],
            options={
                "db_table": "thread_assignment",
                "indexes": [models.Index(fields=["thread", "authority"], name="thread_assignment_thread")],
            },
        ),
    ]
