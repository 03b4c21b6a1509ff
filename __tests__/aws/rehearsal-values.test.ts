import { readdirSync } from "node:fs";
import { join } from "node:path";
import kept from "@cdktf-ml-infra/rehearsal/data/aws-values.json";
import { isRecord, UNKNOWN, type Value } from "@cdktf-ml-infra/rehearsal/internal/msgpack-cty";
import { realSchemas } from "@cdktf-ml-infra/rehearsal/internal/real-schema";
import type { Block } from "@cdktf-ml-infra/rehearsal/internal/schema";
import { limitsOf } from "@cdktf-ml-infra/rehearsal/internal/values/check";
import { Models } from "@cdktf-ml-infra/rehearsal/internal/values/models";
import { valuesOf } from "@cdktf-ml-infra/rehearsal/internal/values/record-values";
import { ANY_CASE, ARGUMENTS, EXCEPTIONS } from "@cdktf-ml-infra/rehearsal/internal/values/table";
import { type Providers, startProviders } from "@cdktf-ml-infra/rehearsal/server";
import { configWith } from "@cdktf-ml-infra/rehearsal/test-support/config-with";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { Attached } from "../support/attached";
import { RealProvider } from "../support/real-provider";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { onAws, stacksOf } from "./stacks.fixture";

/** Arguments of the table that came with version 6 of the provider. */
const NEW = [
  "aws_dlm_lifecycle_policy.default_policy",
  "aws_dlm_lifecycle_policy.policy_details.policy_language",
  "aws_ecs_service.deployment_configuration.strategy",
  "aws_eks_cluster.control_plane_scaling_config.tier",
  "aws_scheduler_schedule.action_after_completion",
];

type Kind = "resource" | "data";
interface Row {
  path: string;
  kind: Kind;
  type: string;
  names: string[];
  reference: string;
}

const rows = Object.entries(ARGUMENTS).flatMap(([name, own]) =>
  Object.entries(own).map(([argument, reference]): Row => {
    const [type = "", data] = name.split(".").reverse();
    return {
      path: `${name}.${argument}`,
      kind: data ? "data" : "resource",
      type,
      names: argument.split("."),
      reference,
    };
  }),
);

onAws("the values that the rehearsal refuses", () => {
  it("are those that AWS's models refuse: the data is what the script makes of them", () => {
    const lib = join(inject("motoEnvironment"), "lib");
    const [python = ""] = readdirSync(lib);
    const made = valuesOf(new Models(join(lib, python, "site-packages")));
    expect(made, "data/aws-values.json is out of date: run record-values.ts").toEqual(kept);
  });

  describe("as the real provider sees them", () => {
    let provider: RealProvider;
    let schemas: Record<Kind, Record<string, Block>>;
    beforeAll(async () => {
      const workspace = await Workspace.of("values", { terraform: { required_providers: { aws: AWS_PROVIDER } } });
      schemas = realSchemas(Object.values<Json>(await workspace.schemas())[0]);
      provider = await RealProvider.start(inject("terraform").providerFolder);
    });
    afterAll(() => provider?.stop());

    const attributeAt = (block: Block | undefined, [name = "", ...rest]: string[]): unknown =>
      rest.length > 0 ? attributeAt(block?.blocks[name]?.block, rest) : block?.attributes[name];
    const existing = () => rows.filter(({ kind, type, names }) => attributeAt(schemas[kind][type], names));
    /** Asks the provider about single values of one argument; gives what it says of that value and of no other. */
    const asker = async ({ kind, type, names }: Row) => {
      const complaints = (value: Value) =>
        provider.validate(kind, type, configWith(schemas[kind][type] as Block, names, value));
      const always = new Set(await complaints(UNKNOWN));
      return async (value: Value) => (await complaints(value)).filter((complaint) => !always.has(complaint));
    };

    it("knows all arguments but those that are newer", () => {
      const known = new Set(existing());
      expect(rows.filter((row) => !known.has(row)).map(({ path }) => path)).toEqual(NEW);
    });

    it("takes no word that the rehearsal refuses", async () => {
      const figures = { alike: 0, older: 0, unchecked: 0 };
      for (const row of existing()) {
        const { oneOf, type } = limitsOf(row.reference);
        if (!oneOf) continue;
        const also = EXCEPTIONS[row.path]?.values ?? [];
        const ask = await asker(row);
        const nonsense = type === "number" ? 999_999 : "no-such-word";
        const [said = ""] = await ask(nonsense);
        if (!said) {
          figures.unchecked++;
          continue;
        }
        // "... one of [a b c], got x" and "... one of: ["a" "b"], got: x"
        const [, list = ""] = /one of:? \[([^\]]*)\]/.exec(said) ?? [];
        const words = list.split(" ").map((word) => word.replace(/^"|"$/g, ""));
        const ours = [...oneOf, ...also].map(String);
        if (list)
          expect(
            words.filter((word) => !ours.includes(word)),
            `${row.path}: ${said}`,
          ).toEqual([]);
        const taken = [];
        for (const word of oneOf) if ((await ask(word)).length === 0) taken.push(word);
        expect(taken.length, row.path).toBeGreaterThan(0);
        figures[taken.length === oneOf.length ? "alike" : "older"]++;
        if (type === "number") continue;
        const word = String(taken[0]);
        const flipped = word === word.toLowerCase() ? word.toUpperCase() : word.toLowerCase();
        expect((await ask(flipped)).length === 0, `${row.path} takes ${flipped}`).toBe(ANY_CASE.has(row.path));
      }
      console.log(
        `words: ${figures.alike} arguments alike, ${figures.older} of which the provider knows fewer words, ` +
          `${figures.unchecked} that only the rehearsal checks`,
      );
      expect(figures.alike).toBeGreaterThan(100);
      expect(figures.unchecked).toBeGreaterThan(50);
    });

    it("takes no number and no length that the rehearsal refuses, where it looks at them at all", async () => {
      const wider: string[] = [];
      for (const row of existing()) {
        const { type, oneOf, min, max } = limitsOf(row.reference);
        if (oneOf) continue;
        const ask = await asker(row);
        const sized = (size: number) => (type === "number" ? size : "a".repeat(size));
        const sides: [beyond: number, far: number][] = [];
        if (min !== undefined && (type === "number" || min > 1)) sides.push([min - 1, type === "number" ? -1e9 : 1]);
        if (max !== undefined) sides.push([max + 1, type === "number" ? 1e12 : 2 * max + 100]);
        for (const [beyond, far] of sides) {
          if ((await ask(sized(far))).length === 0) continue; // it does not look
          if ((await ask(sized(beyond))).length === 0) wider.push(`${row.path}: ${beyond}`);
        }
      }
      expect(wider).toEqual([
        "aws_cloudwatch_metric_alarm.period: 0", // the provider takes 10, 20, 30 and multiples of 60, of which 0 is one
        "aws_codebuild_project.name: 151", // up to 255 for the provider; CodeBuild's own bound is 150
      ]);
    });

    it("takes what is listed as taken besides", async () => {
      for (const row of existing().filter(({ path }) => path in EXCEPTIONS)) {
        const ask = await asker(row);
        for (const value of EXCEPTIONS[row.path]?.values ?? []) expect(await ask(value), row.path).toEqual([]);
      }
    });
  });

  describe("in a stack", () => {
    let providers: Providers;
    beforeAll(async () => {
      providers = await startProviders();
    });
    afterAll(() => providers?.close());
    const stacks = stacksOf(dev, prod);

    /** A stack that has a resource of a type, with one argument of the first of them changed. */
    function broken(type: string, path: (string | number)[], value: Value): Json {
      const stack = stacks.find(({ json }) => json.resource?.[type]);
      if (!stack) throw new Error(`no stack of dev or prod has an ${type}`);
      const json = structuredClone(stack.json);
      delete json.terraform.backend;
      const [resource] = Object.values<Json>(json.resource[type]);
      const inner = path.slice(0, -1).reduce((outer, name) => outer[name], resource);
      if (!isRecord(inner)) throw new Error(`${type} has no ${path.join(".")}`);
      inner[path.at(-1) as string] = value;
      return json;
    }

    it.each<[string, (string | number)[], Value, RegExp]>([
      ["aws_eks_node_group", ["capacity_type"], "SPOTS", /expected capacity_type to be one of \["ON_DEMAND" "SPOT"/],
      [
        "aws_eks_node_group",
        ["ami_type"],
        "AL2024_x86_64",
        /expected ami_type to be one of \[.*"AL2023_x86_64_STANDARD"/,
      ],
      ["aws_db_instance", ["engine"], "postgresql", /expected engine to be one of \[.*"postgres"/],
      ["aws_cloudwatch_log_group", ["retention_in_days"], 45, /expected retention_in_days to be one of \[1 3 5 7/],
      ["aws_ecs_task_definition", ["network_mode"], "vpc", /expected network_mode to be one of \[.*"awsvpc"/],
      ["aws_instance", ["instance_type"], "g5.xlage", /expected instance_type to be one of \["g5\.xlarge"/],
      ["aws_instance", ["root_block_device", "volume_type"], "gp4", /expected volume_type to be one of/],
      ["aws_iam_role", ["name"], "no blanks", /invalid value for name \(must match/],
    ])("terraform says so: %s %j = %s", async (type, path, value, complaint) => {
      const workspace = new Attached(providers, broken(type, path, value));
      await workspace.terraform(["init", "-input=false", "-no-color"]);
      const { status, stderr } = await workspace.tried(["validate", "-no-color"]);
      const said = stderr.replace(/\n[│╷╵]?\s*/g, " ");
      expect(said).toMatch(complaint);
      expect(said).toContain(`with ${type}.`);
      expect(status).toBe(1);
    });
  });
});
