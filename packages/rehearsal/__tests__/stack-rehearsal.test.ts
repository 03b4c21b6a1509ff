import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { render } from "../src/diagnostic";
import { STEPS, StackRehearsal, type Step } from "../src/stack-rehearsal";
import { fakeTerraform, fault, printing, stackFolder } from "./support/terraform";

const path = { "//": { metadata: { path: "s/vpc" } } };
const json = { resource: { aws_vpc: { v: path } } };

function rehearsal(answers: Record<string, string> = {}) {
  const fake = fakeTerraform(answers);
  const stack = stackFolder("s", [], json);
  const own = new StackRehearsal(stack, { program: fake.program, env: { PATH: process.env.PATH } });
  return { fake, own, stack };
}

/** Goes through the steps; gives what was called, what failed, and the faults as they are shown. */
async function gone(answers: Record<string, string>, ...steps: Step[]) {
  const { fake, own } = rehearsal(answers);
  const ok = await own.go(...(steps.length > 0 ? steps : STEPS));
  return { ok, calls: fake.calls(), failedIn: own.failedIn, shown: own.diagnostics.map(render).join("\n") };
}

const changes = (resource_changes: object[], output_changes: object = {}) => ({
  plan: 'case "$*" in *second*) exit 2;; esac',
  show: printing({ resource_changes, output_changes }),
});

describe("a stack", () => {
  it("goes through every step", async () => {
    const { fake, own } = rehearsal();
    expect(await own.go(...STEPS)).toBe(true);
    expect(fake.calls()).toEqual(["s init", "s validate", "s plan", "s apply", "s plan", "s destroy"]);
    expect(own.failedIn).toBe(undefined);
    expect(Object.keys(own.seconds)).toEqual([...STEPS]);
    expect(Math.min(...Object.values(own.seconds))).toBeGreaterThan(0);
    expect(own.diagnostics).toEqual([]);
  });
  it.each(["init", "validate", "plan", "apply", "destroy"] as const)("ends where %s fails", async (step) => {
    const { ok, calls, failedIn } = await gone({ [step]: "exit 1" });
    const last = step === "init" ? "validate" : step; // which tells more of what init finds
    expect([ok, failedIn, calls.at(-1)]).toEqual([false, step, `s ${last}`]);
  });
  it("needs a destroy once its apply starts, even if that fails", async () => {
    const { own } = rehearsal({ apply: "exit 1" });
    await own.go("init", "plan");
    expect(own.applied).toBe(false);
    await own.go("apply");
    expect(own.applied).toBe(true);
  });
});

describe("an error", () => {
  it("has Terraform's words and the construct", async () => {
    const lines = `${printing(fault("Bad value", { detail: "No.", address: "aws_vpc.v" }))}; exit 1`;
    expect(await gone({ plan: lines })).toMatchObject({
      failedIn: "plan",
      shown: "╷\n│ Error: Bad value\n│\n│   with aws_vpc.v,\n│\n│ No.\n│\n│ construct: s/vpc\n╵",
    });
  });
  it("is read from the output of validate, with any status", async () => {
    const { failedIn, shown } = await gone({
      validate: printing({ valid: false, diagnostics: [fault("Unsupported", { address: "aws_vpc.v" }).diagnostic] }),
    });
    expect(failedIn).toBe("validate");
    expect(shown).toContain("Error: Unsupported");
  });
  it("that is only a warning is reported once and stops nothing", async () => {
    const { ok, shown } = await gone({ plan: printing(fault("Old", { severity: "warning" })) });
    expect([ok, shown]).toEqual([true, "╷\n│ Warning: Old\n╵"]); // of two plans
  });
  it("without output has the status", async () => {
    expect((await gone({ plan: "exit 7" })).shown).toContain("Error: plan ended with status 7");
    expect((await gone({ init: "exit 7" })).shown).toContain("Error: init ended with status 7");
  });
  it("of the configuration, found by init, has its location", async () => {
    const range = { filename: "cdk.tf.json", start: { line: 4 } };
    const { failedIn, shown } = await gone({
      init: "echo 'Error: Bad' >&2; exit 1",
      validate: printing({
        diagnostics: [fault("Bad", { range }), fault("No module", { range }), fault("Error")].map(
          (it) => it.diagnostic,
        ),
      }),
    });
    expect([failedIn, shown]).toEqual([
      "init",
      "╷\n│ Error: Bad\n│\n│   on cdk.tf.json line 4:\n│\n│ construct: s/vpc\n╵",
    ]);
  });
  it("about a missing provider has advice", async () => {
    const words = "provider registry.terraform.io/hashicorp/random was not\nfound in any of the search locations";
    const { shown } = await gone({ init: `echo 'Error: No package' >&2; echo '${words}' >&2; exit 1` });
    expect(shown).toContain("│ found in any of the search locations\n│\n│ A rehearsal serves the providers");
    expect(shown).toContain("npm install --save-dev @cdktf/provider-random\n");
  });
  it("in plain text is unchanged", async () => {
    const lines = "echo 'Error: No provider' >&2; echo >&2; echo 'Not found.' >&2; exit 1";
    for (const step of ["init", "apply"] as const) {
      expect((await gone({ [step]: lines })).shown).toBe("╷\n│ Error: No provider\n│\n│ Not found.\n╵");
    }
  });
});

describe("a second plan that is not empty", () => {
  const shownOf = async (...args: Parameters<typeof changes>) => {
    const { failedIn, shown } = await gone(changes(...args));
    expect(failedIn).toBe("second plan");
    return shown;
  };

  it("lists the values of each changed argument, and the construct", async () => {
    const before = { a: 1, b: "x", same: [1], gone: "g" };
    const change = { actions: ["update"], before, after: { a: 2, same: [1] }, after_unknown: { b: true, new: true } };
    expect(await shownOf([{ address: "aws_vpc.v", change }])).toBe(
      [
        "╷",
        "│ Error: Second plan is not empty",
        "│",
        "│   with aws_vpc.v,",
        "│",
        "│ Right after the apply, a plan would update it again:",
        "│   a: 1 -> 2",
        '│   b: "x" -> (known after apply)',
        '│   gone: "g" -> null',
        "│   new: null -> (known after apply)",
        "│",
        "│ construct: s/vpc",
        "╵",
      ].join("\n"),
    );
  });
  it("hides secrets", async () => {
    const change = {
      actions: ["delete", "create"],
      before: { key: "one" },
      after: { key: "two" },
      before_sensitive: { key: true },
      after_sensitive: false,
    };
    const shown = await shownOf([{ address: "aws_vpc.v", change }]);
    expect(shown).toContain("would delete and create it again:\n│   key: (sensitive)\n");
  });
  it("descends to the difference, but not into lists", async () => {
    const tags = { Name: "n", At: "1" };
    const change = {
      actions: ["update"],
      before: { tags, list: [{ a: 1 }], secrets: [{ key: 1 }], map: { a: { b: 1, c: 2 } }, none: null, to: {} },
      after: {
        tags: { Name: "n" },
        list: [{ a: 2 }],
        secrets: [{ key: 2 }],
        map: { a: { b: 1, c: 3 } },
        none: {},
        to: {},
      },
      after_unknown: { tags: { At: true }, list: [{}], secrets: [{}], map: { a: {} }, to: { come: true } },
      before_sensitive: { tags: {}, list: [{}], secrets: [{ key: true }], map: { a: {} } },
      after_sensitive: { tags: {} },
    };
    expect((await shownOf([{ address: "aws_vpc.v", change }])).split("\n").slice(6, -3)).toEqual([
      '│   tags.At: "1" -> (known after apply)',
      '│   list: [{"a":1}] -> [{"a":2}]',
      "│   secrets: (sensitive)",
      "│   map.a.c: 2 -> 3",
      "│   none: null -> {}",
      "│   to.come: null -> (known after apply)",
    ]);
  });
  it("omits unchanged resources and reads", async () => {
    const of = (address: string, action: string) => ({ address, change: { actions: [action], before: 1, after: 2 } });
    const shown = await shownOf([of("aws_vpc.a", "no-op"), of("data.x.b", "read"), of("aws_vpc.c", "create")]);
    expect(shown.match(/with .*/g)).toEqual(["with aws_vpc.c,"]);
  });
  it("may have only a changed output", async () => {
    const output = { actions: ["update"], before: "a", after: null, after_unknown: true };
    const same = { actions: ["no-op"], before: "a", after: "a", after_unknown: false };
    expect(await shownOf([], { when: output, still: same })).toContain(
      'a plan would change the output when of s:\n│   "a" -> (known after apply)',
    );
  });
  it("fails with Terraform's error without a plan", async () => {
    const lines = `case "$*" in *second*) ${printing(fault("Gone"))}; exit 1;; esac`;
    expect(await gone({ plan: lines })).toMatchObject({ failedIn: "second plan", shown: "╷\n│ Error: Gone\n╵" });
  });
});

describe("the state", () => {
  it("is empty before the apply", () => {
    expect(rehearsal().own.state()).toEqual({ outputs: {}, resources: [] });
  });
  it("is empty after destroy, except for data", async () => {
    const left = (mode: string) => {
      const { own, stack } = rehearsal();
      const state = { outputs: {}, resources: [{ mode, type: "aws_vpc", name: "v", instances: [{}] }] };
      writeFileSync(stack.json.terraform.backend.local.path, JSON.stringify(state));
      return own.go("destroy").then(() => own.diagnostics);
    };
    expect(await left("data")).toEqual([]);
    expect(await left("managed")).toEqual([
      { severity: "error", summary: "Not everything was destroyed", detail: "aws_vpc.v", constructs: ["s/vpc"] },
    ]);
  });
});

it("shows its plan, or says why not", async () => {
  expect(await rehearsal({ show: `echo '{"of":"'$3'"}'` }).own.plan()).toEqual({ of: "first.tfplan" });
  await expect(rehearsal({ show: "echo broken >&2; exit 1" }).own.plan()).rejects.toThrow(/^s: the plan .* broken/);
});
