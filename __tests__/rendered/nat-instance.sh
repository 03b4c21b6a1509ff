#!/bin/bash
set -euo pipefail

# The package manager needs more memory than the smallest type has.
dd if=/dev/zero of=/swapfile bs=1M count=512 status=none
chmod 600 /swapfile
mkswap /swapfile
swapon /swapfile
echo '/swapfile none swap sw 0 0' >> /etc/fstab

# The address that leads to the internet may come after the machine.
for try in {1..30}; do
  dnf install -y nftables && break
  echo "try $try failed"
  sleep 10
done

cat > /etc/sysctl.d/90-nat.conf <<'EOF'
net.ipv4.ip_forward = 1
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
EOF

cat > /usr/local/sbin/nat <<'EOF'
#!/bin/bash
set -euo pipefail
interface=$(ip -o -4 route show to default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
[ -n "$interface" ]
sysctl -q -p /etc/sysctl.d/90-nat.conf
nft -f - <<RULES
table ip nat
delete table ip nat
table ip nat {
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    oifname "$interface" masquerade
  }
}
RULES
EOF
chmod 755 /usr/local/sbin/nat

cat > /etc/systemd/system/nat.service <<'EOF'
[Unit]
Description=NAT for the private subnets
Wants=network-online.target
After=network-online.target

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
systemctl enable --now nat.service
