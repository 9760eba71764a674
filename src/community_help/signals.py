"""Signals that a site may listen to. Nothing inside the package does: there, functions are called."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent after the commit of each event. Keyword argument: ``event``, the Event.
event_recorded = Signal()
