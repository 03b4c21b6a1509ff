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
put /etc/nat.nft 644 <<'EOF'
# made anew as a whole, so that a second run changes nothing
table ip private_nat
delete table ip private_nat
table ip private_nat {
  # what comes back, and what the private side begins; nothing else passes
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    ip daddr 169.254.0.0/16 drop
    ip saddr { 192.168.2.0/24 } oifname $interface tcp dport { 80, 443 } accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr { 192.168.2.0/24 } oifname $interface masquerade
  }
}
EOF
put /usr/local/sbin/nat 755 <<'EOF'
#!/bin/bash
# Lets the private subnets out by the interface that leads to the internet. It runs at every boot, and again until it works.
set -euo pipefail
command -v nft >/dev/null || dnf -y install nftables
interface=$(ip -o -4 route show to default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
[ -n "$interface" ] || { echo 'there is no default route yet' >&2; exit 1; }
{
  echo "define interface = \"$interface\""
  cat /etc/nat.nft
} | nft -f -
# after the rules, so that nothing is ever forwarded that they do not allow
sysctl -q -w net/ipv4/ip_forward=1 net/ipv4/conf/all/send_redirects=0 "net/ipv4/conf/$interface/send_redirects=0"
EOF
put /etc/systemd/system/nat.service 644 <<'EOF'
[Unit]
Description=NAT for the private subnets
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/nat
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
EOF
systemctl daemon-reload
systemctl enable nat
timeout 300 systemctl restart nat || echo 'nat.service failed; systemd tries it again'
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
IMAGE_BUCKET=fossa-sources
IMAGE_PREFIX=images/worker
IMAGE_REPOSITORY=123456789012.dkr.ecr.eu-west-2.amazonaws.com/dev-fossa/worker
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
put /etc/docker/daemon.json 644 <<'EOF'
{ "bridge": "none", "iptables": false, "ip6tables": false, "ip-forward": false }
EOF
put /usr/local/sbin/image-build 755 <<'EOF'
#!/bin/bash
# Builds and pushes the image of the tag that the bucket asks for, unless the repository has it. It runs every minute.
set -euo pipefail
source=s3://$IMAGE_BUCKET/$IMAGE_PREFIX
registry=${IMAGE_REPOSITORY%%/*}
fail() {
  echo "$1" >&2
  exit 1
}

tag=$(aws s3 cp "$source/tag" -) || fail "$source/tag is out of reach"
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || fail "$source/tag holds no tag"
there=$(aws ecr batch-get-image --repository-name "${IMAGE_REPOSITORY#*/}" --image-ids "imageTag=$tag" \
  --query 'length(images)' --output text) || fail 'the repository is out of reach'
redeploy=/var/lib/image-build/redeploy # is there until the service has been told of the image
[ "$there" = 0 ] || [ -e "$redeploy" ] || exit 0

if [ "$there" = 0 ]; then
  type -P docker unzip >/dev/null || dnf -y install docker unzip
  systemctl enable --now docker
  work=$(mktemp -d /var/tmp/image.XXXXXX)
  trap 'rm -rf "$work"; docker system prune --all --force >/dev/null' EXIT
  export DOCKER_CONFIG=$work/docker # so that the registry's password goes too
  aws s3 cp --only-show-errors "$source/$tag.zip" "$work/source.zip" || fail "$source/$tag.zip is out of reach"
  unzip -q "$work/source.zip" -d "$work/source"
  aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"
  # Docker has no network of its own beside the NAT's rules
  docker build --pull --network=host --tag "$IMAGE_REPOSITORY:$tag" "$work/source"
  docker push "$IMAGE_REPOSITORY:$tag"
  echo "pushed $IMAGE_REPOSITORY:$tag"
  install -D /dev/null "$redeploy"
fi
EOF
put /etc/systemd/system/image-build.service 644 <<'EOF'
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
put /etc/systemd/system/image-build.timer 644 <<'EOF'
[Unit]
Description=%N, at once and a minute after it has ended

[Timer]
OnActiveSec=1s
OnUnitInactiveSec=1min
AccuracySec=1s

[Install]
WantedBy=timers.target
EOF
units image-build.timer
