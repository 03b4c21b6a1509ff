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
