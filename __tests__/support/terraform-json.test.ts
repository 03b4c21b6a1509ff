import { describe, expect, it } from "vitest";
import { forMoto, ref, without, withoutEphemerals } from "./terraform-json";

describe("forMoto", () => {
  const skipped = { skip_credentials_validation: true, skip_metadata_api_check: true };
  const moto = { ...skipped, s3_use_path_style: true, max_retries: 2 };
  const providers = (...aws: object[]) => forMoto({ provider: { aws } }).provider.aws;

  it("leaves region, alias and tags of each provider as they are", () => {
    const own = [
      { region: "us-west-2", default_tags: [{ tags: { a: "b" } }] },
      { alias: "peer", region: "eu-west-1" },
    ];
    expect(providers(...own)).toEqual(own.map((provider) => ({ ...provider, ...moto })));
  });
  it("reaches an account by a role there, and by the stack's own role where it has one", () => {
    const allowed_account_ids = ["111122223333"];
    const assume_role = [{ role_arn: "arn:aws:iam::111122223333:role/peering" }];
    expect(providers({ allowed_account_ids }, { allowed_account_ids, assume_role })).toEqual([
      { allowed_account_ids, assume_role: [{ role_arn: "arn:aws:iam::111122223333:role/terraform" }], ...moto },
      { allowed_account_ids, assume_role, ...moto },
    ]);
  });
});

it("withoutEphemerals leaves words in place of ephemeral values, and everything else", () => {
  const kept = { triggers_replace: { url: `amqp://${ref("aws_lb.a.dns_name")}` }, note: "not ephemeral.a.b" };
  const value = `{"a":"${ref("ephemeral.p.q.r")}","b":"x${ref("jsondecode(ephemeral.s.t.u).password")}y${ref("aws_lb.a.id")}"}`;
  const json = { ephemeral: { p: { q: {} } }, resource: { version: { value }, kept } };
  expect(withoutEphemerals(json)).toEqual({
    resource: { version: { value: `{"a":"ephemeral","b":"xephemeraly${ref("aws_lb.a.id")}"}` }, kept },
  });
});

describe("without", () => {
  const lacks = [{ type: "aws_eks_addon" }, { type: "aws_placement_group", standIns: { name: "stand-in" } }];
  const addon = { cluster_name: "c", addon_name: "vpc-cni" };
  const group = { name: "g", strategy: "cluster" };

  it("takes out every resource of a listed type, and nothing else", () => {
    const kept = { aws_vpc: { vpc: { cidr_block: "10.0.0.0/16" } }, aws_eks_addon_like: { x: {} } };
    const json = { resource: { ...kept, aws_eks_addon: { cni: addon, proxy: addon } } };
    expect(without(lacks, json)).toEqual({ resource: kept });
    expect(json.resource.aws_eks_addon).toEqual({ cni: addon, proxy: addon });
  });
  it("takes out listed data, but not the resource of the same name", () => {
    const json = { resource: { aws_x: { a: {} } }, data: { aws_x: { a: {} }, aws_y: { b: {} } } };
    expect(without([{ type: "data.aws_x" }], json)).toEqual({
      resource: { aws_x: { a: {} } },
      data: { aws_y: { b: {} } },
    });
  });
  it("drops the mentions that only order: depends_on, replace_triggered_by", () => {
    const json = (...ordered: string[]) => ({
      depends_on: [...ordered, "aws_eks_addon.cni2"],
      lifecycle: { replace_triggered_by: [...ordered.map((address) => `${address}.id`), "aws_vpc.vpc"] },
    });
    const stack = { resource: { aws_eks_addon: { cni: addon }, aws_instance: { i: json("aws_eks_addon.cni") } } };
    expect(without(lacks, stack)).toEqual({ resource: { aws_instance: { i: json() } } });
  });
  it("drops outputs that tell of what is taken out", () => {
    const output = { addon: { value: [ref("aws_eks_addon.cni.id")] }, kept: { value: ref("aws_vpc.vpc.id") } };
    const stack = { resource: { aws_eks_addon: { cni: addon } }, output };
    expect(without(lacks, stack).output).toEqual({ kept: output.kept });
  });
  it("puts the stand-in where an argument or an output reads a listed attribute", () => {
    const stack = (name: string) => ({
      resource: { aws_launch_template: { lt: { placement: { group_name: name }, tags: [{ of: `group ${name}` }] } } },
      output: { group: { value: name } },
    });
    const json = stack(ref("aws_placement_group.pg.name"));
    const complete = { ...json, resource: { ...json.resource, aws_placement_group: { pg: group } } };
    expect(without(lacks, complete)).toEqual(stack("stand-in"));
  });
  it("says every argument that would miss what is taken out", () => {
    const stack = {
      resource: {
        aws_eks_addon: { cni: addon },
        aws_placement_group: { pg: group },
        aws_ssm_parameter: { p: { value: `v${ref("aws_eks_addon.cni.addon_version")}` } },
        aws_launch_template: { lt: { placement: [{ group_id: ref("aws_placement_group.pg.placement_group_id") }] } },
      },
    };
    const [version, id] = [ref("aws_eks_addon.cni.addon_version"), ref("aws_placement_group.pg.placement_group_id")];
    expect(() => without(lacks, stack)).toThrow(
      [
        `resource.aws_ssm_parameter.p.value needs aws_eks_addon.cni, which is taken out: give it a stand-in for v${version}`,
        `resource.aws_launch_template.lt.placement.0.group_id needs aws_placement_group.pg, which is taken out: give it a stand-in for ${id}`,
      ].join("\n"),
    );
  });
  it("takes out one argument where only that is lacking", () => {
    const json = (extra: object) => ({ resource: { aws_instance: { i: { ami: "ami-1", ...extra } } } });
    expect(without([{ type: "aws_instance", argument: "monitoring" }], json({ monitoring: true }))).toEqual(json({}));
  });
  it("ignores changes of what is misreported, beside what is ignored already", () => {
    const misreports = ["remote_access", "update_config"];
    const json = (lifecycle?: object) => ({ resource: { aws_eks_node_group: { g: { lifecycle } } } });
    const ignored = (before?: object) =>
      without([{ type: "aws_eks_node_group", misreports }], json(before)).resource.aws_eks_node_group.g.lifecycle;
    expect(ignored()).toEqual({ ignore_changes: misreports });
    expect(ignored({ prevent_destroy: true, ignore_changes: ["tags"] })).toEqual({
      prevent_destroy: true,
      ignore_changes: ["tags", ...misreports],
    });
    expect(ignored({ ignore_changes: "all" })).toEqual({ ignore_changes: "all" });
  });
});
