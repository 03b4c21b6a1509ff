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
/** An object as Kubernetes has it. */
export type KubeObject = z.input<typeof objectSchema>;

const schema = z.strictObject({
  /** Name of the release. */
  name: kubeLabelSchema.max(53),
  /** Namespace of the release, and of the objects that have one and name none. */
  namespace: kubeLabelSchema,
  /** The objects, each of which its kind and name tell from the others. */
  objects: z
    .array(objectSchema)
    .min(1)
    .superRefine((objects, ctx) => {
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace ?? ""}`);
      names.forEach((name, i) => {
        const message = `must not stand twice, got ${name.trim()} again`;
        if (names.indexOf(name) !== i) refuse(ctx, [i], message);
      });
    }),
  timeoutSeconds: partShape.timeoutSeconds,
  /** What must be there before: the release that brings the kinds. */
  dependsOn: partShape.dependsOn,
});
export type CustomObjectsProps = z.input<typeof schema>;

const CHART = join(__dirname, "..", "..", "assets", "charts", "objects");

/**
 * Objects of kinds that another release brings, in a release of their own: Terraform's `kubernetes_manifest` would have to
 * know the kinds when it plans, before they are there.
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
