import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { VolumeKeyGrant } from "../aws/kms/volume-key-grant";
import { sortedEntries } from "../common/collections";
import { kmsKeyArnSchema, roleArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { tagsSchema } from "../common/settings/tags";
import { kubeNameSchema } from "./kube-names";

/** Names of the drivers of EBS volumes. Source: EKS User Guide, "Create a storage class". */
export const VOLUME_DRIVERS = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"] as const;

const schema = z
  .strictObject({
    /** Name of the class. */
    name: kubeNameSchema.default("gp3"),
    /** Make it the default class. EKS has had none since Kubernetes 1.30. */
    isDefault: z.boolean().default(true),
    /** Driver that creates the volumes: the add-on aws-ebs-csi-driver, or the one built into EKS Auto Mode, whose nodes mount no other's volumes. It cannot be changed later. */
    provisioner: z.enum(VOLUME_DRIVERS).default("ebs.csi.aws.com"),
    /** KMS key of the volumes; the account's default EBS key when absent. `volumeRoleArn` gets a grant on it. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Role that creates the volumes, a cluster's `volumeRoleArn`. When absent, the key's policy must let the driver use it. */
    volumeRoleArn: roleArnSchema.optional(),
    /**
     * Tags on each volume, for Auto Mode's driver; the add-on has `volumeTags` of the cluster. Changing them replaces the class,
     * not its volumes.
     */
    tags: tagsSchema.default({}),
    /** IOPS of each volume, 3000 to 80000; gp3's baseline of 3000 when absent. */
    iops: z.int().min(3000).max(80_000).optional(), // EBS user guide, "General Purpose SSD volumes"
    /** Throughput of each volume, MiB/s, 125 to 2000 and at most a quarter of its IOPS; gp3's baseline of 125 when absent. */
    throughput: z.int().min(125).max(2000).optional(),
    /** Delete the volume with its claim, or retain it. */
    reclaimPolicy: z.enum(["Delete", "Retain"]).default("Delete"),
    /** Resources to create first, such as the EBS CSI driver. */
    dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
  })
  .superRefine(({ iops = 3000, throughput }, ctx) => {
    if (throughput === undefined || throughput <= iops / 4) return;
    const message = `must be at most a quarter of iops (${iops / 4}), got ${throughput}; set iops to ${throughput * 4} or more`;
    refuse(ctx, "throughput", message);
  });
export type Gp3StorageClassProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const gp3StorageClassSettings = checkedBy(schema, { dependsOn: undefined });

/** Storage class of encrypted gp3 volumes, created in the zone of the first pod that uses them. */
export class Gp3StorageClass extends Construct {
  readonly storageClassName: string;
  /** What claims of the class must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: Gp3StorageClassProps = {}) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, isDefault, provisioner, kmsKeyArn, volumeRoleArn: roleArn, tags } = settings;
    const { iops, throughput, reclaimPolicy } = settings;
    const grants =
      kmsKeyArn !== undefined && roleArn !== undefined
        ? new VolumeKeyGrant(this, "key-grant", { keyArn: kmsKeyArn, roleArn }).ready
        : [];
    const dependsOn = [...settings.dependsOn, ...grants];
    const storageClass = new StorageClassV1(this, "class", {
      metadata: {
        name,
        ...(isDefault && { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }),
      },
      storageProvisioner: provisioner,
      // Sources: github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/parameters.md; EKS user guide, "Create a storage class"
      parameters: {
        type: "gp3",
        encrypted: "true",
        "csi.storage.k8s.io/fstype": "ext4",
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        ...(iops !== undefined && { iops: `${iops}` }),
        ...tagParameters(tags),
        ...(throughput !== undefined && { throughput: `${throughput}` }),
      },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy,
      ...(dependsOn.length > 0 && { dependsOn }),
    });
    this.storageClassName = name;
    this.ready = [storageClass];
  }
}

/** Source: github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/tagging.md. */
const tagParameters = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(sortedEntries(tags).map(([key, value], i) => [`tagSpecification_${i + 1}`, `${key}=${value}`]));
