import { z } from "zod";
import { boundedName } from "../common/names";

/** Name of a system, with which all names in it begin; three layers have to agree on these without asking each other. */
export const systemNameSchema = z
  .string()
  .min(3)
  .max(24) // leaves room in the names of brokers, load balancers and roles
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, // ECR takes no two hyphens in a row
    "must have lower-case letters, digits and single hyphens between them, a letter first",
  );

/** Names that the gateway has to know before there is a cluster. */
export const namesOf = (name: string) => {
  const workers = `${name}-worker`;
  return {
    cluster: name,
    workers,
    broker: `${name}-broker`,
    page: `${name}-page`,
    /** How ECS calls the group of the workers' tasks. */
    workerGroup: `service:${workers}`,
    /** Beginnings of the names of the workers' roles, as `ManagedRole` makes them. */
    workerRoles: ["task", "execution"].map((role) => `${boundedName(37, `${workers}-${role}`)}-*`),
  };
};
