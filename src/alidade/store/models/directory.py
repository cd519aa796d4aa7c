"""Who there is: authorities, their public keys and officers, and agreements that this node knows beside the law's."""

from django.db import models


class Authority(models.Model):
    """One authority of the directory."""

    id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    function = models.CharField(max_length=40)
    state = models.CharField(max_length=16)
    areas = models.JSONField(default=list)
    communities = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    contact = models.CharField(max_length=200)
    duty_line = models.CharField(max_length=100, default="")
    last_confirmed = models.CharField(max_length=10, default="")
    confirmed_by = models.CharField(max_length=128, default="")
    articles = models.JSONField(default=list)  # the articles under which it acts, such as UNTOC Art. 18
    channel = models.CharField(max_length=200, default="")
    hours = models.CharField(max_length=100, default="")
    invented = models.BooleanField(default=False)
    # Up to which check this authority has been told of questions that met what it gave in silence.
    silent_checked_to = models.BigIntegerField(default=0)

    class Meta:
        db_table = "authority"


class AuthorityKey(models.Model):
    """A public signing key of an authority. Kept for ever: it is what makes its statements evidence."""

    id = models.CharField(primary_key=True, max_length=64)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    public_key = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "authority_key"


class Officer(models.Model):
    """One person who acts for an authority."""

    id = models.CharField(primary_key=True, max_length=128)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    role = models.CharField(max_length=40)
    clearance = models.CharField(max_length=20)
    cases = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    unit = models.CharField(max_length=100, default="")
    left_on = models.CharField(max_length=10, default="")

    class Meta:
        db_table = "officer"


class Agreement(models.Model):
    """An agreement between States that is not in the vocabulary: added here, or invented for a rehearsal."""

    code = models.CharField(primary_key=True, max_length=80)
    content = models.JSONField()

    class Meta:
        db_table = "agreement"
