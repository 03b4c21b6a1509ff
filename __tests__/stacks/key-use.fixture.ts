import type { Statement } from "../../modules/common/iam/policy";
import type { Json } from "../support/synth";
import {
  actionsOf,
  allowed,
  covers,
  type Made,
  type Principal,
  parsed,
  principals,
  resourcesOf,
  type WholeApp,
} from "../support/whole-app";
import { AUTO_SCALING_OPERATIONS, KEY_FACTS, type KeyFact, START_ACTIONS, VOLUME_ACTIONS } from "./key-facts.fixture";

/** A thing that lies under a key. */
export interface Keyed {
  readonly made: Made;
  readonly fact: KeyFact;
  /** ARN of a key of the user's, or the address of one of ours. */
  readonly key: string;
}

const lack = (who: string, actions: readonly string[], key: string, thing: string): string[] =>
  actions.length === 0 ? [] : [`${who} lacks ${actions.join(", ")} on ${key}, the key of ${thing}`];

/** Values at a path, of which `*` is each item of a list. A block that may stand once is a list of one or itself. */
export function valuesAt(body: Json, path: readonly string[]): Json[] {
  const [head, ...rest] = path;
  if (Array.isArray(body)) return body.flatMap((item) => valuesAt(item, head === "*" ? rest : path));
  if (body === undefined || body === null) return [];
  if (typeof body === "string" && head !== undefined) return body.startsWith("{") ? valuesAt(parsed(body), path) : [];
  if (head === undefined) return [body];
  return head === "*" ? valuesAt(body, rest) : valuesAt(body[head], rest);
}

/** Key that a text names: its ARN, or the address of ours. */
export function keyOf(app: WholeApp, text: unknown): string {
  return app.referred(text)?.address ?? String(text);
}

/** Everything of the app that lies under a key. */
export const keyedThings = (app: WholeApp): Keyed[] =>
  KEY_FACTS.flatMap((fact) =>
    app
      .all(fact.type)
      .flatMap((made) =>
        valuesAt(made.body, fact.argument.split(".")).map((value) => ({ made, fact, key: keyOf(app, value) })),
      ),
  );

/** Statement by which a principal may do this with that resource, if there is one. */
function granting(app: WholeApp, { statements }: Principal, action: string, thing: Made, named?: string) {
  return statements.find(
    (statement) =>
      actionsOf(statement).some((pattern) => covers(pattern, action)) &&
      resourcesOf(statement).some(
        (resource) =>
          app.referred(resource)?.address === thing.address && (named === undefined || resource.includes(`.${named}`)),
      ),
  );
}

/** The thing that policies speak of: the bucket whose encryption this configures. */
const subject = (app: WholeApp, { made }: Keyed): Made =>
  made.type === "aws_s3_bucket_server_side_encryption_configuration" ? (app.referred(made.body.bucket) ?? made) : made;

/** Whether a principal may do this with a key: by a policy of its own, or by a grant. */
export function mayUse(app: WholeApp, principal: Principal, action: string, key: string): boolean {
  const byPolicy = principal.statements.some(
    (statement) =>
      actionsOf(statement).some((pattern) => covers(pattern, action)) &&
      resourcesOf(statement).some((resource) => keyOf(app, resource) === key),
  );
  return byPolicy || grantOf(app, key, principal.made.address).includes(action.replace("kms:", ""));
}

/** Operations that grants of the app give somebody, a role of ours or one by its ARN, on a key. */
export function grantOf(app: WholeApp, key: string, grantee: string): string[] {
  return app
    .all("aws_kms_grant")
    .filter(({ body }) => keyOf(app, body.key_id) === key)
    .filter(({ body }) =>
      (app.referred(body.grantee_principal)?.address ?? String(body.grantee_principal)).endsWith(grantee),
    )
    .flatMap(({ body }) => body.operations as string[]);
}

/** What roles and users lack on the keys of the things that they use. */
export function lackingPrincipals(app: WholeApp): string[] {
  const all = principals(app);
  return keyedThings(app).flatMap((keyed) =>
    (keyed.fact.uses ?? []).flatMap(({ actions, needs }) =>
      all.flatMap((principal) => {
        const thing = subject(app, keyed);
        const used = actions.filter((action) => granting(app, principal, action, thing, keyed.fact.named));
        if (used.length === 0) return [];
        const lacked = needs.filter((action) => !mayUse(app, principal, action, keyed.key));
        return lack(principal.made.path, lacked, keyed.key, thing.path);
      }),
    ),
  );
}

/** Statements of the policy of a key of ours that are for a service. */
function forService(app: WholeApp, key: string, service: string): Statement[] {
  return allowed(app.at(key)?.body.policy).filter(({ Principal }) =>
    typeof Principal === "object" ? [Principal.Service].flat().some((name) => matches(name, service)) : false,
  );
}

/** A service whose name bears its region, literal or not. */
const matches = (name: string | undefined, service: string): boolean => {
  const [head = "", tail = ""] = service.split("{region}");
  return name?.startsWith(head) === true && name.endsWith(tail);
};

/** Services that act on the thing by the thing's own policy, with what they then need of its key. */
function servicesOf(app: WholeApp, keyed: Keyed): [string, readonly string[]][] {
  const thing = subject(app, keyed);
  const policies = app.all("aws_s3_bucket_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy");
  const own = policies
    .filter(({ body }) => app.referred(body.bucket ?? body.arn ?? body.queue_url)?.address === thing.address)
    .flatMap(({ body }) => allowed(body.policy));
  const byPolicy = (keyed.fact.uses ?? []).flatMap(({ actions, needs, service: less = needs }) =>
    own
      .filter((statement) => actions.some((action) => actionsOf(statement).some((pattern) => covers(pattern, action))))
      .flatMap(({ Principal }) => (typeof Principal === "object" ? [Principal.Service].flat() : []))
      .flatMap((service): [string, readonly string[]][] => (service === undefined ? [] : [[service, less]])),
  );
  return [...Object.entries(keyed.fact.services ?? {}), ...byPolicy];
}

/** What services lack in the policies of keys of ours. */
export function lackingServices(app: WholeApp): string[] {
  return keyedThings(app)
    .filter(({ key }) => app.at(key)?.type === "aws_kms_key")
    .flatMap((keyed) =>
      servicesOf(app, keyed).flatMap(([service, needs]) => {
        const statements = forService(app, keyed.key, service);
        const has = (action: string) =>
          statements.some((statement) => actionsOf(statement).some((pattern) => covers(pattern, action)));
        const lacked = needs.filter((action) => !has(action));
        return lack(service, lacked, app.at(keyed.key)?.path ?? keyed.key, keyed.made.path);
      }),
    );
}

const AUTO_SCALING_ROLE = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

/** Whether a principal may do this with something, whatever that is. */
const does = ({ statements }: Principal, ...actions: string[]) =>
  actions.some((action) => statements.some((one) => actionsOf(one).some((pattern) => covers(pattern, action))));

/** The machine that a volume belongs to, itself where that is the thing. */
const machineOf = (app: WholeApp, made: Made): Made | undefined =>
  made.type === "aws_instance"
    ? made
    : app
        .all("aws_volume_attachment")
        .filter(({ body }) => app.referred(body.volume_id)?.address === made.address)
        .map(({ body }) => app.referred(body.instance_id))[0];

/** Roles that start a machine by the clock, or have its volumes copied, and what each of them needs. */
function attendants(app: WholeApp, all: Principal[], made: Made): [Principal, readonly string[]][] {
  const machine = machineOf(app, made);
  if (!machine) return [];
  const starters = all.filter((one) => granting(app, one, "ec2:StartInstances", machine));
  const policies = app.all("aws_dlm_lifecycle_policy").filter(({ body }) => {
    const tags = Object.entries(body.policy_details.target_tags);
    return tags.every(([key, value]) => machine.body.tags?.[key] === value);
  });
  const roles = policies.map(({ body }) => app.referred(body.execution_role_arn)?.address);
  const copiers = all.filter((one) => roles.includes(one.made.address));
  return [
    ...starters.map((one): [Principal, readonly string[]] => [one, START_ACTIONS]),
    ...copiers.map((one): [Principal, readonly string[]] => [one, VOLUME_ACTIONS]),
  ];
}

/** Principals that make or start the volumes of a thing, and what each of them needs. */
function volumeMakers(app: WholeApp, all: Principal[], { made, fact }: Keyed): [Principal, readonly string[]][] {
  if (fact.volumesBy === "machines") return attendants(app, all, made);
  if (fact.volumesBy === "karpenter") {
    const here = all.filter((one) => one.made.stack === made.stack && does(one, "ec2:CreateFleet"));
    return here.map((one) => [one, VOLUME_ACTIONS]);
  }
  // Auto Mode's driver is the cluster itself
  const policy = made.body.storage_provisioner === "ebs.csi.aws.com" ? /EBSCSIDriver/ : /EKSBlockStorage/;
  const [environment = ""] = made.stack.split("-");
  const drivers = all.filter(
    (one) => one.made.stack.startsWith(`${environment}-`) && one.managed.some((name) => policy.test(name)),
  );
  return drivers.map((one) => [one, VOLUME_ACTIONS]);
}

/** What those who make or start volumes lack on the keys of these; a volume that nobody can make is a fault too. */
export function lackingVolumes(app: WholeApp): string[] {
  const all = principals(app);
  return keyedThings(app).flatMap((keyed) => {
    const { fact, made, key } = keyed;
    if (fact.volumesBy === undefined) return [];
    if (fact.volumesBy === "auto-scaling") {
      const granted = grantOf(app, key, AUTO_SCALING_ROLE);
      const lacked = AUTO_SCALING_OPERATIONS.filter((operation) => !granted.includes(operation));
      return lack("Auto Scaling", lacked, key, made.path);
    }
    const makers = volumeMakers(app, all, keyed);
    if (makers.length === 0 && fact.volumesBy !== "machines") return [`nobody makes the volumes of ${made.path}`];
    return makers.flatMap(([principal, needs]) => {
      const lacked = needs.filter((action) => !mayUse(app, principal, action, key));
      return lack(principal.made.path, lacked, key, made.path);
    });
  });
}
