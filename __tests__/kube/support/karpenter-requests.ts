import { type AwsCall, type Request, requestsOf } from "../../support/aws-calls";
import type { Json } from "../../support/synth";
import type { World } from "./karpenter-stack";

type Tags = Readonly<Record<string, string>>;

/** Fields `prefix.1`, `prefix.2`, ... of a form, each with what is below it. */
export function listed(form: Json, prefix: string): Json[] {
  const items: Record<string, Json> = {};
  for (const [key, value] of Object.entries(form)) {
    const [, index, rest = ""] = new RegExp(`^${prefix.replaceAll(".", "\\.")}\\.(\\d+)(?:\\.(.*))?$`).exec(key) ?? [];
    if (index !== undefined) items[index] = rest === "" ? value : { ...items[index], [rest]: value };
  }
  return Object.values(items);
}
const tagsIn = (form: Json, prefix: string): Tags =>
  Object.fromEntries(listed(form, prefix).map(({ Key, Value = "" }) => [Key, Value]));
/** Tags of what a call creates, by the kind of resource. */
export const tagsAtLaunch = (form: Json): Record<string, Tags> =>
  Object.fromEntries(
    listed(form, "TagSpecification").map(({ ResourceType, ...rest }) => [ResourceType, tagsIn(rest, "Tag")]),
  );

const context = (what: "Request" | "Resource", tags: Tags = {}) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${what}Tag/${key}`, value]));

/** Finds what IAM is asked for each call, in their order: what calls before it have made is known by its tags. */
export class KarpenterRequests {
  readonly #templates: Record<string, Tags> = {};
  readonly #profiles: Record<string, Tags> = {};
  /** Of the last instances; others differ in their pool alone. */
  #launched: Tags = {};

  constructor(private readonly world: World) {}

  /** What IAM is asked for a call of Karpenter's. Source: Service Authorization Reference, EC2, IAM, EKS, SQS, Systems Manager. */
  of(call: AwsCall): Request[] {
    const named = { ...call, action: REST[call.action] ?? call.action };
    return requestsOf(named, (action, input) => this.#of(action, input));
  }

  #of(action: string, input: Json): Request[] | undefined {
    const { account, region, clusterName, queue } = this.world;
    const ec2 = (kind: string, owner = account) => `arn:aws:ec2:${region}:${owner}:${kind}/x`;
    const profile = `arn:aws:iam::${account}:instance-profile/x`;
    const verb = action.split(":")[1] ?? "";
    const of = (resource: string, given: Record<string, string> = {}): Request => ({
      action,
      resource,
      context: given,
    });
    /** A launch: what it creates, with its tags, which are an action of their own, and what it takes its parts from. */
    const launch = (from: string[]): Request[] => [
      ...Object.entries(tagsAtLaunch(input)).flatMap(([kind, tags]): Request[] => {
        const given = context("Request", tags);
        const tagging = {
          action: "ec2:CreateTags",
          resource: ec2(kind),
          context: { ...given, "ec2:CreateAction": verb },
        };
        return [of(ec2(kind), given), tagging];
      }),
      ...from.map((kind) => of(ec2(kind, kind === "image" || kind === "snapshot" ? "" : account))),
    ];
    /** By name, or by the id alone, as of templates that are no longer in Karpenter's cache: these differ in their pool alone. */
    const template = (name?: string) => {
      const tags = name === undefined ? Object.values(this.#templates).at(-1) : this.#templates[name];
      return of(ec2("launch-template"), context("Resource", tags));
    };
    const PARTS = ["image", "snapshot", "security-group", "subnet", "placement-group"];
    switch (action) {
      case "ec2:CreateLaunchTemplate":
        this.#templates[input.LaunchTemplateName] = tagsAtLaunch(input)["launch-template"] ?? {};
        return launch([]);
      case "ec2:CreateFleet":
        this.#launched = tagsAtLaunch(input).instance ?? {};
        return [
          ...launch(PARTS),
          ...listed(input, "LaunchTemplateConfigs").map((config) =>
            template(config["LaunchTemplateSpecification.LaunchTemplateName"]),
          ),
        ];
      case "ec2:RunInstances":
        return [...launch(PARTS), template(input["LaunchTemplate.LaunchTemplateName"])];
      case "ec2:CreateTags": // by key, each of which the condition on all keys is about
        return Object.entries(tagsIn(input, "Tag")).map(([key, value]) =>
          of(ec2("instance"), {
            ...context("Resource", this.#launched),
            ...context("Request", { [key]: value }),
            "aws:TagKeys": key,
          }),
        );
      case "ec2:TerminateInstances":
        return [of(ec2("instance"), context("Resource", this.#launched))];
      case "ec2:DeleteLaunchTemplate":
        return [template(input.LaunchTemplateName)];
      case "iam:CreateInstanceProfile":
        this.#profiles[input.InstanceProfileName] = tagsIn(input, "Tags.member");
        return [of(profile, context("Request", tagsIn(input, "Tags.member")))];
      case "iam:AddRoleToInstanceProfile":
      case "iam:RemoveRoleFromInstanceProfile":
      case "iam:DeleteInstanceProfile":
      case "iam:GetInstanceProfile":
        return [of(profile, context("Resource", this.#profiles[input.InstanceProfileName]))];
      case "ssm:GetParameter":
        return [of(`arn:aws:ssm:${region}::parameter${input.Name}`)];
      case "eks:DescribeCluster":
        return [of(`arn:aws:eks:${region}:${account}:cluster/${clusterName}`)];
      case "arc-zonal-shift:GetManagedResource":
        return [of("*", { "arc-zonal-shift:ResourceIdentifier": input.path.slice("/managedresources/".length) })];
      case "sqs:GetQueueUrl":
      case "sqs:ReceiveMessage":
      case "sqs:DeleteMessage":
        return [of(`arn:aws:sqs:${region}:${account}:${queue}`)];
      default:
        return action.startsWith("ec2:Describe") ? [of("*", { "aws:RequestedRegion": region })] : undefined;
    }
  }
}

/** Actions of the services that are called by path. */
const REST: Readonly<Record<string, string>> = {
  "GET eks": "DescribeCluster",
  "GET arc-zonal-shift": "GetManagedResource",
};
