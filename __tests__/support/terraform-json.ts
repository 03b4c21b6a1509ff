import type { Json } from "./synth";

/** Terraform's spelling of a value that it works out. */
export const ref = (expression: string): string => `\${${expression}}`;

/**
 * Lets every AWS provider of the stack talk to moto, which it finds by AWS_ENDPOINT_URL. A provider that insists on an
 * account gets that account of moto's: by a role there, which moto grants without asking.
 */
export function forMoto(json: Json): Json {
  const copy = structuredClone(json);
  for (const provider of copy.provider?.aws ?? []) {
    const [account] = provider.allowed_account_ids ?? [];
    if (account) provider.assume_role ??= [{ role_arn: `arn:aws:iam::${account}:role/terraform` }];
    Object.assign(provider, {
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      s3_use_path_style: true,
      max_retries: 2, // a 500 of moto's would else be tried again for minutes
    });
  }
  return copy;
}

/** Puts a literal in place of every ephemeral value: terraform's mocks know no ephemeral resources. */
export function withoutEphemerals({ ephemeral: _, ...json }: Json): Json {
  return JSON.parse(JSON.stringify(json).replace(/\$\{[^{}]*\bephemeral\.[^{}]*\}/g, "ephemeral"));
}

/** Something that a stand-in for AWS cannot do. */
export interface Lack {
  /** Resource type, or `data.<type>`. */
  type: string;
  /** The one argument that it cannot do, when it can do the rest. */
  argument?: string;
  /** Attributes that it answers wrongly, so that every later plan would change them; the rest is right. */
  misreports?: string[];
  /** Stands in, by attribute, where another resource reads an attribute of one that is taken out. */
  standIns?: Record<string, string>;
}

/**
 * The stack without what `lacks` lists and without every mention of it: in depends_on, in replace_triggered_by and in
 * outputs. Where a resource that stays needs an attribute of one that goes, the lack must hold a stand-in.
 */
export function without(lacks: readonly Lack[], json: Json): Json {
  const copy = structuredClone(json);
  const gone = takeOut(lacks, copy);
  for (const [name, output] of Object.entries<Json>(copy.output ?? {})) {
    if (mentioned(withStandIns(JSON.stringify(output), gone), gone)) delete copy.output[name];
  }
  const faults: string[] = [];
  const clean = (value: Json, path: string): Json => {
    if (typeof value === "string") {
      const text = withStandIns(value, gone);
      const address = mentioned(text, gone);
      if (address) faults.push(`${path} needs ${address}, which is taken out: give it a stand-in for ${text}`);
      return text;
    }
    if (Array.isArray(value)) return value.map((item, index) => clean(item, `${path}.${index}`));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries<Json>(value).map(([key, item]) =>
        ORDER.includes(key)
          ? [key, item.filter((reference: string) => !mentioned(reference, gone))]
          : [key, clean(item, path ? `${path}.${key}` : key)],
      ),
    );
  };
  const cleaned = clean(copy, "");
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return cleaned;
}

/** Arguments that hold addresses for their order only. */
const ORDER = ["depends_on", "replace_triggered_by"];

/** Takes out of `json` what `lacks` lists; gives the addresses that are gone. */
function takeOut(lacks: readonly Lack[], json: Json): Map<string, Lack> {
  const gone = new Map<string, Lack>();
  for (const lack of lacks) {
    const [type = "", kind = "resource"] = lack.type.split(".").reverse();
    for (const [name, body] of Object.entries<Json>(json[kind]?.[type] ?? {})) {
      if (lack.argument) delete body[lack.argument];
      else if (lack.misreports) ignoreChanges(body, lack.misreports);
      else {
        gone.set(`${lack.type}.${name}`, lack);
        delete json[kind][type];
      }
    }
  }
  return gone;
}

function ignoreChanges(body: Json, attributes: string[]): void {
  const ignored = body.lifecycle?.ignore_changes ?? [];
  body.lifecycle = { ...body.lifecycle, ignore_changes: ignored === "all" ? "all" : [...ignored, ...attributes] };
}

/** The address among `gone` that `text` mentions; one that only begins with it does not count. */
const mentioned = (text: string, gone: Map<string, Lack>): string | undefined =>
  [...gone.keys()].find((address) => new RegExp(`(?<![\\w.-])${address.replaceAll(".", "\\.")}(?![\\w-])`).test(text));

function withStandIns(text: string, gone: Map<string, Lack>): string {
  let result = text;
  for (const [address, { standIns = {} }] of gone) {
    for (const [attribute, value] of Object.entries(standIns)) {
      result = result.replaceAll(ref(`${address}.${attribute}`), value);
    }
  }
  return result;
}
