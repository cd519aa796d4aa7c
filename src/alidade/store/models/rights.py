"""Rights: handlings as given, and what they come to for each class of viewers."""

from django.db import models


class PolicyEpoch(models.Model):
    """One row; its number rises in the very transaction that changes a right, so that no compiled set outlives it."""

    id = models.SmallIntegerField(primary_key=True)
    epoch = models.BigIntegerField()

    class Meta:
        db_table = "policy_epoch"


class Handling(models.Model):
    """One handling, interned: the canonical bytes, signed by the owner. `verified` says that the signature held."""

    id = models.AutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    owner = models.CharField(max_length=64)
    content = models.BinaryField()
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField()
    verified = models.BooleanField()

    class Meta:
        db_table = "handling"


class Release(models.Model):
    """The owner's signed permission that widens one handling for one authority and one action."""

    id = models.CharField(primary_key=True, max_length=32)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT)
    owner = models.CharField(max_length=64)
    grantee = models.CharField(max_length=64)
    action = models.CharField(max_length=20)
    purposes = models.JSONField(default=list)
    until = models.CharField(max_length=10, null=True)
    given_at = models.DateTimeField()
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField()
    verified = models.BooleanField()
    revoked = models.BooleanField(default=False)

    class Meta:
        db_table = "release"
        indexes = [models.Index(fields=["grantee"], name="release_grantee")]


class ViewerClass(models.Model):
    """All viewers who get the same answers to one action, and up to which handling they are worked out."""

    id = models.AutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    epoch = models.BigIntegerField()
    evaluated_to = models.BigIntegerField(default=0)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "viewer_class"


class Visible(models.Model):
    """The compiled set: which handlings permit the action to the class."""

    pk = models.CompositePrimaryKey("viewer_class_id", "handling_id")
    viewer_class_id = models.IntegerField()
    handling_id = models.IntegerField()
    owner = models.CharField(max_length=64)

    class Meta:
        db_table = "visible"
        indexes = [models.Index(fields=["viewer_class_id", "owner", "handling_id"], name="visible_owner")]


class JoiningClass(models.Model):
    """A viewer class for which the rulings that it may use are worked out, and from which state of its set."""

    viewer_class_id = models.IntegerField(primary_key=True)
    epoch = models.BigIntegerField()
    evaluated_to = models.BigIntegerField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "joining_class"


class SeenRuling(models.Model):
    """A ruling in force that the class may use: it sees the handling, and something of both records."""

    pk = models.CompositePrimaryKey("viewer_class_id", "judgement_id")
    viewer_class_id = models.IntegerField()
    judgement_id = models.CharField(max_length=32)
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()

    class Meta:
        db_table = "seen_ruling"
        # Class before record: a search meets only what the class may use.
        indexes = [
            models.Index(fields=["viewer_class_id", "left_id"], name="seen_ruling_left"),
            models.Index(fields=["viewer_class_id", "right_id"], name="seen_ruling_right"),
            models.Index(fields=["judgement_id"], name="seen_ruling_judgement"),
        ]
