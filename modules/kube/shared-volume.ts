import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { PersistentVolumeV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { kubeLabelSchema } from "./kube-names";
import { bytesSchema } from "./quantity";

const required = orToken(z.string().min(1));

const sourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** EFS file system, by an access point. Needs the add-on aws-efs-csi-driver. */
    kind: z.literal("efs"),
    /** A SharedFiles. */
    files: reference<{ fileSystemId: string; accessPointId: string }>("a SharedFiles", "fileSystemId", "accessPointId"),
  }),
  z.strictObject({
    /** FSx for Lustre file system. Needs the add-on aws-fsx-csi-driver. */
    kind: z.literal("fsx-lustre"),
    /** A LustreFiles. */
    files: reference<{ fileSystemId: string; dnsName: string; mountName: string }>(
      "a LustreFiles",
      "fileSystemId",
      "dnsName",
      "mountName",
    ),
  }),
  z.strictObject({
    /** S3 bucket. Needs the add-on aws-mountpoint-s3-csi-driver with permissions on the bucket. */
    kind: z.literal("s3"),
    /** Name of the bucket. */
    bucket: required,
    /** Region of the bucket. */
    region: orToken(regionSchema),
    /** Key prefix to mount, ending in a slash; the whole bucket when absent. */
    prefix: z
      .string()
      .max(512)
      .regex(/^[\w.=-][\w.=/-]*\/$/, "must be letters, digits and _.=-/ and end in a slash, not begin with one")
      .optional(),
    /** Allow deleting files. */
    allowDelete: z.boolean().default(false),
    /** POSIX user and group that own the files, 0 to 65535; when absent root, and other users have no access. */
    userId: z.int().min(0).max(65535).optional(),
  }),
]);
type Source = z.output<typeof sourceSchema>;

const schema = z
  .strictObject({
    /** Name of the claim that pods mount, at most 63 characters; the volume is named after the namespace and it. */
    name: kubeLabelSchema,
    /** Namespace of the claim. */
    namespace: kubeLabelSchema,
    /** Storage to mount. */
    source: sourceSchema,
    /** Mount read-only. */
    readOnly: z.boolean().default(false),
    /** Nominal size, which Kubernetes requires but nothing enforces. */
    size: bytesSchema.default("1Ti"),
    /** Resources to create first: the namespace, the driver, mount targets. */
    dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
  })
  .superRefine(({ readOnly, source }, ctx) => {
    if (!readOnly || source.kind !== "s3" || !source.allowDelete) return;
    const message = "must be left out or false with readOnly, got true";
    refuse(ctx, ["source", "allowDelete"], message);
  });
export type SharedVolumeProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const sharedVolumeSettings = checkedBy(schema, { name: "any", dependsOn: undefined });

/** Volume and claim for existing storage outside the cluster, which is retained when the claim is deleted. */
export class SharedVolume extends Construct {
  readonly claimName: string;
  /** What pods that mount it must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SharedVolumeProps) {
    super(scope, id);
    const { name, namespace, source, readOnly, size, dependsOn } = parseProps(this, schema, props);
    const volumeName = `${namespace}-${name}`;
    const accessModes = [readOnly ? "ReadOnlyMany" : "ReadWriteMany"];
    const { csi, mountOptions } = mount(source, volumeName, readOnly);
    // A class of this name need not exist, but both must use the same name: the provider treats "" as unset, and Kubernetes
    // would then use the default class.
    const storageClassName = volumeName;

    const volume = new PersistentVolumeV1(this, "volume", {
      metadata: { name: volumeName },
      spec: [
        {
          capacity: { storage: size },
          accessModes,
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName,
          claimRef: { namespace, name }, // reserved for this claim
          mountOptions,
          persistentVolumeSource: { csi },
        },
      ],
      ...(dependsOn.length > 0 && { dependsOn }),
    });
    const claim = new PersistentVolumeClaimV1(this, "claim", {
      metadata: { name, namespace },
      spec: { accessModes, storageClassName, volumeName, resources: { requests: { storage: size } } },
      dependsOn: [volume, ...dependsOn],
    });

    this.claimName = name;
    this.ready = [claim];
  }
}

/** Sources: the drivers' static provisioning examples, github.com/kubernetes-sigs and github.com/awslabs. */
function mount(source: Source, volumeName: string, readOnly: boolean) {
  switch (source.kind) {
    case "efs": {
      const volumeHandle = `${source.files.fileSystemId}::${source.files.accessPointId}`;
      return { csi: { driver: "efs.csi.aws.com", volumeHandle }, mountOptions: ["iam", ...(readOnly ? ["ro"] : [])] };
    }
    case "fsx-lustre": {
      const { fileSystemId: id, dnsName, mountName } = source.files;
      const volumeAttributes = { dnsname: dnsName, mountname: mountName };
      const csi = { driver: "fsx.csi.aws.com", volumeHandle: id, volumeAttributes };
      return { csi, mountOptions: ["flock", ...(readOnly ? ["ro"] : [])] };
    }
    case "s3": {
      const { bucket, region, prefix, allowDelete, userId } = source;
      const csi = { driver: "s3.csi.aws.com", volumeHandle: volumeName, volumeAttributes: { bucketName: bucket } };
      const owner = userId === undefined ? [] : [`uid=${userId}`, `gid=${userId}`, "allow-other"];
      const rights = readOnly ? ["read-only"] : allowDelete ? ["allow-delete"] : [];
      return { csi, mountOptions: [`region ${region}`, ...(prefix ? [`prefix ${prefix}`] : []), ...rights, ...owner] };
    }
  }
}
