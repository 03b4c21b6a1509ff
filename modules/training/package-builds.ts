import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { BUILD_MACHINES, CodebuildBuild, codebuildSchema } from "../aws/codebuild/codebuild-build";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { subnetIdsSchema } from "../aws/ec2/subnet-ids";
import { asset, terraformString } from "../aws/ec2/user-data";
import { pullFrom } from "../aws/ecr/access";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { BucketObject } from "../aws/storage/bucket-object";
import { bucketNamePart, bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import type { SharedFiles } from "../aws/storage/shared-files";
import { CodeAsset } from "../common/bundling/code-asset";
import { digestOf, type FolderFile, filesOf } from "../common/bundling/folder";
import { zipOf } from "../common/bundling/zip";
import { sortedEntries } from "../common/collections";
import { currentRegion } from "../common/current-region";
import { policy, type Statement } from "../common/iam/policy";
import { idFrom } from "../common/names";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { parseProps, reference, requiredString, settingText, wrongSetting } from "../common/settings/props";

/** Name of a Python distribution, as its wheel's is looked for. Source: Python Packaging User Guide, "Names and normalization". */
export const packageName = z
  .string()
  .max(40)
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "must be lower-case letters, digits and hyphens, a letter first");

/** Folders by the name of the distribution in each. */
const folders = (most: number) =>
  z
    .record(packageName, z.string().min(1))
    .refine((packages) => Object.keys(packages).length <= most, {
      error: ({ input }) => `must have at most ${most} packages, got ${Object.keys(input as object).length}`,
    })
    .default({});

/** A project of CodeBuild each: more are most likely a mistake. */
const MOST_PACKAGES = 20;

/** Versions of Python that are packages of Amazon Linux 2023, each as `python<version>`. */
export const pythonVersions = ["3.11", "3.12", "3.13"] as const;

/** What a user chooses of the builds. */
export const packageBuildsShape = {
  /** Folders, each with a pyproject.toml, by the name of the Python distribution that each holds; at most 20. */
  packages: folders(MOST_PACKAGES),
  /**
   * Folders of distributions that those of `packages` need and no package index has, in the same form; at most 20. One that
   * machines install for itself, too, is in both.
   */
  supplementaryPackages: folders(MOST_PACKAGES),
  /** Version of Python for which wheels are built, and with which machines run them. */
  pythonVersion: z.enum(pythonVersions).default("3.12"),
  /**
   * Image of the builds, an Amazon Linux 2023 such as `nvidia/cuda:12.9.1-devel-amzn2023`, for packages with CUDA extensions;
   * CodeBuild's own when absent.
   */
  buildImage: imageReferenceSchema.optional(),
  /** Build although nothing changed, now and in each daily run, for as long as it is on. */
  forceRebuild: z.boolean().default(false),
  /** KMS key of the bucket of sources and wheels; S3's own key when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Settings of CodeBuild. */
  codebuild: codebuildSchema.prefault({ timeoutMinutes: 60 }),
};

/** Rules across the settings of the builds. */
export function checkPackageBuilds(
  { packages, supplementaryPackages }: Record<"packages" | "supplementaryPackages", Record<string, string>>,
  ctx: z.RefinementCtx,
): void {
  for (const [name, folder] of Object.entries(supplementaryPackages)) {
    if (!Object.hasOwn(packages, name) || packages[name] === folder) continue;
    const message = `must be the folder that packages names (${packages[name]}), got ${folder}`;
    refuse(ctx, ["supplementaryPackages", name], message);
  }
}

const schema = z
  .strictObject({
    /** Name of the builds, in lower case, such as `dev-training`: prefix of projects, log groups and the bucket. */
    name: bucketNamePart.min(2).max(60),
    /** Name of the environment, for the builds' records. */
    environment: z.string().min(1),
    /** CPU architecture of the machines and of the builds. */
    architecture: containerArchitectureSchema.default("X86_64"),
    /** File system that machines read the wheels from, with the access point `training`. */
    files: reference<SharedFiles>("a SharedFiles", "fileSystemId", "dnsName", "accessPoints{}"),
    /** VPC of the builds, from which they reach the file system and a package index. */
    vpcId: requiredString,
    /** Subnets of the builds. */
    subnetIds: subnetIdsSchema.min(1),
    /** Security group of the builds, which the file system must admit. */
    securityGroupId: requiredString,
    ...packageBuildsShape,
    // with the platform's own
    packages: folders(MOST_PACKAGES + 1),
    supplementaryPackages: folders(MOST_PACKAGES + 1),
  })
  .superRefine(checkPackageBuilds);
export type PackageBuildsProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/**
 * Wheels of Python packages, with those of all that they need, on the file system and in S3. Each package has a CodeBuild
 * project that is started when its sources, its Python or its image change, and then daily; it skips what is there already.
 */
export class PackageBuilds extends Construct {
  /** Bucket with the sources, `output/<package>/` with the wheels, and `state/<package>.json`. */
  readonly bucket: PrivateBucket;
  /** CodeBuild projects by package. */
  readonly builds: Readonly<Record<string, CodebuildBuild>>;

  constructor(scope: Construct, id: string, input: PackageBuildsProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(props.name, "packages"),
      versioning: false,
      kmsKeyArn: props.kmsKeyArn,
      forceDestroy: true, // what it holds can be built again
    });
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const around = { accountId, region: currentRegion(this) };
    const shared = sortedEntries(props.supplementaryPackages).map(
      ([key, folder]) => [key, this.sources("supplementaryPackages", key, folder)] as const,
    );
    this.builds = Object.fromEntries(
      sortedEntries(props.packages).map(([key, folder]) => {
        const others = shared.filter(([other]) => other !== key);
        const files = [...this.sources("packages", key, folder), ...others.flatMap(([, their]) => their)];
        const local = others.map(([other]) => other);
        return [key, this.build(key, { files: files.sort(byPath), local }, props, around)];
      }),
    );
  }

  /** Files of a package, in a folder of its name. */
  private sources(setting: "packages" | "supplementaryPackages", key: string, folder: string): FolderFile[] {
    const files = filesOf(folder, settingText(this, setting, key));
    const project = join(folder, "pyproject.toml");
    const named = existsSync(project) && nameIn(readFileSync(project, "utf8"));
    if (!named || normalized(named) !== key) {
      const what = named ? `one that is called ${named}` : "none";
      const message = `must hold a pyproject.toml whose project.name is ${key}, got ${what} in ${folder}`;
      throw wrongSetting(this, [setting, key], message);
    }
    return files.map((file) => ({ ...file, path: `${key}/${file.path}` }));
  }

  private build(
    key: string,
    { files, local }: { files: FolderFile[]; local: string[] },
    props: Settings,
    { accountId, region }: { accountId: string; region: string },
  ): CodebuildBuild {
    const { files: shared, pythonVersion, buildImage, forceRebuild, kmsKeyArn } = props;
    const { bucketName, bucketArn } = this.bucket;
    // the digest that the build takes covers these too
    const settings = Buffer.from(
      `${JSON.stringify({ pythonVersion, buildImage, architecture: props.architecture })}\n`,
    );
    const all = [...files, { path: "build.json", bytes: settings, executable: false }].sort(byPath);
    const tag = `${digestOf(all)}${forceRebuild ? "-forced" : ""}`;
    const objects = (Action: string[], keys: string): Statement => ({ Action, Resource: `${bucketArn}/${keys}` });
    return new CodebuildBuild(this, idFrom(key), {
      name: `${props.name}-${key}`,
      description: `Makes the wheels of ${key}, unless they are there`,
      tag,
      source: (build) => this.source(build, key, tag, all, shared.ready),
      machine: this.machine(props),
      environment: {
        PACKAGE_NAME: key,
        PYTHON_VERSION: pythonVersion,
        STACK: props.environment,
        FORCE_REBUILD: String(forceRebuild),
        S3_BUCKET: bucketName,
        EFS_ID: shared.fileSystemId,
        EFS_ACCESS_POINT_ID: shared.accessPoint("training").id,
        EFS_DNS_NAME: shared.dnsName,
        LOCAL_PACKAGES: local.join(","),
      },
      ofTag: { FORCE_REBUILD: String(forceRebuild) },
      buildspec: JSON.stringify({
        version: "0.2",
        env: { shell: "bash" },
        phases: { build: { commands: [terraformString(`${asset("package-build", "build.sh")}\n`)] } },
      }),
      policies: {
        bucket: policy(
          objects(["s3:GetObject", "s3:PutObject"], `state/${key}.json`),
          objects(["s3:DeleteObject", "s3:PutObject"], `output/${key}/*`),
          { Action: "s3:ListBucket", Resource: bucketArn },
          ...(kmsKeyArn ? [{ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }] : []),
        ),
        files: policy(shared.mountStatement("training")),
        ...(buildImage !== undefined && pulls(buildImage)),
      },
      network: { vpcId: props.vpcId, subnetIds: props.subnetIds, securityGroupIds: [props.securityGroupId] },
      region,
      accountId,
      settings: props.codebuild,
    });
  }

  private source(
    build: Construct,
    key: string,
    tag: string,
    files: readonly FolderFile[],
    mountable: ITerraformDependable[],
  ) {
    const { bucketId, bucketName, bucketArn, ready } = this.bucket;
    const object = `source/${key}/${tag}.zip`;
    const zip = new BucketObject(build, "zip", {
      bucket: bucketId,
      key: object,
      source: new CodeAsset(build, "sources", { fileName: `${tag}.zip`, content: zipOf(files) }).path,
      contentType: "application/zip",
      dependsOn: ready,
    });
    return {
      bucketName,
      location: `${bucketName}/${object}`,
      statements: [
        { Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: `${bucketArn}/source/${key}/*` },
        { Action: "s3:GetBucketLocation", Resource: bucketArn },
      ],
      // the first build comes with the schedule, and the next a day later
      ready: [zip, ...mountable],
    };
  }

  private machine({ architecture, buildImage: image }: Settings) {
    const machine = BUILD_MACHINES[architecture];
    if (image === undefined) return machine;
    return { ...machine, image, ...(PRIVATE_IMAGE.test(image) && { imagePullCredentialsType: "SERVICE_ROLE" }) };
  }
}

/** Image in a private repository of ECR. */
const PRIVATE_IMAGE = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^:@]+)/;

/** Permission to pull an image of a private repository, by name of its policy. */
function pulls(image: string): Record<string, string> {
  const { account, region, name } = PRIVATE_IMAGE.exec(image)?.groups ?? {};
  return name === undefined
    ? {}
    : { image: policy(...pullFrom(`arn:aws:ecr:${region}:${account}:repository/${name}`)) };
}

/** Name in the table `project` of a pyproject.toml. */
const nameIn = (toml: string) => {
  const [, after = ""] = toml.split(/^\[project\]/m);
  const [table = ""] = after.split(/^\[/m);
  return /^\s*name\s*=\s*(["'])(.+?)\1/m.exec(table)?.[2];
};

/** Source: Python Packaging User Guide, "Names and normalization". */
const normalized = (name: string) => name.replace(/[-_.]+/g, "-").toLowerCase();

const byPath = (a: FolderFile, b: FolderFile) => (a.path < b.path ? -1 : 1);
