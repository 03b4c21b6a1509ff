import { expect, it } from "vitest";
import { gatewayInputs } from "../../../modules/fargate-fossa/fargate-fossa";
import { containerOf, farm, IMAGE } from "./fossa.fixture";

it("tells the gateway where workers listen, and whether the broker's image is pulled", () => {
  expect(gatewayInputs({})).toEqual({ workerPort: undefined, brokerImage: true });
  expect(gatewayInputs({ workers: { port: 8000 }, broker: { kind: "amazonMq" } })).toEqual({
    workerPort: 8000,
    brokerImage: false,
  });
  expect(gatewayInputs({ broker: { kind: "service", image: IMAGE } }).brokerImage).toBe(false);
});
it("makes gateway and cluster of one name, the one for the other", () => {
  const made = farm({ name: "mine", architecture: "ARM64" });
  expect(containerOf(made, "mine-worker").image).toContain("-arm64");
  expect(made.fossa.cluster.workers.dnsName).toBe("worker.mine.internal");
  expect(made.fossa.gateway.host).toBeDefined();
});
it("gives the same bytes for the same settings", () => expect(farm().json).toBe(farm().json));
