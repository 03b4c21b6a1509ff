import type { Construct } from "constructs";
import type { z } from "zod";
import type { Attempts } from "./base-attempts";
import type { BaseSettings } from "./base-settings";
import { dask } from "./dask/dask";
import { daskSchema } from "./dask/settings";
import { exadeploy } from "./exadeploy/exadeploy";
import { exadeploySchema } from "./exadeploy/settings";
import { fossa } from "./fossa/fossa";
import { fossaSchema } from "./fossa/settings";
import { MlEc2Stack } from "./ml-ec2/ml-ec2";
import { mlEc2Schema } from "./ml-ec2/settings";
import { portfolio } from "./portfolio/portfolio";
import { portfolioSchema } from "./portfolio/settings";
import { trainingSchema } from "./training/settings";
import { training } from "./training/training";

/** Systems that an environment can have: the key and the settings of each. A new system is registered in this file. */
export const systemsShape = {
  /** ExaDeploy's cloud: network, EKS cluster, module repository backend and peerings. */
  exadeploy: exadeploySchema.optional(),
  /** ML EC2: a training machine with its buckets, or a fleet of them. */
  mlEc2: mlEc2Schema.optional(),
  /** Fossa: a worker farm on Fargate with its gateway. */
  fossa: fossaSchema.optional(),
  /** Dask and Prefect: network, VPN, load balancing, Dask on Fargate and Prefect's workers. */
  dask: daskSchema.optional(),
  /** The training platform: jobs from queues, on spot machines that may vanish. */
  training: trainingSchema.optional(),
  /** Portfolio: a website with an API, its table and its bucket, and the layers of its functions. */
  portfolio: portfolioSchema.optional(),
};

type Systems = Required<z.output<z.ZodObject<typeof systemsShape>>>;
/** Key of a system in the settings of an environment. */
export type SystemKey = keyof Systems;

type AddStacks = {
  readonly [Key in SystemKey]: (scope: Construct, environment: BaseSettings, settings: Systems[Key]) => void;
};

/** How the stacks of each system are added. */
const stacks: AddStacks = {
  exadeploy,
  mlEc2: (...args) => new MlEc2Stack(...args),
  fossa,
  dask,
  training,
  portfolio,
};

/** Keys of all systems. */
export const systemKeys = Object.keys(systemsShape) as SystemKey[];

/** Adds the stacks of every system that the environment has; wrong settings are left to `attempts`. */
export function addSystems(scope: Construct, environment: BaseSettings & Partial<Systems>, attempts: Attempts): void {
  for (const key of systemKeys) attempts.of(() => addSystem(scope, environment, environment, key));
}

function addSystem<Key extends SystemKey>(
  scope: Construct,
  environment: BaseSettings,
  systems: Partial<Systems>,
  key: Key,
): void {
  const settings = systems[key];
  if (settings) stacks[key](scope, environment, settings);
}
