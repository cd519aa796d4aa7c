"""What widens who may read is proposed by one and agreed to by all whose content it opens."""

from django.db import models


class Proposal(models.Model):
    """A change that waits for the consent of others: an authority, a membership in a community, an agreement."""

    id = models.CharField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=20)  # authority, membership, agreement
    content = models.JSONField()
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")  # open, in_force, refused, withdrawn
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "proposal"
        indexes = [models.Index(fields=["state", "proposed_at"], name="proposal_state")]


class Consent(models.Model):
    """What one authority, by one of its administrators, said to a proposal."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    given = models.BooleanField()
    reason = models.CharField(max_length=500, default="")
    said_at = models.DateTimeField()

    class Meta:
        db_table = "consent"
        constraints = [models.UniqueConstraint(fields=["proposal", "authority"], name="consent_once")]
