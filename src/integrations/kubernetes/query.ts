import { z } from "zod";
import type { QueryAsked, QueryCell, QueryTable } from "../../domain/systems/queries.ts";
import type { Taken } from "../../domain/systems/reading.ts";
import { ago, span } from "../../domain/text/quantities.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, KubeName, ofNamespace, saysOne, workloadKinds } from "./connection.ts";
import { availableOf, workloadIn } from "./health.ts";
import { imagesOf, imagesText } from "./images.ts";
import { KubeEvent, type KubePod, KubeWorkload, kubeList, selectorText } from "./objects.ts";
import { everyPage } from "./pages.ts";
import { podStanding } from "./pods.ts";
import { podUsages } from "./usage.ts";
import { allPods, readWorkload, revisionsOf, rolloutRevision } from "./workload.ts";

/** All of the namespace, or of one workload. */
const Within = z
  .strictObject({ deployment: KubeName.optional(), statefulset: KubeName.optional() })
  .refine(
    (value) => Object.keys(value).length === 0 || saysOne(workloadKinds)(value),
    "name one workload, or none for all",
  );
type Within = z.output<typeof Within>;

const questions = ["pods", "deployments", "statefulsets", "events", "top", "history"];
export const KubernetesQuery = z.strictObject({
  kubernetes: ofNamespace({
    pods: Within.optional(),
    deployments: z.strictObject({}).optional(),
    statefulsets: z.strictObject({}).optional(),
    /** The newest first; `warnings` leaves out what is normal. */
    events: z.strictObject({ warnings: z.literal(true).optional() }).optional(),
    top: Within.optional(),
    history: z.strictObject({ deployment: KubeName }).optional(),
  }).refine(saysOne(questions), `say one of ${questions.join(", ")}`),
});

/** Answers a question about a namespace as a table. Throws BackendError. */
export async function queryNamespace(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesQuery>,
  asked: QueryAsked,
): Promise<Taken<QueryTable>> {
  const at = { connection: connectionIn(kubernetes), deadlineMs: asked.deadlineMs, round: asked.round };
  const { pods, statefulsets, events, top, history } = kubernetes;
  const table = pods
    ? await podTable(kube, at, pods)
    : events
      ? await eventTable(kube, at, events)
      : top
        ? await topTable(kube, at, top)
        : history
          ? await historyTable(kube, at, history.deployment)
          : await workloadTable(kube, at, statefulsets ? "statefulsets" : "deployments");
  const rows = table.rows.slice(0, asked.rows);
  return { value: { ...table, rows, more: table.more || table.rows.length > rows.length } };
}

function tableOf(names: readonly string[], rows: readonly (readonly QueryCell[])[]): QueryTable {
  return { columns: names.map((name) => ({ name })), rows, more: false };
}

async function selected(kube: Kube, at: KubeCall, within: Within): Promise<Record<string, string>> {
  if (Object.keys(within).length === 0) return {};
  const workload = await readWorkload(kube, at, workloadIn(within));
  return { labelSelector: selectorText(workload.spec.selector) };
}

async function podTable(kube: Kube, at: KubeCall, within: Within): Promise<QueryTable> {
  const pods = await allPods(kube, at, await selected(kube, at, within));
  return tableOf(["Pod", "Ready", "Status", "Restarts", "Age", "Node", "Image"], pods.map(podRow));
}

function podRow(pod: KubePod): readonly QueryCell[] {
  const { name, status, ready, of, restarts } = podStanding(pod);
  const images = imagesText(imagesOf({ spec: pod.spec }));
  return [
    name,
    `${ready}/${of}`,
    status,
    restarts,
    age(pod.metadata.creationTimestamp),
    pod.spec.nodeName ?? null,
    images,
  ];
}

async function workloadTable(kube: Kube, at: KubeCall, resource: "deployments" | "statefulsets"): Promise<QueryTable> {
  const { items } = await kube.json(at, { verb: "list", resource }, kubeList(KubeWorkload));
  const rows = items.map((each) => [
    each.metadata.name,
    `${each.status.readyReplicas ?? 0}/${each.spec.replicas ?? 1}`,
    each.status.updatedReplicas ?? 0,
    availableOf(each),
    rolloutRevision(each) ?? each.status.updateRevision ?? null,
    age(each.metadata.creationTimestamp),
    imagesText(imagesOf(each.spec.template)),
  ]);
  return tableOf(["Name", "Ready", "Updated", "Available", "Revision", "Age", "Image"], rows);
}

async function eventTable(
  kube: Kube,
  at: KubeCall,
  { warnings }: { readonly warnings?: true | undefined },
): Promise<QueryTable> {
  const parameters = { ...(warnings && { fieldSelector: "type=Warning" }) };
  const events = await everyPage(kube, at, { resource: "events", parameters }, KubeEvent);
  const rows = events
    .toSorted((a, b) => lastSeen(b) - lastSeen(a))
    .map((event) => [
      lastSeen(event) > 0 ? ago(lastSeen(event), Date.now()) : null,
      event.type ?? null,
      event.reason ?? null,
      `${event.involvedObject.kind?.toLowerCase() ?? "?"}/${event.involvedObject.name ?? "?"}`,
      event.series?.count ?? event.count ?? null,
      event.message?.trim() ?? null,
    ]);
  return tableOf(["Seen", "Type", "Reason", "Object", "Count", "Message"], rows);
}

function lastSeen({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: KubeEvent): number {
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, firstTimestamp, metadata.creationTimestamp];
  return times.map((time) => Date.parse(time ?? "")).find((time) => !Number.isNaN(time)) ?? 0;
}

async function topTable(kube: Kube, at: KubeCall, within: Within): Promise<QueryTable> {
  const usages = await podUsages(kube, at, await selected(kube, at, within));
  const rows = usages
    .toSorted((a, b) => b.cpu - a.cpu)
    .map(({ name, cpu, memory }) => [name, Math.round(cpu * 1_000), Math.round(memory / 2 ** 20)]);
  return {
    columns: [{ name: "Pod" }, { name: "CPU", unit: "m" }, { name: "Memory", unit: "MiB" }],
    rows,
    more: false,
  };
}

const causeKey = "kubernetes.io/change-cause";

async function historyTable(kube: Kube, at: KubeCall, name: string): Promise<QueryTable> {
  const deployment = await readWorkload(kube, at, { kind: "deployment", name });
  const revisions = await revisionsOf(kube, at, deployment);
  const now = rolloutRevision(deployment);
  const rows = revisions.map(({ revision, images, set: { metadata } }) => [
    revision,
    revision === now ? "runs now" : null,
    imagesText(images),
    made(metadata.creationTimestamp),
    metadata.annotations?.[causeKey] ?? null,
  ]);
  return tableOf(["Revision", "State", "Image", "Made", "Change cause"], rows);
}

/** How old something is; when it was made is `ago`. */
function age(time: string | null | undefined): QueryCell {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? null : span(Date.now() - at);
}

function made(time: string | null | undefined): QueryCell {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? null : ago(at, Date.now());
}
