set -euo pipefail
# Builds the wheels of a package and of all that it needs, for machines that reach no package index, and puts them onto EFS
# and into S3; does nothing when neither the sources nor Python changed. Terraform reads this text too, so that no variable
# is written with braces.
files=/mnt/training
work=$(mktemp -d)
say() { echo "$(date -u +%T) $*"; }

# need PROGRAM PACKAGES...: installs what the image of the build lacks
need() {
  command -v "$1" >/dev/null && return
  shift
  say "installs $*"
  dnf -y install "$@"
}

# CodeBuild's own mount can neither TLS nor an access point, which the file system demands.
mount_files() {
  need mount.efs amazon-efs-utils
  sed -i "s/^#* *region = .*/region = $AWS_REGION/" /etc/amazon/efs/efs-utils.conf
  mkdir -p "$files"
  mountpoint -q "$files" || mount -t efs -o "tls,iam,accesspoint=$EFS_ACCESS_POINT_ID" "$EFS_ID:/" "$files"
}

# Digest of the sources and of what else determines the wheels.
digest() {
  {
    echo "$PYTHON_VERSION"
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c 1-16
}

state="s3://$S3_BUCKET/state/$PACKAGE_NAME.json"
# the digest of the last build, or nothing
built() {
  local count
  count=$(aws s3api list-objects-v2 --bucket "$S3_BUCKET" --prefix "state/$PACKAGE_NAME.json" --query KeyCount --output text)
  [ "$count" = 0 ] || aws s3 cp --only-show-errors "$state" - | "$python" -c 'import json, sys; print(json.load(sys.stdin)["source_hash"])'
}

outputs() { aws s3api list-objects-v2 --bucket "$S3_BUCKET" --prefix "output/$PACKAGE_NAME/" --query KeyCount --output text; }

# Amazon Linux's own, as machines have it. CodeBuild's image has others of pyenv, whose commands end with an error unless
# their version is the one that is chosen there.
python="/usr/bin/python$PYTHON_VERSION"
need "$python" "python$PYTHON_VERSION" "python$PYTHON_VERSION-devel" "python$PYTHON_VERSION-pip"
need find findutils
need aws awscli-2
hash=$(digest)
mount_files
home="$files/packages/$PACKAGE_NAME"
current=$(readlink "$home/current" || true)

if [ "$FORCE_REBUILD" = true ]; then
  say "builds $PACKAGE_NAME $hash by force"
elif [ "$(built)" = "$hash" ] && [ "$(outputs)" != 0 ] && [[ $current == "$hash"-* ]] && [ -d "$home/current/" ]; then
  say "$PACKAGE_NAME $hash is there already"
  exit 0
fi

"$python" -m venv "$work/venv"
wheels="$work/wheels"
mkdir "$wheels"
# All folders at once: what is given by its folder is looked for in no index, where somebody else may have taken the name.
set --
for package in $(echo "$LOCAL_PACKAGES" | tr , ' ') "$PACKAGE_NAME"; do
  set -- "$@" "./$package"
done
say "builds $*"
"$work/venv/bin/pip" wheel --quiet --disable-pip-version-check --wheel-dir "$wheels" "$@"

# Machines read from "current" meanwhile, so that it changes in one step. They keep those of the time when they started.
release="$hash-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$home"
cp -r "$wheels" "$home/$release"
ln -sfn "$release" "$home/.next"
mv -T "$home/.next" "$home/current"
for old in "$home"/*-*; do
  case $(basename "$old") in "$release" | "$current") ;; *) rm -rf "$old" ;; esac
done
say "wheels are in $EFS_DNS_NAME:/packages/$PACKAGE_NAME/$release"

aws s3 sync --delete --only-show-errors "$wheels" "s3://$S3_BUCKET/output/$PACKAGE_NAME/"
# last, so that a build that failed in between is done again
"$python" - "$hash" <<'PYTHON' | aws s3 cp --only-show-errors --content-type application/json - "$state"
import datetime, json, os, sys
now = datetime.datetime.now(datetime.timezone.utc)
print(json.dumps({
    "package_name": os.environ["PACKAGE_NAME"],
    "build_timestamp": int(now.timestamp()),
    "build_date": now.isoformat(timespec="seconds"),
    "python_version": os.environ["PYTHON_VERSION"],
    "source_hash": sys.argv[1],
    "environment": os.environ["STACK"],
}))
PYTHON
say "built $PACKAGE_NAME $hash"
