"""The legal ground of a check in clear, to be counted by; and an index that leads from a moment to its entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_place")]

    operations = [
        migrations.AddField(model_name="check", name="legal_ground", field=models.CharField(default="", max_length=80)),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["authority", "at"], name="ledger_authority_at"),
        ),
    ]
