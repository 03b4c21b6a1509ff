import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { VolumeAttachment } from "@cdktf/provider-aws/lib/volume-attachment";
import { describe, expect, it } from "vitest";
import { DataVolumes, dataMounts, fleetVolumes } from "../../../modules/ml-ec2/data-volumes";
import { errorOf } from "../../support/bad-input";
import { keeps } from "../../support/lasting";
import { type Json, refTo, synth } from "../../support/synth";
import { build, rejectsSettings } from "./operations.fixture";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const data = { name: "data", size: 500, mountPoint: "/data", allowReplacement: false };
const scratch = { ...data, name: "scratch", size: 100, mountPoint: "/scratch" };
const volumes = (...dataVolumes: (typeof data & Record<string, unknown>)[]) => build({ dataVolumes });

it("are none by default", () => {
  const { all } = build();
  expect([...all(EbsVolume), ...all(VolumeAttachment)]).toEqual([]);
});

describe("of instances", () => {
  it("are encrypted gp3 volumes in the zone of their instance", () => {
    expect(volumes(data).one(EbsVolume)).toEqual({
      availability_zone: refTo(Instance, "availability_zone"),
      type: "gp3",
      size: 500,
      encrypted: true,
      iops: 3000,
      throughput: 125,
      tags: { Name: "ml-dev-0-data" },
      lifecycle: { ...keeps("kmsKeyArn"), ignore_changes: ["availability_zone"] },
    });
  });
  it("are attached, and detached only when the instance has stopped", () => {
    expect(volumes(data).one(VolumeAttachment)).toEqual({
      device_name: expect.stringMatching(/^\/dev\/sd[f-p]$/),
      instance_id: refTo(Instance, "id"),
      volume_id: refTo(EbsVolume, "id"),
      stop_instance_before_detaching: true,
    });
  });
  it("are made for each instance", () => {
    const { all } = build({ instanceCount: 2, dataVolumes: [data, scratch] });
    const names = all(EbsVolume).map(({ tags }) => tags.Name);
    expect(names.sort()).toEqual(["ml-dev-0-data", "ml-dev-0-scratch", "ml-dev-1-data", "ml-dev-1-scratch"]);
    const attached = all(VolumeAttachment).map(({ instance_id, volume_id }) => `${instance_id} ${volume_id}`);
    expect(new Set(attached).size).toBe(4);
    for (const line of attached) expect(line).toMatch(/instance-(\d)_\w+\.id\} .*volumes_\1_/);
  });
  it("are as fast and encrypted by what the user asks", () => {
    const fast = { ...data, iops: 16000, throughput: 1000, kmsKeyArn: KEY };
    expect(volumes(fast).one(EbsVolume)).toMatchObject({ iops: 16000, throughput: 1000, kms_key_id: KEY });
  });
  it("are never deleted where that is asked", () => {
    const made = (preventDestroy?: boolean): Json =>
      synth((stack) => {
        const instances = [{ key: "0", instanceId: "i-1", availabilityZone: "us-east-1a" }];
        new DataVolumes(stack, "volumes", { prefix: "ml-dev", instances, volumes: [data], preventDestroy });
      }).one(EbsVolume).lifecycle;
    const lasting = { ...keeps("kmsKeyArn"), ignore_changes: ["availability_zone"] };
    expect(made(true)).toEqual({ ...lasting, prevent_destroy: true });
    for (const off of [false, undefined]) expect(made(off)).toEqual(lasting);
  });
  it("may be called like the parts of another", () => {
    const attachment = { ...scratch, name: "data-attachment" };
    expect(volumes(data, attachment).all(EbsVolume)).toHaveLength(2);
  });
  it("tell their ids by instance and name", () => {
    build({ dataVolumes: [data, scratch] }, ({ dataVolumes }) => {
      expect(Object.keys(dataVolumes?.volumeIds ?? {})).toEqual(["0"]);
      expect(Object.keys(dataVolumes?.volumeIds["0"] ?? {})).toEqual(["data", "scratch"]);
    });
  });
});

describe("of a fleet", () => {
  it("come and go with each machine", () => {
    const { one, all } = build({ fleet: {}, dataVolumes: [{ ...data, iops: 4000, throughput: 250, kmsKeyArn: KEY }] });
    expect(one(LaunchTemplate).block_device_mappings).toEqual([
      {
        device_name: expect.stringMatching(/^\/dev\/sd[f-p]$/),
        ebs: {
          volume_type: "gp3",
          volume_size: 500,
          iops: 4000,
          throughput: 250,
          encrypted: "true",
          kms_key_id: KEY,
          delete_on_termination: "true",
        },
      },
    ]);
    expect(all(EbsVolume)).toEqual([]);
  });
});

describe("devices", () => {
  const devices = (...names: string[]) =>
    Object.fromEntries(dataMounts(names.map((name) => ({ ...data, name }))).map(({ name, device }) => [name, device]));

  it("go by the volume's name, whatever its place and company", () => {
    expect(devices("data", "scratch")).toEqual(devices("scratch", "data"));
    expect(devices("data").data).toBe(devices("data", "scratch").data);
    expect(build({ dataVolumes: [data, scratch] }).json).toBe(build({ dataVolumes: [scratch, data] }).json);
  });
  it.each(["/dev/sdf", "/dev/sdp"] as const)("are the user's where given, such as %s", (device) => {
    expect(dataMounts([{ ...data, device }])).toEqual([{ name: "data", device, mountPoint: "/data" }]);
    expect(fleetVolumes([{ ...data, device }])[0]?.mapping.deviceName).toBe(device);
  });
  it("are the same for an instance, a launch template and user data", () => {
    const { device } = dataMounts([data])[0] ?? {};
    expect(volumes(data).one(VolumeAttachment).device_name).toBe(device);
    expect(fleetVolumes([data])[0]?.mapping.deviceName).toBe(device);
  });
  it("suffice for eleven volumes", () => {
    const eleven = [..."fghijklmnop"].map((letter) => ({
      name: `v-${letter}`,
      size: 1,
      mountPoint: `/mnt/${letter}`,
      device: `/dev/sd${letter}` as "/dev/sdf",
    }));
    expect(build({ dataVolumes: eleven }).all(VolumeAttachment)).toHaveLength(11);
  });
});

it.each([
  { size: 1 },
  { size: 16384 },
  { size: 1, iops: 3000, throughput: 750 },
  { size: 7, iops: 3500 },
  { size: 32, iops: 16000, throughput: 1000 },
  { size: 100, throughput: 125 },
])("accept %j", (settings) => {
  expect(volumes({ ...data, ...settings }).one(EbsVolume)).toMatchObject(settings);
});

it("blame a name that is given twice once, not for its device too", () => {
  const fault = errorOf(() => volumes(data, { ...scratch, name: "data" })).message;
  expect(fault).toBe("test/ml: dataVolumes[1].name: must differ from that of every other volume, got data");
});

const one = (volume: Record<string, unknown>) => ({ dataVolumes: [{ ...data, ...volume }] });
rejectsSettings(
  ["dataVolumes[0].name", one({ name: "Data" }), "lower-case", '"Data"'],
  ["dataVolumes[0].name", one({ name: "d".repeat(31) }), "at most 30", "got 31"],
  ["dataVolumes[0].name", one({ name: undefined }), "is required"],
  ["dataVolumes[0].size", one({ size: 0 }), "at least 1", "got 0"],
  ["dataVolumes[0].size", one({ size: 16385 }), "at most 16384", "got 16385"],
  ["dataVolumes[0].size", one({ size: "500" }), "of type number", '"500"'],
  ["dataVolumes[0].iops", one({ iops: 2999 }), "at least 3000", "got 2999"],
  ["dataVolumes[0].iops", one({ iops: 16001 }), "at most 16000", "got 16001"],
  ["dataVolumes[0].iops", one({ size: 7, iops: 3501 }), "at most 3500 for 7 GiB", "got 3501"],
  ["dataVolumes[0].throughput", one({ throughput: 124 }), "at least 125", "got 124"],
  ["dataVolumes[0].throughput", one({ iops: 16000, throughput: 1001 }), "at most 1000", "got 1001"],
  ["dataVolumes[0].throughput", one({ throughput: 751 }), "at most 750, a quarter of iops (3000)", "got 751"],
  ["dataVolumes[0].kmsKeyArn", one({ kmsKeyArn: "alias/aws/ebs" }), "ARN of a KMS key"],
  ["dataVolumes[0].device", one({ device: "/dev/sda" }), "one of /dev/sdf,", '"/dev/sda"'],
  ["dataVolumes[0].type", one({ type: "io2" }), "unknown key"],
  ["dataVolumes[0].mountPoint", one({ mountPoint: undefined }), "is required"],
  [
    "dataVolumes[1].name",
    { dataVolumes: [data, { ...scratch, name: "data" }] },
    "must differ from that of every other volume",
    "got data",
  ],
  [
    "dataVolumes[1].device",
    {
      dataVolumes: [
        { ...data, device: "/dev/sdf" },
        { ...scratch, device: "/dev/sdf" },
      ],
    },
    "must be given, such as /dev/sdg, since data already has /dev/sdf",
  ],
  [
    "dataVolumes",
    { dataVolumes: Array.from({ length: 12 }, (_, i) => ({ name: `v${i}`, size: 1, mountPoint: `/v${i}` })) },
    "at most 11 items",
    "got 12",
  ],
  ["dataVolumes", { dataVolumes: data }, "of type array"],
);
