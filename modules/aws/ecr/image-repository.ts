import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
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

/** What a user chooses of a repository, whatever is in it. */
export const imageRepositoryShape = {
  /** Key that encrypts the images; AES-256 by ECR itself when absent. A change replaces the repository. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Days, 1 to 3650, after which an image goes that no tag points to, as a push that was cut short leaves. */
  untaggedDays: z.int().min(1).max(3650).default(7),
  /** Images, 1 to 1000, that stay; when there are more, the oldest go. Thirty are some months of changes. */
  keepImages: z.int().min(1).max(1000).default(30),
  /** Whether Terraform may delete the repository with the images in it. */
  forceDelete: z.boolean().default(false),
};

const schema = z.strictObject({
  /** Name of the repository: 2 to 256 lower-case letters, digits and `._-/`. */
  name: repositoryNameSchema,
  ...imageRepositoryShape,
  /** Tags on the repository. */
  tags: tagsSchema.optional(),
});
export type ImageRepositoryProps = z.input<typeof schema>;

/** ECR repository in which a tag, once pushed, always means the same image, scanned when it came in. */
export class ImageRepository extends Construct {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, to which `:<tag>` is added. */
  readonly repositoryUrl: string;
  readonly repositoryArn: string;
  readonly repositoryName: string;
  /** What who pulls an image has to be allowed. */
  readonly pullStatements: Statement[];
  /** What who pushes an image has to be allowed. */
  readonly pushStatements: Statement[];

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    const { name, kmsKeyArn, untaggedDays, keepImages, forceDelete, tags } = parseProps(this, schema, props);

    const repository = new EcrRepository(this, "repository", {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        kmsKeyArn ? { encryptionType: "KMS", kmsKey: kmsKeyArn } : { encryptionType: "AES256" },
      ],
      forceDelete,
      tags,
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
