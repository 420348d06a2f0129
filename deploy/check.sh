#!/usr/bin/env bash
# Django's deployment check against the production settings, as an installation would have them.
set -euo pipefail
python=${1:-python}
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
env -i PATH="$PATH" HOME="$data" DJANGO_SETTINGS_MODULE=hub.settings.production HUB_DATA_DIR="$data" \
  SECRET_KEY="$(head -c 48 /dev/urandom | base64)" ALLOWED_HOSTS=hub.example.org \
  HUB_BASE_URL=https://hub.example.org EMAIL_URL=smtp://127.0.0.1:25 \
  "$python" manage.py check --deploy --fail-level WARNING
