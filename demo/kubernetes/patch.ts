import { z } from "zod";
import { badRequest, Refusal } from "./status.ts";

/** The three ways of patching that kubectl uses, by the content type they are sent with. */
export function patched(target: object, patch: unknown, contentType: string): unknown {
  switch (contentType.split(";", 1).join("").trim()) {
    case "application/strategic-merge-patch+json":
      return strategic(target, patch, "");
    case "application/merge-patch+json":
      return merged(target, patch);
    case "application/json-patch+json":
      return stepped(target, patch);
    default:
      throw new Refusal(415, "UnsupportedMediaType", {
        message:
          "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json",
      });
  }
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** Lists whose elements are told apart by one of their fields; every other list is replaced whole. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  imagePullSecrets: "name",
  ports: "containerPort",
  volumeMounts: "mountPath",
  conditions: "type",
  ownerReferences: "uid",
};

function strategic(target: unknown, patch: unknown, field: string): unknown {
  if (Array.isArray(patch)) return mergedList(Array.isArray(target) ? target : [], patch, mergeKeys[field]);
  if (!isRecord(patch)) return patch;
  const { $patch: directive, ...rest } = patch;
  if (directive === "replace") return rest;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  const kept = rest["$retainKeys"];
  if (Array.isArray(kept)) for (const key of Object.keys(result)) if (!kept.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith("$")) continue;
    if (value === null) delete result[key];
    else result[key] = strategic(result[key], value, key);
  }
  return result;
}

function mergedList(target: readonly unknown[], patch: readonly unknown[], key: string | undefined): unknown[] {
  if (key === undefined) return [...patch];
  const result = [...target];
  for (const element of patch) {
    const wanted = isRecord(element) ? element[key] : undefined;
    if (!isRecord(element) || wanted === undefined) {
      throw badRequest(`map: ${JSON.stringify(element)} does not contain declared merge key: ${key}`);
    }
    const index = result.findIndex((each) => isRecord(each) && each[key] === wanted);
    if (element["$patch"] === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = strategic(result[index], element, "");
    else result.push(strategic({}, element, ""));
  }
  return result;
}

const Steps = z.array(
  z.discriminatedUnion("op", [
    z.object({ op: z.enum(["add", "replace", "test"]), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("remove"), path: z.string() }),
  ]),
);

/** RFC 6902, without `move` and `copy`. */
function stepped(target: object, patch: unknown): unknown {
  const steps = Steps.safeParse(patch);
  if (!steps.success) throw badRequest(`cannot read the JSON patch: ${z.prettifyError(steps.error)}`);
  const document = { root: structuredClone<unknown>(target) };
  for (const step of steps.data) applyStep(document, step);
  return document.root;
}

function applyStep(document: { root: unknown }, step: z.output<typeof Steps>[number]): void {
  const path = step.path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = path.length === 1 ? "root" : (path.at(-1) ?? "");
  let holder: unknown = document;
  for (const part of path.length === 1 ? [] : ["root", ...path.slice(1, -1)]) holder = child(holder, part);
  if (typeof holder !== "object" || holder === null) throw cannotApply(step.path);
  if (step.op === "test") {
    if (JSON.stringify(child(holder, last)) !== JSON.stringify(step.value)) throw cannotApply(step.path);
  } else if (Array.isArray(holder)) changeList(holder, last, step);
  else if (step.op === "remove" || step.op === "replace") {
    if (!Object.hasOwn(holder, last)) throw cannotApply(step.path);
    Reflect.deleteProperty(holder, last);
    if (step.op === "replace") put(holder, last, step.value);
  } else put(holder, last, step.value);
}

function changeList(list: unknown[], last: string, step: z.output<typeof Steps>[number]): void {
  const index = last === "-" ? list.length : Number(last);
  const end = step.op === "add" ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > end) throw cannotApply(step.path);
  if (step.op === "remove") list.splice(index, 1);
  else if (step.op === "add") list.splice(index, 0, step.value);
  else if (step.op === "replace") list[index] = step.value;
}

function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function child(holder: unknown, part: string): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  return Object.getOwnPropertyDescriptor(holder, part)?.value;
}

function cannotApply(path: string): Refusal {
  return new Refusal(422, "Invalid", {
    message: "the server rejected our request due to an error in our request",
    details: { causes: [{ reason: "FieldValueInvalid", message: `cannot apply the step at ${path}`, field: path }] },
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
