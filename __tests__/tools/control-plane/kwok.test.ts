import { expect, it } from "vitest";
import { kwok } from "../../../tools/control-plane/kwok";
import { FakeGo } from "./fake-go.fixture";

it("has its stages from the module of the same version", async () => {
  const go = new FakeGo();
  const { program, stages } = await kwok(go.env);
  expect(program).toMatch(/\/kwok$/);
  expect(go.asked("mod")).toEqual([expect.stringMatching(/^mod download -json sigs\.k8s\.io\/kwok@v\d+\.\d+\.\d+$/)]);
  expect(stages).toContain("/modules/some/kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml");
});
