set -euo pipefail
umask 022
instance='' current=start
rm -f /var/log/user-data-complete /var/log/user-data-failed
exec > >(tee -a /var/log/user-data.log) 2>&1

step() {
  current=$1
  echo "$(date -u +%FT%TZ) $1"
}

# put FILE MODE OWNER: writes what comes in
put() { install -D -m "$2" -o "$3" -g "$3" /dev/stdin "$1"; }

# Network, volumes, mount targets and rights may come after the machine: tries for five minutes.
retry() {
  local try
  for try in {1..20}; do
    "$@" && return
    echo "try $try failed: $*" >&2
    sleep "${RETRY_SECONDS:-15}"
  done
  "$@"
}

# report VALUE: puts the metric UserDataFailed, once for all machines and once for this one
report() {
  local datum="MetricName=UserDataFailed,Unit=Count,Value=$1"
  local data=("$datum")
  [ -z "$instance" ] || data+=("$datum,Dimensions=[{Name=InstanceId,Value=$instance}]")
  timeout 60 aws cloudwatch put-metric-data --namespace "$METRICS_NAMESPACE" --metric-data "${data[@]}" ||
    echo 'CloudWatch did not take the metric'
}

failed() {
  local status=$?
  ((status)) || return 0
  set +e
  echo "$(date -u +%FT%TZ) failed with status $status in step: $current" | tee /var/log/user-data-failed
  report 1
}
trap failed EXIT

# settings: what comes in, for the script, the services and every login shell
settings() {
  step settings
  put /etc/ml/env 644 root
  set -a
  # shellcheck source=/dev/null
  . /etc/ml/env
  set +a
}

metadata() {
  local url=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}/latest token
  token=$(curl -sSf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$url/api/token") || return
  curl -sSf -m 5 -H "X-aws-ec2-metadata-token: $token" "$url/meta-data/$1"
}

upgrade() {
  step 'newer packages'
  retry dnf -y upgrade "$@"
}

packages() {
  step packages
  retry dnf -y install "$@"
}

agent() {
  step 'logs and metrics'
  # the agent reads files, and Amazon Linux has but a journal
  systemctl enable --now rsyslog
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/ml/cloudwatch-agent.json
}
