"""Proofs: programs that measure a promise of the package and write the figure down.

A proof is a module in this folder. It has

``__doc__``
    whose first line says what is proved;
``FULL`` and ``SHORT``
    the two sizes it is run at (how many rounds, mails, cases: an int). SHORT takes under a minute;
``POSTGRES`` (optional)
    True when it needs PostgreSQL: then ``COMMUNITY_HELP_DATABASE_URL`` names a running server;
``FAULTS`` (optional)
    True when it breaks things on purpose (killed workers, lost queues): ``run faults`` runs those;
``run(size, seed, resume) -> dict``
    does the work and returns the figures: any JSON, with at least ``passed`` (bool) and ``figure`` (one line of text
    for people). ``seed`` is an int; the same seed makes the same cases. ``resume`` is a ``workshop.progress.Progress``:
    what was finished before a run of the same size, seed and commit was cut off.

Django is not set up before ``run``: a proof chooses its own site (``tests.settings.base`` reads the URL).
``run prove NAME`` writes ``proofs/NAME.json``; with ``--short`` it writes ``test-results/proofs/NAME.json``.
"""
