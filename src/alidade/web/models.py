"""What the database of accounts knows beside accounts and passkeys: whose password is for one sign-in only."""

from django.conf import settings
from django.db import models


class OneTimePassword(models.Model):
    """Stands as long as an account has the password that was handed over, which its officer must replace."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "one_time_password"
