import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule";
import { Construct } from "constructs";
import { z } from "zod";
import { currentRegion } from "../../common/current-region";
import type { Statement } from "../../common/iam/policy";
import { refuse } from "../../common/settings/faults";
import { parseInput, parseProps } from "../../common/settings/props";
import { pullThrough } from "./access";
import { imageReferenceSchema } from "./image-reference";

const schema = z.strictObject({
  /** Beginning of the names of the repositories that the cache makes: 2 to 30 lower-case letters, digits and `._-/`. */
  prefix: z
    .string()
    .min(2)
    .max(30) // ECR API reference, CreatePullThroughCacheRule
    .regex(
      /^([a-z0-9]+([._-][a-z0-9]+)*\/)*[a-z0-9]+([._-][a-z0-9]+)*$/,
      "must be lower-case letters and digits in words, joined by one of . _ - or /",
    ),
  /** Registry whose images come through; these three want no password. */
  upstream: z.enum(["public.ecr.aws", "quay.io", "registry.k8s.io"]).default("public.ecr.aws"),
});
export type PullThroughCacheProps = z.input<typeof schema>;

/**
 * Public images by way of the account's own registry, which copies each one in when it is first pulled, and offers it
 * from then on, whatever becomes of the public registry.
 *
 * Where a VPC reaches ECR by interface endpoints only, the first pull of an image from inside fails ("Amazon ECR
 * interface VPC endpoints", considerations): someone else has to pull it first, such as the `warm` of an image build.
 * There is no template for the repositories that the cache makes: they hold one image per tag that was pulled, scans are
 * for what one builds oneself, and immutable tags would stand in the cache's way. They outlive the rule.
 */
export class PullThroughCache extends Construct {
  /** `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  /** What who pulls an image has to be allowed. */
  readonly pullStatements: Statement[];
  private readonly rule: EcrPullThroughCacheRule;
  private readonly images: ReturnType<typeof imagesOf>;

  constructor(scope: Construct, id: string, props: PullThroughCacheProps) {
    super(scope, id);
    const { prefix, upstream } = parseProps(this, schema, props);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const region = currentRegion(this);

    this.rule = new EcrPullThroughCacheRule(this, "rule", {
      ecrRepositoryPrefix: prefix,
      upstreamRegistryUrl: upstream,
    });
    this.images = imagesOf(upstream);
    this.registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;
    this.pullStatements = pullThrough(`arn:aws:ecr:${region}:${accountId}:repository/${prefix}/*`);
  }

  /** Where to pull an image of the public registry from, such as `docker/library/rabbitmq:4.1.4`. */
  image(path: string): string {
    const { image } = parseInput(this.node.path, this.images, { image: path });
    return `${this.registry}/${this.rule.ecrRepositoryPrefix}/${image}`;
  }
}

const imagesOf = (upstream: string) =>
  z.object({
    image: imageReferenceSchema.superRefine((image, ctx) => {
      if (image.startsWith(`${upstream}/`)) refuse(ctx, [], `must be what comes after ${upstream}/, got ${image}`);
      else if (upstream === "public.ecr.aws" && !image.includes("/")) {
        refuse(ctx, [], `must have a path, such as docker/library/${image}, got ${image}`);
      }
    }),
  });
