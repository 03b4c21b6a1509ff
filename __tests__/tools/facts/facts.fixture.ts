import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** A type as DescribeInstanceTypes answers it, with what a test says of it. */
export const described = (more: object = {}) => ({
  ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
  VCpuInfo: { DefaultVCpus: 4 },
  MemoryInfo: { SizeInMiB: 16384 },
  NetworkInfo: {
    MaximumNetworkCards: 1,
    Ipv4AddressesPerInterface: 15,
    DefaultNetworkCardIndex: 0,
    NetworkCards: [{ MaximumNetworkInterfaces: 4 }],
  },
  ...more,
});

/** Writes files below a new folder, those that end in .gz zipped. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "facts-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path.endsWith(".gz") ? gzipSync(text) : text);
  }
  return folder;
}

const offered = (...types: string[]) => JSON.stringify(types.map((InstanceType) => ({ InstanceType })));

const classes = (engine: string, ...types: string[]) => ({
  if: { properties: { Engine: { const: engine } } },
  // biome-ignore lint/suspicious/noThenProperty: a key of JSON schema
  then: { properties: { DBInstanceClass: { enum: types } } },
});

/** Folder of Python packages with the records that are read. */
export const sitePackages = () =>
  folderOf({
    "moto-5.9.9.dist-info/METADATA": "",
    "botocore-1.99.0.dist-info/METADATA": "",
    "cfn_lint-1.77.0.dist-info/METADATA": "",
    "cfnlint/data/schemas/extensions/aws_rds_dbinstance/dbinstanceclass_enum.json": JSON.stringify({
      "eu-west-1": {
        allOf: [
          classes("postgres", "db.t4g.micro", "db.m5.xlarge"),
          classes("mysql", "db.m5.huge"),
          classes("postgres", "db.m5.large", "db.m5.xlarge"),
        ],
      },
    }),
    "moto/ec2/resources/instance_types.json.gz": JSON.stringify({
      "m5.xlarge": described(),
      "mac2.metal": described({ ProcessorInfo: { SupportedArchitectures: ["arm64_mac"] } }),
    }),
    "moto/ec2/resources/instance_type_offerings/region/eu-west-1.json.gz": offered("m5.xlarge", "c5.large", "m5.large"),
    "botocore/data/partitions.json": JSON.stringify({
      partitions: [
        {
          id: "aws-cn",
          regionRegex: "^cn-",
          outputs: { dnsSuffix: "amazonaws.com.cn" },
          regions: { "cn-north-1": {}, "aws-cn-global": {} },
        },
      ],
    }),
  });

/** Karpenter's module with one small table for each partition. */
export const karpenterModule = () =>
  folderOf(
    Object.fromEntries(
      [
        ["aws", "us-east-1"],
        ["aws_cn", "cn-north-1"],
        ["aws_us_gov", "us-gov-west-1"],
      ].map(([partition, region]) => [
        `pkg/providers/pricing/zz_generated.pricing_${partition}.go`,
        `// generated at 2026-07-06T14:20:29Z\nvar Prices = map[string]map[string]float64{\n\t"${region}": {\n\t\t"m5.xlarge": 0.192000, "c5.large": 0.085000,\n\t},\n}\n`,
      ]),
    ),
  );

/** Files of the price repository, by path. */
export const pageFiles: Record<string, string> = {
  "lib/data/locations.json": JSON.stringify({
    "EU (Paris)": { name: "EU (Paris)", code: "eu-west-3", type: "AWS Region", label: "Europe (Paris)" },
    "US East (N. Virginia)": { name: "US East (N. Virginia)", code: "us-east-1", type: "AWS Region", label: "x" },
    "US East (Boston)": { name: "US East (Boston)", code: "us-east-1-bos-1", type: "AWS Local Zone", label: "y" },
  }),
  "lib/data/pricing/ec2-transformed.json": JSON.stringify(
    [
      ["eu-(paris)", "0.2240000000"],
      ["us-east-1", "0.9990000000"],
      ["us-east-(boston)", "0.3000000000"],
    ].map(([region, pricePerUnit]) => ({ region, attributes: { instanceType: "m5.xlarge" }, pricePerUnit })),
  ),
};
