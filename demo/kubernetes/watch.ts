import type { ServerResponse } from "node:http";
import type { Answer, Call } from "../service.ts";
import { type Address, matcherOf, wantsTable } from "./addresses.ts";
import type { Cluster } from "./cluster.ts";
import { type Resource, readers, type Thing } from "./kinds.ts";
import { Refusal } from "./status.ts";
import type { Change } from "./store.ts";
import { tableOf } from "./tables.ts";

/** Tells every change from a version on, one JSON object a line; from the present state when no version is named. */
export function watch(cluster: Cluster, call: Call, address: Address): Answer {
  const { resource, namespace, name } = address;
  const matches = matcherOf(call, name);
  const include = wantsTable(call);
  const asked = call.parameters.get("resourceVersion") ?? "";
  const isFresh = asked === "" || asked === "0";
  const past = isFresh ? [] : cluster.store.since(Number(asked));
  const seconds = Number(call.parameters.get("timeoutSeconds") ?? 0);
  return {
    status: 200,
    body: "",
    stream(response) {
      if (!past) {
        response.end(line({ type: "ERROR", object: tooOld(asked, cluster.store.version).body }));
        return;
      }
      const tell = (type: string, object: Thing): void => {
        const shown = include === undefined ? object : rowOf(cluster, { resource, object, include });
        response.write(line({ type, object: shown }));
      };
      const hear = (change: Change): void => {
        if (change.resource !== resource) return;
        if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
        const [was, is] = [change.before !== undefined && matches(change.before), matches(change.object)];
        if (change.type === "DELETED" ? was : was && !is) tell("DELETED", change.object);
        else if (change.type !== "DELETED" && is) tell(was ? "MODIFIED" : "ADDED", change.object);
      };
      if (isFresh) for (const object of cluster.store.list(resource, namespace).filter(matches)) tell("ADDED", object);
      for (const change of past) hear(change);
      stay(response, cluster.store.listen(hear), seconds);
    },
  };
}

function stay(response: ServerResponse, stop: () => void, seconds: number): void {
  const end = seconds > 0 ? setTimeout(() => response.end(), seconds * 1_000).unref() : undefined;
  response.once("close", () => {
    clearTimeout(end);
    stop();
  });
}

function rowOf(
  cluster: Cluster,
  { resource, object, include }: { resource: Resource; object: Thing; include: string },
): object {
  const read = readers[resource](object);
  const objects = read.success ? [read.data] : [];
  return tableOf(resource, objects, { now: cluster.at, version: object.metadata.resourceVersion, include });
}

function line(event: object): string {
  return `${JSON.stringify(event)}\n`;
}

function tooOld(asked: string, version: number): Refusal {
  return new Refusal(410, "Expired", { message: `too old resource version: ${asked} (${version})` });
}
