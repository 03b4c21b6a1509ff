import { DynamodbResourcePolicy } from "@cdktf/provider-aws/lib/dynamodb-resource-policy";
import { DynamodbTable, type DynamodbTableConfig } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { policy, type Statement } from "../../common/iam/policy";
import { checkSids, statementShape } from "../../common/iam/statement-schema";
import { kmsKeyArnSchema, principalArnSchema } from "../../common/settings/arns";
import { checkedBy } from "../../common/settings/checked-by";
import { refuse } from "../../common/settings/faults";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { BackupPlan, backupSchema } from "../backup/backup-plan";
import { TableScaling, tableScalingSchema } from "./table-scaling";

/** Global secondary indexes of a table. Source: DynamoDB Developer Guide, "Quotas in Amazon DynamoDB". */
const INDEX_LIMIT = 20;
/** Units of a table or index. Source: DynamoDB Developer Guide, "Quotas in Amazon DynamoDB", default of most regions. */
const unitsSchema = z.int().min(1).max(40_000);
const limitSchema = z.union([z.literal("none"), unitsSchema], { error: "must be none or 1 to 40000" });

const capacitySchema = z.discriminatedUnion("mode", [
  z.strictObject({
    /** Billed by request. */
    mode: z.literal("on-demand"),
    /**
     * Read request units per second, 1 to 40000, above which requests are refused. `none` takes away a limit that was there:
     * DynamoDB keeps one that is no longer mentioned.
     */
    maxReadUnits: limitSchema.optional(),
    /** The same of write request units. */
    maxWriteUnits: limitSchema.optional(),
  }),
  z
    .strictObject({
      /** Billed by hour, for the table and for each of its indexes. */
      mode: z.literal("provisioned"),
      /** Read capacity units, 1 to 40000; the least where they scale. */
      readUnits: unitsSchema,
      /** Write capacity units, 1 to 40000; the least where they scale. */
      writeUnits: unitsSchema,
      /** Autoscaling of the table and, each for itself, of its indexes, whose number must not change meanwhile; none when absent. */
      scaling: tableScalingSchema(unitsSchema).optional(),
    })
    .superRefine(({ scaling, ...units }, ctx) => {
      for (const [most, least] of [
        ["maxReadUnits", "readUnits"],
        ["maxWriteUnits", "writeUnits"],
      ] as const) {
        if (!scaling || scaling[most] >= units[least]) continue;
        const message = `must be at least ${least} (${units[least]}), got ${scaling[most]}`;
        refuse(ctx, ["scaling", most], message);
      }
    }),
]);

/** Settings of a table that a user chooses. */
export const singleTableShape = {
  /** Capacity of the table and, each for itself, of its indexes. */
  capacity: capacitySchema.prefault({ mode: "on-demand" }),
  /** Storage class: `standard`, or `infrequent` for a table that costs more by its size than by its requests. */
  tableClass: z.enum(["standard", "infrequent"]).default("standard"),
  /** Attribute that holds when an item expires, seconds since 1970: DynamoDB removes it within days. `false` for none. */
  ttlAttribute: z.union([z.literal(false), z.string().min(1).max(255)]).default("TimeToLive"),
  /** What the table's stream tells of each change; `false` for no stream. */
  stream: z
    .union([z.literal(false), z.enum(["keys", "new", "old", "new-and-old"])], {
      error: "must be false, keys, new, old or new-and-old",
    })
    .default("new-and-old"),
  /** Days, 1 to 35, for which the table can be restored to any second; `false` for no such backup. */
  recoveryDays: z.union([z.literal(false), z.int().min(1).max(35)], { error: "must be false or 1 to 35" }).default(35),
  /** Backups by AWS Backup, which outlive the table; none when absent. */
  backup: backupSchema.optional(),
  /** KMS key of the items; the key that AWS manages for DynamoDB in the account when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Make DynamoDB refuse to delete the table: to destroy the stack, turn it off and apply first. */
  deletionProtection: z.boolean().default(true),
};

const accessSchema = z
  .array(
    z
      .strictObject({
        ...statementShape,
        /** IAM roles and users of this or another account, at least one. */
        principalArns: z.array(principalArnSchema).min(1),
      })
      .superRefine(({ Resource }, ctx) => {
        if (Resource !== undefined) refuse(ctx, "Resource", "must be left out, since it is the table, got a value");
      }),
  )
  .superRefine(checkSids)
  .default([]);

const schema = z
  .strictObject({
    /** Name of the table: 3 to 255 letters, digits, dots, hyphens and underscores. */
    name: z
      .string()
      .min(3)
      .max(255)
      .regex(/^[A-Za-z0-9_.-]+$/, "must have letters, digits, dots, hyphens and underscores only"),
    /** Number of general indexes `GSI1` and on, 0 to 20, or 19 beside `typeIndex`, each with keys `GSI<n>PK` and `GSI<n>SK`. */
    indexes: z.int().min(0).max(INDEX_LIMIT).default(4),
    /** Index `GSITYPE` of all items by their attribute `TYPE`. */
    typeIndex: z.boolean().default(true),
    ...singleTableShape,
    /** Statements of the table's own policy, besides the one that denies requests without TLS. */
    access: accessSchema,
    /** Tags on the table. */
    tags: tagsSchema.optional(),
  })
  .superRefine(({ indexes, typeIndex }, ctx) => {
    const limit = typeIndex ? INDEX_LIMIT - 1 : INDEX_LIMIT;
    if (indexes > limit) refuse(ctx, "indexes", `must be at most ${limit} beside typeIndex, got ${indexes}`);
  });
export type SingleTableProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;
/** Checks the settings of a user. */
export const singleTableSettings = checkedBy(schema, {
  name: "any",
  indexes: undefined,
  typeIndex: undefined,
  access: undefined,
  ttlAttribute: undefined,
});

/** Words of DynamoDB. */
const STREAMS = { keys: "KEYS_ONLY", new: "NEW_IMAGE", old: "OLD_IMAGE", "new-and-old": "NEW_AND_OLD_IMAGES" } as const;
const CLASSES = { standard: "STANDARD", infrequent: "STANDARD_INFREQUENT_ACCESS" } as const;

/** DynamoDB table of all kinds of items, with keys `PK` and `SK` and general indexes. */
export class SingleTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  /** Undefined without a stream. */
  readonly streamArn: string | undefined;
  /** Names of the indexes. */
  readonly indexNames: readonly string[];
  /** Customer managed key of the items, if any. */
  readonly kmsKeyArn: string | undefined;
  /** What must exist before items are written. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SingleTableProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { ttlAttribute, stream, recoveryDays, kmsKeyArn } = settings;
    const indexes = indexesOf(settings);
    const keys = [
      "PK",
      "SK",
      ...indexes.flatMap(({ hashKey, rangeKey }) => [hashKey, ...(rangeKey ? [rangeKey] : [])]),
    ];
    const { table: capacity, index: indexCapacity } = capacityOf(settings.capacity);
    const scaling = scalingOf(settings.capacity);

    const table = new DynamodbTable(this, "table", {
      name: settings.name,
      hashKey: "PK",
      rangeKey: "SK",
      attribute: keys.map((name) => ({ name, type: "S" })),
      globalSecondaryIndex: indexes.map((index) => ({ ...index, projectionType: "ALL", ...indexCapacity })),
      ...capacity,
      tableClass: CLASSES[settings.tableClass],
      // the provider keeps a TTL, a stream and backups that are no longer mentioned
      ttl: ttlAttribute ? { attributeName: ttlAttribute, enabled: true } : { enabled: false },
      streamEnabled: stream !== false,
      ...(stream && { streamViewType: STREAMS[stream] }),
      pointInTimeRecovery: recoveryDays ? { enabled: true, recoveryPeriodInDays: recoveryDays } : { enabled: false },
      serverSideEncryption: { enabled: true, kmsKeyArn },
      deletionProtectionEnabled: settings.deletionProtection,
      tags: settings.tags,
      ...(scaling && { lifecycle: { ignoreChanges: SCALED } }),
    });
    const indexNames = indexes.map(({ name }) => name);
    if (scaling) {
      const { readUnits, writeUnits } = scaling;
      const of = { tableName: table.name, indexNames, readUnits, writeUnits, settings: scaling.scaling };
      new TableScaling(this, "scaling", of);
    }
    if (settings.backup) {
      new BackupPlan(this, "backup", { name: settings.name, resourceArns: [table.arn], settings: settings.backup });
    }
    const access = new DynamodbResourcePolicy(this, "policy", {
      resourceArn: table.arn,
      policy: policy(...accessOf(settings.access, table.arn)),
    });

    this.tableName = table.name;
    this.tableArn = table.arn;
    this.streamArn = stream ? table.streamArn : undefined;
    this.indexNames = indexNames;
    this.kmsKeyArn = kmsKeyArn;
    this.ready = [table, access];
  }
}

/** General indexes, then that of types. */
function indexesOf({ indexes, typeIndex }: Settings): { name: string; hashKey: string; rangeKey?: string }[] {
  const general = Array.from({ length: indexes }, (_, i) => {
    const name = `GSI${i + 1}`;
    return { name, hashKey: `${name}PK`, rangeKey: `${name}SK` };
  });
  return typeIndex ? [...general, { name: "GSITYPE", hashKey: "TYPE" }] : general;
}

/** Arguments of the capacity, for the table and for each index. */
function capacityOf(capacity: Settings["capacity"]): { table: Partial<DynamodbTableConfig>; index: object } {
  if (capacity.mode === "provisioned") {
    const units = { readCapacity: capacity.readUnits, writeCapacity: capacity.writeUnits };
    return { table: { billingMode: "PROVISIONED", ...units }, index: units };
  }
  const { maxReadUnits, maxWriteUnits } = capacity;
  const limited = maxReadUnits !== undefined || maxWriteUnits !== undefined;
  // -1 takes a limit away. Source: DynamoDB API reference, OnDemandThroughput
  const limit = (units: number | "none" = "none") => (units === "none" ? -1 : units);
  const onDemandThroughput = { maxReadRequestUnits: limit(maxReadUnits), maxWriteRequestUnits: limit(maxWriteUnits) };
  const limits = limited ? { onDemandThroughput } : {};
  return { table: { billingMode: "PAY_PER_REQUEST", ...limits }, index: limits };
}

/** What autoscaling sets. Terraform knows no way to name an index's capacity alone. */
const SCALED = ["read_capacity", "write_capacity", "global_secondary_index"];

function scalingOf(capacity: Settings["capacity"]) {
  if (capacity.mode !== "provisioned" || !capacity.scaling) return undefined;
  const { readUnits, writeUnits, scaling } = capacity;
  return { readUnits, writeUnits, scaling };
}

const accessOf = (access: Settings["access"], tableArn: string): Statement[] => {
  const Resource = [tableArn, `${tableArn}/index/*`];
  return [
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "dynamodb:*",
      Resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    ...access.map(({ principalArns, ...statement }) => ({ ...statement, Principal: { AWS: principalArns }, Resource })),
  ];
};
