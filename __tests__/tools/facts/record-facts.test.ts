import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { PRICE_PAGES } from "../../../tools/facts/ec2-prices";
import { folderOf, karpenterModule, pageFiles, sitePackages } from "./facts.fixture";

const root = resolve(__dirname, "../../..");

it("writes every data file, Karpenter's newer prices over those of the price pages", () => {
  const repository = folderOf(pageFiles);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", repository, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "prices");
  git("tag", PRICE_PAGES.commit);
  const cwd = mkdtempSync(join(tmpdir(), "facts-out-"));
  for (const folder of ["modules/aws/ec2/data", "modules/aws/rds/data", "modules/common/settings/data"]) {
    mkdirSync(join(cwd, folder), { recursive: true });
  }
  const script = [join(root, "tools/typescript-loader.js"), join(root, "tools/facts/record-facts.ts")];
  execFileSync("node", ["-r", ...script, sitePackages(), karpenterModule(), repository], { cwd });
  const json = (path: string) => JSON.parse(readFileSync(join(cwd, path), "utf8"));
  expect(json("modules/aws/ec2/data/instance-types.json").types["m5.xlarge"].vcpus).toBe(4);
  expect(json("modules/aws/ec2/data/offerings.json").regions["eu-west-1"].m5).toBe("large xlarge");
  expect(json("modules/aws/rds/data/instance-classes.json").regions["eu-west-1"]["db.m5"]).toBe("large xlarge");
  expect(json("modules/common/settings/data/regions.json").partitions["aws-cn"].regions).toBe("cn-north-1");
  expect(readdirSync(join(cwd, "modules/cost/ec2-prices")).sort()).toEqual([
    "cn-north-1.json",
    "eu-west-3.json",
    "us-east-1.json",
    "us-gov-west-1.json",
  ]);
  expect(json("modules/cost/ec2-prices/us-east-1.json").prices["m5.xlarge"]).toBe(0.192);
});
