import { z } from "zod";
import { itemWorkflowShape, longListShape } from "../../modules/aws/sfn/item-workflow";
import { bucketNameSchema } from "../../modules/aws/storage/private-bucket";
import { kmsKeyArnSchema } from "../../modules/common/settings/arns";

const functionArnSchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]+)?$/, "must be the ARN of a function");

/** A workflow that lists items by one function and calls another one for each. */
const workflowSchema = z.strictObject({
  /** What it is for, at most 256 characters. */
  description: z.string().min(1).max(256),
  /** Function that is called with the execution's input and gives the items; it must raise what fails. */
  listFunctionArn: functionArnSchema,
  /** Function that is called with each item; it must raise what fails. */
  processFunctionArn: functionArnSchema,
  /** For lists that are too long for an answer: they lie in a bucket, and each item is an execution of its own. */
  longList: z
    .strictObject({
      /** Bucket of lists and of results. */
      bucketName: bucketNameSchema,
      /** Customer managed key of its objects, if any. */
      kmsKeyArn: kmsKeyArnSchema.optional(),
      ...longListShape,
    })
    .optional(),
  ...itemWorkflowShape,
});

/** Workflows by name. */
export const workflowsSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,29}$/, "must be 1 to 30 lower-case letters, digits and hyphens, a letter first"),
    workflowSchema,
  )
  .default({});
