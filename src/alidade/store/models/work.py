"""What people did: checks, verdicts, judgements, notices to owners, erasures."""

from django.db import models


class Check(models.Model):
    """One question asked. The question itself is sealed with a key of its own; the ledger holds a commitment."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    clearance = models.CharField(max_length=20)
    communities = models.JSONField(default=list)
    cases = models.JSONField(default=list)
    purpose = models.CharField(max_length=12)
    legal_ground = models.CharField(max_length=80, default="")
    asked_at = models.DateTimeField()
    question = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)

    class Meta:
        db_table = "check_made"
        indexes = [models.Index(fields=["authority", "asked_at"], name="check_authority")]


class CheckHit(models.Model):
    """What a check answered: which record, and whether its content could be shown."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    made = models.ForeignKey(Check, on_delete=models.PROTECT)
    record = models.ForeignKey("store.Record", on_delete=models.PROTECT)
    content = models.BooleanField()

    class Meta:
        db_table = "check_hit"


class Verdict(models.Model):
    """A person's ruling on one hit. The newest counts; earlier ones stay."""

    id = models.BigAutoField(primary_key=True)
    hit = models.ForeignKey(CheckHit, on_delete=models.PROTECT)
    ruling = models.CharField(max_length=12)
    reason = models.CharField(max_length=40)
    note = models.TextField(default="")
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    ruled_at = models.DateTimeField()

    class Meta:
        db_table = "verdict"


class Judgement(models.Model):
    """Same, different or unsure between two records, under its own handling; revocable."""

    id = models.CharField(primary_key=True, max_length=32)
    left = models.ForeignKey("store.Record", on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("store.Record", on_delete=models.PROTECT, related_name="+")
    ruling = models.CharField(max_length=12)
    reason = models.TextField(default="", db_default="")  # of rows from before what is said was sealed
    content = models.BinaryField(null=True)  # reason, evidence, why it was revoked; none once erased
    field_key = models.CharField(max_length=32, default="", db_default="")
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    handling = models.ForeignKey("store.Handling", on_delete=models.PROTECT, db_index=False)
    ruled_at = models.DateTimeField()
    statements_to = models.BigIntegerField(default=0, db_default=0)  # the newest statement when it was ruled
    waiting = models.BooleanField(default=False, db_default=False)  # for a second officer; without effect until then
    confirmed_by = models.CharField(max_length=128, default="", db_default="")
    confirmed_at = models.DateTimeField(null=True)
    revoked = models.BooleanField(default=False)
    revoked_by = models.CharField(max_length=128, default="", db_default="")
    revoked_at = models.DateTimeField(null=True)
    replaced_by = models.CharField(max_length=32, default="", db_default="")

    class Meta:
        db_table = "judgement"
        # Of those in force alone: one that was taken back, or waits, is no work for anybody who may not know of it.
        indexes = [
            models.Index(
                fields=["handling", side], name=f"judgement_{side}", condition=models.Q(revoked=False, waiting=False)
            )
            for side in ("left", "right")
        ]


class JudgingRule(models.Model):
    """How one authority judges: whether by two officers, and whose judgements join records for its own viewers."""

    authority = models.CharField(primary_key=True, max_length=64)
    four_eyes = models.BooleanField(default=False)
    accepts = models.JSONField(null=True)  # authorities; none: all whose judgements its viewers may see

    class Meta:
        db_table = "judging_rule"


class Notice(models.Model):
    """Tells an owner that somebody asked about what he gave. Silent ones are found when the owner looks."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    owner = models.CharField(max_length=64)
    made = models.ForeignKey(Check, on_delete=models.PROTECT)
    record = models.ForeignKey("store.Record", on_delete=models.PROTECT)
    silent = models.BooleanField()
    seen = models.BooleanField(default=False)

    class Meta:
        db_table = "notice"
        constraints = [models.UniqueConstraint(fields=["made", "record"], name="notice_once")]
        indexes = [models.Index(fields=["owner"], name="notice_owner")]


class Erasure(models.Model):
    """The act of erasing, which remains: what (ids only), why, by whom; and whether the field keys are gone."""

    id = models.CharField(primary_key=True, max_length=32)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    reason = models.CharField(max_length=40)
    erased_at = models.DateTimeField()
    statements = models.JSONField(default=list)
    records = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    field_keys = models.JSONField(default=list)
    keys_destroyed = models.BooleanField(default=False)

    class Meta:
        db_table = "erasure"
