import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { describe, expect, it } from "vitest";
import { group, rejectsGroup, type Settings } from "./node-group.fixture";

type Taint = NonNullable<Settings["taints"]>[number];
const noSchedule = (key: string, value?: string): Taint => ({ key, value, effect: "NO_SCHEDULE" });
const many = (count: number) => Array.from({ length: count }, (_, i) => noSchedule(`k${i}`));

describe("labels", () => {
  it.each<Record<string, string>>([
    { a: "b" },
    { "example.com/Team_1.x": "A-b_c.9" },
    { [`a.b/${"c".repeat(59)}`]: "x".repeat(63) },
    { "mykubernetes.io/x": "y", "k8s.amazonaws.com/x": "y", "kubernetes.io.example.com/x": "y" },
  ])("may be %o", (labels) => {
    expect(group({ labels }, { autoscaler: "none" }).one(EksNodeGroup).labels).toEqual(labels);
  });
  rejectsGroup([
    ["labels.a b", { labels: { "a b": "y" } }, "label key", '"a b"'],
    ["labels.-a", { labels: { "-a": "y" } }, "label key"],
    ["labels.a/b/c", { labels: { "a/b/c": "y" } }, "label key"],
    ["labels.Ex.com/a", { labels: { "Ex.com/a": "y" } }, "label key"],
    [`labels.a.b/${"c".repeat(60)}`, { labels: { [`a.b/${"c".repeat(60)}`]: "y" } }, "at most 63"],
    ["labels.kubernetes.io/x", { labels: { "kubernetes.io/x": "y" } }, "reserves"],
    ["labels.node.kubernetes.io/x", { labels: { "node.kubernetes.io/x": "y" } }, "reserves"],
    ["labels.a.k8s.io/x", { labels: { "a.k8s.io/x": "y" } }, "reserves"],
    ["labels.eks.amazonaws.com/x", { labels: { "eks.amazonaws.com/x": "y" } }, "reserves"],
    ["labels.a", { labels: { a: "" } }, "at least 1"],
    ["labels.a", { labels: { a: "b c" } }, '"b c"'],
    ["labels.a", { labels: { a: "b-" } }, '"b-"'],
    ["labels.a", { labels: { a: "x".repeat(64) } }, "at most 63"],
  ]);
});

describe("taints", () => {
  const lists: Taint[][] = [
    (["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"] as const).map((effect) => ({ ...noSchedule("a"), effect })),
    [noSchedule(`a.b/${"c".repeat(59)}`, "x".repeat(63))],
    many(50),
  ];
  it.each(lists.map((taints) => [taints]))("may be %o", (taints) => {
    expect(group({ taints }, { autoscaler: "none" }).one(EksNodeGroup).taint).toEqual(taints);
  });
  rejectsGroup([
    ["taints", { taints: many(51) }, "at most 50", "51"],
    ["taints[1]", { taints: [noSchedule("a", "x"), noSchedule("a", "y")] }, "repeat", "a with NO_SCHEDULE"],
    ["taints[0].key", { taints: [noSchedule("a b")] }, '"a b"'],
    ["taints[0].key", { taints: [noSchedule(`a.b/${"c".repeat(60)}`)] }, "at most 63"],
    ["taints[0].key", { taints: [{ effect: "NO_SCHEDULE" }] }, "required"],
    ["taints[0].value", { taints: [noSchedule("a", "x y")] }, '"x y"'],
    ["taints[0].value", { taints: [noSchedule("a", "x".repeat(64))] }, "at most 63"],
    [
      "taints[0].effect",
      { taints: [{ key: "a", effect: "NoSchedule" }] },
      "NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE",
    ],
    ["taints[0].operator", { taints: [{ ...noSchedule("a"), operator: "Exists" }] }, "unknown key"],
  ]);
});
