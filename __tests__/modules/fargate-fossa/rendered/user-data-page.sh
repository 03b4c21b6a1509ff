#!/bin/bash
# Gateway of dev-fossa
set -euo pipefail
umask 022

# put FILE MODE: writes what comes in
put() { install -D -m "$2" /dev/stdin "$1"; }

# The package manager needs more memory than the smallest types have.
swap() {
  [ ! -e /swapfile ] || return 0
  dd if=/dev/zero of=/swapfile bs=1M count=512 status=none
  chmod 600 /swapfile
  mkswap /swapfile
  swapon /swapfile
  echo '/swapfile none swap sw 0 0' >>/etc/fstab
}
# units NAMES...: starts what the files of these units say, now and at each boot
units() {
  systemctl daemon-reload
  systemctl enable "$@"
  systemctl restart "$@"
}

swap
put /etc/gateway/environment 644 <<'EOF'
AWS_REGION=eu-west-2
AWS_DEFAULT_REGION=eu-west-2
APP_BUCKET=fossa-programs
APP_KEY=gateway/gateway.mjs
PASSWORD_SECRET_ARN=arn:aws:secretsmanager:eu-west-2:123456789012:secret:dev-fossa-page-Ab12Cd
HOST=0.0.0.0
PORT=80
TLS=false
POST_ENABLED=false
WORKER_PORT=2345
EOF
put /etc/systemd/system/gateway.service 644 <<'EOF'
[Unit]
Description=Fossa gateway, the page
Wants=network-online.target
After=network-online.target
# gateway-update brings it
ConditionPathExists=/opt/gateway/gateway.mjs
StartLimitIntervalSec=0

[Service]
User=gateway
DynamicUser=yes
EnvironmentFile=/etc/gateway/environment
ExecStart=/usr/bin/node-24 /opt/gateway/gateway.mjs
Restart=always
RestartSec=5
MemoryMax=512M
TasksMax=64
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=multi-user.target
EOF
put /usr/local/sbin/gateway-update 755 <<'EOF'
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
EOF
put /etc/systemd/system/gateway-update.service 644 <<'EOF'
[Unit]
Description=%N
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
EnvironmentFile=/etc/gateway/environment
ExecStart=/bin/bash /usr/local/sbin/%N
TimeoutStartSec=1h
PrivateTmp=yes
EOF
put /etc/systemd/system/gateway-update.timer 644 <<'EOF'
[Unit]
Description=%N, at once and a minute after it has ended

[Timer]
OnActiveSec=1s
OnUnitInactiveSec=1min
AccuracySec=1s

[Install]
WantedBy=timers.target
EOF
units gateway.service gateway-update.timer
