import type { Construct } from "constructs";
import type { Cluster } from "../../modules/cluster/cluster";
import {
  ModuleRepoBackend,
  type ModuleRepoBackendSettings,
} from "../../modules/module-repo-backend/module-repo-backend";
import type { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";

/** Database and bucket that persist the module repository's data. */
export class ExadeployModuleRepoBackendStack extends BaseStack {
  readonly backend: ModuleRepoBackend;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    parts: { network: Network; cluster: Cluster },
    settings: ModuleRepoBackendSettings,
  ) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "module-repo-backend",
      description: "RDS database and S3 bucket of the module repository",
      places: {
        "module-repo": {
          "": "exadeploy.moduleRepoBackend",
          exadeployId: "name",
          network: "exadeploy.network",
          cluster: "exadeploy.cluster",
        },
      },
    });
    const backend = new ModuleRepoBackend(this, "module-repo", {
      exadeployId: `${environment.name}-exadeploy`,
      ...parts,
      ...settings,
    });
    this.backend = backend;
    this.publish({
      rds_address: backend.rdsAddress,
      rds_port: backend.rdsPort,
      rds_username: backend.rdsUsername,
      rds_master_user_secret_arn: backend.masterUserSecretArn,
      s3_bucket_id: backend.s3BucketId,
    });
    const { credentials } = backend;
    if (credentials.kind === "pod-identity") {
      this.publish({ s3_role_arn: credentials.roleArn });
    } else {
      const keys = {
        s3_iam_user_access_key: credentials.accessKeyId,
        s3_iam_user_secret_key: credentials.secretAccessKey,
      };
      this.publish(keys, { sensitive: true });
    }
  }
}
