import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
import { orToken } from "../../common/settings/props";

/** Source: ECS API reference, CreateCluster and CreateService. */
const ecsName = orToken(
  z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9_-]+$/, "must be letters, digits, hyphens and underscores"),
);

export const deploysSchema = z.strictObject({
  /** Cluster of the service. It may not exist yet: then the build redeploys nothing. */
  clusterName: ecsName,
  /** Service to redeploy when its image is pushed. */
  serviceName: ecsName,
  /**
   * Names of the task role and the execution role of its task definition, with `*` for the provider's suffix. With them the
   * build may deploy the newest revision, which ECS rolls back from if tasks failed before the image existed; without them it
   * redeploys the current revision. ECS requires `iam:PassRole` for requests that name a task definition.
   */
  roleNames: z
    .array(z.string().regex(/^[\w+=,.@-]{4,64}\*?$/, "must be a role's name, or at least 4 characters of it and *"))
    .min(1)
    .max(10)
    .optional(),
});
export type Deploys = z.output<typeof deploysSchema>;

/** Permission to redeploy the service, and nothing else of ECS. */
export function deployStatements({ clusterName, serviceName, roleNames }: Deploys, region: string, account: string) {
  const statements: Statement[] = [
    {
      Sid: "Service",
      Action: ["ecs:DescribeServices", "ecs:UpdateService"],
      Resource: `arn:aws:ecs:${region}:${account}:service/${clusterName}/${serviceName}`,
    },
  ];
  if (roleNames) {
    statements.push({
      Sid: "RolesOfItsTasks",
      Action: "iam:PassRole",
      Resource: [...roleNames].sort().map((name) => `arn:aws:iam::${account}:role/${name}`),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
  }
  return statements;
}
