"""Place: what a database says of itself, so that it is not taken for another one."""

from django.db import models


class Place(models.Model):
    """One row: the random name of this database, and where its data was moved to, once it was."""

    id = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=32)
    moved_to = models.CharField(max_length=400, default="")
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "place"
