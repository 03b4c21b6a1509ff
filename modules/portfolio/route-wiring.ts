import type { HttpApiProps } from "../aws/apigateway/http-api-settings";
import type { FunctionLayer } from "../aws/lambda/lambda-function";
import type { Statement } from "../common/iam/policy";
import { MEDIA_PREFIX, type PortfolioRoute, VARIABLES } from "./routes";

/** Bucket that functions read or write; `PrivateBucket` is one. */
interface Bucket {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly kmsKeyArn: string | undefined;
}

/** What the routes use. */
export interface RouteResources {
  readonly table: { readonly tableName: string; readonly tableArn: string; readonly kmsKeyArn: string | undefined };
  readonly rawBucket: Bucket;
  /** Bucket of the website. */
  readonly siteBucket: Bucket;
  readonly layers: Readonly<Record<string, FunctionLayer>>;
}

/** A route as `HttpApi` takes it: with the names that its function needs, and with no more permissions than it asks for. */
export function wire(route: PortfolioRoute, resources: RouteResources): HttpApiProps["routes"][string] {
  const { table, rawBucket, media, layers, ...http } = route;
  return {
    ...http,
    layers: layers.flatMap((key) => resources.layers[key] ?? []),
    environment: {
      ...http.environment,
      ...(table && { [VARIABLES.table]: resources.table.tableName }),
      ...(rawBucket && { [VARIABLES.rawBucket]: resources.rawBucket.bucketName }),
      ...(media && { [VARIABLES.siteBucket]: resources.siteBucket.bucketName, [VARIABLES.media]: MEDIA_PREFIX }),
    },
    statements: [
      ...(table ? tableStatements(table, resources.table) : []),
      ...(rawBucket ? fileStatements(rawBucket, resources.rawBucket, "") : []),
      ...(media ? fileStatements(media, resources.siteBucket, MEDIA_PREFIX) : []),
      ...http.statements,
    ],
  };
}

const tableStatements = (
  { actions, indexes, items }: NonNullable<PortfolioRoute["table"]>,
  { tableArn, kmsKeyArn }: RouteResources["table"],
): Statement[] => [
  {
    Action: actions.map((action) => `dynamodb:${action}`),
    Resource: [...(items ? [tableArn] : []), ...indexes.map((index) => `${tableArn}/index/${index}`)],
  },
  ...(kmsKeyArn ? [{ Action: "kms:Decrypt", Resource: kmsKeyArn }] : []),
];

/** The objects below a prefix; where there is none, S3 says so only to those who may list the bucket. */
function fileStatements(
  use: NonNullable<PortfolioRoute["media"]>,
  { bucketArn, kmsKeyArn }: Bucket,
  prefix: string,
): Statement[] {
  const reads = use !== "write";
  const writes = use !== "read";
  return [
    {
      Action: [...(reads ? ["s3:GetObject"] : []), ...(writes ? ["s3:PutObject"] : [])],
      Resource: `${bucketArn}/${prefix}*`,
    },
    ...(reads ? [{ Action: "s3:ListBucket", Resource: bucketArn }] : []),
    ...(kmsKeyArn
      ? [{ Action: ["kms:Decrypt", ...(writes ? ["kms:GenerateDataKey"] : [])], Resource: kmsKeyArn }]
      : []),
  ];
}
