#!/bin/bash
# Fetches the page's program when the bucket has another one, and starts it. It runs every minute.
set -euo pipefail
umask 022
folder=/opt/gateway
keep() {
  echo "nothing is changed: $1" >&2
  exit 1
}

install -d "$folder"
read -r etag size < <(aws s3api head-object --bucket "$APP_BUCKET" --key "$APP_KEY" \
  --query '[ETag, ContentLength]' --output text) || keep "s3://$APP_BUCKET/$APP_KEY is out of reach"
[ "$etag" != "$(cat "$folder/etag" 2>/dev/null)" ] || exit 0
command -v node-24 >/dev/null || dnf -y install nodejs24

new=$(mktemp -d "$folder/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
aws s3api get-object --bucket "$APP_BUCKET" --key "$APP_KEY" --if-match "$etag" "$new/gateway.mjs" >/dev/null ||
  keep "$etag could not be fetched"
[ "$(stat -c %s "$new/gateway.mjs")" = "$size" ] || keep "$etag did not come whole"
node-24 --check "$new/gateway.mjs" || keep "$etag is no program"
mv -f "$new/gateway.mjs" "$folder/gateway.mjs"
systemctl restart gateway
echo "$etag" >"$folder/etag" # last, so that what was cut short is done again
echo "started $etag"
