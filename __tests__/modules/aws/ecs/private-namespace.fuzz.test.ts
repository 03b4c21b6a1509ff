import fc from "fast-check";
import { DiscoveryService } from "../../../../modules/aws/ecs/discovery-service";
import { PrivateNamespace, type PrivateNamespaceProps } from "../../../../modules/aws/ecs/private-namespace";
import { fuzz, type Wrong } from "../../../support/fuzz";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const valid: fc.Arbitrary<PrivateNamespaceProps> = fc.record({
  name: fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")),
  vpcId: fc.stringMatching(/^vpc-[0-9a-f]{8,17}$/),
});
const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const breaks = fc.oneof(
  bad("name", undefined, null, "", ".", "a.", ".a", "a..b", "A", "a_b", "-a", "a-", "é", "x".repeat(64), 5, []),
  bad("vpcId", undefined, null, "", 5, {}),
  bad("description", "mine"),
);
const invalid: fc.Arbitrary<Wrong<PrivateNamespaceProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as PrivateNamespaceProps }));

fuzz("test/namespace", { valid, invalid }, (stack, props) => {
  const namespace = new PrivateNamespace(stack, "namespace", props);
  new DiscoveryService(stack, "discovery", { namespace, name: props.name.split(".")[0] as string });
});
