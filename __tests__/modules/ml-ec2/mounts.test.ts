import { expect, it } from "vitest";
import { mountPointSchema } from "../../../modules/ml-ec2/mounts";
import { build, rejectsSettings } from "./operations.fixture";

const volume = (mountPoint: string, name = "data") => ({ name, size: 10, mountPoint });

it.each(["/data", "/mnt/shared", "/srv/my-data_1", "/2024", "/options", "/devices", `/${"a".repeat(99)}`])(
  "accepts %s",
  (path) => {
    expect(mountPointSchema.parse(path)).toBe(path);
  },
);
it("lets mounts stand side by side, even by names that begin alike", () => {
  build({
    dataVolumes: [volume("/mnt/a", "alpha"), volume("/mnt/ab", "beta")],
    sharedFiles: { mountPoint: "/mnt/abc" },
  });
});
it("mounts shared files at /mnt/shared unless told otherwise", () => {
  expect(() => build({ sharedFiles: {}, dataVolumes: [volume("/mnt/shared")] })).toThrow("/mnt/shared");
  build({ sharedFiles: { mountPoint: "/files" }, dataVolumes: [volume("/mnt/shared")] });
});

const SYSTEM = "must not be a folder of the operating system";
rejectsSettings(
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("data")] }, "absolute path", '"data"'],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/")] }, "absolute path"],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/data/")] }, "absolute path"],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/my data")] }, "absolute path"],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/data/../etc")] }, "absolute path"],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/etc")] }, SYSTEM, "got /etc"],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/usr/share/data")] }, SYSTEM],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/home/ec2-user")] }, SYSTEM],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/Data")] }, "absolute path", '"/Data"'],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume("/opt/ml")] }, SYSTEM],
  ["dataVolumes[0].mountPoint", { dataVolumes: [volume(`/${"a".repeat(100)}`)] }, "at most 100", "got 101"],
  ["sharedFiles.mountPoint", { sharedFiles: { mountPoint: "/var" } }, SYSTEM, "got /var"],
  [
    "dataVolumes[1].mountPoint",
    { dataVolumes: [volume("/data", "alpha"), volume("/data", "beta")] },
    "must not overlap /data of dataVolumes[0]",
  ],
  [
    "dataVolumes[1].mountPoint",
    { dataVolumes: [volume("/data/x", "alpha"), volume("/data", "beta")] },
    "must not overlap /data/x",
    "got /data",
  ],
  [
    "sharedFiles.mountPoint",
    { dataVolumes: [volume("/data")], sharedFiles: { mountPoint: "/data/shared" } },
    "must not overlap /data of dataVolumes[0]",
    "got /data/shared",
  ],
);
