import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { PrivateNamespace, type PrivateNamespaceProps } from "../../../../modules/aws/ecs/private-namespace";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const build = (name: string) =>
  synth((stack) => new PrivateNamespace(stack, "namespace", { name, vpcId: new Vpc(stack, "vpc").id }));
const LABEL = "x".repeat(63);

it("is a private zone of the VPC, and no HTTP namespace", () => {
  const { all, one } = build("fossa.internal");
  expect(one(ServiceDiscoveryPrivateDnsNamespace)).toEqual({ name: "fossa.internal", vpc: refTo(Vpc, "id") });
  expect(all(ServiceDiscoveryHttpNamespace)).toEqual([]);
});
it.each(["x", "fossa", "a-b.c1.internal", `${LABEL}.internal`, `${`${LABEL}.`.repeat(3)}${"x".repeat(61)}`])(
  "accepts the name %s",
  (name) => {
    expect(build(name).one(ServiceDiscoveryPrivateDnsNamespace).name).toBe(name);
  },
);
it("tells its name, and its id and ARN by reference", () => {
  const { outputs } = synth((stack) => {
    const namespace = new PrivateNamespace(stack, "namespace", { name: "fossa.internal", vpcId: "vpc-1" });
    for (const key of ["namespaceId", "namespaceArn", "namespaceName"] as const) {
      new TerraformOutput(stack, key, { value: namespace[key], staticId: true });
    }
  });
  expect(outputs).toEqual({
    namespaceId: { value: refTo(ServiceDiscoveryPrivateDnsNamespace, "id") },
    namespaceArn: { value: refTo(ServiceDiscoveryPrivateDnsNamespace, "arn") },
    namespaceName: { value: "fossa.internal" },
  });
});

rejects<unknown>(
  "test/namespace",
  (
    [
      ["name", { name: undefined }, "is required"],
      ["name", { name: "" }, "labels of 1 to 63", '""'],
      ["name", { name: "Fossa.internal" }, "lower-case", '"Fossa.internal"'],
      ["name", { name: "fossa..internal" }, "joined by dots"],
      ["name", { name: "fossa.internal." }, "joined by dots"],
      ["name", { name: ".internal" }, "joined by dots"],
      ["name", { name: "-fossa.internal" }, "labels"],
      ["name", { name: "fossa-.internal" }, "labels"],
      ["name", { name: "fossa_1.internal" }, "labels"],
      ["name", { name: `${LABEL}x.internal` }, "1 to 63"],
      ["name", { name: `${`${LABEL}.`.repeat(3)}${"x".repeat(62)}` }, "at most 253", "got 254"],
      ["name", { name: 5 }, "of type string", "got 5"],
      ["vpcId", { vpcId: "" }, "at least 1"],
      ["vpcId", { vpcId: undefined }, "is required"],
      ["vpc", { vpc: "vpc-1" }, "did you mean vpcId?"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, { name: "fossa.internal", vpcId: "vpc-1", ...props }, ...words]),
  (stack, props) => new PrivateNamespace(stack, "namespace", props as PrivateNamespaceProps),
);
