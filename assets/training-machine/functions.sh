
# A machine that cannot work makes room for another, once its log is sent.
trap 'failed; [ ! -e /var/log/user-data-failed ] || { sleep "${RETRY_SECONDS:-15}"; systemctl poweroff; }' EXIT

# wheels PYTHON PACKAGES...: into /opt/training, from nowhere but the shared files. The first build may still run.
wheels() {
  step "packages: ${*:2}"
  local name sources=()
  for name in "${@:2}"; do
    retry test -d "/mnt/training/packages/$name/current/"
    sources+=(--find-links "/mnt/training/packages/$name/current")
  done
  [ -x /opt/training/bin/pip ] || "$1" -m venv /opt/training
  # /tmp is memory, too little for the wheels
  TMPDIR=/var/tmp retry /opt/training/bin/pip install --no-cache-dir --no-index "${sources[@]}" "${@:2}"
}

complete() {
  report 0
  date -u +%FT%TZ >/var/log/user-data-complete
}
