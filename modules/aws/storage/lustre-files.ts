import { FsxDataRepositoryAssociation } from "@cdktf/provider-aws/lib/fsx-data-repository-association";
import { FsxLustreFileSystem } from "@cdktf/provider-aws/lib/fsx-lustre-file-system";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { allowReplacementShape, lastingSettings } from "../../common/lasting-settings";
import { replacedWith } from "../../common/replaced-with";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { parseProps, requiredString } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { clientSecurityGroupIdsSchema, IngressSecurityGroup } from "../ec2/ingress-security-group";

/** Step of the storage capacity on SSD, GiB. Source: FSx API reference, CreateFileSystem, StorageCapacity. */
const STORAGE_STEP = 2400;

const linkSchema = z.strictObject({
  /** Name of the bucket. */
  bucketName: requiredString,
  /** Key prefix, without leading or trailing slash; the whole bucket when absent. */
  prefix: z
    .string()
    .max(900)
    .regex(/^[\w.!*'()-]+(\/[\w.!*'()-]+)*$/, "must be a key prefix without leading or trailing slash")
    .optional(),
  /** Import new, changed and deleted objects of the bucket. */
  import: z.boolean().default(true),
  /** Export new, changed and deleted files to the bucket. */
  export: z.boolean().default(false),
});

const schema = z
  .strictObject({
    /** Name of the file system and its security group: 1 to 100 letters, digits and hyphens. */
    name: z
      .string()
      .max(100)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first"),
    /** VPC of the clients. */
    vpcId: requiredString,
    /** Subnet of the file system; clients in other zones pay for cross-zone traffic. */
    subnetId: requiredString,
    /** Security groups of the clients, by a short name of your choice. */
    clientSecurityGroupIds: clientSecurityGroupIdsSchema,
    /** Storage capacity, GiB: 1200 or a multiple of 2400. It can grow but not shrink. */
    storageGib: z
      .int()
      .min(1200)
      .max(2_147_483_647)
      .refine((size) => size === 1200 || size % STORAGE_STEP === 0, `must be 1200 or a multiple of ${STORAGE_STEP}`)
      .default(1200),
    /** `persistent` survives the failure of a file server; `scratch` is cheaper. A change replaces the file system. */
    durability: z.enum(["persistent", "scratch"]).default("persistent"),
    /** Throughput of persistent storage, MB/s per TiB: 125, 250, 500 or 1000; 250 when absent. Scratch has 200. */
    throughputPerTib: z.literal([125, 250, 500, 1000]).optional(),
    /** LZ4 compression. */
    compression: z.boolean().default(true),
    /** KMS key of persistent storage; FSx's own key when absent. A change replaces the file system. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Linked buckets by the folder of their files, such as `datasets`; at most 8. */
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
    /** Make Terraform refuse plans that would delete the file system. */
    preventDestroy: z.boolean().default(false),
    ...allowReplacementShape,
    /** Further tags on the file system. */
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

/** Ports of clients and servers, in both directions. Source: FSx for Lustre user guide, "File system access control with Amazon VPC". */
const PORTS = { lustre: [988, 988], servers: [1018, 1023] } as const;
/** Changes synchronized between bucket and files. */
const EVENTS = ["NEW", "CHANGED", "DELETED"];

/** FSx for Lustre file system on SSD for data sets that many nodes read at once, with linked buckets as folders. */
export class LustreFiles extends Construct {
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly dnsName: string;
  /** Mount name, which follows the DNS name. */
  readonly mountName: string;
  readonly securityGroupId: string;
  /** What clients must wait for before they mount it. */
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
      lifecycle: {
        ...lastingSettings(this, "lasting", {
          what: "the files",
          settings: { subnetId: props.subnetId, durability, kmsKeyArn: props.kmsKeyArn },
          allowReplacement: props.allowReplacement,
        }),
        ...(props.preventDestroy && { preventDestroy: true }),
      },
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
          // Absent, the provider keeps the policies of before. A new link costs nothing but a listing of the bucket.
          lifecycle: replacedWith(this, `policies-${folder}`, { import: link.import, export: link.export }),
        }),
    );

    this.fileSystemId = files.id;
    this.fileSystemArn = files.arn;
    this.dnsName = files.dnsName;
    this.mountName = files.mountName;
    this.securityGroupId = group.id;
    this.ready = [files, ...rules, ...links];
  }

  /** Security group for the clients, and for traffic between the file system's servers. */
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
