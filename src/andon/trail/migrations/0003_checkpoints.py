"""Checkpoints and the public halves of the keys that sign them (AT9)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_open_security_stream")]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
                ("key_id", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("records_size", models.BigIntegerField(db_index=True)),
                ("security_size", models.BigIntegerField()),
                ("peaks", models.TextField()),
            ],
            options={"db_table": "audit_checkpoint", "ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("key_id", models.CharField(max_length=16, unique=True)),
                ("public_key", models.CharField(max_length=44)),
                ("at", models.DateTimeField()),
                ("endorsement", models.CharField(blank=True, max_length=88)),
            ],
            options={"db_table": "audit_key", "ordering": ["number"]},
        ),
    ]
