from django.db import migrations, models


def mark_found(apps, schema_editor):
    """What curators decided about before and articles write: whether readers see it is for these."""
    mentions = apps.get_model("archive", "Mention").objects.filter(form=models.OuterRef("pk"))
    forms = apps.get_model("archive", "Form").objects.filter(is_curated=True)
    forms.filter(models.Exists(mentions)).update(is_found=True)


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0016_spellings_filed_in_the_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="form",
            name="is_found",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Articles wrote it so before a curator decided about it: readers see it "
                "while a public one does. One that a curator gave they see in any case.",
            ),
        ),
        migrations.RunPython(mark_found, migrations.RunPython.noop),
    ]
