#!/bin/bash
# enter.sh ROOT VENV BASE DISK COMMAND...: runs COMMAND with the folder ROOT as the root of the file system, under
# `unshare --mount`, so that all mounts go with it. The programs are those of this machine, and what is written into /usr
# goes too, but for /usr/local/sbin; VENV and BASE, the folders of Python, can be read. DISK, an image or nothing, is the
# volume /dev/sdf.
set -euo pipefail
root=$1 venv=$2 base=$3 disk=$4
shift 4

mkdir -p "$root"/{usr,.usr,.sbin,proc,sys,dev,etc,root,run,tmp,var/{log,tmp}}
chmod 1777 "$root"/{tmp,var/tmp}
mount -t tmpfs tmpfs "$root/.usr"
mkdir "$root"/.usr/{upper,work}
mount -t overlay -o "lowerdir=/usr,upperdir=$root/.usr/upper,workdir=$root/.usr/work" overlay "$root/usr"
mount --bind "$root/.sbin" "$root/usr/local/sbin"
for folder in /bin /sbin /lib /lib32 /lib64; do
  [ ! -L "$folder" ] || ln -sfn "$(readlink "$folder")" "$root$folder"
done
for folder in "$venv" "$base"; do
  [[ $folder/ != /usr/* ]] || continue
  mkdir -p "$root$folder"
  mount --bind -o ro "$folder" "$root$folder"
done
mount --rbind /proc "$root/proc"
mount --rbind /sys "$root/sys"
for file in ld.so.cache alternatives mke2fs.conf pam.d security; do
  [ ! -e "/etc/$file" ] || cp -a "/etc/$file" "$root/etc/"
done

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
cp -a /dev/{null,zero,full,random,urandom,tty} "$root/dev/"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
if [ -n "$disk" ]; then
  loop=$(losetup --find --show "$disk")
  trap 'losetup --detach "$loop"' EXIT # when it is not mounted any more
  cp -a "$loop" "$root/dev/"
  ln -s "${loop#/dev/}" "$root/dev/sdf"
fi

cp "$(dirname "$0")"/{called,dnf,systemctl} "$root/usr/local/sbin/"
cp "$(dirname "$0")"/pip "$root/usr/local/lib/stand-in-pip"
ln -sf "$venv/bin/aws" "$root/usr/local/bin/aws"
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin VENV="$venv" chroot "$root" "$@"
