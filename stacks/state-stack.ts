import type { Construct } from "constructs";
import { StateBucket } from "../modules/aws/state-bucket/state-bucket";
import type { BaseSettings, StateSettings } from "./base-settings";
import { BaseStack } from "./base-stack";

/** S3 bucket with access logs and KMS key for the state of the environment's other stacks; its own state is local. */
export class StateStack extends BaseStack {
  constructor(scope: Construct, environment: BaseSettings, state: Extract<StateSettings, { kind: "s3" }>) {
    super(
      scope,
      // the bucket's region, which may differ from that of the environment
      { ...environment, region: state.region ?? environment.region },
      {
        system: "state",
        description: "S3 bucket and KMS key for the state of the other stacks",
        places: { state: "state" },
      },
      { kind: "local", directory: "state" },
    );
    const bucket = new StateBucket(this, "state", { bucket: state.bucket, accessLogs: {} });
    this.publish({ state_bucket: bucket.bucketId, state_kms_key_arn: bucket.kmsKeyArn });
  }
}
