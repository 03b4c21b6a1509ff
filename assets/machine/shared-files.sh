# shared_files FILE_SYSTEM ACCESS_POINT MOUNT_POINT: EFS by TLS and with the machine's role, now and at each boot
shared_files() {
  step "shared files at $3"
  local line="$1:/ $3 efs _netdev,nofail,tls,iam,accesspoint=$2 0 0"
  mkdir -p "$3"
  grep -qxF "$line" /etc/fstab || echo "$line" >>/etc/fstab
  mountpoint -q "$3" || retry mount "$3"
}
