"""Mails that carry a checkpoint of the trail to its keepers (AT9)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_tell_people")]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("at_once", "At once"),
                    ("digest", "Digest"),
                    ("checkpoint", "Checkpoint"),
                ],
                max_length=10,
            ),
        ),
    ]
