import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { CodeAsset } from "../../common/bundling/code-asset";
import { digestOf, type FolderFile, filesOf } from "../../common/bundling/folder";
import { zipOf } from "../../common/bundling/zip";
import { areDistinct } from "../../common/collections";
import { currentRegion } from "../../common/current-region";
import { policy, type Statement } from "../../common/iam/policy";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { checkedBy } from "../../common/settings/checked-by";
import { parseProps, reference, settingText, wrongSetting } from "../../common/settings/props";
import { publishStatements } from "../cloudwatch/alert-topic";
import { BUILD_MACHINES, CodebuildBuild, codebuildSchema } from "../codebuild/codebuild-build";
import { asset } from "../ec2/user-data";
import { startAtOnce } from "../scheduler/at-once";
import type { WorkflowTopic } from "../sfn/item-workflow";
import { stateMachine, stateMachineShape } from "../sfn/state-machine";
import { BucketObject } from "../storage/bucket-object";
import { bucketNamePart, bucketPrefix, PrivateBucket } from "../storage/private-bucket";
import { type FunctionLayer, LambdaFunction } from "./lambda-function";
import { archiveKey, layerDefinition } from "./layer-definition";

/** Versions of Python that Lambda runs and Amazon Linux 2023 has. Source: Lambda Developer Guide, "Lambda runtimes". */
const PYTHONS = ["3.11", "3.12", "3.13"] as const;
/** CPU architectures of functions, each with its name in wheels and its machine of CodeBuild. */
const ARCHITECTURES = {
  arm64: { wheels: "aarch64", machine: BUILD_MACHINES.ARM64 },
  x86_64: { wheels: "x86_64", machine: BUILD_MACHINES.X86_64 },
} as const;

const distinct = <T extends z.ZodType>(schema: T) =>
  z.array(schema).min(1).refine(areDistinct, "must not name one twice");

/** Settings of a layer that a user chooses. */
export const lambdaLayerShape = {
  /**
   * Folder of the layer's Python package, with a pyproject.toml. The package itself must be pure Python; what it needs may be
   * compiled where there is one architecture.
   */
  packageDir: z.string().min(1),
  /** Versions of Python that it is built for, as `3.13`. */
  pythonVersions: distinct(z.enum(PYTHONS)).default(["3.13"]),
  /** CPU architectures of its functions; with both nothing in it may be compiled. */
  architectures: distinct(z.enum(["arm64", "x86_64"])).default(["arm64", "x86_64"]),
  /** What it is for, at most 134 characters. */
  description: z.string().max(134).default(""), // Lambda takes 256; sources and build follow, in up to 122
  /** Build although nothing changed, now and in each daily run, for as long as it is on. */
  forceRebuild: z.boolean().default(false),
  /** Newest versions that are kept, 1 to 100. Older ones are deleted, save those that functions have. */
  versionsKept: z.int().min(1).max(100).default(5),
  /**
   * Version that functions are given in place of the newest: a way back. New builds are published and given to nobody until
   * it is taken away.
   */
  version: z.int().min(1).max(1_000_000).optional(),
  /** Who else may use its versions; nobody when absent. */
  permissions: z
    .strictObject({
      /** AWS accounts, at most 50. */
      accountIds: z
        .array(z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account"))
        .max(50) // Source: Lambda quotas, resource-based policy, 20 KB
        .refine(areDistinct, "must not name one twice")
        .default([]),
      /** Organization of AWS Organizations, all of whose accounts may. */
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, "must be the id of an organization, such as o-a1b2c3d4e5")
        .optional(),
    })
    .prefault({}),
  /** Function that gives the layer to others. */
  update: z
    .strictObject({
      /** Seconds until it is cut short, 10 to 900: it takes some for each function. */
      timeoutSeconds: z.int().min(10).max(900).default(300),
      /** Its memory, MiB, 128 to 10240. */
      memory: z.int().min(128).max(10_240).default(512),
    })
    .prefault({}),
  /** KMS key of the bucket of sources and archives; S3's own key when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Settings of CodeBuild. */
  codebuild: codebuildSchema.omit({ alertTopicArn: true }).prefault({}),
  // of the functions and the state machine
  ...stateMachineShape,
};

const schema = z.strictObject({
  /** Name of the layer, in lower case, such as `dev-portfolio-receipts`: prefix of all that belongs to it. */
  name: bucketNamePart.min(2).max(50), // a schedule takes 64 characters, of which a digest has 17
  /** Topic that is told of failures; nobody is when absent. */
  topic: reference<WorkflowTopic>("an AlertTopic", "arn").optional(),
  ...lambdaLayerShape,
});
export type LambdaLayerProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;
/** Checks the settings of a user, who may leave out the package where the stack has one. */
export const lambdaLayerSettings = checkedBy(schema.extend({ packageDir: lambdaLayerShape.packageDir.optional() }), {
  name: "any",
  topic: undefined,
});

/** Neither has resource-level permissions. Source: Service Authorization Reference, "Actions defined by AWS Lambda". */
const LIST: Statement = { Sid: "List", Action: ["lambda:ListFunctions", "lambda:ListLayerVersions"], Resource: "*" };

const FUNCTIONS = join(__dirname, "..", "..", "..", "assets", "lambda-layer", "functions");
/** Seconds for the publish function. */
const PUBLISH_SECONDS = 300;

/**
 * Lambda layer of a Python package: built by CodeBuild when the package changes, published, and given to the functions that
 * opted in. A schedule starts the state machine that does so, at once and then daily; a run that finds all done changes
 * nothing.
 */
export class LambdaLayer extends Construct implements FunctionLayer {
  readonly layerName: string;
  /** ARN of the layer, without a version. */
  readonly layerArn: string;
  readonly optIn: Readonly<Record<string, string>>;
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  readonly updateFunctionName: string;
  readonly stateMachineArn: string;
  /** Bucket of sources, `source/<digest>.zip`, and archives, `layer/<digest>.zip`. */
  readonly bucket: PrivateBucket;
  readonly build: CodebuildBuild;

  constructor(scope: Construct, id: string, props: LambdaLayerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, kmsKeyArn } = settings;
    const files = this.sources(settings);
    const digest = digestOf(files);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const around = { accountId, region: currentRegion(this), files, digest };

    this.layerName = name;
    this.layerArn = `arn:aws:lambda:${around.region}:${accountId}:layer:${name}`;
    this.optIn = { [`layer:${name}`]: "newest" };
    this.runtimes = settings.pythonVersions.map((version) => `python${version}`);
    this.architectures = settings.architectures;
    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(name, "layer"),
      versioning: false,
      kmsKeyArn,
      forceDestroy: true, // what it holds can be built again
    });
    const { build, ...sources } = this.builds(settings, around);
    this.build = build;
    const publish = this.publishes(settings);
    const update = this.updates(settings, around);
    this.updateFunctionName = update.functionName;
    this.stateMachineArn = this.runs(settings, { ...around, ...sources, publish, update });
  }

  /** Files of the package, and what else determines the archive: settings and the script that makes it. */
  private sources({ packageDir, pythonVersions, architectures }: Settings): FolderFile[] {
    const files = filesOf(packageDir, settingText(this, "packageDir"));
    const has = (pattern: RegExp) => files.some(({ path }) => pattern.test(path));
    for (const [what, pattern] of [
      ["a pyproject.toml", /^pyproject\.toml$/],
      ["Python files", /\.py$/],
    ] as const) {
      if (!has(pattern)) throw wrongSetting(this, "packageDir", `must hold ${what}, got ${packageDir} without`);
    }
    const own = (path: string, text: string) => ({ path, bytes: Buffer.from(`${text}\n`), executable: false });
    return [
      own("build.sh", asset("lambda-layer", "build.sh")),
      own("layer.json", JSON.stringify({ pythonVersions, architectures })),
      ...files.map((file) => ({ ...file, path: `package/${file.path}` })),
    ];
  }

  private builds({ name, kmsKeyArn, topic, ...settings }: Settings, around: Around) {
    const { bucketId, bucketName, bucketArn, ready } = this.bucket;
    const { digest } = around;
    const [first = "x86_64", ...others] = settings.architectures;
    const ofSources = {
      LAYER_DIGEST: digest,
      PYTHON_VERSIONS: settings.pythonVersions.join(" "),
      ARCHITECTURES: settings.architectures.map((architecture) => ARCHITECTURES[architecture].wheels).join(" "),
    };
    const key = `source/${digest}.zip`;
    const location = `${bucketName}/${key}`;
    const objects = (Action: string | string[], keys: string): Statement => ({
      Action,
      Resource: `${bucketArn}/${keys}`,
    });
    const build = new CodebuildBuild(this, "build", {
      name,
      description: `Makes archives of the layer ${name}`,
      source: (own) => ({
        bucketName,
        location,
        statements: [
          objects(["s3:GetObject", "s3:GetObjectVersion"], "source/*"),
          { Action: "s3:GetBucketLocation", Resource: bucketArn },
        ],
        ready: [
          new BucketObject(own, "zip", {
            bucket: bucketId,
            key,
            source: new CodeAsset(own, "sources", { fileName: `${digest}.zip`, content: zipOf(around.files) }).path,
            contentType: "application/zip",
            dependsOn: ready,
          }),
        ],
      }),
      // what is built for both is compiled for neither
      machine: others.length === 0 ? ARCHITECTURES[first].machine : BUILD_MACHINES.X86_64,
      privileged: false,
      environment: { LAYER_NAME: name, S3_BUCKET: bucketName, ...ofSources },
      buildspec: JSON.stringify({
        version: "0.2",
        phases: { build: { commands: ["bash build.sh"] } },
      }),
      policies: {
        archive: policy(
          objects("s3:PutObject", "layer/*"),
          ...(kmsKeyArn ? [{ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }] : []),
        ),
      },
      region: around.region,
      accountId: around.accountId,
      settings: { ...settings.codebuild, alertTopicArn: topic?.arn },
    });
    return { build, location, ofSources };
  }

  private publishes({ name, kmsKeyArn, version, permissions, ...settings }: Settings): LambdaFunction {
    const { bucketName, bucketArn } = this.bucket;
    const versions = `${this.layerArn}:*`;
    return this.worker("publish", settings, {
      name: `${name}-publish`,
      description: `Publishes versions of the layer ${name}, shares them and deletes old ones`,
      environment: {
        LAYER_NAME: name,
        BUCKET_NAME: bucketName,
        LAYER_DESCRIPTION: settings.description,
        COMPATIBLE_RUNTIMES: this.runtimes.join(","),
        COMPATIBLE_ARCHITECTURES: this.architectures.join(","),
        VERSIONS_KEPT: String(settings.versionsKept),
        ...pinned(version),
        ACCOUNT_IDS: permissions.accountIds.join(","),
        ...(permissions.organizationId && { ORGANIZATION_ID: permissions.organizationId }),
      },
      statements: [
        { Sid: "Archive", Action: "s3:GetObject", Resource: `${bucketArn}/${archiveKey("*")}` },
        { Sid: "MissingArchive", Action: "s3:ListBucket", Resource: bucketArn },
        ...(kmsKeyArn ? [{ Sid: "Key", Action: "kms:Decrypt", Resource: kmsKeyArn }] : []),
        { Sid: "Layer", Action: "lambda:PublishLayerVersion", Resource: this.layerArn },
        {
          Sid: "Versions",
          Action: [
            "lambda:AddLayerVersionPermission",
            "lambda:DeleteLayerVersion",
            "lambda:GetLayerVersion",
            "lambda:GetLayerVersionPolicy",
            "lambda:RemoveLayerVersionPermission",
          ],
          Resource: versions,
        },
        LIST,
      ],
      timeoutSeconds: PUBLISH_SECONDS,
    });
  }

  private updates({ name, version, update, ...settings }: Settings, { digest, region, accountId }: Around) {
    const [[key, value] = ["", ""]] = Object.entries(this.optIn);
    const functions = `arn:aws:lambda:${region}:${accountId}:function:*`;
    return this.worker("update", settings, {
      name: `${name}-update`,
      description: `Gives functions that opted in to the layer ${name} its version`,
      environment: { LAYER_NAME: name, LAYER_DIGEST: digest, ...pinned(version), OPT_IN_TAG: `${key}=${value}` },
      statements: [
        // of the other layers of a function too, wherever they are from
        { Sid: "Layers", Action: "lambda:GetLayerVersion", Resource: `arn:aws:lambda:${region}:*:layer:*:*` },
        LIST,
        { Sid: "Tags", Action: ["lambda:GetFunctionConfiguration", "lambda:ListTags"], Resource: functions },
        {
          Sid: "Give",
          Action: ["lambda:GetFunction", "lambda:UpdateFunctionConfiguration"],
          Resource: functions,
          Condition: { StringEquals: { [`aws:ResourceTag/${key}`]: value } },
        },
      ],
      ...update,
    });
  }

  private worker(
    key: "publish" | "update",
    { topic, tracing, logRetentionDays, logKmsKeyArn }: Pick<Settings, Common>,
    props: Omit<ConstructorParameters<typeof LambdaFunction>[2], "entry">,
  ): LambdaFunction {
    return new LambdaFunction(this, key, {
      ...props,
      entry: join(FUNCTIONS, `${key}.py`),
      tracing,
      logRetentionDays,
      logKmsKeyArn,
      alarmTopicArns: topic && [topic.arn],
    });
  }

  /** The state machine, and the schedule that starts it. Gives its ARN. */
  private runs(settings: Settings, { accountId, digest, location, ofSources, publish, update }: Run): string {
    const { name, topic, forceRebuild, codebuild } = settings;
    const { bucketName, bucketArn } = this.bucket;
    const { projectName, projectArn, ready } = this.build;
    const minutes = codebuild.queuedTimeoutMinutes + codebuild.timeoutMinutes;
    const functionTimeoutSeconds = Math.max(PUBLISH_SECONDS, settings.update.timeoutSeconds);
    const made = stateMachine(new Construct(this, "runs"), {
      name: `${name}-runs`,
      definition: layerDefinition({
        name,
        bucketName,
        projectName,
        sourceLocation: location,
        ofSources,
        digest,
        force: forceRebuild,
        publishFunctionArn: publish.functionArn,
        updateFunctionArn: update.functionArn,
        functionTimeoutSeconds,
        // both functions with all their tries, and the calls between
        timeoutSeconds: minutes * 60 + 2 * 4 * functionTimeoutSeconds + 600,
        topicArn: topic?.arn,
      }),
      statements: [
        { Sid: "Look", Action: "s3:ListBucket", Resource: bucketArn },
        { Sid: "Build", Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"], Resource: projectArn },
        { Sid: "Call", Action: "lambda:InvokeFunction", Resource: [publish.functionArn, update.functionArn] },
        ...(topic ? publishStatements(topic) : []),
      ],
      ready: [...ready, ...publish.ready, ...update.ready, ...(topic?.ready ?? [])],
      topicArns: topic && [topic.arn],
      settings,
    });
    const { arn } = made.machine;
    // and not by a queue of the bucket's events: a change such as of `version` uploads nothing
    const { version, versionsKept, permissions } = settings;
    const wanted = JSON.stringify({ digest, forceRebuild, version, versionsKept, permissions });
    startAtOnce(this, {
      name,
      roleName: `${name}-start`,
      tag: digestOf([{ path: "run.json", bytes: Buffer.from(wanted), executable: false }]),
      description: `Has the layer ${name} built, published and given to functions, unless it is`,
      accountId,
      statement: { Action: "states:StartExecution", Resource: arn },
      target: { arn, input: "{}" },
      ready: [],
    });
    return arn;
  }
}

interface Around {
  readonly accountId: string;
  readonly region: string;
  readonly files: readonly FolderFile[];
  readonly digest: string;
}
interface Run extends Around {
  readonly location: string;
  readonly ofSources: Readonly<Record<string, string>>;
  readonly publish: LambdaFunction;
  readonly update: LambdaFunction;
}
type Common = "topic" | "tracing" | "logRetentionDays" | "logKmsKeyArn";

const pinned = (version: number | undefined): Record<string, string> =>
  version === undefined ? {} : { PINNED_VERSION: String(version) };
