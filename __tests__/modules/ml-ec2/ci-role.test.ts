import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { CiRole, type CiRoleProps } from "../../../modules/ml-ec2/ci-role";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { build, Data, type DataSettings } from "./data.fixture";

const main = "repo:acme/models:ref:refs/heads/main";
const github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const gitlab = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
type CiSettings = NonNullable<DataSettings["ciRole"]>;

const made = (ciRole: CiSettings = { subjects: [main] }, settings: DataSettings = {}) => {
  const built = build({ ...settings, ciRole });
  const of = (type: Parameters<typeof built.byId>[0]): Json =>
    Object.entries(built.byId(type)).find(([id]) => id.startsWith("data_ci-role_"))?.[1];
  return {
    ...built,
    name: of(IamRole).name_prefix,
    trusted: JSON.parse(of(IamRole).assume_role_policy).Statement,
    may: JSON.parse(of(IamRolePolicy).policy).Statement,
  };
};
/** Role whose provider is one that the same stack makes. */
const withToken = (props: Partial<CiRoleProps> = {}) =>
  synth((stack) => {
    const { arn } = new IamOpenidConnectProvider(stack, "own", {
      url: "https://gitlab.example.com",
      clientIdList: ["aws"],
    });
    new CiRole(stack, "ci", {
      prefix: "ml-dev",
      storage: { datasets: { bucketArn: "arn:aws:s3:::d" }, models: { bucketArn: "arn:aws:s3:::m" } },
      settings: { provider: arn, subjects: ["project_path:a/b:*"], audience: "aws", access: "read" },
      ...props,
    });
  });

it("leaves no trace by default, and never is there a user", () => {
  expect(build().json).not.toMatch(/oidc|WebIdentity/i);
  expect(made().all(IamUser)).toEqual([]);
});

describe("trust", () => {
  it("is in GitHub's tokens for this repository and branch, made out to AWS; its provider is made", () => {
    const { one, name, trusted } = made();
    expect(name).toBe("ml-dev-ci-");
    expect(one(IamOpenidConnectProvider)).toEqual({
      url: "https://token.actions.githubusercontent.com",
      client_id_list: ["sts.amazonaws.com"],
    });
    expect(trusted).toEqual([
      {
        Effect: "Allow",
        Principal: { Federated: refTo(IamOpenidConnectProvider, "arn") },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": [main] },
        },
      },
    ]);
  });
  it.each([
    [github, main, "token.actions.githubusercontent.com"],
    [gitlab, "project_path:group/models:ref_type:branch:ref:main", "gitlab.example.com"],
    [`${gitlab}/a/b`, "org/1/project/2/user/3", "gitlab.example.com/a/b"],
  ])("is in the tokens of the provider %s, which is not made", (provider, subject, issuer) => {
    const { all, trusted } = made({ provider, subjects: [subject], audience: "models" });
    expect(all(IamOpenidConnectProvider)).toEqual([]);
    expect(trusted[0]).toMatchObject({
      Principal: { Federated: provider },
      Condition: {
        StringEquals: { [`${issuer}:aud`]: "models" },
        StringLike: { [`${issuer}:sub`]: [subject] },
      },
    });
  });
  it("is in the tokens of a provider that is made in the same stack", () => {
    const issuer = '\\$\\{element\\(split\\(":oidc-provider/", aws_iam_openid_connect_provider\\.own\\.arn\\), 1\\)\\}';
    const { one } = withToken();
    expect(one(IamRole).assume_role_policy).toMatch(
      new RegExp(
        `"Condition":\\{"StringEquals":\\{"${issuer}:aud":"aws"\\},"StringLike":\\{"${issuer}:sub":\\["project_path:a/b:\\*"\\]`,
      ),
    );
    expect(one(IamOpenidConnectProvider).url).toBe("https://gitlab.example.com");
  });
  it.each([
    "repo:acme/models:*",
    "repo:acme/models:ref:refs/heads/release-*",
    "repo:acme/models:environment:prod",
    "repo:acme@1/models@2:pull_request",
  ])("accepts the subject %s", (subject) => {
    expect(made({ subjects: [subject] }).trusted[0].Condition.StringLike).toEqual({
      "token.actions.githubusercontent.com:sub": [subject],
    });
  });
  it("is the same in any order of the subjects, of which there are 20 at most", () => {
    const subjects = Array.from({ length: 20 }, (_, index) => `repo:acme/models-${index}:*`);
    expect(made({ subjects }).json).toBe(made({ subjects: [...subjects].reverse() }).json);
  });
  it("gives an audience of one's own to the provider that is made", () => {
    const { one, trusted } = made({ subjects: [main], audience: "models" });
    expect(one(IamOpenidConnectProvider).client_id_list).toEqual(["models"]);
    expect(trusted[0].Condition.StringEquals).toEqual({ "token.actions.githubusercontent.com:aud": "models" });
  });
});

describe("permissions", () => {
  const resources = (end: string) =>
    ["datasets", "models"].map((noun) =>
      expect.stringMatching(`^\\$\\{aws_s3_bucket\\.data_storage_${noun}_bucket_\\w+\\.arn\\}${end}$`),
    );
  const actions = (access?: CiSettings["access"], settings: DataSettings = {}) =>
    made({ subjects: [main], access }, settings).may.map(({ Action }: Json) => Action);

  it("are to read the two buckets by default, and no policy of AWS's own", () => {
    const { may, byId } = made();
    expect(may).toEqual([
      {
        Sid: "Buckets",
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:GetBucketLocation"],
        Resource: resources(""),
      },
      { Sid: "Objects", Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: resources("/\\*") },
    ]);
    expect(Object.keys(byId(IamRolePolicyAttachment)).filter((id) => id.startsWith("data_ci"))).toEqual([]);
  });
  it("are to write them too where asked", () => {
    expect(actions("read-write")[1]).toEqual(expect.arrayContaining(["s3:PutObject", "s3:DeleteObject"]));
    expect(actions("read")).toEqual(actions());
  });
  it("include the use of the key", () => {
    expect(actions("read", { s3Encryption: "aws:kms" })[2]).toEqual(["kms:Decrypt"]);
    expect(actions("read-write", { s3Encryption: "aws:kms" })[2]).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });
});

it("tells its ARN and name", () => {
  const { outputs } = synth((stack) => {
    const { ciRole } = new Data(stack, "data", { ciRole: { subjects: [main] } });
    new TerraformOutput(stack, "arn", { value: ciRole?.roleArn, staticId: true });
    new TerraformOutput(stack, "name", { value: ciRole?.roleName, staticId: true });
  });
  expect(outputs).toEqual({ arn: { value: refTo(IamRole, "arn") }, name: { value: refTo(IamRole, "name") } });
});

const subject = (text: string, provider?: string) => ({ ciRole: { provider, subjects: [text] } });
rejects<unknown>(
  "test/data",
  [
    ["ciRole", { ciRole: true }, "got true"],
    ["ciRole.subjects", { ciRole: {} }, "is required"],
    ["ciRole.subjects", { ciRole: { subjects: [] } }, "at least 1"],
    ["ciRole.subjects", { ciRole: { subjects: Array(21).fill(main) } }, "at most 20 items", "got 21"],
    ["ciRole.subjects[0]", subject("*"), "must name the repository or project before any wildcard", "got *"],
    ["ciRole.subjects[0]", subject("repo:*"), "repo:org/name", "got repo:*"],
    ["ciRole.subjects[0]", subject("repo:*/*:*"), "got repo:*/*:*"],
    ["ciRole.subjects[0]", subject("repo:acme/*"), "got repo:acme/*"],
    ["ciRole.subjects[0]", subject("repo:acme/mod*:ref:refs/heads/main"), "before any wildcard"],
    ["ciRole.subjects[0]", subject("repo:acme?/models:*"), "before any wildcard"],
    ["ciRole.subjects[0]", subject("repo:acme/models"), "before any wildcard"],
    ["ciRole.subjects[0]", subject("acme/models:ref:refs/heads/main"), "before any wildcard"],
    ["ciRole.subjects[0]", subject("repo:*", github), "repo:org/name"],
    ["ciRole.subjects[0]", subject("", gitlab), "project_path:group/name"],
    ["ciRole.subjects[0]", subject("project_path:*", gitlab), "got project_path:*"],
    ["ciRole.subjects[0]", subject("project_path:gro*", gitlab), "got project_path:gro*"],
    ["ciRole.subjects[0]", subject("*:group/name", gitlab), "before any wildcard"],
    ["ciRole.subjects[1]", { ciRole: { subjects: [main, "*"] } }, "got *"],
    ["ciRole.subjects[0]", subject(`repo:a/b:${"x".repeat(504)}`), "at most 512 characters", "got 513"],
    ["ciRole.provider", subject(main, "github"), "ARN of an IAM OIDC provider", '"github"'],
    ["ciRole.provider", subject(main, "https://token.actions.githubusercontent.com"), "ARN of an IAM OIDC provider"],
    ["ciRole.provider", subject(main, `${github}/`), "ARN of an IAM OIDC provider"],
    ["ciRole.audience", { ciRole: { subjects: [main], audience: "" } }, "at least 1"],
    ["ciRole.audience", { ciRole: { subjects: [main], audience: "x".repeat(256) } }, "at most 255 characters"],
    ["ciRole.access", { ciRole: { subjects: [main], access: "write" } }, "one of read, read-write", '"write"'],
    ["ciRole.subject", { ciRole: { subjects: [main], subject: main } }, "did you mean subjects?"],
  ],
  (stack, settings) => new Data(stack, "data", settings as DataSettings),
);
