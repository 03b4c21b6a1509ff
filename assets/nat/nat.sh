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
