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
