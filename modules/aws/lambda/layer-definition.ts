import { variablesOverride } from "../codebuild/codebuild-build";
import { RETRIED, type State, tell } from "../sfn/states";

export interface LayerDefinitionParts {
  readonly name: string;
  readonly bucketName: string;
  readonly projectName: string;
  /** Sources of the builds, `<bucket>/<key>`. */
  readonly sourceLocation: string;
  /** Variables of a build that follow from them. */
  readonly ofSources: Readonly<Record<string, string>>;
  /** Digest of the sources and of what else determines the archive. */
  readonly digest: string;
  /** Build although the archive is there. */
  readonly force: boolean;
  readonly publishFunctionArn: string;
  readonly updateFunctionArn: string;
  readonly functionTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  /** Topic that is told why an execution failed. */
  readonly topicArn?: string;
}

/** Key of the archive of some sources. */
export const archiveKey = (digest: string): string => `layer/${digest}.zip`;

const STATES = {
  look: "Look for the archive",
  choose: "Is it there",
  there: "Nothing to build",
  build: "Build",
  wait: "Wait for the build",
  ask: "Ask for the build",
  end: "How did it end",
  broken: "The build failed",
  publish: "Publish",
  update: "Update functions",
  tell: "Tell of the failure",
  failed: "Failed",
} as const;

/** Ends of a build that made nothing. Source: CodeBuild API reference, Build, buildStatus. */
const BAD_ENDS = ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"];
/** An execution may have 25000 events, nine of them a turn. Source: Step Functions quotas, "Maximum execution history size". */
const MOST_TURNS = 2000;
const POLL_SECONDS = 15;

/**
 * Definition of a state machine in Amazon States Language, JSON: it builds the archive of a layer unless it is there, has it
 * published and given to functions. It asks how the build does rather than have Step Functions wait for it (`.sync`), which
 * would need a rule of EventBridge and tell of every bad end alike.
 */
export function layerDefinition(parts: LayerDefinitionParts): string {
  const { name, digest, topicArn } = parts;
  const bad = topicArn === undefined ? STATES.failed : STATES.tell;
  const caught = { Catch: [{ ErrorEquals: ["States.ALL"], Next: bad }] };
  const call = (Resource: string, Parameters: object, TimeoutSeconds = 60): State => ({
    Type: "Task",
    Resource: `arn:aws:states:::${Resource}`,
    Parameters,
    TimeoutSeconds,
    ...RETRIED,
    ...caught,
  });
  const invoke = (FunctionName: string, Payload: object) =>
    call("lambda:invoke", { FunctionName, Payload }, parts.functionTimeoutSeconds + 10);
  const ended = (status: string, Next: string) => ({ Variable: "$.asked.status", StringEquals: status, Next });

  const states: Record<string, State> = {
    ...(!parts.force && {
      [STATES.look]: {
        ...call("aws-sdk:s3:listObjectsV2", { Bucket: parts.bucketName, Prefix: archiveKey(digest), MaxKeys: 1 }),
        ResultSelector: { "count.$": "$.KeyCount" },
        Next: STATES.choose,
      },
      [STATES.choose]: {
        Type: "Choice",
        Choices: [{ Variable: "$.count", NumericGreaterThan: 0, Next: STATES.there }],
        Default: STATES.build,
      },
      [STATES.there]: { Type: "Pass", Result: { build: null }, Next: STATES.publish },
    }),
    [STATES.build]: {
      ...call("aws-sdk:codebuild:startBuild", {
        ProjectName: parts.projectName,
        SourceLocationOverride: parts.sourceLocation,
        EnvironmentVariablesOverride: variablesOverride(parts.ofSources),
      }),
      ResultSelector: { "build.$": "$.Build.Id" },
      Next: STATES.wait,
    },
    [STATES.wait]: {
      Type: "Wait",
      Seconds: Math.max(POLL_SECONDS, Math.ceil(parts.timeoutSeconds / MOST_TURNS)),
      Next: STATES.ask,
    },
    [STATES.ask]: {
      ...call("aws-sdk:codebuild:batchGetBuilds", { "Ids.$": "States.Array($.build)" }),
      ResultSelector: { "status.$": "States.ArrayGetItem($.Builds[*].BuildStatus, 0)" },
      ResultPath: "$.asked",
      Next: STATES.end,
    },
    [STATES.end]: {
      Type: "Choice",
      Choices: [
        ended("IN_PROGRESS", STATES.wait),
        ended("SUCCEEDED", STATES.publish),
        ...BAD_ENDS.map((status) => ended(status, STATES.broken)),
      ],
      Default: STATES.broken,
    },
    [STATES.broken]: {
      Type: "Pass",
      Parameters: {
        Error: "BuildFailed",
        "Cause.$": "States.Format('Build {} ended as {}: see its log', $.build, $.asked.status)",
      },
      Next: bad,
    },
    [STATES.publish]: {
      ...invoke(parts.publishFunctionArn, { digest, "build.$": "$.build" }),
      ResultSelector: { "published.$": "$.Payload" },
      Next: STATES.update,
    },
    [STATES.update]: {
      ...invoke(parts.updateFunctionArn, {}),
      ResultSelector: { "updated.$": "$.Payload" },
      ResultPath: "$.given",
      End: true,
    },
    ...(topicArn !== undefined && {
      [STATES.tell]: tell(topicArn, `${name} failed`, {
        message: "States.Format('{} See execution {}', States.JsonToString($), $$.Execution.Id)",
        next: STATES.failed,
      }),
    }),
    [STATES.failed]: { Type: "Fail", Error: "LayerFailed", CausePath: "States.JsonToString($)" },
  };
  return JSON.stringify({
    Comment: `Builds the layer ${name}, publishes it and gives it to functions`,
    StartAt: parts.force ? STATES.build : STATES.look,
    TimeoutSeconds: parts.timeoutSeconds,
    States: states,
  });
}
