"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from config.faults import in_a_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# 3 tells gunicorn that another try would end in the same way.
with in_a_line(status=3):
    application = get_wsgi_application()
