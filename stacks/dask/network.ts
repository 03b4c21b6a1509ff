import type { Construct } from "constructs";
import { AccessLogBucket } from "../../modules/aws/storage/access-log-bucket";
import { bucketPrefix, PrivateBucket } from "../../modules/aws/storage/private-bucket";
import type { PrivateReach } from "../../modules/common/private-reach";
import type { Zones } from "../../modules/common/zones";
import { Network } from "../../modules/network/network";
import { PrivateSecurityGroup } from "../../modules/network/private-security-group";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { type DaskBucketSettings, type DaskSettings, networkDefaults } from "./settings";

/** What the other layers need of a network; `Network` is one. */
export interface DaskNetwork extends Zones {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly privateSubnetIds: string[];
  /** What the private subnets reach outside the VPC; undefined of a network that exists already. */
  readonly privateReach?: PrivateReach;
}

/** Where the user writes the network that the layers are given. */
export const networkPlace = ({ existingNetwork }: Pick<DaskSettings, "existingNetwork">) =>
  existingNetwork ? "dask.existingNetwork" : "dask.network";

/** Network of all layers, and the buckets of the flows. */
export class DaskNetworkStack extends BaseStack {
  readonly network: DaskNetwork;
  /** Where the user writes it. */
  readonly networkPlace: string;
  /** For results of the flows. */
  readonly outputBucket: PrivateBucket;
  /** For models. */
  readonly modelBucket: PrivateBucket;
  /** Group whose members reach each other on all ports. */
  readonly privateSecurityGroupId: string;

  constructor(scope: Construct, environment: BaseSettings, settings: DaskSettings) {
    super(scope, environment, {
      system: "dask",
      layer: "network",
      description: "VPC with public and private subnets, and the buckets of the flows",
      places: {
        network: { "": "dask.network", name: "name" },
        private: networkPlace(settings),
        output: "dask.outputBucket",
        model: "dask.modelBucket",
        "bucket-logs": "dask.bucketLogs",
      },
    });
    this.networkPlace = networkPlace(settings);
    const name = `${environment.name}-dask`;
    const made = settings.existingNetwork ? undefined : this.makeNetwork(name, settings);
    this.network = made ?? (settings.existingNetwork as DaskNetwork);
    const { vpcId } = this.network;
    this.privateSecurityGroupId = new PrivateSecurityGroup(this, "private", { name, vpcId }).securityGroupId;

    const { bucketLogs } = settings;
    const logs =
      bucketLogs &&
      new AccessLogBucket(this, "access-logs", {
        ...bucketLogs,
        bucketPrefix: bucketPrefix(name, "access-logs"),
        writer: "s3",
      });
    const bucket = (noun: string, own: DaskBucketSettings) =>
      new PrivateBucket(this, noun, {
        ...own,
        ...(own.bucket === undefined && { bucketPrefix: bucketPrefix(name, noun) }),
        ...(logs && { accessLogsBucket: logs.bucketName }),
      });
    this.outputBucket = bucket("output", settings.outputBucket);
    this.modelBucket = bucket("model", settings.modelBucket);

    this.publish({
      vpc_id: vpcId,
      private_subnets: this.network.privateSubnetIds,
      private_security_group_id: this.privateSecurityGroupId,
      output_bucket_name: this.outputBucket.bucketName,
      model_bucket_name: this.modelBucket.bucketName,
      ...(logs && { bucket_logs_bucket_name: logs.bucketName }),
      ...(made && {
        vpc_cidr_block: made.vpcCidrBlock,
        azs: made.azs,
        public_subnets: made.publicSubnetIds,
        private_subnets_cidr_blocks: made.privateSubnetCidrBlocks,
        private_route_table_ids: made.privateRouteTableIds,
      }),
    });
  }

  private makeNetwork(name: string, { network }: DaskSettings): Network {
    return new Network(this, "network", {
      name,
      ...networkDefaults(network),
      ...network,
    });
  }
}
