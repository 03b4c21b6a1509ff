#!/bin/bash
# First boot of a machine of ml-demo-dev
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

# libraries NAMES...: into the environment of Python at /opt/ml
libraries() {
  step 'Python libraries'
  [ -x /opt/ml/bin/pip ] || python3.12 -m venv /opt/ml
  # /tmp is memory, too little for the wheels
  TMPDIR=/var/tmp retry /opt/ml/bin/pip install --no-cache-dir --constraint /etc/ml/constraints.txt "$@"
}

services() {
  step "services: $*"
  systemctl daemon-reload
  systemctl enable "$@"
  systemctl restart "$@"
}

complete() {
  step 'access to the buckets'
  retry runuser -u ec2-user -- /home/ec2-user/test_s3_access.py
  report 0
  date -u +%FT%TZ >/var/log/user-data-complete
}
# data_volume DEVICE MOUNT_POINT: makes a file system when the volume is empty, and mounts it now and at each boot
data_volume() {
  step "volume $1 at $2"
  local uuid found=0
  retry test -b "$1"
  blkid -p "$1" || found=$?
  case $found in
    0) ;;
    2) mkfs.ext4 -q "$1" ;;
    *) return "$found" ;;
  esac
  uuid=$(blkid -p -s UUID -o value "$1" || true)
  mkdir -p "$2"
  grep -q "^UUID=$uuid " /etc/fstab || echo "UUID=${uuid:?has partitions} $2 auto defaults,nofail 0 2" >>/etc/fstab
  mountpoint -q "$2" || mount "$2"
  chown ec2-user: "$2"
}
# shared_files FILE_SYSTEM ACCESS_POINT MOUNT_POINT: EFS by TLS and with the machine's role, now and at each boot
shared_files() {
  step "shared files at $3"
  local line="$1:/ $3 efs _netdev,nofail,tls,iam,accesspoint=$2 0 0"
  mkdir -p "$3"
  grep -qxF "$line" /etc/fstab || echo "$line" >>/etc/fstab
  mountpoint -q "$3" || retry mount "$3"
}

settings <<'EOF'
AWS_DEFAULT_REGION=us-east-1
AWS_REGION=us-east-1
DATASETS_BUCKET=ml-demo-dev-datasets-1
MODELS_BUCKET=ml-demo-dev-models-1
METRICS_NAMESPACE=ml-demo/dev
ML_PROJECT=ml-demo
ML_ENVIRONMENT=dev
ML_WORKLOAD_TYPE=notebook
JUPYTER_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:ml-demo-dev-jupyter-token-Ab12Cd
EOF
step 'instance id'
instance=$(retry metadata instance-id)
upgrade --releasever=latest --exclude='kernel*' --exclude='*nvidia*'
packages amazon-cloudwatch-agent gcc gcc-c++ git htop logrotate make python3.12 python3.12-devel rsyslog tmux unzip vim-enhanced wget e2fsprogs amazon-efs-utils
put /etc/ml/cloudwatch-agent.json 644 root <<'EOF'
{"agent":{"metrics_collection_interval":60},"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/var/log/user-data.log","log_group_name":"/aws/ec2/ml-demo-dev-ml-training","log_stream_name":"{instance_id}/user-data.log"},{"file_path":"/var/log/jupyter.log","log_group_name":"/aws/ec2/ml-demo-dev-ml-training","log_stream_name":"{instance_id}/jupyter.log"},{"file_path":"/var/log/tensorboard.log","log_group_name":"/aws/ec2/ml-demo-dev-ml-training","log_stream_name":"{instance_id}/tensorboard.log"},{"file_path":"/var/log/messages","log_group_name":"/aws/ec2/ml-demo-dev-ml-training","log_stream_name":"{instance_id}/messages"},{"file_path":"/var/log/secure","log_group_name":"/aws/ec2/ml-demo-dev-ml-training","log_stream_name":"{instance_id}/secure"}]}}},"metrics":{"namespace":"ml-demo/dev","append_dimensions":{"InstanceId":"${aws:InstanceId}","AutoScalingGroupName":"${aws:AutoScalingGroupName}"},"aggregation_dimensions":[["InstanceId"],["AutoScalingGroupName"]],"metrics_collected":{"mem":{"measurement":["used_percent"]},"swap":{"measurement":["used_percent"]},"disk":{"measurement":["used_percent"],"resources":["/","/data"],"drop_original_metrics":["*"]},"diskio":{"measurement":["read_bytes","write_bytes"],"resources":["nvme*n1","xvd?"],"drop_original_metrics":["*"]},"net":{"measurement":["bytes_recv","bytes_sent"],"resources":["en*"],"drop_original_metrics":["*"]},"nvidia_gpu":{"measurement":["utilization_gpu","utilization_memory","temperature_gpu"],"drop_original_metrics":["*"]}}}}
EOF
agent
data_volume /dev/sdf /data
shared_files fs-0123456789abcdef0 fsap-0123456789abcdef0 /mnt/shared
put /etc/ml/constraints.txt 644 root <<'EOF'
absl-py==2.5.1
asttokens==3.0.2
astunparse==1.6.3
boto3==1.44.5
botocore==1.44.5
certifi==2026.10.18
charset-normalizer==3.5.2
cloudpickle==3.1.2
contourpy==1.4.0
cycler==0.12.1
executing==2.3.0
filelock==4.2.11
flatbuffers==25.12.19
fonttools==4.68.0
fsspec==2026.9.0
gast==0.7.0
google-pasta==0.2.0
grpcio==1.85.1
h5py==3.14.0
idna==3.20
ipython==9.18.1
ipython-pygments-lexers==1.1.1
jedi==0.20.1
jinja2==3.1.6
jmespath==1.1.0
joblib==1.6.0
keras==3.15.1
kiwisolver==1.5.1
libclang==18.1.1
markdown==3.11.3
markdown-it-py==4.3.0
markupsafe==3.0.4
matplotlib==3.11.2
matplotlib-inline==0.2.2
mdurl==0.1.2
ml-dtypes==0.6.0
mpmath==1.3.0
namex==0.1.0
narwhals==2.28.0
networkx==3.7
numpy==2.5.5
opt-einsum==3.4.0
optree==0.20.0
packaging==26.3
pandas==3.1.1
parso==0.8.7
pexpect==4.9.0
pillow==13.0.0
prompt-toolkit==3.0.53
protobuf==7.36.2
psutil==7.2.2
ptyprocess==0.7.0
pure-eval==0.2.4
pygments==2.21.0
pyparsing==3.3.3
python-dateutil==2.9.0.post0
requests==2.34.2
rich==15.0.0
s3transfer==0.19.3
scikit-learn==1.9.1
scipy==1.18.1
seaborn==0.13.2
setuptools==84.2.1
six==1.17.0
stack-data==0.6.3
sympy==1.14.0
tensorboard==2.21.0
tensorboard-data-server==0.7.2
tensorflow==2.21.0
termcolor==3.3.0
threadpoolctl==3.8.0
torch==2.15.0
torchvision==0.29.2
traitlets==5.16.1
typing-extensions==4.16.0
urllib3==2.8.0
wcwidth==0.9.4
werkzeug==3.1.9
wheel==0.48.0
wrapt==2.5.2
anyio==4.16.0
argon2-cffi-bindings==26.2.0
argon2-cffi==25.1.0
arrow==1.4.0
async-lru==2.4.0
attrs==26.1.0
babel==2.18.0
beautifulsoup4==4.15.0
bleach==6.4.0
cffi==2.1.1
comm==0.2.3
debugpy==1.8.22
defusedxml==0.7.1
fastjsonschema==2.22.3
fqdn==1.6.0
h11==0.16.0
httpcore==1.0.9
httpx==0.28.1
ipykernel==7.4.0
isoduration==20.11.0
json5==0.17.3
jsonpointer==3.12
jsonschema-specifications==2025.9.1
jsonschema==4.26.0
jupyter-builder==1.3.0
jupyter-client==8.10.0
jupyter-core==5.9.1
jupyter-events==0.12.1
jupyter-lsp==2.3.1
jupyter-server-terminals==0.5.4
jupyter-server==2.21.1
jupyterlab-pygments==0.3.0
jupyterlab-server==2.28.1
jupyterlab==4.6.6
lark==1.3.1
mistune==3.4.0
nbclient==0.11.0
nbconvert==7.17.2
nbformat==5.11.1
nest-asyncio2==1.7.4
notebook-shim==0.2.4
pandocfilters==1.5.1
platformdirs==4.14.5
prometheus-client==0.26.0
pycparser==3.12
python-json-logger==4.2.0
pyyaml==6.0.3
pyzmq==27.3.0
referencing==0.37.0
rfc3339-validator==0.1.4
rfc3986-validator==0.1.1
rfc3987-syntax==1.1.0
rpds-py==2026.9.1
send2trash==2.2.0
soupsieve==4.1.1
terminado==0.18.1
tinycss2==1.5.1
tornado==6.6.1
tzdata==2026.6
uri-template==1.3.0
webcolors==25.10.0
webencodings==0.6.1
websocket-client==1.9.2
EOF
libraries boto3 ipython matplotlib numpy pandas scikit-learn seaborn torch torchvision 'tensorflow[and-cuda]' jupyterlab tensorboard
step files
put /etc/profile.d/ml.sh 644 root <<'EOF'
set -a
. /etc/ml/env
set +a
PATH=/opt/ml/bin:$PATH
EOF
put /home/ec2-user/README.md 644 ec2-user <<'EOF'
# ML machine

- Names of the project and its buckets: `/etc/ml/env`; a login shell has them in its environment.
- Python: `/opt/ml/bin/python`; `/etc/ml/constraints.txt` pins the versions.
- Can it reach its buckets? `~/test_s3_access.py`
- First boot: `/var/log/user-data.log`, `/var/log/user-data-complete` or `/var/log/user-data-failed`.

JupyterLab is on port 8888. From your machine, with INSTANCE and the secret that `/etc/ml/env` names:

    aws ssm start-session --target INSTANCE --document-name AWS-StartPortForwardingSession \
      --parameters portNumber=8888,localPortNumber=8888
    aws secretsmanager get-secret-value --secret-id SECRET --query SecretString --output text

Then open http://localhost:8888 with that token.

TensorBoard shows what is written under `/opt/ml/runs`: forward port 6006 by Session Manager, then open http://localhost:6006.
EOF
put /home/ec2-user/test_s3_access.py 755 ec2-user <<'EOF'
#!/opt/ml/bin/python
"""Says whether this machine reaches its two buckets; ends with 1 when it does not."""

import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

with open("/etc/ml/env") as lines:
    settings = dict(line.strip().split("=", 1) for line in lines)
s3 = boto3.client("s3", region_name=settings["AWS_REGION"])

failed = 0
for name in ("DATASETS_BUCKET", "MODELS_BUCKET"):
    try:
        s3.head_bucket(Bucket=settings[name])
        print(f"{settings[name]}: ok")
    except (BotoCoreError, ClientError) as error:
        print(f"{settings[name]}: {error}")
        failed = 1
sys.exit(failed)
EOF
install -d -o ec2-user -g ec2-user /home/ec2-user/notebooks /home/ec2-user/.jupyter /opt/ml/runs
put /opt/ml/bin/jupyter-token 755 root <<'EOF'
#!/bin/bash
# Takes Jupyter's token from its secret into a file that only the service's user reads.
set -euo pipefail
umask 077
token=$(aws secretsmanager get-secret-value --secret-id "$JUPYTER_SECRET_ARN" --query SecretString --output text)
# an empty token would let everyone in
((${#token} >= 16)) || { echo "the secret holds no token of 16 characters or more" >&2; exit 1; }
printf %s "$token" >"$RUNTIME_DIRECTORY/token"
EOF
put /home/ec2-user/.jupyter/jupyter_server_config.py 644 ec2-user <<'EOF'
# the token comes from JUPYTER_TOKEN_FILE
c = get_config()  # noqa: F821
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_root = False
c.ServerApp.root_dir = "/home/ec2-user/notebooks"
EOF
put /home/ec2-user/notebooks/Welcome.ipynb 644 ec2-user <<'EOF'
{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "welcome",
   "metadata": {},
   "source": ["# Welcome\n", "`raw/` of the datasets bucket is where data comes in, `trained/` of the models bucket where models go."]
  },
  {
   "cell_type": "code",
   "id": "imports",
   "metadata": {},
   "execution_count": null,
   "outputs": [],
   "source": ["import os\n", "import boto3\n", "import numpy as np\n", "import pandas as pd\n", "import sklearn"]
  },
  {
   "cell_type": "code",
   "id": "buckets",
   "metadata": {},
   "execution_count": null,
   "outputs": [],
   "source": [
    "s3 = boto3.client(\"s3\")\n",
    "for name in (\"DATASETS_BUCKET\", \"MODELS_BUCKET\"):\n",
    "    found = s3.list_objects_v2(Bucket=os.environ[name], MaxKeys=10).get(\"Contents\", [])\n",
    "    print(os.environ[name], [item[\"Key\"] for item in found])"
   ]
  }
 ],
 "metadata": { "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" } },
 "nbformat": 4,
 "nbformat_minor": 5
}
EOF
chown -R ec2-user: /opt/ml
put /etc/systemd/system/jupyter.service 644 root <<'EOF'
[Unit]
Description=JupyterLab
Wants=network-online.target
After=network-online.target remote-fs.target
StartLimitIntervalSec=0

[Service]
User=ec2-user
WorkingDirectory=/home/ec2-user/notebooks
EnvironmentFile=/etc/ml/env
Environment=PATH=/opt/ml/bin:/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin
Environment=JUPYTER_TOKEN_FILE=/run/jupyter/token
RuntimeDirectory=jupyter
RuntimeDirectoryMode=0700
ExecStartPre=/opt/ml/bin/jupyter-token
ExecStart=/opt/ml/bin/jupyter lab
StandardOutput=append:/var/log/jupyter.log
StandardError=inherit
Restart=always
RestartSec=10
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
EOF
put /etc/systemd/system/tensorboard.service 644 root <<'EOF'
[Unit]
Description=TensorBoard
After=network.target remote-fs.target
StartLimitIntervalSec=0

[Service]
User=ec2-user
EnvironmentFile=/etc/ml/env
ExecStart=/opt/ml/bin/tensorboard --logdir=/opt/ml/runs --host=127.0.0.1 --port=6006
StandardOutput=append:/var/log/tensorboard.log
StandardError=inherit
Restart=always
RestartSec=10
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
EOF
put /etc/logrotate.d/ml 644 root <<'EOF'
/var/log/jupyter.log /var/log/tensorboard.log {
  weekly
  rotate 4
  compress
  missingok
  copytruncate
}
EOF
services jupyter tensorboard
complete
