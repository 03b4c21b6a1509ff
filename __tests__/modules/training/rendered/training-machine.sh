#!/bin/bash
# First boot of a training machine of dev
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

services() {
  step "services: $*"
  systemctl daemon-reload
  systemctl enable "$@"
  systemctl restart "$@"
}
# shared_files FILE_SYSTEM ACCESS_POINT MOUNT_POINT: EFS by TLS and with the machine's role, now and at each boot
shared_files() {
  step "shared files at $3"
  local line="$1:/ $3 efs _netdev,nofail,tls,iam,accesspoint=$2 0 0"
  mkdir -p "$3"
  grep -qxF "$line" /etc/fstab || echo "$line" >>/etc/fstab
  mountpoint -q "$3" || retry mount "$3"
}

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

settings <<'EOF'
AWS_DEFAULT_REGION=us-west-2
AWS_REGION=us-west-2
METRICS_NAMESPACE=dev-training
TRAINING_ENVIRONMENT=dev
EOF
step 'instance id'
instance=$(retry metadata instance-id)
packages amazon-cloudwatch-agent amazon-efs-utils python3.12 python3.12-pip rsyslog
put /etc/ml/cloudwatch-agent.json 644 root <<'EOF'
{"agent":{"metrics_collection_interval":60},"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/var/log/user-data.log","log_group_name":"/training/dev","log_stream_name":"{instance_id}/user-data.log"},{"file_path":"/var/log/messages","log_group_name":"/training/dev","log_stream_name":"{instance_id}/messages"}]}}},"metrics":{"namespace":"dev-training","append_dimensions":{"InstanceId":"${aws:InstanceId}","AutoScalingGroupName":"${aws:AutoScalingGroupName}"},"aggregation_dimensions":[["InstanceId"],["AutoScalingGroupName"]],"metrics_collected":{"mem":{"measurement":["used_percent"]},"swap":{"measurement":["used_percent"]},"disk":{"measurement":["used_percent"],"resources":["/"],"drop_original_metrics":["*"]},"diskio":{"measurement":["read_bytes","write_bytes"],"resources":["nvme*n1","xvd?"],"drop_original_metrics":["*"]},"net":{"measurement":["bytes_recv","bytes_sent"],"resources":["en*"],"drop_original_metrics":["*"]},"nvidia_gpu":{"measurement":["utilization_gpu","utilization_memory","temperature_gpu"],"drop_original_metrics":["*"]}}}}
EOF
agent
shared_files fs-0123456789abcdef0 fsap-0123456789abcdef0 /mnt/training
shared_files fs-0123456789abcdef0 fsap-1123456789abcdef0 /mnt/checkpoints
wheels python3.12 ml-training image-classes
step files
put /etc/training/config.json 644 root <<'EOF'
{"environment":"dev","trainer":["python","-m","trainer"]}
EOF
put /etc/systemd/system/training-worker.service 644 root <<'EOF'
[Unit]
Description=Worker that runs training jobs from the queues
Wants=network-online.target
After=network-online.target remote-fs.target
RequiresMountsFor=/mnt/training /mnt/checkpoints
StartLimitIntervalSec=0

[Service]
User=ec2-user
EnvironmentFile=/etc/ml/env
Environment=PATH=/opt/training/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1
ExecStart=/opt/training/bin/training-worker
# It ends well when the machine is about to go, and with 2 when its settings are wrong.
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=5
# Asks the worker alone, which lets the trainer save its state.
KillMode=mixed
# A trainer that has used up the memory is a failed attempt; else systemd would end the worker too, as if the machine went.
OOMPolicy=continue
TimeoutStopSec=110

[Install]
WantedBy=multi-user.target
EOF
services training-worker
complete
