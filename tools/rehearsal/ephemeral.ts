import type { Block } from "./schema";

/**
 * Schemas of ephemeral resources, by provider and type: the bindings have none, so they are written down here, as version
 * 5.100.0 of the AWS provider has them. Only those that stacks use.
 */
export const EPHEMERAL: Record<string, Record<string, Block>> = {
  "registry.terraform.io/hashicorp/aws": {
    aws_secretsmanager_random_password: {
      attributes: {
        exclude_characters: { type: "string", optional: true },
        exclude_lowercase: { type: "bool", optional: true },
        exclude_numbers: { type: "bool", optional: true },
        exclude_punctuation: { type: "bool", optional: true },
        exclude_uppercase: { type: "bool", optional: true },
        include_space: { type: "bool", optional: true },
        password_length: { type: "number", optional: true },
        random_password: { type: "string", computed: true, sensitive: true },
        require_each_included_type: { type: "bool", optional: true },
      },
      blocks: {},
    },
    aws_secretsmanager_secret_version: {
      attributes: {
        arn: { type: "string", computed: true },
        created_date: { type: "string", computed: true },
        secret_binary: { type: "string", computed: true, sensitive: true },
        secret_id: { type: "string", required: true },
        secret_string: { type: "string", computed: true, sensitive: true },
        version_id: { type: "string", optional: true, computed: true },
        version_stage: { type: "string", optional: true, computed: true },
        version_stages: { type: ["list", "string"], computed: true },
      },
      blocks: {},
    },
  },
};
