import { z } from "zod";
import { boundedName } from "../common/names";

/** Name of a system, with which all names in it begin: three stacks derive the same names from it. */
export const systemNameSchema = z
  .string()
  .min(3)
  .max(24) // leaves room in the names of brokers, load balancers and roles
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, // ECR takes no two hyphens in a row
    "must have lower-case letters, digits and single hyphens between them, a letter first",
  );

/** Names that the gateway needs before the cluster exists. */
export const namesOf = (name: string) => {
  const workers = `${name}-worker`;
  const page = `${name}-page`;
  const rolesOf = (service: string) =>
    ["task", "execution"].map((role) => `${boundedName(37, `${service}-${role}`)}-*`);
  return {
    cluster: name,
    workers,
    broker: `${name}-broker`,
    page,
    /** ECS task group of the workers. */
    workerGroup: `service:${workers}`,
    /** Name patterns of the workers' roles, as `ManagedRole` creates them. */
    workerRoles: rolesOf(workers),
    /** Name patterns of the page's roles, if it is a service. */
    pageRoles: rolesOf(page),
  };
};
