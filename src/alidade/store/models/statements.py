"""What authorities gave: contributions, records, statements, and the keys by which a check finds them."""

from django.db import models


class ImportRun(models.Model):
    """One import of a file or list: what came of it, and where its rejects lie (an erasure must reach them)."""

    id = models.CharField(primary_key=True, max_length=32)
    owner = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    source_list = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    reject_path = models.TextField(default="")

    class Meta:
        db_table = "import_run"


class Contribution(models.Model):
    """The signed head of what was given at once."""

    id = models.AutoField(primary_key=True)
    public_id = models.CharField(max_length=32, unique=True)
    owner = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    given_at = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    size = models.IntegerField()
    root = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField()
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, default="active")  # active, withdrawn
    state_reason = models.CharField(max_length=80, default="")

    class Meta:
        db_table = "contribution"


class Record(models.Model):
    """One thing in the words of one owner. Keeps its id while the owner's list says new things of it.

    The number is the first 63 bits of the random public id: a reference is turned into it without a look at any
    table, so that a record that is absent and one that is forbidden cost the same work.
    """

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=32, unique=True)
    owner = models.CharField(max_length=64)
    thing = models.CharField(max_length=40)
    source_list = models.CharField(max_length=80)
    source_key = models.CharField(max_length=200)
    state = models.CharField(max_length=12)  # active, quarantined, delisted, withdrawn, erased
    fingerprint = models.CharField(max_length=64)

    class Meta:
        db_table = "record"
        constraints = [
            models.UniqueConstraint(fields=["owner", "source_list", "source_key"], name="record_source"),
        ]


class Statement(models.Model):
    """One claim. `current` is false once it is superseded, withdrawn, delisted or kept in quarantine."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=32)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, db_index=False)
    position = models.IntegerField()
    property = models.CharField(max_length=40)
    value = models.TextField(null=True)
    original = models.TextField(null=True)
    language = models.CharField(max_length=12, null=True)
    grade = models.CharField(max_length=2)
    grade_given = models.BooleanField()
    grade_scheme = models.CharField(max_length=20)
    grade_original = models.CharField(max_length=20)
    valid_from = models.CharField(max_length=10, null=True)
    valid_to = models.CharField(max_length=10, null=True)
    supersedes = models.CharField(max_length=32, null=True)
    handling = models.ForeignKey("store.Handling", on_delete=models.PROTECT, db_index=False)
    leaf = models.BinaryField()
    salt = models.BinaryField(null=True)
    current = models.BooleanField()

    class Meta:
        db_table = "statement"
        indexes = [
            # Record and property besides: who sweeps over what he may see opens only the statements that he wants.
            models.Index(
                fields=["handling", "id", "record", "property"],
                name="statement_visible",
                condition=models.Q(current=True),
            ),
            models.Index(
                fields=["record", "handling", "id"], name="statement_record", condition=models.Q(current=True)
            ),
            models.Index(fields=["contribution", "position"], name="statement_position"),
        ]


class Lookup(models.Model):
    """A key under which a current statement is found: an identifier in normal form, a word of a name to suggest, or the
    public id of a record referred to (kind "refers").
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=160)
    handling = models.ForeignKey("store.Handling", on_delete=models.PROTECT, db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "lookup"
        indexes = [
            # Handling before key: a search probes once for each handling that its viewer may see, whether or not
            # the key stands elsewhere, so that its work tells nothing of rows that he may not see.
            models.Index(fields=["kind", "handling", "key", "record", "statement"], name="lookup_key"),
            models.Index(fields=["record"], name="lookup_record"),
        ]


class NameChange(models.Model):
    """A name that an index made before no longer has right: retired, of another type now, or erased. Numbers only.

    New names need no row: their statements have higher numbers.
    """

    id = models.BigAutoField(primary_key=True)
    statement_id = models.BigIntegerField()
    erased = models.BooleanField()

    class Meta:
        db_table = "name_change"
