import { join } from "node:path";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { folderDigest } from "../common/bundling/folder";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import { HelmChart, type HelmValue, partShape } from "./helm-chart";
import { kubeLabelSchema, kubeNameSchema } from "./kube-names";

const objectSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: kubeNameSchema }),
});
/** A Kubernetes object. */
export type KubeObject = z.input<typeof objectSchema>;

const schema = z.strictObject({
  /** Name of the release. */
  name: kubeLabelSchema.max(53),
  /** Namespace of the release, and of namespaced objects that do not set one. */
  namespace: kubeLabelSchema,
  /** The objects, unique by kind, name and namespace. */
  objects: z
    .array(objectSchema)
    .min(1)
    .superRefine((objects, ctx) => {
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace ?? ""}`);
      names.forEach((name, i) => {
        const message = `must be unique, got ${name.trim()} again`;
        if (names.indexOf(name) !== i) refuse(ctx, [i], message);
      });
    }),
  timeoutSeconds: partShape.timeoutSeconds,
  /** Resources to create first: the release that installs the CRDs. */
  dependsOn: partShape.dependsOn,
});
export type CustomObjectsProps = z.input<typeof schema>;

const CHART = join(__dirname, "..", "..", "assets", "charts", "objects");

/**
 * Custom resources, in a Helm release of their own: Terraform's `kubernetes_manifest` would need their CRDs during plan,
 * before another release installs them.
 */
export class CustomObjects extends Construct {
  readonly chart: HelmChart;
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: CustomObjectsProps) {
    super(scope, id);
    const { objects, ...release } = parseProps(this, schema, props);
    const { path } = new TerraformAsset(this, "asset", {
      path: CHART,
      type: AssetType.DIRECTORY,
      assetHash: folderDigest(CHART),
    });
    this.chart = new HelmChart(this, "chart", {
      chartKey: { path },
      defaults: { objects: objects as HelmValue[] },
      ...release,
    });
    this.ready = this.chart.ready;
  }
}
