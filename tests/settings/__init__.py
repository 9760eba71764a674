"""Sites that the tests mount the package in; ``base`` is the one the suite runs on."""
