import { cpSync } from "node:fs";
import { join } from "node:path";
import { withLocalState, withoutProtection } from "@cdktf-ml-infra/rehearsal/local-state";
import { type Providers, startProviders } from "@cdktf-ml-infra/rehearsal/server";
import { typesIn } from "@cdktf-ml-infra/rehearsal/stacks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { Attached } from "../support/attached";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { Workspace } from "../support/terraform";
import { forMoto, ref } from "../support/terraform-json";
import { onAws, stacksOf } from "./stacks.fixture";

/**
 * What `docs/rehearsal.md` says of four ways to try a stack, tried: each mistake is made in the cluster's stack, and each
 * way must find it or miss it as the table has it.
 */
const WAYS = ["validate", "mocks", "moto", "rehearsal"] as const;
type Way = (typeof WAYS)[number];

/** The first of its type in a stack. */
const first = (json: Json, type: string): Json => Object.values<Json>(json.resource[type])[0];
const anAddress = (json: Json, type: string) => `${type}.${Object.keys(json.resource[type])[0]}`;

const MISTAKES: [mistake: string, make: (json: Json) => void, found: Way[]][] = [
  ["a missing required argument", (json) => delete first(json, "aws_eks_cluster").role_arn, [...WAYS]],
  [
    "a wrong type",
    (json) => {
      first(json, "aws_eks_node_group").scaling_config.max_size = "many";
    },
    [...WAYS],
  ],
  [
    "an unknown argument",
    (json) => {
      first(json, "aws_eks_cluster").kubernetes_version = "1.35";
    },
    [...WAYS],
  ],
  [
    "a block too many",
    (json) => {
      const cluster = first(json, "aws_eks_cluster");
      cluster.vpc_config = [cluster.vpc_config, cluster.vpc_config];
    },
    [...WAYS],
  ],
  [
    "a dangling reference",
    (json) => {
      first(json, "aws_eks_node_group").node_role_arn = ref("aws_iam_role.nobody.arn");
    },
    [...WAYS],
  ],
  [
    "a dependency cycle",
    (json) => {
      first(json, "aws_kms_key").depends_on = [anAddress(json, "aws_kms_alias")];
    },
    [...WAYS],
  ],
  [
    "a word that AWS and the provider refuse",
    (json) => {
      first(json, "aws_eks_node_group").capacity_type = "SPOTS";
    },
    [...WAYS],
  ],
  [
    "a word that AWS alone refuses",
    (json) => {
      first(json, "aws_eks_node_group").instance_types = ["m5.xlage"];
    },
    ["rehearsal"],
  ],
  [
    "an ARN of a wrong form",
    (json) => {
      first(json, "aws_eks_cluster").role_arn = "role/cluster";
    },
    ["validate", "mocks", "moto"],
  ],
  [
    "a CIDR that is none",
    (json) => {
      first(json, "aws_vpc_security_group_ingress_rule").cidr_ipv4 = "10.0.0.0/33";
    },
    ["validate", "mocks", "moto"],
  ],
  [
    "an output of another stack that does not exist",
    (json) => {
      const [state] = Object.keys(json.data.terraform_remote_state);
      first(json, "aws_security_group").vpc_id = ref(`data.terraform_remote_state.${state}.outputs.vpc`);
    },
    ["mocks", "moto", "rehearsal"],
  ],
  [
    "a second plan that is not empty",
    (json) => {
      first(json, "aws_security_group").description = ref("timestamp()");
    },
    ["rehearsal"],
  ],
];

onAws("a mistake in a stack", () => {
  const [network, cluster] = ["network", "cluster"].map((layer) =>
    stacksOf(dev).find(({ id }) => id === `dev-exadeploy-${layer}`),
  );
  if (!network || !cluster) throw new Error("dev has no cluster");
  const seconds: string[] = [];
  let providers: Providers;
  let moto: Moto;
  let json: Json;
  beforeAll(async () => {
    [providers, moto] = await Promise.all([startProviders({ types: typesIn([network, cluster]) }), Moto.start()]);
    const before = new Attached(
      providers,
      withLocalState(network.json, () => ""),
    );
    await before.deploy();
    json = withoutProtection(withLocalState(cluster.json, () => join(before.folder, "terraform.tfstate")));
  });
  afterAll(async () => {
    providers?.close();
    await moto?.stop();
    console.log(seconds.join("\n"));
  });

  const ways: Record<Way, (json: Json) => Promise<unknown>> = {
    validate: async (broken) => (await Workspace.of("four-validate", broken, { source: cluster.folder })).validate(),
    mocks: (broken) => mockApply("four-mocks", broken, { source: cluster.folder }),
    moto: async (broken) => {
      const workspace = await Workspace.of("four-moto", forMoto(broken), { source: cluster.folder, env: moto.env });
      await workspace.plan();
    },
    rehearsal: async (broken) => {
      const attached = new Attached(providers, broken);
      cpSync(cluster.folder, attached.folder, { recursive: true, filter: (file) => !file.endsWith("cdk.tf.json") });
      await attached.deploy();
      await attached.destroy();
    },
  };
  const finds = async (way: Way, broken: Json): Promise<boolean> => {
    const start = performance.now();
    const failed = await ways[way](broken).then(
      () => false,
      () => true,
    );
    seconds.push(`${way}: ${failed ? "refused" : "passed"} after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return failed;
  };

  it.each(WAYS)("there is none, says %s", async (way) => {
    expect(await finds(way, json)).toBe(false);
  });

  describe.each(WAYS)("%s", (way) => {
    it.each(MISTAKES)("%s", async (_, make, found) => {
      const broken = structuredClone(json);
      make(broken);
      expect(await finds(way, broken)).toBe(found.includes(way));
    });
  });
});
