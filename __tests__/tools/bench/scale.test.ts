import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { expect, it } from "vitest";
import { copies, pools, timeSynth } from "../../../tools/bench/scale";
import { synthApp } from "../../support/synth";

it("copies dev under other names", () => {
  expect(copies(3).map(({ name }) => name)).toEqual(["dev0", "dev1", "dev2"]);
  expect(copies(2)[1]).toEqual({ ...copies(1)[0], name: "dev1" });
});
it("gives one cluster as many pools as asked for", () => {
  const groups = (count: number) =>
    synthApp(...pools(count))
      .stack("dev-exadeploy-cluster")
      .all(EksNodeGroup).length;
  expect(groups(12) - groups(1)).toBe(11);
});
it("times a synth and counts its stacks", () => {
  const { stacks, seconds } = timeSynth(copies(2));
  expect(stacks).toBe(10);
  expect(seconds).toBeGreaterThan(0);
});
