"""What lies on an officer's desk: standing checks, drafts, remembered mappings, long work, deputies, access tokens."""

from django.db import models


class StandingCheck(models.Model):
    """A question that is asked again until a day, with the rights that its officer has at that moment."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    purpose = models.CharField(max_length=12)
    case = models.CharField(max_length=200)
    legal_ground = models.CharField(max_length=80)
    question = models.BinaryField(null=True)  # sealed, with the justification
    field_key = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    until = models.CharField(max_length=10)
    ended_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_with = models.CharField(max_length=120, default="")  # the version of the index by which it was asked last
    origin = models.CharField(max_length=12, default="standing")  # standing, no_hit (an earlier check without a hit)
    bucket = models.IntegerField(null=True)  # a few bits, under a key, by which the same question is found again
    compared_to = models.CharField(max_length=90, default="")  # how far the tables went when it was asked last
    compared_rights = models.CharField(max_length=64, default="")  # digest of the handlings that were visible then

    class Meta:
        db_table = "standing_check"
        indexes = [
            models.Index(fields=["authority", "officer"], name="standing_officer"),
            models.Index(fields=["officer", "bucket"], name="standing_bucket"),
            models.Index(fields=["origin", "until"], name="standing_origin"),
        ]


class StandingTold(models.Model):
    """A hit of which the officer of a standing check was told, so that it is told once."""

    id = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(StandingCheck, on_delete=models.PROTECT)
    record = models.ForeignKey("store.Record", on_delete=models.PROTECT)
    content = models.BooleanField()
    hit = models.ForeignKey("store.CheckHit", on_delete=models.PROTECT)
    seen = models.BooleanField(default=False)

    class Meta:
        db_table = "standing_told"
        constraints = [models.UniqueConstraint(fields=["standing", "record", "content"], name="standing_told_once")]


class Draft(models.Model):
    """Something begun and not yet given; sealed, for its officer alone."""

    id = models.CharField(primary_key=True, max_length=32)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    kind = models.CharField(max_length=20)
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        indexes = [models.Index(fields=["officer", "kind"], name="draft_officer")]


class KeptMapping(models.Model):
    """How an authority mapped the columns of a kind of file; found again by the digest of its header row."""

    id = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=64)
    header = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content = models.JSONField()
    officer = models.CharField(max_length=128)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "kept_mapping"
        constraints = [models.UniqueConstraint(fields=["authority", "header"], name="kept_mapping_once")]


class Job(models.Model):
    """Long work that goes on while the officer does something else; its order is sealed, its result kept."""

    id = models.CharField(primary_key=True, max_length=32)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    kind = models.CharField(max_length=20)
    order = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default="waiting")  # waiting, running, done, failed, cancelled
    cancel = models.BooleanField(default=False)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job"
        indexes = [models.Index(fields=["state", "made_at"], name="job_state")]


class Deputy(models.Model):
    """Who stands in for an officer, and for how long."""

    id = models.BigAutoField(primary_key=True)
    officer = models.CharField(max_length=128)
    deputy = models.CharField(max_length=128)
    since = models.CharField(max_length=10)
    until = models.CharField(max_length=10)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "deputy"
        indexes = [models.Index(fields=["deputy"], name="deputy_deputy")]


class AccessToken(models.Model):
    """A key for programs, bound to an officer, a purpose and a case; only its digest is kept."""

    id = models.CharField(primary_key=True, max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    purpose = models.CharField(max_length=12)
    case = models.CharField(max_length=200)
    legal_ground = models.CharField(max_length=80)
    justification = models.CharField(max_length=500)
    acts = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_token"
        indexes = [models.Index(fields=["officer"], name="access_token_officer")]


class SecondLook(models.Model):
    """A check drawn for a second look at whether it was in order, and what was found (LED Art. 25, 32)."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    made = models.ForeignKey("store.Check", on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    drawn_by = models.CharField(max_length=128)
    drawn_at = models.DateTimeField()
    finding = models.CharField(max_length=20, default="open")  # open, in_order, to_explain, not_in_order
    note = models.TextField(default="")
    looked_by = models.CharField(max_length=128, default="")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "second_look"
        constraints = [models.UniqueConstraint(fields=["made"], name="second_look_once")]
        indexes = [models.Index(fields=["authority", "finding"], name="second_look_authority")]
