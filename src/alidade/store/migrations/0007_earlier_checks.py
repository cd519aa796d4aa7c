"""An earlier check without a hit is kept for a while and asked again: a standing check of a lighter kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0006_name_index")]

    operations = [
        migrations.AddField(
            model_name="standingcheck", name="origin", field=models.CharField(default="standing", max_length=12)
        ),
        migrations.AddField(model_name="standingcheck", name="bucket", field=models.IntegerField(null=True)),
        migrations.AddField(
            model_name="standingcheck", name="compared_to", field=models.CharField(default="", max_length=90)
        ),
        migrations.AddField(
            model_name="standingcheck", name="compared_rights", field=models.CharField(default="", max_length=64)
        ),
        migrations.AddIndex(
            model_name="standingcheck", index=models.Index(fields=["officer", "bucket"], name="standing_bucket")
        ),
        migrations.AddIndex(
            model_name="standingcheck", index=models.Index(fields=["origin", "until"], name="standing_origin")
        ),
    ]
