import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0012_former_names_of_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='familyedit',
            name='kind',
            field=models.CharField(choices=[('split', 'split off'), ('join', 'joined'), ('apart', 'kept apart')], max_length=5),
        ),
        migrations.CreateModel(
            name='FamilySuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(help_text='How near they are to what the machine joins.')),
                ('evidence', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted: one story'), ('rejected', 'rejected for ever'), ('later', 'put off')], default='open', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('article', models.ForeignKey(help_text='The lower number.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edit', models.ForeignKey(blank=True, help_text='What the decision did; taken back, the question is open again.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suggestions', to='archive.familyedit')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
            ],
            options={
                'verbose_name': 'possible story',
                'verbose_name_plural': 'possible stories',
                'ordering': ['-score', 'id'],
                'indexes': [models.Index(fields=['status', '-score'], name='family_suggestion_score')],
                'constraints': [models.UniqueConstraint(fields=('article', 'other'), name='family_suggestion_once'), models.CheckConstraint(condition=models.Q(('article__lt', models.F('other'))), name='family_suggestion_in_order')],
            },
        ),
    ]
