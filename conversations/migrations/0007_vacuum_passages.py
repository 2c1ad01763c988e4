"""0006 wrote the table of passages anew. Until it is vacuumed an index over it cannot answer alone:
every search reads the rows, too, and is ten times slower. Nothing else would vacuum it soon."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # VACUUM runs in no transaction

    dependencies = [("conversations", "0006_passage_signs")]

    operations = [
        migrations.RunSQL("VACUUM conversations_passage", migrations.RunSQL.noop),
    ]
