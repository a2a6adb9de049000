"""What was backed up, drilled, restored, exported and loaded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KeepingRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("backup", "Backup"),
                            ("drill", "Restore drill"),
                            ("restore", "Restore"),
                            ("export", "Whole export"),
                            ("load", "Load of an export"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "seconds",
                    models.DecimalField(decimal_places=1, max_digits=9, verbose_name="seconds"),
                ),
                ("is_good", models.BooleanField(verbose_name="went well")),
                ("trouble", models.TextField(blank=True, verbose_name="what went wrong")),
                ("archive", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("size", models.BigIntegerField(default=0, verbose_name="bytes")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("is_encrypted", models.BooleanField(default=False, verbose_name="encrypted")),
                ("entries", models.BigIntegerField(default=0, verbose_name="entries of the trail")),
                ("newest_at", models.DateTimeField(null=True, verbose_name="newest entry")),
                ("files_count", models.BigIntegerField(default=0, verbose_name="files")),
                (
                    "version",
                    models.CharField(blank=True, max_length=40, verbose_name="version of Andon"),
                ),
            ],
            options={
                "verbose_name": "backup or drill",
                "verbose_name_plural": "backups and drills",
                "ordering": ("-started_at", "-pk"),
                "indexes": [
                    models.Index(fields=["kind", "-started_at"], name="keeping_run_newest")
                ],
            },
        ),
    ]
