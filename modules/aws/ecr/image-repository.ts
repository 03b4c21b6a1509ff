import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
import { allowReplacementShape, lastingSettings } from "../../common/lasting-settings";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { pullFrom, pushTo } from "./access";

/** Name of a repository, such as `fossa/worker`. */
export const repositoryNameSchema = z
  .string()
  .min(2)
  .max(256) // ECR API reference, CreateRepository
  .regex(
    /^([a-z0-9]+([._-][a-z0-9]+)*\/)*[a-z0-9]+([._-][a-z0-9]+)*$/,
    "must be lower-case letters and digits in words, joined by one of . _ - or /",
  );

/** Settings of an image repository. */
export const imageRepositoryShape = {
  /** KMS key that encrypts the images; AES-256 by ECR when absent. A change replaces the repository. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Days, 1 to 3650, after which untagged images expire, such as those of interrupted pushes. */
  untaggedDays: z.int().min(1).max(3650).default(7),
  /** Number of images to keep, 1 to 1000; older ones expire. 30 cover some months of changes. */
  keepImages: z.int().min(1).max(1000).default(30),
  /** Let Terraform delete the repository with the images in it. */
  forceDelete: z.boolean().default(false),
  ...allowReplacementShape,
};

const schema = z.strictObject({
  /** Name of the repository: 2 to 256 lower-case letters, digits and `._-/`. */
  name: repositoryNameSchema,
  ...imageRepositoryShape,
  /** Tags on the repository. */
  tags: tagsSchema.optional(),
});
export type ImageRepositoryProps = z.input<typeof schema>;

/** ECR repository with immutable tags and scan on push. */
export class ImageRepository extends Construct {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, without a tag. */
  readonly repositoryUrl: string;
  readonly repositoryArn: string;
  readonly repositoryName: string;
  /** IAM statements for pulling. */
  readonly pullStatements: Statement[];
  /** IAM statements for pushing. */
  readonly pushStatements: Statement[];

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    const { name, kmsKeyArn, untaggedDays, keepImages, forceDelete, tags, allowReplacement } = parseProps(
      this,
      schema,
      props,
    );

    const repository = new EcrRepository(this, "repository", {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        kmsKeyArn ? { encryptionType: "KMS", kmsKey: kmsKeyArn } : { encryptionType: "AES256" },
      ],
      forceDelete,
      tags,
      lifecycle: lastingSettings(this, "lasting", {
        what: "the repository",
        settings: { kmsKeyArn },
        allowReplacement,
      }),
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: lifecycle(untaggedDays, keepImages),
    });

    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    this.repositoryName = repository.name;
    this.pullStatements = pullFrom(repository.arn);
    this.pushStatements = pushTo(repository.arn);
  }
}

const lifecycle = (untaggedDays: number, keepImages: number): string => {
  const action = { type: "expire" };
  const untagged = {
    tagStatus: "untagged",
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber: untaggedDays,
  };
  const any = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages };
  return JSON.stringify({
    rules: [
      { rulePriority: 1, description: "no tag points to it", selection: untagged, action },
      // the rule on all images has to be the last: Amazon ECR User Guide, "Lifecycle policy parameters"
      { rulePriority: 2, description: "older than the newest", selection: any, action },
    ],
  });
};
