import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { prod } from "../../../environments/prod";
import { formatCost } from "../../../modules/cost/format";
import { defineEnvironment } from "../../../stacks/environment";
import {
  costLines,
  nextCommands,
  readStacks,
  removeStale,
  renderTable,
  type StackSummary,
} from "../../../tools/start/summary";
import { synthApp } from "../../support/synth";

const { outdir, ids } = synthApp(dev, prod);
const stacks = readStacks(outdir);
const find = (id: string) => stacks.find((stack) => stack.id === id) as StackSummary;

it("reads back what each stack is, holds, needs, and where its state lives", () => {
  expect(stacks.map(({ id }) => id).sort()).toEqual(ids);
  const peering = find("dev-exadeploy-peering");
  expect(peering.description).toBe("VPC peerings with the networks of the clients");
  expect(Object.fromEntries(peering.types).vpc_peering_connection).toBe(1);
  expect(peering.resources).toBe(peering.types.reduce((sum, [, count]) => sum + count, 0));
  expect(peering.types).toEqual([...peering.types].sort(([, a], [, b]) => b - a));
  expect([...peering.needs].sort()).toEqual([
    "dev-exadeploy-client-network",
    "dev-exadeploy-cluster",
    "dev-exadeploy-network",
  ]);
  expect(find("dev-exadeploy-network").cost).toMatchObject({ total: 36.5, unpriced: [] }); // one NAT gateway and its address
  expect(peering.cost).toMatchObject({ total: 0, unpriced: [] });
  expect(peering.state).toBe("state/dev");
  expect(find("prod-exadeploy-network").state).toBe("s3://ml-infra-state-111122223333/prod");
  expect(find("prod-state").state).toBe("state/prod");
});

it("removes the folder of a stack that is no longer there, and no other", () => {
  const app = synthApp(dev);
  mkdirSync(join(app.outdir, "stacks", "gone"));
  removeStale(app.outdir, readStacks(app.outdir));
  expect(readdirSync(join(app.outdir, "stacks")).sort()).toEqual(app.ids);
});
it("passes on what the constructs want said", () => {
  expect(stacks.flatMap(({ warnings }) => warnings)).toEqual([]);
  const locked = synthApp(defineEnvironment({ name: "locked", region: "us-west-2", exadeploy: {} }));
  expect(readStacks(locked.outdir).flatMap(({ warnings }) => warnings)).toEqual([
    expect.stringMatching(/^locked-exadeploy-cluster\/cluster: Nobody can use the Kubernetes API of this cluster/),
  ]);
});
it("orders the stacks so that each comes after those that it needs", () => {
  const ids = stacks.map(({ id }) => id);
  for (const { id, needs } of stacks)
    for (const needed of needs) expect(ids.indexOf(needed)).toBeLessThan(ids.indexOf(id));
});

describe("the table", () => {
  const lines = renderTable(stacks, 140).split("\n");

  it("names every stack in full, with the layers that it needs, within the width", () => {
    for (const { id } of stacks) expect(lines.some((line) => line.startsWith(`│ ${id} `))).toBe(true);
    expect(lines.filter((line) => line.includes("│ client-network ")).length).toBe(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(140);
  });
  it("counts resources, the most frequent types first", () => {
    const network = find("dev-exadeploy-network");
    const row = lines.findIndex((line) => line.startsWith("│ dev-exadeploy-network "));
    expect(lines[row]).toContain(`│ ${network.resources}, ${formatCost(network.cost)} a month`);
    expect(lines[row + 1]).toContain(`│ ${network.types[0]?.[1]} ${network.types[0]?.[0]}`);
    expect(lines[row + 4]).toContain(`│ ${network.types.length - 3} more types`);
  });
  it("keeps ids whole on a narrow terminal", () => {
    expect(renderTable(stacks, 20)).toContain("│ prod-exadeploy-module-repo-backend │");
  });
});

describe("the next commands", () => {
  /** Stacks of ExaDeploy and the state bucket, as of an environment that has no other system. */
  const of = (name: string) =>
    stacks.filter(({ environment, system }) => environment === name && /^(state|exadeploy)$/.test(system));

  it("begin with the state bucket where there is one", () => {
    const commands = nextCommands(of("prod"), "cdktf.out");
    expect(commands[0]).toMatch(/^npx cdktf deploy prod-state /);
    expect(commands).toContainEqual(expect.stringMatching(/^npx cdktf deploy 'prod-exadeploy-\*' /));
  });
  it("plan a stack that needs no other", () => {
    const [diff, deploy, plan] = nextCommands(of("dev"), "out");
    expect(diff).toMatch(/^npx cdktf diff dev-exadeploy-client-network /);
    expect(deploy).toMatch(/^npx cdktf deploy 'dev-exadeploy-\*' /);
    const folder = join("out", "stacks", "dev-exadeploy-client-network");
    expect(plan?.startsWith(`cd ${folder} && terraform init && terraform plan `)).toBe(true);
  });
  it("say what to do when there is no stack", () => {
    expect(nextCommands([], "out")).toEqual([
      expect.stringMatching(/^add a system such as exadeploy to an environment/),
    ]);
  });
});

it("says what an environment costs, and names what has no price", () => {
  const of = (environment: string, total: number, unpriced: string[]) => ({
    ...(stacks[0] as (typeof stacks)[number]),
    environment,
    cost: { total, currency: "USD" as const, unpriced },
  });
  const many = ["aws_x.a", "aws_x.b", "aws_x.c", "aws_xy.a"];
  expect(
    costLines([
      of("a", 1.5, []),
      of("b", 0, ["aws_mq_broker.x"]),
      of("a", 2, []),
      of("c", 2, ["aws_x.y"]),
      of("d", 0, many),
    ]),
  ).toEqual([
    "a: $3.50 a month",
    "b: unknown (1 unpriced) a month: aws_mq_broker.x",
    "c: $2.00 + 1 unpriced a month: aws_x.y",
    "d: unknown (4 unpriced) a month:",
    "  aws_x.a, aws_x.b, aws_x.c",
    "  aws_xy.a",
  ]);
});
it("knows a price for most of a stack in any region, and none where none is known", () => {
  const settings = { name: "dev", region: "eu-central-1", exadeploy: {} } as const;
  const abroad = readStacks(synthApp(defineEnvironment(settings)).outdir);
  const cluster = abroad.find(({ id }) => id === "dev-exadeploy-cluster")?.cost;
  expect(cluster?.total).toBeGreaterThan(500);
  expect(cluster?.unpriced).toContainEqual(expect.stringMatching(/^aws_eks_cluster\./));
  expect(costLines(abroad)[0]).toMatch(/^dev: \$[\d,.]+ \+ \d+ unpriced a month:$/);
  expect(costLines(abroad)).toContainEqual(expect.stringMatching(/^ {2}aws_eks_cluster\.\S+$/));
});
