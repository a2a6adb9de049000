"""The tables of the trail, and the head of its first stream."""

from django.db import migrations, models


def open_records_stream(apps, schema_editor):
    head = apps.get_model("trail", "TrailHead")
    head.objects.using(schema_editor.connection.alias).create(
        stream="records", seq=0, entry_hash="0" * 64
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PersonalValue",
            fields=[
                ("commitment", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("salt", models.CharField(max_length=32)),
                ("value", models.TextField()),
            ],
            options={
                "db_table": "audit_personal",
            },
        ),
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                ("stream", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("entry_hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_head",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.CharField(max_length=16)),
                ("seq", models.BigIntegerField()),
                ("prev_hash", models.CharField(max_length=64)),
                ("entry_hash", models.CharField(max_length=64)),
                ("payload", models.TextField()),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_id", models.CharField(max_length=64)),
                ("via", models.CharField(max_length=16)),
                ("action", models.CharField(max_length=64)),
                ("model", models.CharField(max_length=100)),
                ("object_id", models.CharField(max_length=64)),
                ("number", models.CharField(max_length=64)),
                ("reason", models.TextField()),
                ("request_id", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_entry",
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["number", "seq"], name="audit_entry_number"),
                    models.Index(fields=["model", "object_id", "seq"], name="audit_entry_object"),
                    models.Index(fields=["at"], name="audit_entry_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "seq"), name="audit_entry_seq"),
                    models.UniqueConstraint(
                        fields=("stream", "prev_hash"), name="audit_entry_prev"
                    ),
                ],
            },
        ),
        migrations.RunPython(open_records_stream, migrations.RunPython.noop),
    ]
