import { z } from "zod";
import { bucketNameSchema } from "../aws/storage/private-bucket";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { checkMounts, mountPointSchema } from "./mounts";

/** Settings of the software on a machine. */
export const softwareShape = {
  /** Purpose of the machine, in its environment variable `ML_WORKLOAD_TYPE`. */
  workloadType: z.enum(["training", "inference", "notebook"]).default("training"),
  /** Frameworks to install in addition to NumPy, pandas, scikit-learn, Matplotlib and seaborn. */
  frameworks: z
    .array(z.enum(["pytorch", "tensorflow"]))
    .refine(areDistinct, "must not name a framework twice")
    .default(["pytorch", "tensorflow"]),
  /** Run TensorBoard on port 6006. */
  tensorboard: z.boolean().default(true),
};

export const userDataSchema = z
  .strictObject({
    ...softwareShape,
    /** Name of the project. */
    projectName: z.string().regex(/^[a-z][a-z0-9-]{0,35}[a-z0-9]$/),
    /** Name of the environment. */
    environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    /** Region of the machine. */
    region: orToken(regionSchema),
    /** Name of the bucket for datasets. */
    datasetsBucket: orToken(bucketNameSchema),
    /** Name of the bucket for models. */
    modelsBucket: orToken(bucketNameSchema),
    /**
     * Where Jupyter and TensorBoard listen: on the `loopback`, which only a forwarded port reaches, or on the `network`, for
     * clients that the security group admits. TensorBoard has no authentication, and both use plain HTTP.
     */
    listen: z.enum(["loopback", "network"]).default("loopback"),
    /** Jupyter on port 8888 with the secret of its token, or `false` for none. */
    jupyter: z.union([
      z.literal(false),
      z.strictObject({
        /** ARN of the secret whose value is the token, plain text of at least 16 characters. */
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
    /** Whether the image has NVIDIA's drivers, which are not upgraded, and GPUs to measure. */
    gpu: z.boolean(),
    /** Existing log group of the machine's logs. */
    logGroup: orToken(z.string().regex(/^[\w./#-]{1,512}$/, "must be the name of a log group")),
    /** Namespace of the machine's own metrics. Source: CloudWatch API reference, PutMetricData. */
    metricsNamespace: z
      .string()
      .max(255)
      .regex(/^(?!AWS\/)[\w.#/-][\w.#/:-]*$/, "must be a namespace such as project/dev, not one of AWS/"),
    /** Whether the machine belongs to an Auto Scaling group, whose name is a dimension of its metrics. */
    fleet: z.boolean(),
    /** EFS file system to mount through its access point. */
    sharedFiles: z
      .strictObject({
        fileSystemId: orToken(z.string().regex(/^fs-[0-9a-f]{8,40}$/, "must be the id of an EFS file system")),
        accessPointId: orToken(z.string().regex(/^fsap-[0-9a-f]{8,40}$/, "must be the id of an EFS access point")),
        /** Mount point. */
        mountPoint: mountPointSchema,
      })
      .optional(),
    /** EBS volumes to mount; empty ones are formatted. */
    dataVolumes: z
      .array(
        z.strictObject({
          /** Device name of the attachment, which Amazon Linux links to the NVMe disk. Source: EC2 User Guide, "Device names". */
          device: z.string().regex(/^\/dev\/sd[f-p]$/, "must be one of /dev/sdf to /dev/sdp"),
          /** Mount point. */
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
