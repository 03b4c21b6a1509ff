/** Environment of the build, the script's only input. */
export interface BuildEnvironment {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly REPOSITORY_URL: string;
  readonly REPOSITORY_NAME: string;
  readonly AWS_DEFAULT_REGION: string;
  /** Tag of the image. */
  readonly IMAGE_TAG: string;
  /** Docker platform of the image. */
  readonly PLATFORM: string;
  /** Images to pull first, separated by spaces. */
  readonly WARM_IMAGES?: string;
  /** ECS service to redeploy after the push, and its cluster. */
  readonly CLUSTER_NAME?: string;
  readonly SERVICE_NAME?: string;
}

// Terraform interpolates these lines too: write shell variables without braces.
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
 * Redeploys the service if it exists and if either the image is new or its last deployment failed, which may have started
 * before the image was pushed.
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
  /** Whether to pull images first. */
  readonly warms: boolean;
  /** How to redeploy the service. */
  readonly deploys: "nothing" | "restart" | "newest-revision";
}

/** Bash script that builds and pushes the image of the current folder, unless its tag exists. */
export function buildScript({ warms, deploys }: BuildScript): string {
  const restart = deploys === "newest-revision" ? RESTART_FROM_NEWEST : RESTART;
  const parts = [LOG_IN, warms ? WARM : "", BUILD, deploys === "nothing" ? "" : SERVICE + restart];
  return `set -euo pipefail${parts.join("")}\n`;
}

/** Buildspec of CodeBuild as JSON, a subset of YAML. */
export const buildspec = (script: BuildScript): string =>
  JSON.stringify({
    version: "0.2",
    env: { shell: "bash" },
    phases: { build: { commands: [buildScript(script)] } },
  });
