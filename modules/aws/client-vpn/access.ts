import { Token } from "cdktf";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../../common/collections";
import { cidrSchema, contains, isCidr } from "../../common/settings/cidr";
import { refuse } from "../../common/settings/faults";
import { type AuthenticationSettings, signsIn } from "./authentication";

/** Group of people who sign in. */
const groupSchema = z.strictObject({
  /** SID of a group of the directory, or what the SAML provider says in the attribute `memberOf`. */
  id: z.string().min(1).max(255),
  /** Blocks of the VPC that the group reaches, /8 to /32; all of the VPC when absent. */
  cidrs: z.array(cidrSchema(8, 32)).min(1).max(20).refine(areDistinct, "must name each block once").optional(),
});

/** Who reaches what; `checkAccess` holds the rules across keys. */
export const accessShape = {
  /**
   * Groups that are let in, by a short name each. Without any, everybody who is authenticated reaches all of the VPC.
   */
  groups: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1 to 32 lower-case letters, digits and hyphens, a letter first"),
      groupSchema,
    )
    .default({}),
  /** Only traffic for the VPC goes through the VPN. Off, all of the clients' traffic does, and those let in reach the internet. */
  splitTunnel: z.boolean().default(true),
};
export type AccessSettings = z.output<z.ZodObject<typeof accessShape>>;

/** A SID. Source: Microsoft, "Security identifiers". */
const SID = /^S-1-\d+(-\d+)+$/;

/** Rules across the inputs of {@link accessShape}. */
export function checkAccess(settings: AccessSettings & AuthenticationSettings, ctx: z.RefinementCtx): void {
  const { groups, splitTunnel, activeDirectory } = settings;
  const names = Object.keys(groups);
  if (names.length > 0 && !signsIn(settings)) {
    refuse(ctx, "groups", `must be left out without samlProviderArn or activeDirectory, got ${names.join(", ")}`);
  }
  const seen = new Map<string, string>();
  for (const [name, { id, cidrs }] of Object.entries(groups)) {
    const other = seen.get(id);
    // both would make the same rules
    if (other !== undefined) refuse(ctx, ["groups", name, "id"], `must differ from that of ${other}, got ${id}`);
    seen.set(id, name);
    if (activeDirectory && !SID.test(id)) {
      refuse(ctx, ["groups", name, "id"], `must be the SID of a group, such as S-1-5-21-1-2-3-1104, got ${id}`);
    }
    if (cidrs && !splitTunnel) {
      const why = "the rule that lets a group into the internet covers the VPC";
      refuse(
        ctx,
        ["groups", name, "cidrs"],
        `must be left out where splitTunnel is off: ${why}, got ${cidrs.join(", ")}`,
      );
    }
  }
}

/** Refuses blocks of groups that lie outside the VPC. `path` leads to the settings of the VPN. */
export function checkGroupBlocks(
  { groups }: Pick<AccessSettings, "groups">,
  vpcCidrBlocks: readonly string[],
  ctx: z.RefinementCtx,
  path: string[] = [],
): void {
  if (vpcCidrBlocks.some((block) => !isCidr(block))) return; // known at apply, or refused elsewhere
  for (const [name, { cidrs = [] }] of Object.entries(groups)) {
    for (const [index, cidr] of cidrs.entries()) {
      if (!isCidr(cidr) || vpcCidrBlocks.some((block) => contains(block, cidr))) continue;
      const message = `must lie in the VPC (${vpcCidrBlocks.join(", ")}), got ${cidr}`;
      refuse(ctx, [...path, "groups", name, "cidrs", index], message);
    }
  }
}

/** A block with a key that stays. */
export interface Block {
  readonly key: string;
  readonly block: string;
}

/** Who may reach a block: a group, or everybody. */
export interface Authorization extends Block {
  readonly description: string;
  readonly accessGroupId?: string;
  readonly authorizeAllGroups?: true;
}

/**
 * Rules of the endpoint. Of several rules that match an address Client VPN takes the one with the longest prefix and asks no
 * other (administrator guide, "Authorization rules"): a group that reaches a block therefore gets a rule for each narrower
 * block too that another group has.
 */
export function authorizations({ groups }: Pick<AccessSettings, "groups">, vpc: readonly Block[]): Authorization[] {
  const entries = sortedEntries(groups);
  if (entries.length === 0) {
    return vpc.map((block) => ({ ...block, description: "Everybody who is let in", authorizeAllGroups: true }));
  }
  const own = (cidrs: string[] | undefined) => cidrs?.map((block) => ({ key: block, block })) ?? vpc;
  const all = new Map(entries.flatMap(([, { cidrs }]) => own(cidrs)).map((block) => [block.key, block]));
  return entries.flatMap(([name, { id, cidrs }]) =>
    [...all.values()]
      .filter(({ block }) => own(cidrs).some((mine) => reaches(mine.block, block)))
      .map(({ key, block }) => ({ key: `${name}-${key}`, block, description: name, accessGroupId: id })),
  );
}

const reaches = (outer: string, inner: string) =>
  outer === inner || (!Token.isUnresolved(outer) && !Token.isUnresolved(inner) && contains(outer, inner));
