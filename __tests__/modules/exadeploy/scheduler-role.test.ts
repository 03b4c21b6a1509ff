import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { expect, it } from "vitest";
import { SchedulerRole, type SchedulerRoleProps } from "../../../modules/exadeploy/scheduler-role";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";

const build = (props: Partial<SchedulerRoleProps> = {}) =>
  synth(
    inCluster(
      (stack) =>
        new SchedulerRole(stack, "role", {
          name: "exa-scheduler",
          namespace: "exa",
          serviceAccount: "exadeploy",
          secretNames: ["exa-api-key"],
          ingresses: false,
          dependsOn: [],
          ...props,
        }),
    ),
  );

it("lets the pods of one service account make runners, in their own namespace", () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual(["kubernetes_role_binding_v1", "kubernetes_role_v1"]);
  expect(one(RoleV1)).toEqual({
    metadata: { name: "exa-scheduler", namespace: "exa" },
    rule: [
      {
        api_groups: [""],
        resources: ["pods"],
        verbs: ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"],
      },
      { api_groups: [""], resources: ["secrets"], resource_names: ["exa-api-key"], verbs: ["get"] },
      { api_groups: [""], resources: ["services"], verbs: ["create", "get", "list", "delete"] },
    ],
  });
  expect(one(RoleBindingV1)).toEqual({
    metadata: { name: "exa-scheduler", namespace: "exa" },
    role_ref: { api_group: "rbac.authorization.k8s.io", kind: "Role", name: "exa-scheduler" },
    subject: [{ kind: "ServiceAccount", name: "exadeploy", namespace: "exa" }],
    depends_on: [expect.stringMatching(/^kubernetes_role_v1\./)],
  });
});
it("lets them make an Ingress for each runner only where there are such", () => {
  expect(build({ ingresses: true }).one(RoleV1).rule.at(-1)).toEqual({
    api_groups: ["networking.k8s.io"],
    resources: ["ingresses"],
    verbs: ["create", "get", "list", "delete"],
  });
});
