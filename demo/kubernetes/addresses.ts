import type { Call } from "../service.ts";
import { apiVersionOf, definitions, type Resource, resources, type Thing } from "./kinds.ts";
import { fieldMatcher, labelMatcher } from "./selectors.ts";

export interface Address {
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** What a path of the API names; undefined when there is no such thing. */
export function addressIn(path: string): Address | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const version = parts[0] === "api" ? parts[1] : `${parts[1]}/${parts[2]}`;
  const rest = parts.slice(parts[0] === "api" ? 2 : 3);
  if (parts[0] !== "api" && parts[0] !== "apis") return undefined;
  const isInside = rest[0] === "namespaces" && rest.length > 2;
  const namespace = isInside ? rest[1] : undefined;
  const [plural, name, subresource, ...more] = isInside ? rest.slice(2) : rest;
  const resource = resources.find((each) => each === plural && apiVersionOf(definitions[each]) === version);
  if (resource === undefined || more.length > 0) return undefined;
  const { namespaced, subresources } = definitions[resource];
  if (isInside && !namespaced) return undefined;
  if (name !== undefined && namespaced && !isInside) return undefined;
  if (subresource !== undefined && !subresources.some((each) => each === subresource)) return undefined;
  return { resource, namespace, name, subresource };
}

/** What a call would do there; undefined where that cannot be done. */
export function verbOf(call: Call, { name, subresource }: Address): Verb | undefined {
  const isWatch = ["true", "1"].includes(call.parameters.get("watch") ?? "");
  if (subresource === "log" && call.method !== "GET") return undefined;
  switch (call.method) {
    case "GET":
      if (isWatch) return "watch";
      return name === undefined ? "list" : "get";
    case "POST":
      return name === undefined ? "create" : undefined;
    case "PUT":
      return name === undefined ? undefined : "update";
    case "PATCH":
      return name === undefined ? undefined : "patch";
    case "DELETE":
      if (subresource !== undefined) return undefined;
      return name === undefined ? "deletecollection" : "delete";
    default:
      return undefined;
  }
}

/** The selectors of a call as one test. */
export function matcherOf({ parameters }: Call, name?: string): (object: Thing) => boolean {
  const labels = labelMatcher(parameters.get("labelSelector") ?? "");
  const fields = fieldMatcher(parameters.get("fieldSelector") ?? "");
  return (object) => labels(object) && fields(object) && (name === undefined || object.metadata.name === name);
}

/** How much of each object a table is to carry, or undefined when no table was asked for. */
export function wantsTable({ headers, parameters }: Call): string | undefined {
  const first = headers.accept?.split(",")[0] ?? "";
  return /as=Table/.test(first) && /v=v1(;|$)/.test(first)
    ? (parameters.get("includeObject") ?? "Metadata")
    : undefined;
}
