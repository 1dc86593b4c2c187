from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0011_former_sources'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='formersource',
            options={'ordering': ['name', 'slug']},
        ),
        migrations.AlterField(
            model_name='formersource',
            name='name',
            field=models.CharField(blank=True, max_length=200, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='formersource',
            name='slug',
            field=models.SlugField(blank=True, max_length=80, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name='formersource',
            constraint=models.CheckConstraint(condition=models.Q(('name__isnull', False), ('slug__isnull', False), _connector='OR'), name='former_source_says_something'),
        ),
    ]
