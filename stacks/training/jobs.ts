import { Construct } from "constructs";
import { SingleTable } from "../../modules/aws/dynamodb/single-table";
import { ItemWorkflow } from "../../modules/aws/sfn/item-workflow";
import { sortedEntries } from "../../modules/common/collections";
import { idFrom } from "../../modules/common/names";
import { Interruption } from "../../modules/training/interruption";
import { JobQueues } from "../../modules/training/job-queues";
import { Registry } from "../../modules/training/registry";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { TrainingSettings } from "./settings";
import type { TrainingStorageStack } from "./storage";

/** Where the user writes what a workflow is given. */
const WORKFLOW = {
  "": "training.workflows.*",
  list: "training.workflows.*.listFunctionArn",
  process: "training.workflows.*.processFunctionArn",
  "longList.bucket": "training.workflows.*.longList.bucketName",
};

/** Queues of the jobs, the table of machines and jobs, the watch on interruptions, and workflows. */
export class TrainingJobsStack extends BaseStack {
  readonly queues: JobQueues;
  readonly registry: Registry;
  readonly interruption: Interruption;
  readonly workflows: Readonly<Record<string, ItemWorkflow>>;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    layers: { storage: TrainingStorageStack },
    settings: TrainingSettings,
  ) {
    super(scope, environment, {
      system: "training",
      layer: "jobs",
      description: "Queues of jobs, the table of machines and jobs, the watch on spot interruptions, and workflows",
      places: {
        table: { "": "training.table", name: "name" },
        registry: { "": "training.registry", table: "training.existingTable" },
        queues: { "": "training.queues", name: "name" },
        interruption: {
          "": "training.interruption",
          name: "name",
          environment: "name",
          ttlHours: "training.registry.ttlHours",
          leaseSeconds: "training.registry.leaseSeconds",
        },
        "workflows/*": WORKFLOW,
      },
    });
    const name = `${environment.name}-training`;
    const { alerts } = layers.storage;
    const alarmTopicArns = alerts && [alerts.arn];
    const made = settings.existingTable ? undefined : new SingleTable(this, "table", { ...settings.table, name });
    const table = settings.existingTable ?? (made as SingleTable);
    this.registry = new Registry(this, "registry", { ...settings.registry, table });
    this.queues = new JobQueues(this, "queues", { ...settings.queues, name, alarmTopicArns });
    this.interruption = new Interruption(this, "interruption", {
      ...settings.interruption,
      ...settings.registry,
      name,
      environment: environment.name,
      table: this.registry,
      queues: this.queues,
      alarmTopicArns,
    });
    this.workflows = this.makeWorkflows(name, settings, alarmTopicArns);
    const { queues, deadLetterQueue } = this.queues;
    this.publish({
      job_queue_urls: Object.fromEntries(queues.map(({ priority, url }) => [priority, url])),
      job_queue_arns: Object.fromEntries(queues.map(({ priority, arn }) => [priority, arn])),
      job_dead_letter_queue_url: deadLetterQueue.url,
      job_dead_letter_queue_arn: deadLetterQueue.arn,
      instance_registry_table_name: this.registry.tableName,
      instance_registry_table_arn: this.registry.tableArn,
      ...(made?.streamArn && { instance_registry_stream_arn: made.streamArn }),
      spot_topic_arn: this.interruption.topicArn,
      interruption_rule_arns: this.interruption.ruleArns,
      interruption_function_name: this.interruption.functionName,
      workflow_arns: Object.fromEntries(
        Object.entries(this.workflows).map(([key, { stateMachineArn }]) => [key, stateMachineArn]),
      ),
    });
  }

  private makeWorkflows(
    name: string,
    { workflows }: TrainingSettings,
    alarmTopicArns: string[] | undefined,
  ): Record<string, ItemWorkflow> {
    const scope = new Construct(this, "workflows");
    const { topicArn, topicKeyArn, ready } = this.interruption;
    const made = sortedEntries(workflows).map(([key, workflow]): [string, ItemWorkflow] => {
      const { listFunctionArn, processFunctionArn, longList, ...settings } = workflow;
      const { bucketName = "", kmsKeyArn, ...list } = longList ?? {};
      const bucket = { bucketName, bucketArn: `arn:aws:s3:::${bucketName}`, kmsKeyArn };
      return [
        key,
        new ItemWorkflow(scope, idFrom(key), {
          ...settings,
          name: `${name}-${key}`,
          list: { functionArn: listFunctionArn },
          process: { functionArn: processFunctionArn },
          topic: { arn: topicArn, keyArn: topicKeyArn, ready },
          ...(longList && { longList: { ...list, bucket } }),
          alarmTopicArns,
        }),
      ];
    });
    return Object.fromEntries(made);
  }
}
