import { randomUUID } from "node:crypto";
import { apiVersionOf, definitions, type Kinds, type Resource, type Thing } from "./kinds.ts";

/** One step of the cluster's history, as a watch tells it. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly object: Thing;
  /** What it was, so that a watch can tell what no longer matches its selector. */
  readonly before: Thing | undefined;
  readonly version: number;
}

type Tables = { readonly [Name in Resource]: Map<string, Kinds[Name]> };

/** So many changes can be asked for again; who comes from further back has to list anew. */
const historyLength = 500;

/** Every object of the cluster, each with the version at which it was written, and what happened lately. */
export class Store {
  readonly #tables: Tables = {
    deployments: new Map(),
    replicasets: new Map(),
    statefulsets: new Map(),
    controllerrevisions: new Map(),
    pods: new Map(),
    events: new Map(),
    horizontalpodautoscalers: new Map(),
    namespaces: new Map(),
    nodes: new Map(),
  };
  readonly #history: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #version = 1_000;

  /** The version of the newest write. */
  get version(): number {
    return this.#version;
  }

  get<Name extends Resource>(resource: Name, name: string, namespace?: string): Kinds[Name] | undefined {
    return this.#tables[resource].get(keyOf(name, namespace));
  }

  /** In the order of names, as a real server lists. */
  list<Name extends Resource>(resource: Name, namespace?: string): Kinds[Name][] {
    const table = this.#tables[resource];
    return [...table.keys()]
      .toSorted()
      .flatMap((key) => table.get(key) ?? [])
      .filter((each) => namespace === undefined || each.metadata.namespace === namespace);
  }

  /** Those whose controller is the object of this uid. */
  ownedBy<Name extends Resource>(resource: Name, uid: string): Kinds[Name][] {
    return this.list(resource).filter((each) => each.metadata.ownerReferences?.some((owner) => owner.uid === uid));
  }

  /** Writes it, whatever stood there. What changes nothing is not written. */
  put<Name extends Resource>(resource: Name, object: Kinds[Name], at: number): Kinds[Name] {
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const before = this.#tables[resource].get(key);
    if (before && JSON.stringify(before) === JSON.stringify(object)) return before;
    this.#version += 1;
    const written = { ...object, metadata: this.#metadataOf(object, at) };
    this.#tables[resource].set(key, written);
    this.#tell({ type: before ? "MODIFIED" : "ADDED", resource, object: written, before, version: this.#version });
    return written;
  }

  remove<Name extends Resource>(resource: Name, object: Kinds[Name]): void {
    if (!this.#tables[resource].delete(keyOf(object.metadata.name, object.metadata.namespace))) return;
    this.#version += 1;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#tell({ type: "DELETED", resource, object: last, before: object, version: this.#version });
  }

  /** What happened after a version, oldest first; undefined when that is too far back to say. */
  since(version: number): readonly Change[] | undefined {
    const oldest = this.#history[0]?.version ?? this.#version + 1;
    if (version < oldest - 1) return undefined;
    return this.#history.filter((change) => change.version > version);
  }

  /** Hears every change from now on, until the function that is returned is called. */
  listen(hear: (change: Change) => void): () => void {
    this.#listeners.add(hear);
    return () => void this.#listeners.delete(hear);
  }

  #metadataOf({ metadata }: Thing, at: number): Thing["metadata"] {
    return {
      ...metadata,
      uid: metadata.uid === "" ? randomUUID() : metadata.uid,
      creationTimestamp: metadata.creationTimestamp === "" ? stamp(at) : metadata.creationTimestamp,
      resourceVersion: String(this.#version),
    };
  }

  #tell(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > historyLength) this.#history.shift();
    for (const hear of this.#listeners) hear(change);
  }
}

/** A moment as the cluster writes it: whole seconds of UTC. */
export function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The first lines of an object of that kind. */
export function headOf(resource: Resource): { apiVersion: string; kind: string } {
  const definition = definitions[resource];
  return { apiVersion: apiVersionOf(definition), kind: definition.kind };
}

function keyOf(name: string, namespace: string | undefined): string {
  return `${namespace ?? ""}/${name}`;
}
