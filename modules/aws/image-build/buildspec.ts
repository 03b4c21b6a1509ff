/** Environment of the build; the script below knows nothing else. */
export interface BuildEnvironment {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly REPOSITORY_URL: string;
  readonly REPOSITORY_NAME: string;
  readonly AWS_DEFAULT_REGION: string;
  /** Tag that the image gets. */
  readonly IMAGE_TAG: string;
  /** Docker's name of what the image runs on. */
  readonly PLATFORM: string;
  /** Images, with blanks between them, that are pulled first. */
  readonly WARM_IMAGES?: string;
  /** ECS service that starts anew when the image is there, and its cluster. */
  readonly CLUSTER_NAME?: string;
  readonly SERVICE_NAME?: string;
}

// Terraform reads these lines too: a shell variable must not have braces around its name.
const LOG_IN = `
registry=$(echo "$REPOSITORY_URL" | cut -d / -f 1)
aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"`;

const WARM = `
for warm in $WARM_IMAGES; do docker pull --quiet --platform "$PLATFORM" "$warm"; done`;

const BUILD = `
image="$REPOSITORY_URL:$IMAGE_TAG"
exists() { aws ecr describe-images --repository-name "$REPOSITORY_NAME" --image-ids "imageTag=$IMAGE_TAG" >/dev/null 2>&1; }
built=no
if exists; then
  echo "$image is there already"
else
  export BUILDX_NO_DEFAULT_ATTESTATIONS=1
  docker build --pull --platform "$PLATFORM" --tag "$image" .
  docker push "$image" || exists # else another build was faster
  built=yes
fi
echo "image built: $built"`;

/**
 * A service of which nobody knows yet is none to start anew. The one that is there is left alone when the image was there
 * before, unless its tasks failed: they may have come before the image.
 */
const SERVICE = `
query="services[0].[status, taskDefinition, deployments[?status=='PRIMARY'] | [0].rolloutState]"
if ! service=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" --query "$query" --output text 2>&1); then
  case $service in
    *ClusterNotFoundException*) service=None ;;
    *) echo "$service" >&2; false ;;
  esac
fi
read -r status definition rollout <<<"$service"
if [ "$status" != ACTIVE ]; then
  echo "no service $SERVICE_NAME in $CLUSTER_NAME yet"
elif [ "$built" = yes ] || [ "$rollout" = FAILED ]; then`;

const RESTART = `
  aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --force-new-deployment >/dev/null
  echo "$SERVICE_NAME starts anew from $definition"
fi`;

const RESTART_FROM_NEWEST = `
  family=$(basename "$definition" | cut -d : -f 1)
  aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --task-definition "$family" --force-new-deployment >/dev/null
  echo "$SERVICE_NAME starts anew from the newest revision of $family"
fi`;

export interface BuildScript {
  /** Whether images are pulled first. */
  readonly warms: boolean;
  /** What a service does when the image is there. */
  readonly deploys: "nothing" | "restart" | "newest-revision";
}

/** Shell script that makes the image of the folder it runs in, unless there is one with its tag. For bash. */
export function buildScript({ warms, deploys }: BuildScript): string {
  const restart = deploys === "newest-revision" ? RESTART_FROM_NEWEST : RESTART;
  const parts = [LOG_IN, warms ? WARM : "", BUILD, deploys === "nothing" ? "" : SERVICE + restart];
  return `set -euo pipefail${parts.join("")}\n`;
}

/** Buildspec of CodeBuild, as JSON, which YAML comprises. */
export const buildspec = (script: BuildScript): string =>
  JSON.stringify({
    version: "0.2",
    env: { shell: "bash" },
    phases: { build: { commands: [buildScript(script)] } },
  });
