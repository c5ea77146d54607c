import type { Random } from "../random.ts";
import type { ClusterEvent, Kinds, Resource, Thing } from "./kinds.ts";
import type { Registry } from "./registry.ts";
import { type Change, headOf, Store, stamp } from "./store.ts";

interface Due {
  readonly at: number;
  readonly act: () => void;
}

export interface Told {
  readonly about: Thing;
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** The part of the cluster that says it. */
  readonly from: string;
  /** The container it is about. */
  readonly container?: string | undefined;
}

/** Brings one object nearer to what it should be; it is called again whenever something that concerns it has changed. */
type Reconcile = (name: string, namespace: string | undefined) => void;

const mostRounds = 1_000;
/** How long events are kept, in ms: the API server's default. */
const eventLifeMs = 3_600_000;

/**
 * The cluster's memory and its clock. What happens by itself stands in one list of what is due; controllers act on what has
 * changed since they last looked. Time passes only in `live`.
 */
export class Cluster {
  readonly store = new Store();
  readonly registry: Registry;
  readonly random: Random;
  readonly #due: Due[] = [];
  readonly #dirty = new Set<string>();
  readonly #reconcilers = new Map<Resource, Reconcile>();
  readonly #hearers = new Set<() => void>();
  readonly #events = new Map<string, string>();
  #at: number;

  constructor(options: { readonly at: number; readonly random: Random; readonly registry: Registry }) {
    this.#at = options.at;
    this.random = options.random;
    this.registry = options.registry;
    this.store.listen((change) => this.#mark(change));
  }

  /** The cluster's time, in ms since 1970. */
  get at(): number {
    return this.#at;
  }

  /** Who looks after objects of a kind. */
  control(resource: Resource, reconcile: Reconcile): void {
    this.#reconcilers.set(resource, reconcile);
  }

  /** Does something so many ms from now. */
  after(ms: number, act: () => void): void {
    const due = { at: this.#at + ms, act };
    const index = this.#due.findIndex((each) => each.at > due.at);
    if (index < 0) this.#due.push(due);
    else this.#due.splice(index, 0, due);
  }

  /** Lives until that moment; does nothing when it is past. */
  live(until: number): void {
    this.#settle();
    for (let next = this.#due[0]; next && next.at <= until; next = this.#due[0]) {
      this.#due.shift();
      this.#at = Math.max(this.#at, next.at);
      next.act();
      this.#settle();
    }
    this.#at = Math.max(this.#at, until);
    for (const hear of this.#hearers) hear();
  }

  /** Calls back whenever time has passed, until the function that is returned is called. */
  heartbeat(hear: () => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  put<Name extends Resource>(resource: Name, object: Kinds[Name]): Kinds[Name] {
    return this.store.put(resource, object, this.#at);
  }

  /** Looks at an object again, though nothing has changed. */
  touch(resource: Resource, name: string, namespace?: string): void {
    this.#dirty.add(`${resource} ${name} ${namespace ?? ""}`);
  }

  /** Writes an event, or counts it once more when the same was said before. */
  tell({ about, type = "Normal", reason, message, from, container }: Told): void {
    const { uid, name, namespace = "default" } = about.metadata;
    const key = `${uid} ${reason} ${message}`;
    const known = this.store.get("events", this.#events.get(key) ?? "", namespace);
    const lastTimestamp = stamp(this.#at);
    if (known) {
      this.put("events", { ...known, count: known.count + 1, lastTimestamp });
      return;
    }
    const event: ClusterEvent = {
      ...headOf("events"),
      metadata: {
        name: `${name}.${this.random.hex(16)}`,
        namespace,
        uid: "",
        resourceVersion: "",
        creationTimestamp: "",
      },
      involvedObject: {
        kind: about.kind,
        namespace,
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion: about.metadata.resourceVersion,
        ...(container !== undefined && { fieldPath: `spec.containers{${container}}` }),
      },
      reason,
      message,
      source: { component: from },
      firstTimestamp: lastTimestamp,
      lastTimestamp,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: from,
      reportingInstance: "",
    };
    this.#events.set(key, event.metadata.name);
    this.put("events", event);
  }

  /** Forgets events that were last seen an hour ago. */
  tidy(): void {
    for (const event of this.store.list("events")) {
      if (this.#at - Date.parse(event.lastTimestamp) > eventLifeMs) this.store.remove("events", event);
    }
    for (const [key, name] of this.#events) {
      const namespace = this.store
        .list("namespaces")
        .find((each) => this.store.get("events", name, each.metadata.name));
      if (!namespace) this.#events.delete(key);
    }
  }

  #settle(): void {
    for (let round = 0; this.#dirty.size > 0; round += 1) {
      if (round > mostRounds)
        throw new Error(`the simulated cluster does not come to rest: ${[...this.#dirty].join()}`);
      const [key = ""] = this.#dirty;
      this.#dirty.delete(key);
      const [resource = "", name = "", namespace = ""] = key.split(" ");
      for (const [kind, reconcile] of this.#reconcilers) {
        if (kind === resource) reconcile(name, namespace === "" ? undefined : namespace);
      }
    }
  }

  #mark({ resource, object }: Change): void {
    const { name, namespace, ownerReferences = [] } = object.metadata;
    if (this.#reconcilers.has(resource)) this.touch(resource, name, namespace);
    for (const owner of ownerReferences) {
      const kind = owners.find((each) => headOf(each).kind === owner.kind);
      if (kind) this.touch(kind, owner.name, namespace);
    }
  }
}

const owners: readonly Resource[] = ["deployments", "replicasets", "statefulsets"];
