import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renderUserData } from "../../../modules/ml-ec2/user-data";
import { softwareShape, type UserDataInput, userDataSchema } from "../../../modules/ml-ec2/user-data-schema";
import { rejects } from "../../support/bad-input";
import { MAXIMAL, TYPICAL } from "./user-data.fixture";

const wrong = (props: object): UserDataInput => ({ ...MAXIMAL, ...props }) as UserDataInput;
const without = (key: keyof UserDataInput) => wrong({ [key]: undefined });
const volume = (device: string, mountPoint: string) => ({ device, mountPoint });
const shared = (props: object) => wrong({ sharedFiles: { ...MAXIMAL.sharedFiles, ...props } });
const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`;

it("defaults to what the document has", () => {
  expect(z.strictObject(softwareShape).parse({})).toEqual({
    workloadType: "training",
    frameworks: ["pytorch", "tensorflow"],
    tensorboard: true,
  });
  expect(userDataSchema.parse(TYPICAL)).toMatchObject({ dataVolumes: [], listen: "loopback" });
});

describe("accepts", () => {
  it.each([
    ["a project's name of 2 characters", { projectName: "ml" }],
    ["a project's name of 37 characters", { projectName: `m${"l".repeat(36)}` }],
    ["an environment's name of 31 characters", { environment: "e".repeat(31) }],
    ["a region of the government", { region: "us-gov-west-1" }],
    ["a log group of 512 characters", { jupyter: false, logGroup: "g".repeat(512) }],
    ["a namespace of 255 characters", { metricsNamespace: "n".repeat(255) }],
    ["a mount point of 100 characters", { dataVolumes: [volume("/dev/sdf", `/${"d".repeat(99)}`)] }],
    ["the last device", { dataVolumes: [volume("/dev/sdp", "/data")] }],
    ["mount points side by side", { dataVolumes: [volume("/dev/sdf", "/data"), volume("/dev/sdg", "/data-2")] }],
    ["a folder that only begins like one of the system", { dataVolumes: [volume("/dev/sdf", "/usr2")] }],
    ["a secret of another partition", { jupyter: { tokenSecretArn: arn("a/b-C1").replace("aws", "aws-us-gov") } }],
  ] as [string, Partial<UserDataInput>][])("%s", (_, props) => {
    expect(() => renderUserData({ ...TYPICAL, ...props })).not.toThrow();
  });
});

rejects(
  "user-data",
  [
    ["projectName", without("projectName"), "is required"],
    ["projectName", wrong({ projectName: "m" }), '"m"'],
    ["projectName", wrong({ projectName: `m${"l".repeat(37)}` }), "{0,35}"],
    ["projectName", wrong({ projectName: "ML" }), '"ML"'],
    ["environment", wrong({ environment: "" }), '""'],
    ["environment", wrong({ environment: "e".repeat(32) }), "{0,30}"],
    ["region", wrong({ region: "us-east" }), "us-west-2", '"us-east"'],
    ["datasetsBucket", wrong({ datasetsBucket: "a" }), "at least 3"],
    ["modelsBucket", wrong({ modelsBucket: "Models" }), "lower-case", '"Models"'],
    ["modelsBucket", wrong({ modelsBucket: "m'; rm -rf /" }), "lower-case"],
    ["workloadType", wrong({ workloadType: "train" }), "training, inference, notebook", '"train"'],
    ["frameworks[0]", wrong({ frameworks: ["torch"] }), "pytorch, tensorflow", '"torch"'],
    ["frameworks", wrong({ frameworks: ["pytorch", "pytorch"] }), "twice"],
    ["tensorboard", wrong({ tensorboard: "yes" }), "boolean"],
    ["listen", wrong({ listen: "0.0.0.0" }), "loopback, network", '"0.0.0.0"'],
    ["jupyter", wrong({ jupyter: true }), "got true"],
    ["jupyter.tokenSecretArn", wrong({ jupyter: {} }), "is required"],
    ["jupyter.tokenSecretArn", wrong({ jupyter: { tokenSecretArn: "hunter2" } }), "ARN of a secret", '"hunter2"'],
    ["jupyter.token", wrong({ jupyter: { tokenSecretArn: arn("x"), token: "t" } }), "unknown key"],
    ["gpu", without("gpu"), "is required"],
    ["fleet", without("fleet"), "is required"],
    ["logGroup", wrong({ logGroup: "a b" }), "log group", '"a b"'],
    ["logGroup", wrong({ logGroup: "g".repeat(513) }), "log group"],
    ["metricsNamespace", wrong({ metricsNamespace: "AWS/EC2" }), "AWS/"],
    ["metricsNamespace", wrong({ metricsNamespace: "n".repeat(256) }), "at most 255"],
    ["metricsNamespace", wrong({ metricsNamespace: "a b" }), "project/dev"],
    ["sharedFiles.fileSystemId", shared({ fileSystemId: "efs-1" }), "EFS file system", '"efs-1"'],
    ["sharedFiles.accessPointId", shared({ accessPointId: "fs-0123456789abcdef0" }), "EFS access point"],
    ["sharedFiles.mountPoint", shared({ mountPoint: "shared" }), "such as /data", '"shared"'],
    ["sharedFiles.mountPoint", shared({ mountPoint: "/home/ec2-user/shared" }), "operating system"],
    ["sharedFiles.mountPoint", shared({ mountPoint: "/" }), "such as /data"],
    ["dataVolumes[0].device", wrong({ dataVolumes: [volume("/dev/sda", "/data")] }), "/dev/sdf to /dev/sdp"],
    ["dataVolumes[0].device", wrong({ dataVolumes: [volume("/dev/sdq", "/data")] }), '"/dev/sdq"'],
    ["dataVolumes[0].device", wrong({ dataVolumes: [volume("/dev/nvme1n1", "/data")] }), "/dev/sdf to /dev/sdp"],
    ["dataVolumes[0].mountPoint", wrong({ dataVolumes: [volume("/dev/sdf", "/etc")] }), "operating system"],
    ["dataVolumes[0].mountPoint", wrong({ dataVolumes: [volume("/dev/sdf", "/a b")] }), "such as /data"],
    ["dataVolumes[0].mountPoint", wrong({ dataVolumes: [volume("/dev/sdf", `/${"d".repeat(100)}`)] }), "at most 100"],
    ["sharedFiles.mountPoint", wrong({ dataVolumes: [volume("/dev/sdf", "/mnt")] }), "/mnt of", "got /mnt/shared"],
    [
      "dataVolumes[1].device",
      wrong({ dataVolumes: [volume("/dev/sdf", "/a"), volume("/dev/sdf", "/b")] }),
      "differ",
      "got /dev/sdf again",
    ],
    [
      "dataVolumes[1].mountPoint",
      wrong({ dataVolumes: [volume("/dev/sdf", "/a"), volume("/dev/sdg", "/a/b")] }),
      "overlap /a of",
      "got /a/b",
    ],
    ["dataVolume", wrong({ dataVolume: [] }), "did you mean dataVolumes?"],
  ],
  (scope, props: UserDataInput) => new TerraformOutput(scope, "script", { value: renderUserData(props) }),
);
