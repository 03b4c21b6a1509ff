import type { z } from "zod";
import { refuse } from "../modules/common/settings/faults";
import { systemKeys } from "./systems";

/** What AWS takes from the region of its user only, by service. */
const OF_REGION: Readonly<Record<string, string>> = {
  acm: "certificates",
  dynamodb: "tables",
  ecs: "clusters",
  elasticloadbalancing: "load balancers",
  kms: "keys",
  lambda: "functions",
  sns: "topics of alarms",
};
/** What must be of the user's own account, too. */
const OF_ACCOUNT = /^(acm|ecs|elasticloadbalancing):|^iam:.*:saml-provider\//;
/** Settings of CloudFront's, which takes them from us-east-1 whatever the environment's region; their schemas say so. */
const GLOBAL: readonly string[] = ["portfolio.website.certificateArn"];
const ARN = /^arn:[\w-]+:(([a-z0-9-]+):([a-z0-9-]*):(\d*):.*)$/;

interface Surroundings {
  readonly region: string;
  readonly account?: string | undefined;
}

/**
 * Refuses ARNs of another region or account in the settings of the systems, which AWS would refuse during an apply. What a
 * user describes with a `region` or `accountId` of its own, such as the copy of a bucket, belongs there.
 */
export function checkArns(settings: Surroundings, ctx: z.RefinementCtx): void {
  const systems = settings as Surroundings & Readonly<Record<string, unknown>>;
  for (const key of systemKeys) checkValue(systems[key], settings, [key], ctx);
}

function checkValue(value: unknown, around: Surroundings, path: (string | number)[], ctx: z.RefinementCtx): void {
  if (typeof value === "string") {
    checkArn(value, around, path, ctx);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkValue(item, around, [...path, index], ctx);
  } else if (isPlain(value) && !("Action" in value)) {
    // what an IAM statement allows may be anywhere
    const { region = around.region, accountId: account = around.account } = value;
    const within = { region: String(region), ...(account !== undefined && { account: String(account) }) };
    for (const [key, item] of Object.entries(value)) checkValue(item, within, [...path, key], ctx);
  }
}

/** Settings, in contrast to a construct that stands among them. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function checkArn(
  arn: string,
  { region, account }: Surroundings,
  path: (string | number)[],
  ctx: z.RefinementCtx,
): void {
  const [, resource = "", service = "", itsRegion = "", itsAccount = ""] = ARN.exec(arn) ?? [];
  const kind = OF_REGION[service];
  if (kind !== undefined && itsRegion !== region && !GLOBAL.includes(path.join("."))) {
    refuse(ctx, path, `must be of the region ${region}, as AWS takes ${kind} of no other, got ${arn}`);
  } else if (account !== undefined && OF_ACCOUNT.test(resource) && itsAccount !== account) {
    refuse(ctx, path, `must be of the account ${account}, as AWS takes it of no other, got ${arn}`);
  }
}
