import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { TrainingComputeStack } from "./compute";
import { TrainingJobsStack } from "./jobs";
import { TrainingNetworkStack } from "./network";
import type { TrainingSettings } from "./settings";
import { TrainingStorageStack } from "./storage";

/** Adds the layers of one environment in their order, each with those that it depends on. */
export function training(scope: Construct, environment: BaseSettings, settings: TrainingSettings): void {
  const network = new TrainingNetworkStack(scope, environment, settings);
  const storage = new TrainingStorageStack(scope, environment, { network }, settings);
  const jobs = new TrainingJobsStack(scope, environment, { storage }, settings);
  new TrainingComputeStack(scope, environment, { network, storage, jobs }, settings);
}
