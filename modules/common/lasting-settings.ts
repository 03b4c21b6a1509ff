import { TerraformLocal, TerraformResource, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";

/** Input of resources whose replacement loses data, or everything that depends on them. */
export const allowReplacementShape = {
  /**
   * Let a change of a setting that AWS cannot change delete the resource, with its content, and create a new one. Off, the
   * plan of such a change fails with the name of the setting. Set it for one change, then remove it.
   */
  allowReplacement: z.boolean().default(false),
};

export interface LastingSettings {
  /** The resource in the user's words, such as `the cluster`. */
  readonly what: string;
  /** Settings that AWS cannot change, by the user's key; absent ones too. */
  readonly settings: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly allowReplacement: boolean;
}

/**
 * Lifecycle that fails the plan when one of `settings` is no longer what it was at the first apply. Terraform's
 * `prevent_destroy` would also keep people from destroying the whole stack.
 */
export function lastingSettings(
  scope: Construct,
  id: string,
  { what, settings, allowReplacement }: LastingSettings,
): TerraformResourceLifecycle {
  const values = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value ?? "")]));
  const record = new SettingsRecord(scope, id, values, allowReplacement);
  if (allowReplacement) return { replaceTriggeredBy: [record.address] };
  // A local value, because cdktf leaves the braces of a reference out inside a text that has braces itself.
  const present = `local.${new TerraformLocal(scope, `${id}-now`, values).friendlyUniqueId}`;
  const precondition = Object.keys(values).map((key) => {
    const now = `${present}[${JSON.stringify(key)}]`;
    // a setting that an older record does not know counts as unchanged
    const first = `try(${record.address}.output[${JSON.stringify(key)}], ${now})`;
    const advice = `set it back, or set allowReplacement to true to delete ${what} and create a new one`;
    return {
      condition: `\${${first} == ${now}}`,
      errorMessage: `${key}: must stay \${jsonencode(${first})}, as AWS cannot change it on ${what}; ${advice}, got \${jsonencode(${now})}.`,
    };
  });
  return { precondition };
}

/** One lifecycle of several. */
export const joined = (...all: TerraformResourceLifecycle[]): TerraformResourceLifecycle => ({
  precondition: all.flatMap(({ precondition = [] }) => precondition),
  replaceTriggeredBy: all.flatMap(({ replaceTriggeredBy = [] }) => replaceTriggeredBy),
});

/** `terraform_data` that stores the settings of the first apply, or the latest ones. cdktf's own class runs terraform at synthesis. */
class SettingsRecord extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly values: Record<string, string>,
    latest: boolean,
  ) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      ...(!latest && { lifecycle: { ignoreChanges: ["input"] } }),
    });
  }

  get address(): string {
    return `${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }

  protected override synthesizeAttributes() {
    return { input: this.values };
  }
}
