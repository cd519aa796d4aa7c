"""What programs have used up of their allowance, and which of their requests were carried out already."""

from django.db import models


class Allowance(models.Model):
    """How far one holder (a token, an authority) has used one allowance.

    `used_until` is the moment at which all that was used will be free again (generic cell rate algorithm).
    """

    id = models.BigAutoField(primary_key=True)
    holder = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    used_until = models.DateTimeField()

    class Meta:
        db_table = "allowance"
        constraints = [models.UniqueConstraint(fields=["holder", "kind"], name="allowance_once")]


class KeptRequest(models.Model):
    """A request of a program that was carried out, known again by the key that the program gave it.

    Both digests are salted with that key, which is not kept; the rows go after a day.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    content = models.CharField(max_length=64)
    reference = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "kept_request"
        indexes = [models.Index(fields=["made_at"], name="kept_request_made")]
