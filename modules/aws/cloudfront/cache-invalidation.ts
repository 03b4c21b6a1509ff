import { join } from "node:path";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { LambdaFunction, type LambdaFunctionProps } from "../lambda/lambda-function";
import { EventQueue } from "../sqs/event-queue";

const PROGRAM = join(__dirname, "..", "..", "..", "assets", "website", "invalidation", "invalidate.py");

/** Seconds for which changes are gathered, so that a deployment of many files is one invalidation or a few. */
const WINDOW = 20;
const TIMEOUT = 30;
/** Paths of one invalidation before it takes the whole site instead: CloudFront has 1000 of them free a month. */
const MOST_PATHS = 50;

export interface CacheInvalidationProps
  extends Pick<LambdaFunctionProps, "tracing" | "logRetentionDays" | "logKmsKeyArn" | "alarmTopicArns"> {
  readonly name: string;
  /** Bucket that tells EventBridge of its objects. */
  readonly bucketName: string;
  readonly distributionId: string;
  readonly distributionArn: string;
  /** Regular expression of the keys of objects that never change. */
  readonly immutable: string;
}

/** Makes CloudFront forget each object of a bucket that was written or deleted, whoever did it. */
export class CacheInvalidation extends Construct {
  readonly function: LambdaFunction;
  readonly queue: EventQueue;

  constructor(scope: Construct, id: string, props: CacheInvalidationProps) {
    super(scope, id);
    const { name, bucketName, distributionId, distributionArn, immutable, ...own } = props;
    const { alarmTopicArns: topicArns } = own;
    this.queue = new EventQueue(this, "changes", {
      name: `${name}-changes`,
      description: "Objects of the website that were written or deleted",
      pattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        detail: { bucket: { name: [bucketName] } },
      },
      // Source: Lambda Developer Guide, "Configuring a queue to use with Lambda": six timeouts and the window
      visibilitySeconds: 6 * TIMEOUT + WINDOW,
      maxReceives: 10, // CloudFront may need minutes before it takes another invalidation
      ...(topicArns && { alarms: { topicArns, ageSeconds: 3600 } }),
    });
    this.function = new LambdaFunction(this, "function", {
      ...own,
      name: `${name}-invalidation`,
      description: "Makes CloudFront forget the files of the website that have changed",
      entry: PROGRAM,
      timeoutSeconds: TIMEOUT,
      deadLetters: false, // its queue has some
      environment: { INVALIDATION: JSON.stringify({ distributionId, immutable, mostPaths: MOST_PATHS }) },
      statements: [
        { Sid: "Invalidate", Action: "cloudfront:CreateInvalidation", Resource: distributionArn },
        {
          Sid: "Changes",
          Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
          Resource: this.queue.queueArn,
        },
      ],
    });
    new LambdaEventSourceMapping(this, "changes-source", {
      eventSourceArn: this.queue.queueArn,
      functionName: this.function.functionArn,
      batchSize: 1000,
      maximumBatchingWindowInSeconds: WINDOW,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 }, // the least that there is
      dependsOn: this.function.ready,
    });
  }
}
