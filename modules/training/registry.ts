import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../common/iam/policy";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference, show } from "../common/settings/props";

/** Table with keys `PK` and `SK` and the indexes `GSI1` and `GSITYPE`; `SingleTable` is one. */
export interface RegistryTable {
  readonly tableName: string;
  readonly tableArn: string;
  /** Customer managed key of the items, if any. */
  readonly kmsKeyArn?: string;
}

/** Settings of a registry that a user chooses. */
export const registryShape = {
  /** Hours, 1 to 168, after which DynamoDB may remove the item of a machine that no longer renews it. */
  ttlHours: z.int().min(1).max(168).default(2),
  /** Seconds, 15 to 3600, for which a lease holds that its owner does not renew; owners renew every quarter of it. */
  leaseSeconds: z.int().min(15).max(3600).default(120),
};

const HOUR = 3600;

/** Rules across the inputs of {@link registryShape}. */
export function checkRegistry(
  { ttlHours, leaseSeconds }: { ttlHours: number; leaseSeconds: number },
  ctx: z.RefinementCtx,
): void {
  if (ttlHours < 1 || leaseSeconds < ttlHours * HOUR) return; // its own bound says the first
  const message = `must be less than ttlHours (${ttlHours}), or items go whose lease still holds`;
  refuse(ctx, "leaseSeconds", `${message}, got ${leaseSeconds}`);
}

const schema = z
  .strictObject({
    /** Table of the items, this project's or an existing one. */
    table: reference<RegistryTable>("a SingleTable", "tableName", "tableArn"),
    ...registryShape,
  })
  .superRefine(({ table, ...settings }, ctx) => {
    checkRegistry(settings, ctx);
    if (kmsKeyArnSchema.optional().safeParse(table.kmsKeyArn).success) return;
    refuse(ctx, ["table", "kmsKeyArn"], `must be the ARN of a KMS key, got ${show(table.kmsKeyArn)}`);
  });
export type RegistryProps = z.input<typeof schema>;
/** Checks the settings of a user. */
export const registrySettings = checkedBy(schema, { table: { tableName: "any", tableArn: "any" } });

/** Where machines, jobs and the leader's lease are recorded. */
export class Registry extends Construct implements RegistryTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly kmsKeyArn?: string;
  readonly ttlHours: number;
  readonly leaseSeconds: number;

  constructor(scope: Construct, id: string, props: RegistryProps) {
    super(scope, id);
    const { table, ttlHours, leaseSeconds } = parseProps(this, schema, props);
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
    this.kmsKeyArn = table.kmsKeyArn;
    this.ttlHours = ttlHours;
    this.leaseSeconds = leaseSeconds;
  }

  /** IAM statements of a role that reads, writes and removes items. */
  grantUse(): Statement[] {
    return registryStatements(this, ["ConditionCheckItem", "DeleteItem", "PutItem"]);
  }

  /** IAM statements of those who submit jobs, look at them and cancel them. */
  grantSubmit(): Statement[] {
    return registryStatements(this, ["PutItem"]);
  }
}

/** IAM statements of a role that reads and changes items, and may do `more` with them, by DynamoDB's names. */
export function registryStatements({ tableArn, kmsKeyArn }: RegistryTable, more: readonly string[] = []): Statement[] {
  const actions = ["BatchWriteItem", "GetItem", "UpdateItem", ...more].sort();
  return [
    { Sid: "Items", Action: actions.map((action) => `dynamodb:${action}`), Resource: tableArn },
    { Sid: "Find", Action: "dynamodb:Query", Resource: [tableArn, `${tableArn}/index/*`] },
    // Source: DynamoDB Developer Guide, "DynamoDB encryption at rest: usage notes": callers use the key by the service
    ...(kmsKeyArn ? [{ Sid: "RegistryKey", Action: "kms:Decrypt", Resource: kmsKeyArn }] : []),
  ];
}
