#!/bin/bash
# Takes Jupyter's token from its secret into a file that only the service's user reads.
set -euo pipefail
umask 077
token=$(aws secretsmanager get-secret-value --secret-id "$JUPYTER_SECRET_ARN" --query SecretString --output text)
# an empty token would let everyone in
((${#token} >= 16)) || { echo "the secret holds no token of 16 characters or more" >&2; exit 1; }
printf %s "$token" >"$RUNTIME_DIRECTORY/token"
