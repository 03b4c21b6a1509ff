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
import { repositoryNameSchema } from "./image-repository";

const schema = z.strictObject({
  /** Prefix of the repositories that the cache creates: 2 to 30 lower-case letters, digits and `._-/`. */
  prefix: repositoryNameSchema.max(30), // ECR API reference, CreatePullThroughCacheRule
  /** Upstream registry; these three need no credentials. */
  upstream: z.enum(["public.ecr.aws", "quay.io", "registry.k8s.io"]).default("public.ecr.aws"),
});
export type PullThroughCacheProps = z.input<typeof schema>;

/**
 * Pull-through cache of a public registry: the account's own registry copies an image at the first pull and serves it from
 * then on, whatever happens upstream.
 *
 * In a VPC that reaches ECR through interface endpoints only, the first pull of an image fails ("Amazon ECR interface VPC
 * endpoints", considerations): pull it from elsewhere first, for example by `warm` of an image build. The repositories that
 * the cache creates have no creation template: scans are for images of your own, and immutable tags would break the cache.
 * They outlive the rule.
 */
export class PullThroughCache extends Construct {
  /** `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  /** IAM statements for pulling. */
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

  /** Reference of an upstream image, such as `docker/library/rabbitmq:4.1.4`, in the cache. */
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
