# One image for the web server and for the worker: compose.yaml says which command each runs.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=example_project.settings_production

RUN useradd --system --create-home --home-dir /srv/site site
WORKDIR /srv/site

# The package and what the example site needs of it: PostgreSQL, encryption, waitress and whitenoise.
COPY pyproject.toml README.md LICENSE .gitignore ./
COPY src ./src
RUN pip install --no-cache-dir ".[postgres,crypto,demo]"

COPY example_project ./example_project
ENV PYTHONPATH=/srv/site

# Static files are collected into the image. The settings insist on values that this step does not use.
RUN COMMUNITY_HELP_SECRET_KEY=unused COMMUNITY_HELP_HASH_KEY=unused COMMUNITY_HELP_ENCRYPTION_KEYS=unused \
    COMMUNITY_HELP_BASE_URL=https://unused.example COMMUNITY_HELP_HOSTS=unused.example \
    COMMUNITY_HELP_DB_HOST=unused COMMUNITY_HELP_DB_PASSWORD=unused \
    COMMUNITY_HELP_FROM_EMAIL=unused@unused.example COMMUNITY_HELP_MAIL_HOST=unused \
    python -m django collectstatic --noinput

USER site
EXPOSE 8000
CMD ["waitress-serve", "--listen=*:8000", "--trusted-proxy=*", "--trusted-proxy-headers=x-forwarded-proto", "example_project.wsgi:application"]
