"""The key of a file no longer holds the name of the source: a correction may come without it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import migrations, models

_CHUNK = 500


def _hash(text):
    return hashlib.sha256(text.encode("utf8", "replace")).hexdigest()


def leave_sources_out(apps, schema_editor):
    """Make the keys anew. One whose file is no longer known stays: it matches nothing, as before."""
    Article = apps.get_model("archive", "Article")
    Outcome = apps.get_model("archive", "Outcome")
    FormerSource = apps.get_model("archive", "FormerSource")
    former = {}
    for source, name in FormerSource.objects.exclude(name=None).values_list("source", "name"):
        former.setdefault(source, []).append(name)
    # A project of others that uses our search engine alone has no folder of data.
    uploads = str(Path(getattr(settings, "DATA_DIR", "")) / "uploads")
    articles = Article.objects.exclude(file_key="").order_by("pk")
    last = 0
    while rows := list(
        articles.filter(pk__gt=last).values_list(
            "pk", "file_key", "source", "source__name", "original__name"
        )[:_CHUNK]
    ):
        last = rows[-1][0]
        locators = {pk: {name} for pk, _, _, _, name in rows if name}
        # Of equal bytes only one name is kept; the outcomes say from where each article came.
        for pk, locator in Outcome.objects.filter(article__in=[row[0] for row in rows]).values_list(
            "article", "locator"
        ):
            locators.setdefault(pk, set()).add(locator)
        changed = []
        for pk, key, source, name, _ in rows:
            called = {"", name or "", *former.get(source, ())}
            for locator in locators.get(pk, ()):
                shown = Path(locator).name if locator.startswith(uploads) else locator
                if any(key == _hash(f"{one}\n{shown}") for one in called):
                    changed.append(Article(pk=pk, file_key=_hash(shown)))
                    break
        Article.objects.bulk_update(changed, ["file_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0014_alerts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="file_key",
            field=models.CharField(
                blank=True,
                db_index=True,
                default="",
                editable=False,
                help_text="Hash of the file of a text without id and address: by it a corrected file is known again.",
                max_length=64,
            ),
        ),
        migrations.RunPython(leave_sources_out, migrations.RunPython.noop),
    ]
