import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { build, CERTIFICATE, ZONE } from "./website.fixture";

const records = (hosts: string[]) =>
  build({ hosts, hostedZoneId: ZONE, certificateArn: CERTIFICATE }).byId(Route53Record);

it("points each host to the distribution, by IPv4 and IPv6, in the hosts' zone", () => {
  const alias = {
    name: refTo(CloudfrontDistribution, "domain_name"),
    zone_id: refTo(CloudfrontDistribution, "hosted_zone_id"),
    evaluate_target_health: false,
  };
  const found = Object.values(records(["a.example.com", "b.example.com"]));
  expect(found).toHaveLength(4);
  for (const name of ["a.example.com", "b.example.com"]) {
    for (const type of ["A", "AAAA"]) expect(found).toContainEqual({ zone_id: ZONE, name, type, alias });
  }
});
it("keeps a host's records when another comes before it", () => {
  const alone = records(["b.example.com"]);
  expect(records(["a.example.com", "b.example.com"])).toMatchObject(alone);
});
