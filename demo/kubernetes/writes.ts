import { z } from "zod";
import type { Answer, Call } from "../service.ts";
import { type Address, matcherOf } from "./addresses.ts";
import type { Cluster } from "./cluster.ts";
import { definitions, type Kinds, type Resource, readers, type Thing } from "./kinds.ts";
import { endPod } from "./owned.ts";
import { isRecord, patched } from "./patch.ts";
import { alreadyExists, badRequest, conflict, invalid, notFound, Refusal } from "./status.ts";
import { headOf } from "./store.ts";

export function create(cluster: Cluster, call: Call, { resource, namespace }: Address): Answer {
  const sent = isRecord(call.body) ? call.body : {};
  const metadata = isRecord(sent["metadata"]) ? sent["metadata"] : {};
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _made, ...kept } = metadata;
  const placed = { ...kept, ...(namespace !== undefined && { namespace }), generation: 1 };
  const object = checked(resource, { ...sent, ...headOf(resource), metadata: placed });
  const { name } = object.metadata;
  if (cluster.store.get(resource, name, namespace)) throw alreadyExists(resource, name);
  return { status: 201, body: isDry(call) ? object : cluster.put(resource, object) };
}

export function replace(cluster: Cluster, call: Call, address: Address): Answer {
  return update(cluster, { call, address, make: () => call.body });
}

export function patchObject(cluster: Cluster, call: Call, address: Address): Answer {
  const type = call.headers["content-type"] ?? "";
  return update(cluster, { call, address, make: (current) => patched(current, call.body, type) });
}

interface Update {
  readonly call: Call;
  readonly address: Address;
  readonly make: (current: object) => unknown;
}

function update(cluster: Cluster, { call, address, make }: Update): Answer {
  const { resource, name = "", namespace, subresource } = address;
  const current = cluster.store.get(resource, name, namespace);
  if (!current) throw notFound(resource, name);
  if (subresource === "scale") {
    const scale = scaleOf(current);
    const next = make(scale);
    demandSame(resource, current, next);
    const written = write(cluster, { resource, current, call, next: scaled(resource, current, next) });
    return { status: 200, body: scaleOf(written) };
  }
  const next = make(current);
  demandSame(resource, current, next);
  return { status: 200, body: write(cluster, { resource, current, call, next, isStatus: subresource === "status" }) };
}

interface Written<Name extends Resource> {
  readonly resource: Name;
  readonly current: Kinds[Name];
  readonly call: Call;
  readonly next: unknown;
  readonly isStatus?: boolean;
}

/** What the server itself decides stays as it was; a changed `spec` is a new generation. */
function write<Name extends Resource>(
  cluster: Cluster,
  { resource, current, call, next, isStatus = false }: Written<Name>,
): Kinds[Name] {
  const sent = isRecord(next) ? next : {};
  const metadata = isRecord(sent["metadata"]) ? sent["metadata"] : {};
  const { name, namespace, uid, resourceVersion, creationTimestamp, generation = 1 } = current.metadata;
  const fixed = { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp };
  const [before, after] = [textOf(current, "spec"), textOf(sent, "spec")];
  const grown = !isStatus && before !== after ? { generation: generation + 1 } : {};
  const part = isStatus ? { ...current, status: sent["status"] } : { ...sent, status: Reflect.get(current, "status") };
  const kept = "generation" in current.metadata ? { generation } : {};
  const whole = { ...part, ...headOf(resource), metadata: { ...metadata, ...fixed, ...kept, ...grown } };
  const object = checked(resource, whole);
  demandSelected(resource, current, object);
  return isDry(call) ? object : cluster.put(resource, object);
}

/** What the sender believes the object to be has to be so. */
function demandSame(resource: Resource, { metadata }: Thing, next: unknown): void {
  const sent = isRecord(next) && isRecord(next["metadata"]) ? next["metadata"] : {};
  const { uid, resourceVersion } = sent;
  if (typeof uid === "string" && uid !== "" && uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (typeof resourceVersion === "string" && resourceVersion !== "" && resourceVersion !== metadata.resourceVersion) {
    throw conflict(resource, metadata.name);
  }
}

/** A workload keeps its selector, and its pods have to carry what it selects. */
function demandSelected(resource: Resource, current: Thing, next: Thing): void {
  const [before, after] = [fieldOf(current, "selector"), fieldOf(next, "selector")];
  const { name } = current.metadata;
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(after)) {
    const message = `Invalid value: ${JSON.stringify(after)}: field is immutable`;
    throw invalid(resource, name, [{ reason: "FieldValueInvalid", message, field: "spec.selector" }]);
  }
  const wanted = isRecord(after) && isRecord(after["matchLabels"]) ? Object.entries(after["matchLabels"]) : [];
  const template = fieldOf(next, "template");
  const inner = isRecord(template) && isRecord(template["metadata"]) ? template["metadata"]["labels"] : undefined;
  const labels = isRecord(inner) ? inner : {};
  if (wanted.some(([key, value]) => labels[key] !== value)) {
    const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
    throw invalid(resource, name, [{ reason: "FieldValueInvalid", message, field: "spec.template.metadata.labels" }]);
  }
}

function checked<Name extends Resource>(resource: Name, value: object): Kinds[Name] {
  const read = readers[resource](value);
  if (read.success) return read.data;
  const { kind, version } = definitions[resource];
  const [first] = read.error.issues;
  const wrong = first?.code === "invalid_type" ? first.path.reduce<unknown>(partOf, value) : undefined;
  if (first?.code === "invalid_type" && wrong !== undefined) {
    const message = `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${typeof wrong} into Go struct field ${kind}.${first.path.join(".")} of type ${first.expected}`;
    throw badRequest(message);
  }
  const causes = read.error.issues.map(({ path, code, message }) => {
    const field = path.join(".");
    const isSmall = code === "too_small";
    const said = isSmall ? "must be greater than or equal to 0" : message;
    return { reason: "FieldValueInvalid", message: `Invalid value: ${said}`, field };
  });
  const metadata = Reflect.get(value, "metadata");
  throw invalid(resource, isRecord(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : "", causes);
}

/** The `scale` of a workload. */
export function scaleOf(object: Thing): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { status } = object;
  const selector = fieldOf(object, "selector");
  const labels = isRecord(selector) && isRecord(selector["matchLabels"]) ? selector["matchLabels"] : {};
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: fieldOf(object, "replicas") ?? 0 },
    status: {
      replicas: isRecord(status) ? (status["replicas"] ?? 0) : 0,
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(","),
    },
  };
}

const Scale = z.looseObject({ spec: z.looseObject({ replicas: z.int().default(0) }).default({ replicas: 0 }) });

function scaled(resource: Resource, current: Thing, next: unknown): object {
  const read = Scale.safeParse(next);
  if (!read.success) {
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  }
  const { replicas } = read.data.spec;
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid(resource, current.metadata.name, [{ reason: "FieldValueInvalid", message, field: "spec.replicas" }]);
  }
  const { spec } = current;
  return { ...current, spec: { ...(isRecord(spec) ? spec : {}), replicas } };
}

const DeleteOptions = z.looseObject({
  gracePeriodSeconds: z.int().min(0).optional(),
  dryRun: z.array(z.string()).optional(),
  preconditions: z.looseObject({ uid: z.string().optional(), resourceVersion: z.string().optional() }).optional(),
});

/** A pod goes a little later, unless it is to go at once; anything else goes at once, and what it owns follows. */
export function removeOne(cluster: Cluster, call: Call, { resource, name = "", namespace }: Address): Answer {
  const options = DeleteOptions.safeParse(call.body ?? {});
  if (!options.success) throw badRequest(`the delete options cannot be read: ${z.prettifyError(options.error)}`);
  const object = cluster.store.get(resource, name, namespace);
  if (!object) throw notFound(resource, name);
  demandSame(resource, object, { metadata: options.data.preconditions ?? {} });
  const isDryRun = isDry(call) || options.data.dryRun?.includes("All");
  const grace = options.data.gracePeriodSeconds ?? Number(call.parameters.get("gracePeriodSeconds") ?? 30);
  if (resource === "pods" && grace > 0) {
    const pod = cluster.store.get("pods", name, namespace);
    if (!pod) throw notFound(resource, name);
    return { status: 200, body: isDryRun ? pod : endPod(cluster, pod) };
  }
  if (!isDryRun) cluster.store.remove(resource, object);
  const { group } = definitions[resource];
  const details = { name, ...(group !== "" && { group }), kind: resource, uid: object.metadata.uid };
  return { status: 200, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

export function removeAll(cluster: Cluster, call: Call, address: Address): Answer {
  const { resource, namespace } = address;
  const objects = cluster.store.list(resource, namespace).filter(matcherOf(call));
  for (const { metadata } of objects) {
    removeOne(cluster, call, { resource, name: metadata.name, namespace: metadata.namespace });
  }
  return {
    status: 200,
    body: { ...headOf(resource), kind: `${headOf(resource).kind}List`, metadata: {}, items: objects },
  };
}

function isDry({ parameters }: Call): boolean {
  const asked = parameters.getAll("dryRun");
  if (asked.some((each) => each !== "All")) {
    throw new Refusal(400, "BadRequest", { message: `Invalid value: ${JSON.stringify(asked)}: unsupported dryRun` });
  }
  return asked.length > 0;
}

function partOf(holder: unknown, part: PropertyKey): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, part) : undefined;
}

function fieldOf({ spec }: Thing, field: string): unknown {
  return isRecord(spec) ? spec[field] : undefined;
}

function textOf(object: object, field: string): string {
  return JSON.stringify(Reflect.get(object, field)) ?? "";
}
