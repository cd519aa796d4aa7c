"""Pieces of work: what somebody made of the picture (charts, questions, dossiers), in versions, under a handling."""

from django.db import models


class Workpiece(models.Model):
    """One piece as it stands now. Whoever may see its handling may open it; what it says lies sealed."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16)  # chart, question, dossier
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    handling = models.ForeignKey("store.Handling", on_delete=models.PROTECT, db_index=False)
    version = models.IntegerField()
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    mentions = models.JSONField(default=list)  # public ids of records, in any version: an erasure finds it by them
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "workpiece"
        # Of those in force alone: one that was withdrawn is no work for anybody who may not know of it.
        indexes = [
            models.Index(
                fields=["handling", "kind", "id"], name="workpiece_visible", condition=models.Q(withdrawn=False)
            )
        ]


class WorkpieceVersion(models.Model):
    """The piece as it was left each time, with who left it so and why."""

    id = models.BigAutoField(primary_key=True)
    piece_id = models.BigIntegerField()
    version = models.IntegerField()
    officer = models.CharField(max_length=128)
    content = models.BinaryField()
    field_key = models.CharField(max_length=32)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "workpiece_version"
        constraints = [models.UniqueConstraint(fields=["piece_id", "version"], name="workpiece_version_once")]
