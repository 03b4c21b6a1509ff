import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { ASSETS_VARIABLE, KUBERNETES_VERSIONS, kubernetesPrograms } from "../../../tools/control-plane/kubernetes";
import { FakeGo } from "./fake-go.fixture";

const NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
let go: FakeGo;
beforeEach(() => {
  go = new FakeGo();
});

it("has two minor versions that follow each other", () => {
  const [older = "", newer = ""] = KUBERNETES_VERSIONS;
  expect(KUBERNETES_VERSIONS).toHaveLength(2);
  expect(Number(newer.slice(2))).toBe(Number(older.slice(2)) + 1);
});
it.each(KUBERNETES_VERSIONS)("builds programs that tell the release that is pinned for %s", async (version) => {
  const paths = await kubernetesPrograms(version, go.env);
  expect(Object.keys(paths)).toEqual(NAMES);
  const [asked = ""] = go.asked("build");
  expect(asked).toMatch(new RegExp(`gitVersion=v${version.replace(".", "\\.")}\\.\\d+ `));
  expect(asked).toContain(`gitMinor=${version.slice(2)} `);
});
it("takes those of a folder that the user names", async () => {
  for (const name of NAMES) writeFileSync(join(go.bin, name), "");
  const paths = await kubernetesPrograms("1.99", { [ASSETS_VARIABLE]: go.bin });
  expect(paths["kube-scheduler"]).toBe(join(go.bin, "kube-scheduler"));
});
it("says what a named folder lacks", async () => {
  writeFileSync(join(go.bin, "etcd"), "");
  const message = `${ASSETS_VARIABLE}: must be a folder that holds ${NAMES.join(", ")}, got ${go.bin} without ${NAMES.slice(1).join(", ")}`;
  await expect(kubernetesPrograms("1.99", { [ASSETS_VARIABLE]: go.bin })).rejects.toThrow(message);
});
