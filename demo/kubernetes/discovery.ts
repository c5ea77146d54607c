import { apiVersionOf, definitions, resources } from "./kinds.ts";

const reading = ["get", "list", "watch"];
const writing = ["create", "delete", "deletecollection", ...reading, "patch", "update"];

interface Served {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly group?: string;
  readonly version?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const measured = { group: "metrics.k8s.io", version: "v1beta1" };
const asked = { group: "authorization.k8s.io", version: "v1" };
const self = { group: "authentication.k8s.io", version: "v1" };

function review(kind: string): Served {
  return { name: `${kind.toLowerCase()}s`, singularName: "", namespaced: false, kind, verbs: ["create"] };
}

/** Every group and version with what it serves, the core group first. */
const groups: ReadonlyMap<string, readonly Served[]> = new Map([
  ["v1", stored("v1")],
  ["apps/v1", stored("apps/v1")],
  ["autoscaling/v2", stored("autoscaling/v2")],
  [`${asked.group}/${asked.version}`, [review("SelfSubjectAccessReview"), review("SelfSubjectRulesReview")]],
  [`${self.group}/${self.version}`, [review("SelfSubjectReview")]],
  [
    `${measured.group}/${measured.version}`,
    [
      { name: "nodes", singularName: "", namespaced: false, kind: "NodeMetrics", verbs: ["get", "list"] },
      { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] },
    ],
  ],
]);

function stored(groupVersion: string): Served[] {
  const kept = resources.filter((each) => apiVersionOf(definitions[each]) === groupVersion);
  return kept.flatMap((resource): Served[] => {
    const { singular, namespaced, kind, short, categories, subresources } = definitions[resource];
    const whole = {
      name: resource,
      singularName: singular,
      namespaced,
      kind,
      verbs: writing,
      ...(short.length > 0 && { shortNames: short }),
      ...(categories.length > 0 && { categories }),
    };
    const parts = subresources.map((part): Served => {
      const base = { name: `${resource}/${part}`, singularName: "", namespaced };
      if (part === "scale") {
        return { ...base, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] };
      }
      return { ...base, kind, verbs: part === "log" ? ["get"] : ["get", "patch", "update"] };
    });
    return [whole, ...parts];
  });
}

/** What the API says of itself at this address; undefined at any other. */
export function discover(path: string): object | undefined {
  if (path === "/version") return versionInfo;
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: names().map(groupOf) };
  const list = groups.get(path.replace(/^\/apis?\//, ""));
  if (list && path === addressOf(path.replace(/^\/apis?\//, ""))) {
    const groupVersion = path.replace(/^\/apis?\//, "");
    return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: list };
  }
  const group = path.startsWith("/apis/") ? names().find((each) => each.split("/")[0] === path.slice(6)) : undefined;
  return group === undefined ? undefined : { kind: "APIGroup", apiVersion: "v1", ...groupOf(group) };
}

function names(): string[] {
  return [...groups.keys()].filter((each) => each.includes("/"));
}

function addressOf(groupVersion: string): string {
  return groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
}

function groupOf(groupVersion: string): object {
  const [name = "", version = ""] = groupVersion.split("/");
  const only = { groupVersion, version };
  return { name, versions: [only], preferredVersion: only };
}

const versionInfo = {
  major: "1",
  minor: "32",
  gitVersion: "v1.32.4",
  gitCommit: "59526cd4867447956156ae3a602fcbac10a2c335",
  gitTreeState: "clean",
  buildDate: "2025-04-22T15:59:46Z",
  goVersion: "go1.23.6",
  compiler: "gc",
  platform: "linux/amd64",
};
