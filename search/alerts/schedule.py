"""When alerts are due: at once, or from a fixed hour of each day or each Monday on."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from archive.models import Alert

Frequency = Alert.Frequency
#: How often it is looked for what is sent at once; in a cron line, and in estimates.
AT_ONCE_EVERY = dt.timedelta(minutes=10)
#: How long a refused mail waits before it is tried again: twice as long each time, up to a day.
_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(minutes=10), dt.timedelta(days=1)


def slot(frequency: str, moment: dt.datetime) -> dt.datetime:
    """Since when the mail of that moment would have been due."""
    if frequency == Frequency.AT_ONCE:
        seconds = AT_ONCE_EVERY.total_seconds()
        return dt.datetime.fromtimestamp(moment.timestamp() // seconds * seconds, dt.UTC)
    local = moment.astimezone(timezone.get_default_timezone())
    day = local.date()
    if local.hour < settings.ALERTS_HOUR:
        day -= dt.timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        day -= dt.timedelta(days=day.weekday())
    return dt.datetime.combine(day, dt.time(settings.ALERTS_HOUR), tzinfo=local.tzinfo)


def is_due(alert: Alert, now: dt.datetime) -> bool:
    """Whether an alert is to be looked at now."""
    if not alert.is_on or _waits(alert, now):
        return False
    if alert.frequency == Frequency.AT_ONCE:
        return True
    return (alert.looked_at or alert.started_at) < slot(alert.frequency, now)


def _waits(alert: Alert, now: dt.datetime) -> bool:
    """Whether its last mail was refused so lately that it is not tried again yet."""
    if not alert.failures or alert.tried_at is None:
        return False
    wait = min(_FIRST_WAIT * 2 ** min(alert.failures - 1, 10), _LONGEST_WAIT)
    # A clock that was put back must not make it wait for longer.
    return dt.timedelta(0) <= now - alert.tried_at < wait
