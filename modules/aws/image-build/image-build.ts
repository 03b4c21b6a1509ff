import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { digestOf, type FolderFile, filesOf } from "../../common/bundling/folder";
import { currentRegion } from "../../common/current-region";
import { policy } from "../../common/iam/policy";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { InputError, orToken, parseProps, reference, settingText, show } from "../../common/settings/props";
import { type ContainerArchitecture, containerArchitectureSchema } from "../ec2/architecture";
import { pushTo } from "../ecr/access";
import { imageReferenceSchema, tagOf } from "../ecr/image-reference";
import type { ImageRepository } from "../ecr/image-repository";
import type { PullThroughCache } from "../ecr/pull-through-cache";
import { bucketNamePart } from "../storage/private-bucket";
import type { BuildEnvironment } from "./buildspec";
import { CodebuildBuild, codebuildSchema } from "./codebuild-build";
import { deployStatements, deploysSchema } from "./deploys";
import { HostBuild } from "./host-build";

type Repository = Pick<ImageRepository, "repositoryUrl" | "repositoryArn" | "repositoryName">;
type Cache = Pick<PullThroughCache, "image" | "pullStatements">;

const warmSchema = z.strictObject({
  /** Cache to pull them through. */
  cache: reference<Cache>("a PullThroughCache", "image{}", "pullStatements{}"),
  /** Images to pull, such as `docker/library/rabbitmq:4.1.4`. */
  images: z.array(z.string().min(1)).min(1).max(20),
});

/** Required and unused keys of each method. */
const KEYS = {
  codebuild: { needed: ["folder", "repository"], unused: ["image"] },
  host: { needed: ["folder", "repository"], unused: ["image", "warm", "codebuild"] },
  prebuilt: {
    needed: ["image"],
    unused: ["folder", "files", "repository", "deploys", "warm", "kmsKeyArn", "codebuild"],
  },
} as const;

/** Whether a part of a path is a name, neither empty nor `.` nor `..`. */
const isName = (part: string) => !["", ".", ".."].includes(part);

const schema = z
  .strictObject({
    /** Name of the build, in lower case, such as `dev-fossa-worker`: of the project, the log group and the bucket. */
    name: bucketNamePart.min(2).max(100),
    /** Builder: CodeBuild, a host of yours that polls for work (see {@link HostBuild}), or none. */
    method: z.enum(["codebuild", "host", "prebuilt"]).default("codebuild"),
    /** Build context, a folder with a Dockerfile; not for `prebuilt`. */
    folder: z.string().min(1).optional(),
    /** Files generated at synthesis, such as a bundle, by their path in the folder; not for `prebuilt`. */
    files: z
      .record(
        z
          .string()
          .refine((path) => path.split("/").every(isName), "must be a path below the folder, such as app/main.mjs"),
        z.custom<Uint8Array>((value) => value instanceof Uint8Array, "must be bytes"),
      )
      .optional(),
    /** Repository to push to; not for `prebuilt`. */
    repository: reference<Repository>(
      "an ImageRepository",
      "repositoryUrl",
      "repositoryArn",
      "repositoryName",
    ).optional(),
    /** Existing image, by a fixed tag or a digest; for `prebuilt` only. */
    image: orToken(imageReferenceSchema).optional(),
    /** CPU architecture of the image and of its build. */
    architecture: containerArchitectureSchema.default("X86_64"),
    /** ECS service to redeploy when the image is pushed; none when absent. Not for `prebuilt`. */
    deploys: deploysSchema.optional(),
    /** Public images that the build pulls first, for networks that can only pull cached images; for `codebuild` only. */
    warm: warmSchema.optional(),
    /** KMS key that encrypts the copy of the folder; S3's own key when absent. Not for `prebuilt`. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Settings of CodeBuild; for `codebuild` only. */
    codebuild: codebuildSchema.optional(),
  })
  .superRefine((props, ctx) => {
    const { method } = props;
    for (const key of KEYS[method].needed) {
      if (props[key] !== undefined) continue;
      refuse(ctx, key, `is required where method is ${method}, got nothing`);
    }
    for (const key of KEYS[method].unused) {
      if (props[key] === undefined) continue;
      const message = `must be left out where method is ${method}, got ${show(props[key])}`;
      refuse(ctx, key, message);
    }
  });
export type ImageBuildProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** Docker platforms. */
const PLATFORMS = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/**
 * Container image of a folder. Its tag is derived from the folder's content and the architecture, so the URI is known before
 * the image exists: services can be planned and created at once, and start when the image is pushed. A data source for the
 * digest would need the image at plan time.
 */
export class ImageBuild extends Construct {
  /** `<repository>:<tag>`, or the given image. */
  readonly imageUri: string;
  /**
   * Digest of the folder, 16 hexadecimal characters, and the architecture; tag or digest of a given image, empty if known
   * only at apply.
   */
  readonly tag: string;
  /** Builder of the image. */
  readonly build: CodebuildBuild | HostBuild | { readonly kind: "prebuilt" };

  constructor(scope: Construct, id: string, input: ImageBuildProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { folder, repository, image = "" } = props;
    if (folder === undefined || repository === undefined) {
      this.imageUri = image;
      this.tag = tagOf(image) ?? "";
      this.build = { kind: "prebuilt" };
      return;
    }
    const files = withMade(settingText(this, "files"), filesOf(folder, settingText(this, "folder")), props.files);
    this.tag = imageTag(digestOf(files), props.architecture);
    this.imageUri = `${repository.repositoryUrl}:${this.tag}`;
    this.build = this.builder({ ...props, repository }, files);
  }

  private builder(props: Settings & { repository: Repository }, files: ReturnType<typeof filesOf>) {
    const { name, method, repository, architecture, deploys, warm, kmsKeyArn } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const region = currentRegion(this);
    const push = pushTo(repository.repositoryArn);
    const service = deploys ? deployStatements(deploys, region, accountId) : [];
    const common = { name, tag: this.tag, files, kmsKeyArn };
    if (method === "host") return new HostBuild(this, "host", { ...common, statements: [...push, ...service] });

    const environment: BuildEnvironment = {
      REPOSITORY_URL: repository.repositoryUrl,
      REPOSITORY_NAME: repository.repositoryName,
      AWS_DEFAULT_REGION: region,
      IMAGE_TAG: this.tag,
      PLATFORM: PLATFORMS[architecture],
      ...(warm && { WARM_IMAGES: warm.images.map((image) => warm.cache.image(image)).join(" ") }),
      ...(deploys && { CLUSTER_NAME: deploys.clusterName, SERVICE_NAME: deploys.serviceName }),
    };
    return new CodebuildBuild(this, "codebuild", {
      ...common,
      architecture,
      environment,
      deploys,
      warms: warm !== undefined,
      region,
      accountId,
      policies: {
        push: policy(...push),
        ...(deploys && { service: policy(...service) }),
        ...(warm && { warm: policy(...warm.cache.pullStatements) }),
      },
      settings: props.codebuild ?? codebuildSchema.parse({}),
    });
  }
}

/** Files of the folder and generated ones, sorted by path. */
function withMade(where: string, files: FolderFile[], made: Settings["files"] = {}): FolderFile[] {
  const twice = files.find(({ path }) => Object.hasOwn(made, path));
  if (twice) throw new InputError(`${where}.${twice.path}: must not lie in the folder already; remove it there`);
  const added = Object.entries(made).map(([path, bytes]) => ({ path, bytes: Buffer.from(bytes), executable: false }));
  return [...files, ...added].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Tag of an image: the folder's digest and the architecture. */
export const imageTag = (digest: string, architecture: ContainerArchitecture): string =>
  `${digest}-${architecture === "ARM64" ? "arm64" : "amd64"}`;
