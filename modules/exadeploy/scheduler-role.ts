import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface SchedulerRoleProps {
  name: string;
  namespace: string;
  serviceAccount: string;
  /** Secrets that the scheduler may read. */
  secretNames: string[];
  /** Allow managing Ingresses, one per runner. */
  ingresses: boolean;
  dependsOn: ITerraformDependable[];
}

/**
 * Permissions of ExaDeploy's scheduler, in its own namespace only: create and delete runners and their Services. Like
 * the chart's own role, except that that one can read every secret.
 */
export class SchedulerRole extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SchedulerRoleProps) {
    super(scope, id);
    const { name, namespace, serviceAccount, secretNames, ingresses } = props;
    const metadata = { name, namespace };
    const dependsOn = props.dependsOn.length > 0 ? props.dependsOn : undefined;
    const ownedVerbs = ["create", "get", "list", "delete"];

    const role = new RoleV1(this, "role", {
      metadata,
      rule: [
        {
          apiGroups: [""],
          resources: ["pods"],
          verbs: ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"],
        },
        { apiGroups: [""], resources: ["secrets"], resourceNames: secretNames, verbs: ["get"] },
        { apiGroups: [""], resources: ["services"], verbs: ownedVerbs },
        ...(ingresses ? [{ apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ownedVerbs }] : []),
      ],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, "binding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subject: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
      dependsOn: [role],
    });

    this.ready = [role, binding];
  }
}
