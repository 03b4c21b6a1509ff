import type { Environment } from "../../stacks/environment";
import type { SystemKey } from "../../stacks/systems";
import { daskConfigurations } from "./dask/configurations.fixture";
import { configurations as exadeploy } from "./exadeploy/configurations.fixture";
import { kubeConfigurations } from "./exadeploy/kube-configurations.fixture";
import { fossaConfigurations as fossa } from "./fossa/configurations.fixture";
import { portfolioConfigurations } from "./portfolio/configurations.fixture";
import { trainingConfigurations } from "./training/configurations.fixture";

/** Environments in which a system is tested, in addition to dev and prod. */
interface Configurations {
  /** Planned against simulated AWS. */
  readonly aws: readonly Environment[];
  /** Whose resource addresses must stay. */
  readonly addresses: readonly Environment[];
}

const { everything, karpenter, operator } = kubeConfigurations;
const both = (environments: Record<string, Environment>): Configurations => ({
  aws: Object.values(environments),
  addresses: Object.values(environments),
});

const configurations: Record<SystemKey, Configurations> = {
  exadeploy: { aws: Object.values(exadeploy), addresses: [everything, karpenter, operator] },
  mlEc2: both({}),
  fossa: both(fossa),
  dask: both(daskConfigurations),
  training: both(trainingConfigurations),
  portfolio: both(portfolioConfigurations),
};

/** Configurations of all systems that are planned against simulated AWS. */
export const awsConfigurations = Object.values(configurations).flatMap(({ aws }) => aws);
/** Configurations of all systems whose resource addresses must stay. */
export const addressConfigurations = Object.values(configurations).flatMap(({ addresses }) => addresses);
