import { join } from "node:path";
import { type TerraformProvider, Token } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { certificateArnSchema } from "../../common/settings/arns";
import { checkedBy } from "../../common/settings/checked-by";
import { refuse } from "../../common/settings/faults";
import { orToken, show } from "../../common/settings/props";
import { topicArnsSchema } from "../ecs/service-alarms";
import { lambdaFunctionShape } from "../lambda/lambda-function";
import { domainNameSchema, hostedZoneIdSchema } from "../load-balancer/certificate";
import { bucketNameSchema, isAwsProvider, noncurrentDaysSchema } from "../storage/private-bucket";
import { edgeAccessLogsSchema } from "./edge-access-log";
import { responseHeadersShape } from "./response-headers";
import { webAclSchema } from "./web-acl";

const EXAMPLE = join(__dirname, "..", "..", "..", "assets", "website", "site");

const bucketSchema = z
  .strictObject({
    /** Globally unique name; a generated one when absent. */
    name: orToken(bucketNameSchema).optional(),
    /** Let Terraform delete the bucket with the objects in it. */
    forceDestroy: z.boolean().default(false),
    /** Make Terraform refuse plans that would delete the bucket. */
    preventDestroy: z.boolean().default(false),
    /** Days, 1 to 3650, that replaced and deleted files can be restored. */
    noncurrentVersionDays: noncurrentDaysSchema.default(90),
    /** Bucket for S3's own access log; see `PrivateBucket`. None when absent: CloudFront logs what visitors ask for. */
    accessLogsBucket: orToken(bucketNameSchema).optional(),
  })
  .superRefine(({ forceDestroy, preventDestroy }, ctx) => {
    if (!forceDestroy || !preventDestroy) return;
    refuse(ctx, "forceDestroy", "must be false where preventDestroy is true, got true");
  });

const folderName = z
  .string()
  .regex(/^[\w-]+(\/[\w-]+)*$/, "must be a folder of the site such as _next/static, without slashes at its ends");

/** Path of a file that has an address of its own. */
const pageSchema = z
  .string()
  .max(1024) // Amazon S3 User Guide, "Naming Amazon S3 objects"
  .regex(/^(?!\/)(?!.*(^|\/)\.{0,2}(\/|$)).+$/, "must be the path of a file such as resume.html or docs/index.html");

export const websiteSchema = z
  .strictObject({
    /** Prefix of the names of what it creates: 1 to 40 lower-case letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[a-z][a-z0-9-]*$/, "must have lower-case letters, digits and hyphens only, a letter first"),
    /** Its own hosts, up to 10, to the first of which the others redirect; CloudFront's own name when absent. */
    hosts: z
      .array(domainNameSchema)
      .min(1)
      .max(10) // Source: AWS Certificate Manager User Guide, "Quotas", domain names per certificate
      .refine(areDistinct, "must name each host once")
      .optional(),
    /** Route 53 zone of the hosts, for their records and the proof of the certificate; with `certificateArn`, none is needed. */
    hostedZoneId: hostedZoneIdSchema.optional(),
    /** Certificate of the hosts, in us-east-1; one that is created when absent. */
    certificateArn: certificateArnSchema
      .superRefine((arn, ctx) => {
        if (Token.isUnresolved(arn) || String(arn).includes(":acm:us-east-1:")) return;
        // Source: CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
        refuse(ctx, [], `must be in us-east-1, where CloudFront looks for it, got ${arn}`);
      })
      .optional(),
    /** Folder of the site's files, up to 1000; false where a pipeline writes them into the bucket. An example site when absent. */
    folder: z
      .union([z.string().min(1), z.literal(false)], {
        error: ({ input }) => `must be a folder or false, got ${show(input)}`,
      })
      .default(EXAMPLE),
    /** Keys of objects that others write, which the folder must not hold. */
    reserved: z.array(z.string().min(1)).default([]),
    /** Where `folder` is false: paths of the pages that have an address without `.html`, such as `resume.html`. */
    pages: z.array(pageSchema).max(500).refine(areDistinct, "must name each page once").default([]),
    /**
     * What unknown addresses without an extension show: `spa`, the first page, whose program finds its way; `notFound`, the
     * page 404.html.
     */
    fallback: z.enum(["spa", "notFound"]).default("spa"),
    /** Folders whose files never change under their names, such as those of a build with hashes in file names. */
    immutableFolders: z
      .array(folderName)
      .max(20)
      .refine(areDistinct, "must name each folder once")
      .default(["_next/static"]),
    /** The files' bucket. */
    bucket: bucketSchema.prefault({}),
    /** Edge locations: 100 for North America, Europe and Israel, 200 for most of the rest too, All for all. */
    priceClass: z.enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).default("PriceClass_100"),
    ...responseHeadersShape,
    /** Hosts beside its own that scripts may call, such as `https://api.example.com`. */
    connect: z.array(z.string().regex(/^[^\s;,]+$/, "must be a source of a Content-Security-Policy")).default([]),
    /** Log of all requests; false for none. */
    accessLogs: z
      .union([edgeAccessLogsSchema, z.literal(false)], {
        error: ({ input }) => `must be settings of the log or false, got ${show(input)}`,
      })
      .prefault({}),
    /** Firewall; none when absent. */
    waf: webAclSchema.optional(),
    /** Firewall that exists, of the scope CLOUDFRONT; see `waf`. */
    webAclArn: orToken(
      z
        .string()
        .regex(
          /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
          "must be the ARN of a web ACL of the scope CLOUDFRONT",
        ),
    ).optional(),
    /** Percentage of answers that are the site's own errors (5xx), above 0 to 100, from which an alarm fires. */
    errorPercent: z.number().gt(0).max(100).default(5),
    ...lambdaFunctionShape,
    /** SNS topics in us-east-1, 1 to 5, of the alarm on errors, since CloudFront's figures are there; no alarm when absent. */
    globalAlarmTopicArns: topicArnsSchema.optional(),
    /** AWS provider of us-east-1, which certificate, firewall, log and alarm need; absent where the stack's own is. */
    globalProvider: z.custom<TerraformProvider>(isAwsProvider, { error: "must be an AwsProvider" }).optional(),
  })
  .superRefine(({ hosts, hostedZoneId, certificateArn, folder, pages, waf, webAclArn }, ctx) => {
    if (hosts && hostedZoneId === undefined && certificateArn === undefined) {
      refuse(ctx, "hostedZoneId", "or certificateArn is required with hosts, got neither");
    }
    if (!hosts && certificateArn !== undefined) {
      refuse(ctx, "certificateArn", "must be left out without hosts, which it is for, got one");
    }
    if (!hosts && hostedZoneId !== undefined) {
      refuse(ctx, "hostedZoneId", "must be left out without hosts, whose zone it is, got one");
    }
    if (folder !== false && pages.length > 0) {
      refuse(ctx, "pages", `must be left out unless folder is false, since its files tell, got ${pages.length}`);
    }
    if (waf && webAclArn !== undefined)
      refuse(ctx, "webAclArn", "must be left out with waf, which creates one, got one");
  });
export type StaticWebsiteProps = z.input<typeof websiteSchema>;
export type WebsiteSettings = z.output<typeof websiteSchema>;

/** Checks the settings of a user. */
export const staticWebsiteSettings = checkedBy(websiteSchema, {
  name: "any",
  hosts: ["example.com"],
  hostedZoneId: "Z1",
  reserved: undefined,
  connect: undefined,
  alarmTopicArns: undefined,
  globalAlarmTopicArns: undefined,
  globalProvider: undefined,
});
