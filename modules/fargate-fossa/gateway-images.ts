import { join } from "node:path";
import { DataAwsEcrRepository } from "@cdktf/provider-aws/lib/data-aws-ecr-repository";
import { Construct } from "constructs";
import { z } from "zod";
import { logGroupShape } from "../aws/cloudwatch/log-group";
import type { ContainerArchitecture } from "../aws/ec2/architecture";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { ImageRepository, imageRepositoryShape, repositoryNameSchema } from "../aws/ecr/image-repository";
import type { PullThroughCache } from "../aws/ecr/pull-through-cache";
import { ImageBuild } from "../aws/image-build/image-build";
import { BROKER_IMAGE } from "../aws/rabbitmq/rabbit-mq-service";
import { bundle } from "../common/bundling/bundle";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { namesOf } from "./fossa-names";
import { PROGRAM } from "./gateway-app";

const CONTAINERS = join(__dirname, "..", "..", "assets", "containers");

/** Settings of the images. */
export const gatewayImagesShape = {
  /**
   * Who builds the workers' image: CodeBuild (`codebuild`), the gateway host (`gateway`), or nobody, for an existing image
   * (`prebuilt`). A change of a file in the image's folder builds a new image with a new tag.
   */
  imageBuild: z.enum(["codebuild", "gateway", "prebuilt"]).default("codebuild"),
  /** Folder of the workers' Dockerfile, relative to the working directory; the example of this project when absent. */
  imageFolder: z.string().min(1).optional(),
  /** Image of the workers, by an immutable tag or a digest; only and always with `imageBuild: "prebuilt"`. */
  image: orToken(imageReferenceSchema).optional(),
  /** Image of the page, by an immutable tag or a digest; only with `imageBuild: "prebuilt"` and `page: "container"`. */
  pageImage: orToken(imageReferenceSchema).optional(),
  /** Name of an existing ECR repository in this account and region for the workers' image; one is created when absent. */
  repositoryName: repositoryNameSchema.optional(),
  /** Settings of the repositories that are created. */
  repository: z.strictObject(imageRepositoryShape).prefault({}),
  ...logGroupShape(30), // of the builds
};
type Settings = z.output<z.ZodObject<typeof gatewayImagesShape>>;

/** Rules across the inputs of {@link gatewayImagesShape}. */
export function checkImages(settings: Settings & { page: string }, ctx: z.RefinementCtx): void {
  const { imageBuild, page, image, pageImage, imageFolder, repositoryName } = settings;
  if (imageBuild === "prebuilt") {
    if (image === undefined) refuse(ctx, "image", "is required where imageBuild is prebuilt, got nothing");
    if (page === "container" && pageImage === undefined) {
      refuse(ctx, "pageImage", "is required where imageBuild is prebuilt and page is container, got nothing");
    }
    if (imageFolder !== undefined)
      refuse(ctx, "imageFolder", `must be left out where imageBuild is prebuilt, got ${imageFolder}`);
    if (repositoryName !== undefined) {
      refuse(ctx, "repositoryName", `must be left out where imageBuild is prebuilt, got ${repositoryName}`);
    }
  } else if (image !== undefined) {
    refuse(ctx, "image", `must be left out where imageBuild is ${imageBuild}, got an image`);
  }
  if (pageImage !== undefined && (imageBuild !== "prebuilt" || page !== "container")) {
    refuse(ctx, "pageImage", "must be left out unless imageBuild is prebuilt and page is container, got an image");
  }
  if (imageBuild === "gateway" && page === "container") {
    refuse(
      ctx,
      "imageBuild",
      "must be codebuild or prebuilt where page is container: the host builds one image only, got gateway",
    );
  }
}

export interface GatewayImagesProps {
  name: string;
  architecture: ContainerArchitecture;
  /** Cache through which builds pull the broker's image once, for networks that cannot pull it themselves. */
  cache: PullThroughCache | undefined;
  alertTopicArn: string | undefined;
  /** Build the page too. */
  withPage: boolean;
  settings: Settings & { kmsKeyArn?: string };
}

/** Images of the workers, and of the page if it runs in a container, with their repositories and builds. */
export class GatewayImages extends Construct {
  readonly workerImageUri: string;
  readonly pageImageUri: string | undefined;
  /** Repository of the workers' image; undefined for a prebuilt one. */
  readonly repository: Pick<ImageRepository, "repositoryUrl" | "repositoryArn" | "repositoryName"> | undefined;
  /** Whether a build pulls the broker's image into the cache before the cluster needs it. */
  readonly hasBrokerImage: boolean;
  /** CodeBuild project of the workers' image, if any. */
  readonly projectName: string | undefined;
  readonly #worker: ImageBuild;
  readonly #name: string;

  constructor(scope: Construct, id: string, props: GatewayImagesProps) {
    super(scope, id);
    const { name, cache, settings, withPage } = props;
    const { imageBuild, imageFolder, image, pageImage } = settings;
    const { cluster, workers, page, pageRoles } = namesOf(name);
    const builds = imageBuild !== "prebuilt";
    this.#name = name;

    this.repository = builds ? this.workerRepository(props) : undefined;
    this.hasBrokerImage = imageBuild === "codebuild" && cache !== undefined;
    this.#worker = new ImageBuild(this, "worker", {
      name: workers,
      architecture: props.architecture,
      ...this.method(props),
      ...(builds
        ? {
            folder: imageFolder ?? join(CONTAINERS, "fossa-worker"),
            repository: this.repository,
            deploys: deploysOfWorkers(name),
          }
        : { image }),
      ...(this.hasBrokerImage && cache && { warm: { cache, images: [BROKER_IMAGE] } }),
    });
    this.workerImageUri = this.#worker.imageUri;
    const { build } = this.#worker;
    this.projectName = build.kind === "codebuild" ? build.projectName : undefined;
    if (!withPage) return;
    this.pageImageUri = builds
      ? new ImageBuild(this, "page", {
          name: page,
          architecture: props.architecture,
          ...this.method(props),
          folder: join(CONTAINERS, "gateway"),
          files: { "gateway.mjs": bundle(PROGRAM).code },
          repository: new ImageRepository(this, "page-repository", { name: `${name}/page`, ...settings.repository }),
          deploys: { clusterName: cluster, serviceName: page, roleNames: pageRoles },
        }).imageUri
      : pageImage;
  }

  /** What the gateway host needs to build the workers' image; undefined if it does not. */
  get hostBuild() {
    const { build } = this.#worker;
    if (build.kind !== "host" || !this.repository) return undefined;
    const { bucketName, bucketArn, kmsKeyArn, keyPrefix: prefix } = build;
    const { repositoryUrl, repositoryArn } = this.repository;
    return {
      bucketName,
      bucketArn,
      kmsKeyArn,
      prefix,
      repositoryUrl,
      repositoryArn,
      deploys: deploysOfWorkers(this.#name),
    };
  }

  private workerRepository({ name, settings }: GatewayImagesProps) {
    const { repositoryName, repository } = settings;
    if (repositoryName === undefined) {
      return new ImageRepository(this, "repository", { name: `${name}/worker`, ...repository });
    }
    const found = new DataAwsEcrRepository(this, "existing-repository", { name: repositoryName });
    return { repositoryUrl: found.repositoryUrl, repositoryArn: found.arn, repositoryName };
  }

  private method({ settings, alertTopicArn }: GatewayImagesProps) {
    const { imageBuild, kmsKeyArn, logRetentionDays, logKmsKeyArn } = settings;
    if (imageBuild === "prebuilt") return { method: imageBuild };
    if (imageBuild === "gateway") return { method: "host" as const, kmsKeyArn };
    return { method: imageBuild, kmsKeyArn, codebuild: { alertTopicArn, logRetentionDays, logKmsKeyArn } };
  }
}

/** The workers' service, which whoever builds their image redeploys: its tasks may have failed before the image was there. */
function deploysOfWorkers(name: string) {
  const { cluster, workers, workerRoles } = namesOf(name);
  return { clusterName: cluster, serviceName: workers, roleNames: workerRoles };
}
