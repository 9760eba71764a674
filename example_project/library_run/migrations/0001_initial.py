import community_help.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('community_help', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LibraryRunJob',
            fields=[
                ('job_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community_help.job')),
                ('branch', models.CharField(blank=True, max_length=60, verbose_name='which library')),
                ('language', models.CharField(blank=True, choices=[(None, 'no other language'), ('somali', 'Somali'), ('polish', 'Polish')], max_length=20, verbose_name='language to speak')),
                ('books', community_help.fields.EncryptedText(blank=True, verbose_name='books wanted')),
                ('large_print', models.BooleanField(default=False, verbose_name='in large print')),
                ('to_return', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='books to take back')),
            ],
            options={
                'verbose_name': 'library run',
                'verbose_name_plural': 'library runs',
            },
            bases=('community_help.job',),
        ),
    ]
