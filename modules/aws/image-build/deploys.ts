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
  /** Cluster of the service. It may be made later: a build that finds none starts nothing anew. */
  clusterName: ecsName,
  /** Service that starts anew when its image is there. */
  serviceName: ecsName,
  /**
   * Names of the task role and the execution role of its task definition, `*` for what the provider appends. With them
   * the build may bring the service to the newest revision, which ECS has left again when its tasks failed before the
   * image was there; without them it starts the revision anew that the service is at. ECS asks for `iam:PassRole` as soon
   * as a request names a task definition.
   */
  roleNames: z
    .array(z.string().regex(/^[\w+=,.@-]{4,64}\*?$/, "must be a role's name, or at least 4 characters of it and *"))
    .min(1)
    .max(10)
    .optional(),
});
export type Deploys = z.output<typeof deploysSchema>;

/** Statements that let a build start the service anew, and nothing else of ECS. */
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
