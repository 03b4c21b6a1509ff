set -euo pipefail
# Builds the archive of a Lambda layer from the package in this folder, with all that it needs, for each version of Python,
# and puts it into S3.
limit=262144000 # Source: Lambda quotas, "Deployment package": a function and its layers, unzipped
work=$(mktemp -d)
say() { echo "$(date -u +%T) $*"; }

# need PROGRAM PACKAGES...: installs what the image of the build lacks
need() {
  command -v "$1" >/dev/null && return
  shift
  say "installs $*"
  dnf -y install "$@"
}

need aws awscli-2
say "builds $LAYER_NAME $LAYER_DIGEST for Python $PYTHON_VERSIONS on $ARCHITECTURES"

# Wheels that a version runs: those of its architecture and of the C library of its Amazon Linux, 2023 from Python 3.12 on.
# With more architectures there is one folder for all, so that nothing in it may be compiled.
platforms() {
  case $ARCHITECTURES in *" "*) echo any && return ;; esac
  local tag
  for tag in manylinux_2_17 manylinux2014; do echo "${tag}_$ARCHITECTURES"; done
  [ "$1" = 3.11 ] || for tag in 28 31 34; do echo "manylinux_2_${tag}_$ARCHITECTURES"; done
}

for version in $PYTHON_VERSIONS; do
  # Amazon Linux's own: CodeBuild's image has others of pyenv, whose commands end with an error unless their version is
  # chosen. Each version for itself, since pip asks the one that it runs on what a package needs there.
  python="/usr/bin/python$version"
  need "$python" "python$version" "python$version-pip"
  "$python" -m venv "$work/venv-$version"
  "$work/venv-$version/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/wheel-$version" ./package
  set --
  for platform in $(platforms "$version"); do set -- "$@" --platform "$platform"; done
  "$work/venv-$version/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary=:all: "$@" \
    --target "$work/layer/python/lib/python$version/site-packages" "$work/wheel-$version"/*.whl
done
chmod -R a+rX "$work/layer"
bytes=$(du -sb "$work/layer" | cut -f 1)
if [ "$bytes" -gt "$limit" ]; then
  say "the layer has $bytes bytes, and Lambda takes $limit: name fewer versions of Python, or drop dependencies" >&2
  exit 1
fi

(cd "$work/layer" && "$python" -m zipfile -c "$work/layer.zip" python)
aws s3 cp --only-show-errors "$work/layer.zip" "s3://$S3_BUCKET/layer/$LAYER_DIGEST.zip"
say "built $LAYER_NAME $LAYER_DIGEST"
