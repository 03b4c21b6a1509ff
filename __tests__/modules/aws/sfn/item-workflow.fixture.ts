import type { TerraformStack } from "cdktf";
import { ItemWorkflow, type ItemWorkflowProps } from "../../../../modules/aws/sfn/item-workflow";

const lambda = (name: string) => ({ functionArn: `arn:aws:lambda:us-east-1:111122223333:function:${name}` });
export const TOPIC = { arn: "arn:aws:sns:us-east-1:111122223333:alerts" };
export const BUCKET = { bucketName: "lists", bucketArn: "arn:aws:s3:::lists" };

/** The least that a workflow needs. */
export const MINIMAL: ItemWorkflowProps = {
  name: "dev-receipts",
  description: "Labels receipts",
  list: lambda("list"),
  process: lambda("process"),
  topic: TOPIC,
};

export const workflow = (stack: TerraformStack, some: Partial<ItemWorkflowProps> = {}) =>
  new ItemWorkflow(stack, "workflow", { ...MINIMAL, ...some });
