import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { PrefectServer, type PrefectServerProps } from "../../../modules/prefect/prefect-server";
import { PrefectWorkers, type PrefectWorkersProps } from "../../../modules/prefect/prefect-workers";
import { type Json, synth } from "../../support/synth";

export const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prefect-AbC123";
export const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
export const CLOUD = "https://api.prefect.cloud/api/accounts/11111111/workspaces/22222222";
export const CLUSTER = {
  clusterName: "dev-prefect",
  clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dev-prefect",
  containerInsights: "enabled" as "disabled" | "enabled" | "enhanced",
  logGroupName: "/ecs/dev-prefect",
  logGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/dev-prefect",
};
export const DASK = {
  securityGroupId: "sg-dask",
  clientPolicyArn: "arn:aws:iam::111122223333:policy/dask-client",
};

/** Everything by literal ids, as a network and a cluster that exist would give them. */
export const MINIMAL: PrefectWorkersProps = {
  name: "dev-prefect",
  cluster: CLUSTER,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  api: { url: "https://prefect.example.com/api" },
  workers: [{ name: "dev", workPool: "dev" }],
};
export const build = (some: Partial<PrefectWorkersProps> = {}) =>
  synth((stack) => new PrefectWorkers(stack, "prefect", { ...MINIMAL, ...some }));

export const SERVER: PrefectServerProps = {
  name: "dev-prefect",
  region: "us-east-1",
  cluster: CLUSTER,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
};
export const buildServer = (some: Partial<PrefectServerProps> = {}) =>
  synth((stack) => new PrefectServer(stack, "server", { ...SERVER, ...some }));

type Built = ReturnType<typeof synth>;

/** The one container of a task definition family. */
export function containerOf({ all }: Pick<Built, "all">, family: string): Json {
  const definition = all(EcsTaskDefinition).find((found) => found.family === family);
  return JSON.parse(definition.container_definitions)[0];
}
export const serviceOf = ({ all }: Pick<Built, "all">, name: string): Json =>
  all(EcsService).find((found) => found.name === name);

/** Statements of the inline policies whose id holds `id` and whose name is `name`. */
export const statementsOf = ({ byId }: Pick<Built, "byId">, id: string, name: string): Json[] =>
  Object.entries(byId(IamRolePolicy))
    .filter(([key, policy]) => key.includes(id) && policy.name === name)
    .flatMap(([, policy]) => JSON.parse(policy.policy).Statement);
