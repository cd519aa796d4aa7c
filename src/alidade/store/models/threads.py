"""Threads: what runs between authorities. Shared rows are what all parties know; desks and notes are each one's.

Whatever a person wrote lies sealed, each piece under a field key of its own. Plain stands only what lists are sorted,
counted and filtered by: codes, moments, random references.
"""

from datetime import UTC, datetime

from django.db import models

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # sorts behind every deadline, alike on every engine


class Thread(models.Model):
    """One running file of a procedure. `head` is the sealed title, case and handling."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=64, unique=True)
    procedure = models.CharField(max_length=60)
    version = models.IntegerField()
    opener = models.CharField(max_length=64)
    parties = models.JSONField(default=dict)  # authority -> role
    classification = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=60)
    final = models.BooleanField(default=False)
    head = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    frame_key = models.CharField(max_length=32)  # seals the frames of the steps, and outlives an erasure of one of them
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "thread"
        indexes = [models.Index(fields=["procedure", "opened_at"], name="thread_procedure")]


class ThreadParty(models.Model):
    """The desk of one authority of this node in a thread: whose work it is there and what expires first.

    `folder`: todo (it must act, or owes something), awaited (others must), quiet, closed. `due_at` is the earliest
    open deadline that it owes, `awaited_at` the earliest that others owe; far in the future where there is none.
    """

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    role = models.CharField(max_length=60)
    classification = models.CharField(max_length=20)
    folder = models.CharField(max_length=10, default="quiet")
    urgent = models.BooleanField(default=False)
    turn = models.BooleanField(default=False)
    due_at = models.DateTimeField(default=NEVER)
    awaited_at = models.DateTimeField(default=NEVER)
    officer = models.CharField(max_length=128, default="")
    unit = models.CharField(max_length=100, default="")

    class Meta:
        db_table = "thread_party"
        constraints = [models.UniqueConstraint(fields=["thread", "authority"], name="thread_party_once")]
        indexes = [
            # The last four only so that the lists are counted without looking at the rows.
            models.Index(
                fields=["authority", "folder", "due_at", "thread", "classification", "officer", "unit", "urgent"],
                name="thread_party_due",
            ),
            models.Index(fields=["authority", "folder", "awaited_at", "thread"], name="thread_party_awaited"),
            models.Index(fields=["authority", "officer", "folder", "due_at", "thread"], name="thread_party_mine"),
            models.Index(fields=["authority", "unit", "folder", "due_at", "thread"], name="thread_party_unit"),
        ]


class ThreadStep(models.Model):
    """One signed step. `frame` is what remains after its erasure, so that the course of its thread stays the same."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    author = models.CharField(max_length=64)
    number = models.IntegerField()
    code = models.CharField(max_length=60)
    stored_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField()
    frame = models.BinaryField(null=True)
    content = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    standing = models.CharField(max_length=12, default="waiting")  # effective, crossed, waiting

    class Meta:
        db_table = "thread_step"
        constraints = [models.UniqueConstraint(fields=["thread", "author", "number"], name="thread_step_once")]


class ThreadClock(models.Model):
    """One clock of a thread as it stood when last looked at, and of what was warned."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    use = models.CharField(max_length=80)
    clock = models.CharField(max_length=80)
    owed_by = models.CharField(max_length=64)
    phase = models.CharField(max_length=20)
    open = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)
    look_at = models.DateTimeField(default=NEVER)  # when its phase can next change without anybody's doing
    paused_by = models.CharField(max_length=64, default="")  # who took the step that holds it up, or announced delay
    paused_step = models.CharField(max_length=60, default="")
    paused_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "thread_clock"
        constraints = [models.UniqueConstraint(fields=["thread", "use", "owed_by"], name="thread_clock_once")]
        indexes = [
            models.Index(fields=["look_at"], name="thread_clock_look"),
            models.Index(fields=["owed_by", "open", "due_at"], name="thread_clock_due"),
        ]


class ThreadDraft(models.Model):
    """A step that is being written, or waits for the approval of the unit; sealed."""

    id = models.CharField(primary_key=True, max_length=32)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    unit = models.CharField(max_length=100, default="")
    procedure = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    classification = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="draft")  # draft, waiting, returned
    urgent = models.BooleanField(default=False)
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    saved_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    looked_by = models.CharField(max_length=128, default="")

    class Meta:
        db_table = "thread_draft"
        indexes = [models.Index(fields=["authority", "state", "officer"], name="thread_draft_authority")]


class ThreadAssignment(models.Model):
    """Who had a thread on his desk, from when to when, and by whose word."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128, default="")
    unit = models.CharField(max_length=100, default="")
    how = models.CharField(max_length=12)  # duty_desk, taken, assigned, handed_over, let_go
    by = models.CharField(max_length=128, default="")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "thread_assignment"
        indexes = [models.Index(fields=["thread", "authority"], name="thread_assignment_thread")]


class ThreadReading(models.Model):
    """How far an officer has read a thread."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    read_to = models.BigIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        db_table = "thread_reading"
        constraints = [models.UniqueConstraint(fields=["thread", "officer"], name="thread_reading_once")]


class ThreadNote(models.Model):
    """A note for one's own authority alone; sealed."""

    id = models.CharField(primary_key=True, max_length=32)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = "thread_note"
        indexes = [models.Index(fields=["thread", "authority"], name="thread_note_thread")]


class ThreadAttachment(models.Model):
    """A file on its way into a thread, or in it; its name lies sealed, its content in sealed chunks."""

    id = models.CharField(primary_key=True, max_length=32)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    state = models.CharField(max_length=12, default="coming")  # coming, checked, sent, arriving, erased
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=100, default="")
    label = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "thread_attachment"
        indexes = [
            models.Index(fields=["thread"], name="thread_attachment_thread"),
            models.Index(fields=["authority", "state"], name="thread_attachment_state"),
        ]


class ThreadChunk(models.Model):
    """A piece of an attachment, sealed with its key."""

    id = models.BigAutoField(primary_key=True)
    attachment = models.ForeignKey(ThreadAttachment, on_delete=models.CASCADE)
    number = models.IntegerField()
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)

    class Meta:
        db_table = "thread_chunk"
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="thread_chunk_once")]


class ThreadEffect(models.Model):
    """What a step brought about on this node, done once; ids and counts only."""

    id = models.BigAutoField(primary_key=True)
    step = models.ForeignKey(ThreadStep, on_delete=models.PROTECT)
    effect = models.CharField(max_length=30)
    authority = models.CharField(max_length=64)
    outcome = models.CharField(max_length=20)  # done, nothing, asked, elsewhere, refused
    objects_of = models.JSONField(default=list)
    done_at = models.DateTimeField()

    class Meta:
        db_table = "thread_effect"
        constraints = [models.UniqueConstraint(fields=["step", "effect"], name="thread_effect_once")]


class ThreadNews(models.Model):
    """That something waits for an officer or a desk; told once, outside without any content."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128, default="")  # empty: the duty desk
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=100)
    at = models.DateTimeField()
    seen = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "thread_news"
        constraints = [models.UniqueConstraint(fields=["thread", "authority", "kind", "mark"], name="thread_news_once")]
        indexes = [
            models.Index(fields=["authority", "officer", "seen"], name="thread_news_officer"),
            models.Index(fields=["sent_at"], name="thread_news_sent"),
        ]


class ParkedStep(models.Model):
    """A step that came before the first step of its thread; sealed, signature and all."""

    id = models.BigAutoField(primary_key=True)
    thread = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = "thread_parked"
        indexes = [models.Index(fields=["thread"], name="thread_parked_thread")]


class ProcedureFile(models.Model):
    """A definition that this node offers beside those of the catalogue; kept for as long as threads follow it."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=60)
    version = models.IntegerField()
    content = models.BinaryField()
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    kept_at = models.DateTimeField()
    offered = models.BooleanField(default=True)
    state = models.CharField(max_length=12, default="published")  # proposed, published
    published_by = models.CharField(max_length=128, default="")

    class Meta:
        db_table = "procedure_file"
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="procedure_file_once")]


class DeskRule(models.Model):
    """What an authority has settled for its threads: whose approval a step needs, and where its duty desk is told."""

    authority = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField(default=dict)

    class Meta:
        db_table = "desk_rule"


class AnsweredOnce(models.Model):
    """What a program was answered to an act that it may ask for again: references only, for a day."""

    id = models.BigAutoField(primary_key=True)
    officer = models.CharField(max_length=128)
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)  # a keyed hash of what was asked
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "answered_once"
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="answered_once_key")]
        indexes = [models.Index(fields=["at"], name="answered_once_at")]
