import { z } from "zod";
import { bucketNameSchema } from "../aws/storage/private-bucket";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { checkMounts, mountPointSchema } from "./mounts";

/** Inputs that concern what runs on a machine. */
export const softwareShape = {
  /** What the machine is for; it is told so in `ML_WORKLOAD_TYPE`. */
  workloadType: z.enum(["training", "inference", "notebook"]).default("training"),
  /** Frameworks that are installed beside NumPy, pandas, scikit-learn, Matplotlib and seaborn; both, as the document says. */
  frameworks: z
    .array(z.enum(["pytorch", "tensorflow"]))
    .refine(areDistinct, "must not name a framework twice")
    .default(["pytorch", "tensorflow"]),
  /** Whether TensorBoard runs, on port 6006; on, as the document says. */
  tensorboard: z.boolean().default(true),
};

export const userDataSchema = z
  .strictObject({
    ...softwareShape,
    /** Name of the project, as its machines are told. */
    projectName: z.string().regex(/^[a-z][a-z0-9-]{0,35}[a-z0-9]$/),
    /** Name of the environment, as its machines are told. */
    environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    /** Region of the machine. */
    region: orToken(regionSchema),
    /** Name of the bucket for datasets. */
    datasetsBucket: orToken(bucketNameSchema),
    /** Name of the bucket for models. */
    modelsBucket: orToken(bucketNameSchema),
    /**
     * Where Jupyter and TensorBoard listen: on the `loopback`, where only a forwarded port leads, or to the `network`, for
     * those whom the security group lets in. TensorBoard asks nobody for anything, and both speak plain HTTP.
     */
    listen: z.enum(["loopback", "network"]).default("loopback"),
    /** Jupyter, on port 8888, and the secret whose value is its token; `false`: none. */
    jupyter: z.union([
      z.literal(false),
      z.strictObject({
        /** ARN of the secret; its value is the token, as plain text of at least 16 characters. */
        tokenSecretArn: orToken(
          z
            .string()
            .regex(
              /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
              "must be the ARN of a secret",
            ),
        ),
      }),
    ]),
    /** Whether the image is one with NVIDIA's drivers; these are left as they are, and the GPUs are measured. */
    gpu: z.boolean(),
    /** Log group for the machine's logs; it exists already. */
    logGroup: orToken(z.string().regex(/^[\w./#-]{1,512}$/, "must be the name of a log group")),
    /** Namespace of the machine's own metrics. Source: CloudWatch API reference, PutMetricData. */
    metricsNamespace: z
      .string()
      .max(255)
      .regex(/^(?!AWS\/)[\w.#/-][\w.#/:-]*$/, "must be a namespace such as project/dev, not one of AWS/"),
    /** Whether the machine belongs to an Auto Scaling group, whose name then is a dimension of its metrics. */
    fleet: z.boolean(),
    /** EFS file system that is mounted by its access point; none when absent. */
    sharedFiles: z
      .strictObject({
        fileSystemId: orToken(z.string().regex(/^fs-[0-9a-f]{8,40}$/, "must be the id of an EFS file system")),
        accessPointId: orToken(z.string().regex(/^fsap-[0-9a-f]{8,40}$/, "must be the id of an EFS access point")),
        /** Folder that it is mounted on. */
        mountPoint: mountPointSchema,
      })
      .optional(),
    /** EBS volumes that are mounted, with a file system made on those that are empty. */
    dataVolumes: z
      .array(
        z.strictObject({
          /** Name by which the volume is attached; Amazon Linux links it to the NVMe disk. Source: EC2 User Guide, "Device names". */
          device: z.string().regex(/^\/dev\/sd[f-p]$/, "must be one of /dev/sdf to /dev/sdp"),
          /** Folder that it is mounted on. */
          mountPoint: mountPointSchema,
        }),
      )
      .default([]),
  })
  .superRefine((settings, ctx) => {
    checkMounts(settings, ctx);
    const devices = settings.dataVolumes.map(({ device }) => device);
    for (const [index, device] of devices.entries()) {
      if (devices.indexOf(device) === index) continue;
      const message = `must differ from volume to volume, got ${device} again`;
      refuse(ctx, ["dataVolumes", index, "device"], message);
    }
  });
export type UserDataInput = z.input<typeof userDataSchema>;
export type UserDataSettings = z.output<typeof userDataSchema>;
