from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone

#: What is here already has arrived, in the order of its numbers. One statement, for both databases:
#: an archive may have hundreds of thousands of articles.
ARRIVED = """
INSERT INTO archive_arrival (article_id, at, "first", revision)
SELECT article.id, article.created_at, NULL,
       (SELECT COUNT(*) FROM archive_articleversion AS version
        WHERE version.article_id = article.id AND version.replaced_by_job_id IS NOT NULL)
FROM archive_article AS article
WHERE article.status = 'published'
ORDER BY article.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0013_possible_stories'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['created_at', 'status'], name='article_came_in'),
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first', models.BigIntegerField(help_text='The number it came in with, where only its text has changed since.', null=True)),
                ('revision', models.PositiveIntegerField(default=0, help_text='How often an import had changed the text.')),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='arrival', to='archive.article')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(ARRIVED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('frequency', models.CharField(blank=True, choices=[('', 'stopped'), ('at_once', 'at once'), ('daily', 'daily'), ('weekly', 'weekly')], max_length=10)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(help_text='Of the interface, and so of the mails.', max_length=10)),
                ('begun', models.BigIntegerField(help_text='The last arrival before it began.')),
                ('told_to', models.BigIntegerField(help_text='The last arrival it was looked at with.')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('looked_at', models.DateTimeField(blank=True, help_text='And all was well.', null=True, verbose_name='last looked at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='last mail')),
                ('sent_count', models.PositiveIntegerField(default=0, verbose_name='mails')),
                ('problem', models.CharField(blank=True, choices=[('', 'none'), ('grammar', 'means something else in this version of the query language'), ('unreadable', 'cannot be read any more')], max_length=12)),
                ('error', models.TextField(blank=True, verbose_name='last error')),
                ('tried_at', models.DateTimeField(blank=True, null=True, verbose_name='last tried')),
                ('failures', models.PositiveIntegerField(default=0, help_text='Refused mails since the last that was taken.', verbose_name='refused')),
                ('saved', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='alert', to='archive.savedsearch')),
            ],
            options={
                'ordering': ['saved'],
                'default_permissions': (),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('told_to__gte', models.F('begun'))), name='alert_told_from_its_beginning'),
                    models.CheckConstraint(condition=models.Q(models.Q(('frequency', ''), ('stopped_at__isnull', False)), models.Q(models.Q(('frequency', ''), _negated=True), ('stopped_at', None)), _connector='OR'), name='alert_is_stopped_or_not'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='archive.alert')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('alert', 'article'), name='told_once_an_alert')],
            },
        ),
    ]
