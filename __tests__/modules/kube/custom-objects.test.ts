import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Release } from "@cdktf/provider-helm/lib/release";
import { expect, it } from "vitest";
import { CustomObjects, type CustomObjectsProps } from "../../../modules/kube/custom-objects";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { valuesOf } from "./golden.fixture";

type Props = Partial<CustomObjectsProps>;
const object = (name: string, more: object = {}) => ({
  apiVersion: "example.com/v1",
  kind: "Thing",
  metadata: { name, ...more },
});
const make = inCluster(
  (scope, props: Props = {}) =>
    new CustomObjects(scope, "objects", { name: "things", namespace: "a", objects: [object("x")], ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));

it("is a release of a chart of this project, which travels with the stack", () => {
  const found = build().one(Release);
  expect(found).toMatchObject({ name: "things", namespace: "a", chart: expect.stringMatching(/^assets\//) });
  expect(found).not.toHaveProperty("repository");
  expect(build().one(Release).chart).toBe(found.chart);
});
it("holds the objects as they are, in their order", () => {
  const objects = [object("b"), { ...object("a"), spec: { text: "{{ x }}", list: [1, null] } }];
  expect(valuesOf(build({ objects })).objects).toEqual(objects);
});
it("writes each object as a document, and takes none of its text for a template", () => {
  const chart = join(__dirname, "..", "..", "..", "assets", "charts", "objects");
  const template = readFileSync(join(chart, "templates", "objects.yaml"), "utf8");
  expect(template).toBe("{{- range .Values.objects }}\n---\n{{ toYaml . }}\n{{- end }}\n");
  expect(readFileSync(join(chart, "Chart.yaml"), "utf8")).toMatch(/^apiVersion: v2$/m);
});
it("comes after what brings the kinds", () => {
  const { all } = synth((stack) => {
    const { ready } = make(stack);
    new CustomObjects(stack, "more", { name: "more", namespace: "a", objects: [object("y")], dependsOn: ready });
  });
  const later = all(Release).find(({ name }) => name === "more");
  expect(later.depends_on).toEqual([expect.stringMatching(/^helm_release\./)]);
});
it.each<Props>([
  { name: "a".repeat(53) },
  { objects: [object("a".repeat(253))] },
  { objects: [object("x", { namespace: "a" }), object("x", { namespace: "b" })] },
])("takes %#", (props) => {
  expect(build(props).all(Release)).toHaveLength(1);
});

const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/objects",
  [
    ["name", { name: "a".repeat(54) }, "at most 53"],
    ["name", { name: "Things" }],
    ["namespace", { namespace: "a.b" }],
    ["objects", { objects: [] }, "at least 1"],
    ["objects", wrong({ objects: "---" })],
    ["objects[0].kind", wrong({ objects: [{ apiVersion: "v1", metadata: { name: "x" } }] }), "is required"],
    ["objects[0].apiVersion", wrong({ objects: [{ ...object("x"), apiVersion: "" }] })],
    ["objects[0].metadata", wrong({ objects: [{ apiVersion: "v1", kind: "X" }] })],
    ["objects[0].metadata.name", { objects: [object("X_Y")] }, "lower-case", "X_Y"],
    ["objects[1]", { objects: [object("x"), object("x")] }, "must be unique", "Thing x"],
    ["timeoutSeconds", { timeoutSeconds: 59 }],
    ["dependsOn[0]", wrong({ dependsOn: ["x"] })],
    ["values", wrong({ values: {} })],
  ],
  make,
);
