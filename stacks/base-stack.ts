import { relative, resolve } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import {
  App,
  DefaultTokenResolver,
  Fn,
  Lazy,
  LocalBackend,
  S3Backend,
  StringConcat,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  Tokenization,
} from "cdktf";
import type { Construct } from "constructs";
import { type Places, writtenAt } from "../modules/common/settings/places";
import { estimateMonthlyCost } from "../modules/cost/estimate";
import { costOutput } from "../modules/cost/format";
import type { StackJson } from "../modules/cost/stack-json";
import type { BaseSettings, StateSettings } from "./base-settings";

/** Identity of a stack. */
export interface StackIdentity {
  /** System of the stack, such as `exadeploy`. */
  system: string;
  /** Part of the system; absent if the system is one stack. */
  layer?: string;
  /** One line about the stack's content, for `npm start`. */
  description: string;
  /** Tags of the system, in addition to those of every stack and the user's. */
  tags?: Record<string, string>;
  /** Where the user writes the settings of the stack's constructs, by the path of each below the stack. */
  places: Places;
}

/** Another account or region that the stack uses. */
export interface OtherProvider {
  region: string;
  account?: string;
  /** Role to assume in that account. */
  roleArn?: string;
}

/** Cluster whose API the stack calls; `Cluster` is one. */
export interface ReachableCluster {
  clusterName: string;
  clusterEndpoint: string;
  /** CA certificate of the API, base64. */
  clusterCertificateAuthorityData: string;
}

/** Tested provider versions, instead of the bindings' exact pin. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";
const CLUSTER_PROVIDER_VERSIONS = { helm: ">= 3.1.0, < 4.0.0", kubernetes: ">= 2.38.0, < 3.0.0" };
/** The S3 backend's lock file requires Terraform 1.10 or OpenTofu 1.10. */
const TERRAFORM_VERSIONS = ">= 1.10.0";

/** Unit of state and deployment: the only place that creates providers, state backends and default tags. */
export class BaseStack extends TerraformStack {
  /** Tags on all that the stack creates; what is created later from its descriptions has to be told them. */
  protected readonly tags: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    readonly environment: BaseSettings,
    { system, layer, description, tags, places }: StackIdentity,
    state: StateSettings = environment.state,
  ) {
    const id = [environment.name, system, layer].filter(Boolean).join("-");
    super(scope, id);
    writtenAt(this, environment.name, places);
    this.tags = {
      ...tags,
      ...environment.tags,
      Environment: environment.name,
      System: system,
      Stack: id,
      ManagedBy: "cdktf-ml-infra",
    };
    this.addOverride("//.metadata.description", description);
    this.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
    this.provider("aws", { region: environment.region, account: environment.account });
    this.keepState(state);
    this.publishCost();
  }

  /** Adds an AWS provider for resources in another account or region; `alias` is its id. */
  protected otherProvider(alias: string, other: OtherProvider): AwsProvider {
    return this.provider(alias, other, alias);
  }

  /**
   * Adds the providers for a cluster's API. They get a token from the AWS CLI whenever they need one: no token is in the
   * state, and none expires during a long apply.
   */
  protected clusterProviders(cluster: ReachableCluster): void {
    const { region } = this.environment;
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", cluster.clusterName, "--region", region, "--output", "json"],
    };
    const access = {
      host: cluster.clusterEndpoint,
      clusterCaCertificate: Fn.base64decode(cluster.clusterCertificateAuthorityData),
    };
    new HelmProvider(this, "helm", { kubernetes: { ...access, exec } });
    new KubernetesProvider(this, "kubernetes", { ...access, exec: [exec] });
    for (const [name, versions] of Object.entries(CLUSTER_PROVIDER_VERSIONS)) {
      this.addOverride(`terraform.required_providers.${name}.version`, versions);
    }
  }

  /** Adds outputs of these exact names. */
  protected publish(values: Record<string, unknown>, options: { sensitive?: boolean } = {}): void {
    for (const [name, value] of Object.entries(values)) {
      new TerraformOutput(this, name, { value, staticId: true, ...options });
    }
  }

  /** Publishes the estimated monthly cost of the resources that the stack has at synthesis. */
  private publishCost(): void {
    let cost: ReturnType<typeof costOutput> | undefined; // resolved several times during synthesis
    const produce = () => {
      cost ??= costOutput(estimateMonthlyCost(this.resources()));
      return cost;
    };
    const value = Lazy.anyValue({ produce });
    new TerraformOutput(this, "estimated_monthly_cost", { value, staticId: true });
  }

  /** Terraform JSON of the stack's resources and the regions of their providers. */
  private resources(): StackJson {
    const resource: Record<string, Record<string, unknown>> = {};
    for (const element of this.node.findAll().filter(TerraformResource.isTerraformResource)) {
      const { terraformResourceType: type } = element;
      const resolver = new DefaultTokenResolver(new StringConcat());
      const json = Tokenization.resolve(element.toTerraform(), { scope: element, resolver, preparing: false });
      resource[type] = { ...resource[type], ...json.resource[type] };
    }
    const providers = this.node.findAll().filter((element) => element instanceof AwsProvider);
    return { resource, provider: { aws: providers.map(({ alias, region }) => ({ alias, region })) } };
  }

  private provider(id: string, { region, account, roleArn }: OtherProvider, alias?: string): AwsProvider {
    return new AwsProvider(this, id, {
      alias,
      region,
      allowedAccountIds: account ? [account] : undefined,
      assumeRole: roleArn ? [{ roleArn }] : undefined,
      defaultTags: [{ tags: { ...this.tags } }],
    });
  }

  private keepState(state: StateSettings): void {
    const { name, region } = this.environment;
    const key = `${name}/${this.node.id}.tfstate`;
    if (state.kind === "local") {
      // Terraform runs in <outdir>/stacks/<id>; a relative path gives the same output on every machine
      const workingDirectory = resolve(App.of(this).outdir, "stacks", this.node.id);
      new LocalBackend(this, { path: relative(workingDirectory, resolve(state.directory, key)) });
      return;
    }
    const { bucket, kmsKeyId = `alias/${bucket}` } = state;
    new S3Backend(this, { bucket, key, region: state.region ?? region, kmsKeyId, encrypt: true });
    this.addOverride("terraform.backend.s3.use_lockfile", true); // not in the bindings yet
  }
}
