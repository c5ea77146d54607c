import { randomBytes } from "node:crypto";
import { Refusal } from "./status.ts";

/** A rule as it stands in a Role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** What somebody would do to what. */
export interface Attempt {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, as in `pods/log`. */
  readonly resource: string;
  readonly name?: string | undefined;
  /** Undefined for what belongs to none, and for all of them at once. */
  readonly namespace?: string | undefined;
}

export interface User {
  readonly name: string;
  readonly token: string;
  /** In this namespace, and on nodes and namespaces. */
  rules: readonly Rule[];
}

const reading = ["get", "list", "watch"];
const looking: readonly Rule[] = [
  { apiGroups: [""], resources: ["pods", "pods/log", "events", "namespaces", "nodes"], verbs: reading },
  {
    apiGroups: ["apps"],
    resources: ["deployments", "replicasets", "statefulsets", "controllerrevisions"],
    verbs: reading,
  },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get"] },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: reading },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: reading },
];
const operating: readonly Rule[] = [
  ...looking,
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: ["patch", "update"] },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["patch", "update"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
];
const everything: readonly Rule[] = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** Who may call. Each start makes new tokens. */
export class Access {
  readonly #namespace: string;
  readonly users: { readonly admin: User; readonly wardroom: User; readonly viewer: User };

  constructor(namespace: string) {
    this.#namespace = namespace;
    const account = (name: string): string => `system:serviceaccount:${namespace}:${name}`;
    this.users = {
      admin: userWith("prsm-admin", everything),
      wardroom: userWith(account("wardroom"), operating),
      viewer: userWith(account("viewer"), looking),
    };
  }

  /** Whose token this `Authorization` header carries. */
  userOf(authorization: string | undefined): User | undefined {
    return Object.values(this.users).find((user) => authorization === `Bearer ${user.token}`);
  }

  allows(user: User, attempt: Attempt): boolean {
    const isHere = attempt.namespace === this.#namespace || this.#isOfCluster(attempt);
    if (!isHere && user !== this.users.admin) return false;
    return user.rules.some((rule) => covers(rule, attempt));
  }

  /** Throws the server's own 403. */
  demand(user: User, attempt: Attempt): void {
    if (!this.allows(user, attempt)) throw forbidden(user, attempt);
  }

  #isOfCluster({ resource, namespace }: Attempt): boolean {
    return namespace === undefined && (resource === "nodes" || resource === "namespaces");
  }
}

function userWith(name: string, rules: readonly Rule[]): User {
  return { name, rules, token: newToken() };
}

function has(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function covers(rule: Rule, attempt: Attempt): boolean {
  if (!has(rule.verbs, attempt.verb) || !has(rule.apiGroups, attempt.group)) return false;
  if (!has(rule.resources, attempt.resource)) return false;
  return rule.resourceNames === undefined || (attempt.name !== undefined && rule.resourceNames.includes(attempt.name));
}

function forbidden(user: User, { verb, group, resource, name, namespace }: Attempt): Refusal {
  const [plain = resource] = resource.split("/");
  const called = group === "" ? plain : `${plain}.${group}`;
  const subject = name === undefined ? called : `${called} "${name}"`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  return new Refusal(403, "Forbidden", {
    message: `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`,
    details: { ...(name !== undefined && { name }), ...(group !== "" && { group }), kind: plain },
  });
}

function newToken(): string {
  return randomBytes(24).toString("base64url");
}
