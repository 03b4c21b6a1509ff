#!/bin/bash
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
    ip saddr { 10.0.0.0/16, 100.64.0.0/16 } oifname $interface accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr { 10.0.0.0/16, 100.64.0.0/16 } oifname $interface masquerade
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
