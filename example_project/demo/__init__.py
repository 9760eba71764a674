"""The demo: a seeded community, one-click sign-in and a mailbox; web server and worker as one program.

``python -m example_project.demo --help``. Nothing here is for a site that people rely on.
"""
