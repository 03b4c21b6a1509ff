import { FsxDataRepositoryAssociation } from "@cdktf/provider-aws/lib/fsx-data-repository-association";
import { FsxLustreFileSystem } from "@cdktf/provider-aws/lib/fsx-lustre-file-system";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { parseProps, requiredString } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { clientSecurityGroupIdsSchema, IngressSecurityGroup } from "../ec2/ingress-security-group";

/** GiB. Source: FSx API reference, CreateFileSystem, StorageCapacity, of SSD. */
const STORAGE_STEP = 2400;

const linkSchema = z.strictObject({
  /** Name of the bucket. */
  bucketName: requiredString,
  /** Beginning of the keys that are seen, without slashes at its ends; all of the bucket when absent. */
  prefix: z
    .string()
    .max(900)
    .regex(/^[\w.!*'()-]+(\/[\w.!*'()-]+)*$/, "must be the beginning of keys, without slashes at its ends")
    .optional(),
  /** Whether what comes, changes or goes in the bucket does so in the files too. */
  import: z.boolean().default(true),
  /** Whether what comes, changes or goes in the files does so in the bucket too. */
  export: z.boolean().default(false),
});

const schema = z
  .strictObject({
    /** Name of the file system, and part of its security group's: 1 to 100 letters, digits and hyphens. */
    name: z
      .string()
      .max(100)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first"),
    /** VPC of the clients. */
    vpcId: requiredString,
    /** The one subnet that it stands in; clients of other zones pay for what crosses. */
    subnetId: requiredString,
    /** Security groups of the clients, by a short name of yours. */
    clientSecurityGroupIds: clientSecurityGroupIdsSchema,
    /** GiB: 1200, or a multiple of 2400. It can grow later, never shrink. */
    storageGib: z
      .int()
      .min(1200)
      .max(2_147_483_647)
      .refine((size) => size === 1200 || size % STORAGE_STEP === 0, `must be 1200 or a multiple of ${STORAGE_STEP}`)
      .default(1200),
    /** Whether the files outlive a server that fails (`persistent`, by default), or are scratch, which is cheaper. A change makes a new one. */
    durability: z.enum(["persistent", "scratch"]).default("persistent"),
    /** MB per second for each TiB stored, 125, 250, 500 or 1000, where it is persistent; 250 by default. Scratch has 200. */
    throughputPerTib: z.literal([125, 250, 500, 1000]).optional(),
    /** Whether files are compressed by LZ4. */
    compression: z.boolean().default(true),
    /** KMS key that encrypts a persistent one; FSx's own key when absent. It cannot be changed later. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Buckets whose objects are files, each by the folder that they are in, such as `datasets`: at most 8; none by default. */
    buckets: z
      .record(
        z
          .string()
          .max(200)
          .regex(/^[A-Za-z0-9][\w-]*$/, "must be the name of a folder: letters, digits, _ and -"),
        linkSchema,
      )
      .refine((links) => Object.keys(links).length <= 8, "must be at most 8") // FSx for Lustre user guide, "Data repository associations"
      .default({}),
    /** Whether Terraform refuses every plan that would delete the files. */
    preventDestroy: z.boolean().default(false),
    /** Tags on the file system beside its name. */
    tags: tagsSchema.default({}),
  })
  .superRefine(({ durability, throughputPerTib, kmsKeyArn, buckets }, ctx) => {
    if (durability === "persistent") return;
    const given = {
      throughputPerTib,
      kmsKeyArn: kmsKeyArn && "a key",
      buckets: Object.keys(buckets).sort().join(", "),
    };
    for (const [key, value] of Object.entries(given)) {
      if (value) refuse(ctx, key, `must be left out where durability is scratch, got ${value}`);
    }
  });
export type LustreFilesProps = z.input<typeof schema>;

/** Ports of clients and servers, both ways. Source: FSx for Lustre user guide, "File system access control with Amazon VPC". */
const PORTS = { lustre: [988, 988], servers: [1018, 1023] } as const;
/** What is passed on between bucket and files. */
const EVENTS = ["NEW", "CHANGED", "DELETED"];

/** FSx for Lustre file system on SSD, for data sets that many nodes read at once, with buckets as folders in it. */
export class LustreFiles extends Construct {
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly dnsName: string;
  /** Name that a client mounts it by, behind the DNS name. */
  readonly mountName: string;
  readonly securityGroupId: string;
  /** What a machine that mounts it must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, input: LustreFilesProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { name, durability, throughputPerTib = 250 } = props;

    const { group, rules } = this.firewall(props);
    const files = new FsxLustreFileSystem(this, "file-system", {
      subnetIds: [props.subnetId],
      securityGroupIds: [group.id],
      storageCapacity: props.storageGib,
      storageType: "SSD",
      fileSystemTypeVersion: "2.15", // what kernels of Amazon Linux 2023 mount
      ...(durability === "persistent"
        ? { deploymentType: "PERSISTENT_2", perUnitStorageThroughput: throughputPerTib, kmsKeyId: props.kmsKeyArn }
        : { deploymentType: "SCRATCH_2" }),
      ...(props.compression && { dataCompressionType: "LZ4" }),
      tags: { ...props.tags, Name: name },
      ...(props.preventDestroy && { lifecycle: { preventDestroy: true } }),
    });
    const links = sortedEntries(props.buckets).map(
      ([folder, link]) =>
        new FsxDataRepositoryAssociation(this, `bucket-${folder}`, {
          fileSystemId: files.id,
          fileSystemPath: `/${folder}`,
          dataRepositoryPath: `s3://${link.bucketName}${link.prefix === undefined ? "" : `/${link.prefix}/`}`,
          batchImportMetaDataOnCreate: true,
          ...((link.import || link.export) && {
            s3: {
              ...(link.import && { autoImportPolicy: { events: EVENTS } }),
              ...(link.export && { autoExportPolicy: { events: EVENTS } }),
            },
          }),
        }),
    );

    this.fileSystemId = files.id;
    this.fileSystemArn = files.arn;
    this.dnsName = files.dnsName;
    this.mountName = files.mountName;
    this.securityGroupId = group.id;
    this.ready = [files, ...rules, ...links];
  }

  /** Lets the clients in, and the file system's own servers to each other. */
  private firewall({ name, vpcId, clientSecurityGroupIds }: z.output<typeof schema>) {
    const group = new IngressSecurityGroup(this, "security-group", {
      namePrefix: `lustre-${name}-`,
      description: `Lustre of ${name}`,
      vpcId,
      name: `${name}-lustre`,
    });
    const rules = Object.entries(PORTS).flatMap(([kind, [fromPort, toPort]]) => {
      const own = {
        securityGroupId: group.id,
        referencedSecurityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort,
        toPort,
        description: "Between its servers",
      };
      return [
        ...group.admit(clientSecurityGroupIds, {
          fromPort,
          toPort,
          idPrefix: `${kind}-from`,
          description: (client) => `Lustre from ${client}`,
        }),
        new VpcSecurityGroupIngressRule(this, `${kind}-from-itself`, own),
        new VpcSecurityGroupEgressRule(this, `${kind}-to-itself`, own),
      ];
    });
    return { group, rules };
  }
}
