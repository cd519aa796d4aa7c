"""What a judgement says lies sealed; four eyes and looking again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0010_references")]

    operations = []  # filled by its author
