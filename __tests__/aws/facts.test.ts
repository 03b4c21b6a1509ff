import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { NEWEST_MINOR } from "../../modules/aws/eks/eks-versions";
import { KARPENTER, karpenterPrices } from "../../tools/facts/ec2-prices";
import { instanceTypes, offerings } from "../../tools/facts/moto";
import { rdsClasses } from "../../tools/facts/rds-classes";
import { regions } from "../../tools/facts/regions";
import { onAws } from "./stacks.fixture";

const committed = (file: string) => JSON.parse(readFileSync(file, "utf8"));

onAws("the data files about AWS are, row by row, what their source says", () => {
  const sitePackages = () => {
    const lib = join(inject("motoEnvironment"), "lib");
    const [python = ""] = readdirSync(lib).filter((name) => name.startsWith("python3"));
    return join(lib, python, "site-packages");
  };
  const karpenter = (): string => {
    const named = `${KARPENTER.module}@${KARPENTER.version}`;
    const answer = execFileSync("go", ["mod", "download", "-json", named], { cwd: inject("scratch") });
    return JSON.parse(answer.toString()).Dir;
  };
  it("of instance types", () => {
    expect(committed("modules/aws/ec2/data/instance-types.json")).toEqual(instanceTypes(sitePackages()));
  });
  it("of what each region offers", () => {
    expect(committed("modules/aws/ec2/data/offerings.json")).toEqual(offerings(sitePackages()));
  });
  it("of RDS's instance classes", () => {
    expect(committed("modules/aws/rds/data/instance-classes.json")).toEqual(rdsClasses(sitePackages()));
  });
  it("of regions and partitions", () => {
    expect(committed("modules/common/settings/data/regions.json")).toEqual(regions(sitePackages()));
  });
  it("of Karpenter's prices", () => {
    const tables = karpenterPrices(karpenter());
    expect(Object.keys(tables).sort()).toEqual(["cn-north-1", "us-east-1", "us-gov-east-1", "us-gov-west-1"]);
    for (const [region, table] of Object.entries(tables)) {
      expect(committed(`modules/cost/ec2-prices/${region}.json`)).toEqual(table);
    }
  });
  it("of the newest Kubernetes on EKS that Karpenter knows", () => {
    const versions = readFileSync(join(karpenter(), "pkg", "providers", "version", "version.go"), "utf8");
    expect(/MaxK8sVersion = "1\.(\d+)"/.exec(versions)?.[1]).toBe(String(NEWEST_MINOR));
  });
});
