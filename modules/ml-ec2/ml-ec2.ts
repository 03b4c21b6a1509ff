import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { HttpsLoadBalancer } from "../aws/load-balancer/https-load-balancer";
import { SharedFiles } from "../aws/storage/shared-files";
import { policy } from "../common/iam/policy";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference, wrongSetting } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { isHiddenFromMetadata, tagsSchema } from "../common/settings/tags";
import { onePerZone } from "../common/zones";
import { checkAlarms } from "./alarms";
import { Audit, auditShape, trailNameOf } from "./audit";
import { bucketAccess } from "./bucket-access";
import { CiRole, ciRoleShape } from "./ci-role";
import { DataVolumes, dataMounts, dataVolumesShape } from "./data-volumes";
import { checkFleet, Fleet, fleetShape } from "./fleet";
import { hasGpu } from "./image";
import { InstanceConnect, instanceConnectShape } from "./instance-connect";
import { Instances } from "./instances";
import { JupyterToken, jupyterTokenShape } from "./jupyter-token";
import { checkLoadBalancer, loadBalancerProps, loadBalancerShape } from "./load-balancer";
import { LogArchive, logArchiveShape } from "./log-archive";
import { checkMachine, type MachineNetwork, type MachineProps, machineShape } from "./machine";
import { accessShape, listenOn, MachineSecurityGroup } from "./machine-security-group";
import { Monitoring, monitoringShape } from "./monitoring";
import { checkMounts, sharedMountShape } from "./mounts";
import { Patching, patchingShape, patchTags } from "./patching";
import { checkReplication, Replication, replicationShape } from "./replication";
import { Role } from "./role";
import { checkSchedule, Schedule, scheduleShape, stopsByPlan } from "./schedule";
import { Snapshots, snapshotsShape, snapshotTags } from "./snapshots";
import { checkStorage, Storage, storageShape } from "./storage";
import { TrainingLogs, trainingLogsShape } from "./training-logs";
import { renderUserData } from "./user-data";
import { softwareShape } from "./user-data-schema";

/** Network of the training machines; `Network` is one. */
export interface MlNetwork extends MachineNetwork {
  /** Routes to the internet, which machines depend on to install their libraries; undefined for those of another stack. */
  readonly defaultRoutes?: ITerraformDependable[];
}

/** Name of a project that is given none. */
export const DEFAULT_PROJECT = "ml-infrastructure";

const schema = z
  .strictObject({
    /** Name of the project, 2 to 37 lower-case letters, digits and hyphens; all names begin with it and `environment`. */
    projectName: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{0,35}[a-z0-9]$/,
        "must have 2 to 37 lower-case letters, digits and hyphens, a letter first and no hyphen last",
      )
      .refine((name) => !/^sg(-|$)/.test(name), "must not be sg or begin with sg-, which EC2 reserves")
      .default(DEFAULT_PROJECT),
    /** Stage of the project: dev, staging or prod. */
    environment: z.string().pipe(
      z.enum(["dev", "staging", "prod"], {
        error: "must be dev, staging or prod for ML EC2 (mlEc2)",
      }),
    ),
    /** Region of the network. */
    region: orToken(regionSchema),
    /** Network of the machines. */
    network: reference<MlNetwork>("a Network", "vpcId", "vpcCidrBlocks[]", "publicSubnetIds[]", "privateSubnetIds[]"),
    /** Tags of the stack, for what a fleet starts and for snapshots that take none of their volume. The machines read them: no blanks and slashes in keys. */
    tags: tagsSchema
      .superRefine((tags, ctx) => {
        for (const key of Object.keys(tags).filter(isHiddenFromMetadata)) {
          refuse(ctx, [key], "must have no blanks and slashes with training machines, which read their own tags");
        }
      })
      .default({}),
    /** Run JupyterLab on port 8888, with a token that is kept in Secrets Manager only. */
    jupyter: z.boolean().default(true),
    ...softwareShape,
    ...jupyterTokenShape,
    ...machineShape,
    ...accessShape,
    ...dataVolumesShape,
    ...sharedMountShape,
    ...storageShape,
    ...replicationShape,
    ...auditShape,
    ...trainingLogsShape,
    ...logArchiveShape,
    ...monitoringShape,
    ...snapshotsShape,
    ...scheduleShape,
    ...patchingShape,
    ...fleetShape,
    ...loadBalancerShape,
    ...instanceConnectShape,
    ...ciRoleShape,
  })
  .superRefine((settings, ctx) => {
    checkMachine(settings, ctx);
    checkFleet(settings, ctx);
    checkLoadBalancer(settings, ctx);
    checkMounts(settings, ctx);
    checkStorage(settings, ctx);
    checkReplication(settings, ctx);
    checkAlarms(settings, ctx);
    checkSchedule(settings, ctx);
  });
export type MlEc2Props = z.input<typeof schema>;
/** Settings of a user; the stack adds the rest. */
export type MlEc2Settings = Omit<MlEc2Props, "environment" | "region" | "network" | "replicaProvider" | "tags">;
/** Checks these settings, without what follows from the network. */
export const mlEc2Settings = checkedBy(schema, {
  environment: "dev",
  region: "us-west-2",
  network: {
    vpcId: "any",
    vpcCidrBlocks: ["198.18.0.0/16"],
    publicSubnetIds: ["one", "two"],
    privateSubnetIds: ["one", "two"],
  },
  replicaProvider: undefined,
  tags: undefined,
});
type Settings = z.output<typeof schema>;

/** Training machines, single ones or a fleet, with their buckets, permissions, logs and alarms. */
export class MlEc2 extends Construct {
  /** `<project>-<environment>`, the prefix of all names. */
  readonly prefix: string;
  readonly storage: Storage;
  readonly role: Role;
  readonly securityGroupId: string;
  readonly logGroupName: string;
  /** IAM policy document of the machines' permissions in S3. */
  readonly s3Policy: string;
  readonly monitoring: Monitoring;
  /** Single machines; undefined with a fleet. */
  readonly instances: Instances | undefined;
  readonly fleet: Fleet | undefined;
  readonly loadBalancer: HttpsLoadBalancer | undefined;
  readonly sharedFiles: SharedFiles | undefined;
  readonly ciRole: CiRole | undefined;
  /** Secret with Jupyter's token. */
  readonly jupyterToken: JupyterToken | undefined;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: MlEc2Props) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    this.#settings = settings;
    const { network, projectName, environment } = settings;
    const prefix = `${projectName}-${environment}`;
    this.prefix = prefix;

    this.storage = this.makeStorage();
    this.s3Policy = policy(...bucketAccess(this.storage, "read-write"));
    const logs = new TrainingLogs(this, "logs", { prefix, settings });
    this.logGroupName = logs.logGroupName;
    if (settings.logArchive) {
      new LogArchive(this, "log-archive", {
        prefix,
        logGroups: { instance: logs },
        forceDestroy: settings.s3ForceDestroy,
        kmsKeyArn: this.storage.kmsKeyArn,
        settings: settings.logArchive,
      });
    }
    const group = new MachineSecurityGroup(this, "access", { prefix, vpcId: network.vpcId, settings });
    this.securityGroupId = group.securityGroupId;
    this.sharedFiles = this.makeSharedFiles();
    this.jupyterToken = settings.jupyter ? new JupyterToken(this, "jupyter", { prefix, settings }) : undefined;
    this.role = new Role(this, "role", {
      prefix,
      storage: this.storage,
      logGroupArn: logs.logGroupArn,
      metricNamespace: this.metricsNamespace,
      jupyterToken: this.jupyterToken,
      sharedFiles: this.sharedFiles,
    });
    this.loadBalancer = settings.loadBalancer
      ? new HttpsLoadBalancer(
          this,
          "load-balancer",
          loadBalancerProps({
            prefix,
            network,
            machineSecurityGroupId: this.securityGroupId,
            settings: settings.loadBalancer,
          }),
        )
      : undefined;

    const machine: MachineProps = {
      prefix,
      network,
      securityGroupIds: [this.securityGroupId],
      instanceProfileName: this.role.instanceProfileName,
      userData: this.userData(),
      detailedMonitoring: settings.alarms,
      tags: {
        Project: projectName,
        WorkloadType: settings.workloadType,
        ...snapshotTags(prefix, settings),
        ...patchTags(prefix, settings),
      },
      dependsOn: [
        ...this.role.ready,
        group.egress,
        ...(network.defaultRoutes ?? []),
        ...(this.sharedFiles?.ready ?? []),
        ...(this.loadBalancer?.ready ?? []),
      ],
    };
    const targets = this.makeFleet(machine) ?? this.makeInstances(machine);
    this.fleet = targets instanceof Fleet ? targets : undefined;
    this.instances = targets instanceof Instances ? targets : undefined;

    this.monitoring = new Monitoring(this, "monitoring", {
      prefix,
      agentNamespace: this.metricsNamespace,
      region: settings.region,
      targets,
      gpu: hasGpu(settings.instanceType),
      stops: stopsByPlan(settings.schedule, settings.fleet),
      settings,
    });
    this.operate(targets);
    this.ciRole = settings.ciRole
      ? new CiRole(this, "ci", { prefix, storage: this.storage, settings: settings.ciRole })
      : undefined;
  }

  /** Whether TensorBoard runs. */
  get tensorboard(): boolean {
    return this.#settings.tensorboard;
  }

  /** CloudWatch namespace of the machines' own metrics. */
  get metricsNamespace(): string {
    return `${this.#settings.projectName}/${this.#settings.environment}`;
  }

  private makeStorage(): Storage {
    const { prefix } = this;
    const settings = this.#settings;
    const { replication, replicaProvider, audit } = settings;
    const trailName = audit && trailNameOf(prefix);
    const storage = new Storage(this, "storage", { prefix, trailName, settings });
    if (replication && replicaProvider) {
      new Replication(this, "replication", {
        prefix,
        storage,
        provider: replicaProvider,
        settings: { ...replication, s3ForceDestroy: settings.s3ForceDestroy, s3ExpireDays: settings.s3ExpireDays },
      });
    }
    if (audit) {
      new Audit(this, "audit", { prefix, storage, forceDestroy: settings.s3ForceDestroy, settings: audit });
    }
    return storage;
  }

  private makeSharedFiles(): SharedFiles | undefined {
    const { sharedFiles, network } = this.#settings;
    if (!sharedFiles) return undefined;
    const { mountPoint, ...settings } = sharedFiles;
    return new SharedFiles(this, "shared-files", {
      name: `${this.prefix}-shared`,
      vpcId: network.vpcId,
      subnetIds: onePerZone(network, network.privateSubnetIds),
      clientSecurityGroupIds: { machines: this.securityGroupId },
      ...settings,
    });
  }

  private userData(): string {
    const { projectName, environment, region, workloadType, frameworks, tensorboard, sharedFiles, ...rest } =
      this.#settings;
    const files = this.sharedFiles;
    return renderUserData(
      {
        projectName,
        environment,
        region,
        workloadType,
        frameworks,
        tensorboard,
        listen: listenOn(rest),
        datasetsBucket: this.storage.datasets.bucketName,
        modelsBucket: this.storage.models.bucketName,
        jupyter: this.jupyterToken ? { tokenSecretArn: this.jupyterToken.secretArn } : false,
        gpu: hasGpu(rest.instanceType),
        logGroup: this.logGroupName,
        metricsNamespace: this.metricsNamespace,
        fleet: rest.fleet !== undefined,
        sharedFiles:
          files && sharedFiles
            ? {
                fileSystemId: files.fileSystemId,
                accessPointId: files.accessPointId,
                mountPoint: sharedFiles.mountPoint,
              }
            : undefined,
        dataVolumes: dataMounts(rest.dataVolumes).map(({ device, mountPoint }) => ({ device, mountPoint })),
      },
      (key, message) => wrongSetting(this, key, message),
    );
  }

  private makeFleet(machine: MachineProps): Fleet | undefined {
    const settings = this.#settings;
    const { fleet, dataVolumes, schedule } = settings;
    if (!fleet) return undefined;
    return new Fleet(this, "fleet", {
      ...machine,
      dataVolumes,
      stackTags: settings.tags,
      scheduled: schedule !== undefined,
      targetGroupArns: this.loadBalancer ? [this.loadBalancer.targetGroupArn] : [],
      settings: { ...settings, fleet },
    });
  }

  private makeInstances(machine: MachineProps): Instances {
    const { prefix } = this;
    const settings = this.#settings;
    const made = new Instances(this, "machines", { ...machine, settings });
    const { instances } = made;
    if (settings.dataVolumes.length > 0) {
      new DataVolumes(this, "data-volumes", {
        prefix,
        instances,
        volumes: settings.dataVolumes,
        preventDestroy: settings.terminationProtection,
      });
    }
    this.loadBalancer?.attach(instances);
    return made;
  }

  /** Operation of the machines: snapshots, schedule, patching and EC2 Instance Connect, each if it is set. */
  private operate(targets: Fleet | Instances): void {
    const { prefix, securityGroupId: machineSecurityGroupId } = this;
    const { snapshots, schedule, patching, instanceConnect, network, tags } = this.#settings;
    const { diskKmsKeyArn, dataVolumes } = this.#settings;
    const keys = [diskKmsKeyArn, ...dataVolumes.map(({ kmsKeyArn }) => kmsKeyArn)];
    const volumeKmsKeyArns = [...new Set(keys.filter((key) => key !== undefined))];
    if (snapshots) new Snapshots(this, "snapshots", { prefix, volumeKmsKeyArns, stackTags: tags, settings: snapshots });
    if (schedule) {
      new Schedule(this, "schedule", { prefix, targets, volumeKmsKeyArns, settings: schedule });
    }
    if (patching) new Patching(this, "patching", { prefix, settings: patching });
    if (instanceConnect) {
      const [subnetId = ""] = network.privateSubnetIds;
      new InstanceConnect(this, "instance-connect", { prefix, vpcId: network.vpcId, subnetId, machineSecurityGroupId });
    }
  }
}
