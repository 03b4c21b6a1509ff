import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Lazy } from "cdktf";
import { describe, expect, it } from "vitest";
import { renderUserData } from "../../../modules/ml-ec2/user-data";
import type { UserDataInput } from "../../../modules/ml-ec2/user-data-schema";
import { errorOf } from "../../support/bad-input";
import { synth } from "../../support/synth";
import { MAXIMAL, MINIMAL, TYPICAL } from "./user-data.fixture";

/** What the machine gets: the Terraform string without its escapes. */
const script = (props: UserDataInput) => renderUserData(props).replaceAll("$${", "${").replaceAll("%%{", "%{");
const ref = (expression: string) => `\${${expression}}`;
/** A reference as a resource's attribute is one. */
const later = (expression: string) => Lazy.stringValue({ produce: () => expression });
/** Content of a file that the script writes. */
const fileIn = (text: string, path: string) =>
  text.split(`\nput ${path} `)[1]?.split("<<'EOF'\n")[1]?.split("\nEOF\n")[0];

describe("the script", () => {
  it.each(Object.entries({ minimal: MINIMAL, typical: TYPICAL, maximal: MAXIMAL }))(
    "is as agreed on for %s settings",
    async (name, props) => {
      await expect(script(props)).toMatchFileSnapshot(`rendered/user-data-${name}.sh`);
    },
  );
  it("leaves nothing to Terraform but references", () => {
    const { one } = synth((stack) => {
      const bucket = (id: string) => new S3Bucket(stack, id, {}).bucket;
      const fileSystem = new EfsFileSystem(stack, "files");
      const region = later(ref("data.aws_region.here.region"));
      new Instance(stack, "machine", {
        userData: renderUserData({
          ...MAXIMAL,
          region,
          datasetsBucket: bucket("datasets"),
          modelsBucket: bucket("models"),
          jupyter: { tokenSecretArn: new SecretsmanagerSecret(stack, "token").arn },
          logGroup: new CloudwatchLogGroup(stack, "log").name,
          sharedFiles: {
            fileSystemId: fileSystem.id,
            accessPointId: new EfsAccessPoint(stack, "access", { fileSystemId: fileSystem.id }).id,
            mountPoint: "/shared",
          },
        }),
      });
    });
    const { user_data } = one(Instance);
    const expanded = user_data.match(/(?<!\$)\$\{[^}]*\}/g);
    const logGroup = ref("aws_cloudwatch_log_group.log.name");
    expect(expanded).toEqual([
      ref("data.aws_region.here.region"),
      ref("data.aws_region.here.region"),
      ref("aws_s3_bucket.datasets.bucket"),
      ref("aws_s3_bucket.models.bucket"),
      ref("aws_secretsmanager_secret.token.arn"),
      ...Array(5).fill(logGroup),
      ref("aws_efs_file_system.files.id"),
      ref("aws_efs_access_point.access.id"),
    ]);
    expect(user_data).not.toMatch(/(?<!%)%\{/);
    expect(user_data).toContain(`"log_group_name":"${logGroup}"`);
    expect(user_data).toContain(`$${ref("RETRY_SECONDS:-15")}`);
    expect(user_data).toContain(`"InstanceId":"$${ref("aws:InstanceId")}"`);
  });
  it("does not depend on the order of the settings", () => {
    const dataVolumes = [
      { device: "/dev/sdg", mountPoint: "/scratch" },
      { device: "/dev/sdf", mountPoint: "/data" },
    ];
    const one = script({ ...TYPICAL, dataVolumes, frameworks: ["tensorflow", "pytorch"] });
    expect(one).toBe(script({ ...TYPICAL, dataVolumes: [...dataVolumes].reverse() }));
    expect(one).toContain("data_volume /dev/sdf /data\ndata_volume /dev/sdg /scratch\n");
  });
  it("holds no secret, no open door, and no call of the metadata service without a session's token", () => {
    const text = script(MAXIMAL);
    expect(text).not.toMatch(/token ?= ?''|password|0\.0\.0\.0|allow_root = True|amzn2|\byum\b/);
    const calls = text.split("\n").filter((line) => /\bcurl\b/.test(line));
    expect(calls).toHaveLength(2);
    expect(calls[0]).toContain("-X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60'");
    expect(calls[1]).toContain('-H "X-aws-ec2-metadata-token: $token"');
    expect(text.match(/169\.254\.169\.254/g)).toHaveLength(1);
  });
});

describe("options", () => {
  it("that are off leave no trace", () => {
    const withoutPins = script(MINIMAL).replace(/^[\w-]+==.*$/gm, "");
    expect(withoutPins).not.toMatch(/jupyter|tensorboard|torch|tensorflow|mkfs|efs|nvidia|AutoScaling|^services /im);
    expect(script(TYPICAL)).not.toMatch(/mkfs|\befs\b|nvidia|AutoScaling/i);
  });
  it("default to TensorBoard, both frameworks and a machine for training", () => {
    const text = script(TYPICAL);
    expect(text).toContain("\nservices jupyter tensorboard\n");
    expect(text).toContain(" torch torchvision tensorflow jupyterlab tensorboard\n");
    expect(text).toContain("\nML_WORKLOAD_TYPE=training\n");
  });
  it("tell the machine what it is for", () => {
    const settings = /^settings <<'EOF'\n([\s\S]*?)\nEOF$/m.exec(
      script({ ...MINIMAL, workloadType: "inference" }),
    )?.[1];
    expect(settings?.split("\n")).toEqual([
      "AWS_DEFAULT_REGION=us-east-1",
      "AWS_REGION=us-east-1",
      "DATASETS_BUCKET=ml-demo-dev-datasets-1",
      "MODELS_BUCKET=ml-demo-dev-models-1",
      "METRICS_NAMESPACE=ml-demo/dev",
      "ML_PROJECT=ml-demo",
      "ML_ENVIRONMENT=dev",
      "ML_WORKLOAD_TYPE=inference",
    ]);
    expect(script(TYPICAL)).toContain(
      "\nJUPYTER_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:ml-demo-dev-jupyter-token-Ab12Cd\n",
    );
  });
  it.each([
    [{ frameworks: [] }, "", ""],
    [{ frameworks: ["tensorflow"] }, "", " tensorflow"],
    [{ frameworks: ["pytorch"] }, "--extra-index-url https://download.pytorch.org/whl/cpu ", " torch torchvision"],
    [{ frameworks: ["pytorch", "tensorflow"], gpu: true }, "", " torch torchvision 'tensorflow[and-cuda]'"],
  ] as [Partial<UserDataInput>, string, string][])("install what %o asks for", (props, index, frameworks) => {
    expect(script({ ...MINIMAL, ...props })).toContain(
      `\nlibraries ${index}boto3 ipython matplotlib numpy pandas scikit-learn seaborn${frameworks}\n`,
    );
  });
  it("leave the GPU's driver and its kernel alone", () => {
    expect(script(TYPICAL)).toContain("\nupgrade --releasever=latest\n");
    expect(script(MAXIMAL)).toContain("\nupgrade --releasever=latest --exclude='kernel*' --exclude='*nvidia*'\n");
    expect(script(MAXIMAL)).not.toMatch(/^packages .*(nvidia|cuda)/m);
  });
  it("pin every library that is installed", () => {
    const text = script(MAXIMAL);
    const names =
      /^libraries (.*)$/m
        .exec(text)?.[1]
        ?.replace(/'|\[and-cuda\]/g, "")
        .split(" ") ?? [];
    const pins = fileIn(text, "/etc/ml/constraints.txt")?.split("\n") ?? [];
    expect(names).toHaveLength(12);
    for (const name of names) expect(pins.filter((pin) => pin.startsWith(`${name}==`))).toHaveLength(1);
    for (const pin of pins) expect(pin).toMatch(/^[a-z0-9-]+==[0-9][\w.]*$/);
  });
  it("give each service a unit, hardened, restarted, on the loopback", () => {
    const text = script(TYPICAL);
    for (const name of ["jupyter", "tensorboard"]) {
      const unit = fileIn(text, `/etc/systemd/system/${name}.service`)?.split("\n");
      expect(unit).toEqual(
        expect.arrayContaining([
          "User=ec2-user",
          "Restart=always",
          "NoNewPrivileges=yes",
          "ProtectSystem=full",
          "PrivateTmp=yes",
          "WantedBy=multi-user.target",
          `StandardOutput=append:/var/log/${name}.log`,
        ]),
      );
    }
    expect(fileIn(text, "/home/ec2-user/.jupyter/jupyter_server_config.py")).toContain('c.ServerApp.ip = "127.0.0.1"');
    expect(fileIn(text, "/etc/systemd/system/tensorboard.service")).toContain(
      "tensorboard --logdir=/opt/ml/runs --host=127.0.0.1 --port=6006\n",
    );
  });
  it("let the network reach the services only when told so", () => {
    expect(script({ ...TYPICAL, listen: "loopback" })).toBe(script(TYPICAL));
    const text = script({ ...TYPICAL, listen: "network" });
    expect(fileIn(text, "/home/ec2-user/.jupyter/jupyter_server_config.py")).toContain('c.ServerApp.ip = "0.0.0.0"');
    expect(fileIn(text, "/etc/systemd/system/tensorboard.service")).toContain(" --host=0.0.0.0 --port=6006\n");
    expect(text.replaceAll("0.0.0.0", "127.0.0.1")).toBe(script(TYPICAL));
  });
  it("have the agent read each service's log and measure each disk", () => {
    const config = (props: UserDataInput) => JSON.parse(fileIn(script(props), "/etc/ml/cloudwatch-agent.json") ?? "");
    const logs = (props: UserDataInput) =>
      config(props).logs.logs_collected.files.collect_list.map(({ file_path }: { file_path: string }) => file_path);
    expect(logs(MINIMAL)).toEqual(["/var/log/user-data.log", "/var/log/messages", "/var/log/secure"]);
    expect(logs(TYPICAL)).toEqual([
      "/var/log/user-data.log",
      "/var/log/jupyter.log",
      "/var/log/tensorboard.log",
      "/var/log/messages",
      "/var/log/secure",
    ]);
    expect(config(TYPICAL).metrics.metrics_collected.disk.resources).toEqual(["/"]);
    expect(config(MAXIMAL).metrics.metrics_collected.disk.resources).toEqual(["/", "/data"]);
    expect(config(TYPICAL).metrics.namespace).toBe("ml-demo/dev");
  });
});

describe("the limit of 16 KiB", () => {
  const dataVolumes = [..."fghijklmnop"].map((letter) => ({
    device: `/dev/sd${letter}`,
    mountPoint: `/${letter.repeat(94)}`,
  }));
  /** Settings whose script has this many bytes, by the length of a name that occurs in it once. */
  const sized = (bytes: number): UserDataInput => {
    const settings = (length: number) => ({ ...MAXIMAL, dataVolumes, modelsBucket: "m".repeat(length) });
    const start = Buffer.byteLength(script(settings(3)));
    expect(bytes - start, "the name's length can make up for it").toBeLessThan(60);
    return settings(3 + bytes - start);
  };

  it("is not near with every option and eleven volumes", () => {
    const short = dataVolumes.map(({ device }) => ({ device, mountPoint: device.replace("/dev/sd", "/mnt/volume-") }));
    const text = script({
      ...MAXIMAL,
      region: later("region"),
      datasetsBucket: later("datasets"),
      modelsBucket: later("models"),
      jupyter: { tokenSecretArn: later("secret") },
      logGroup: later("group"),
      sharedFiles: { fileSystemId: later("files"), accessPointId: later("access"), mountPoint: "/mnt/shared" },
      dataVolumes: short,
    });
    expect(text.length).toBeLessThan(15_500);
  });
  it("is kept to the byte", () => {
    const largest = sized(16_384);
    expect(Buffer.byteLength(script(largest))).toBe(16_384);
    const { name, message } = errorOf(() => renderUserData({ ...largest, modelsBucket: `${largest.modelsBucket}m` }));
    expect(name).toBe("InputError");
    expect(message).toMatch(/^user-data: dataVolumes: must be fewer.* 16384 bytes of user data, got 16385$/);
  });
  it("counts what Terraform will put in place of a reference", () => {
    const modelsBucket = later(ref("aws_s3_bucket.models.bucket"));
    expect(() => renderUserData({ ...sized(16_384), modelsBucket })).toThrow(/got 16\d{3}$/);
  });
});
