"""The head of the second stream (AT11)."""

from django.db import migrations


def open_security_stream(apps, schema_editor):
    head = apps.get_model("trail", "TrailHead")
    head.objects.using(schema_editor.connection.alias).get_or_create(
        stream="security", defaults={"seq": 0, "entry_hash": "0" * 64}
    )


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]

    operations = [migrations.RunPython(open_security_stream, migrations.RunPython.noop)]
