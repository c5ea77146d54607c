import { BackendError } from "../../domain/failure.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { SeenCertificate } from "../../domain/systems/certificates.ts";
import type { System } from "../../domain/systems/system.ts";
import { ofService } from "../wire/seen-certificates.ts";
import type { KubernetesConnection } from "./connection.ts";
import { type ClusterAccess, type ClusterAccesses, certificateEnd } from "./kubeconfig.ts";
import { namespacesOf } from "./rights.ts";

/** As many clusters are asked at once: each may start a program that gives its credential. */
const mostAtOnce = 2;

/** Until when the certificates of a system's clusters are good, and the client certificates that their kubeconfigs present. */
export async function clusterCertificates(
  accesses: ClusterAccesses,
  system: System,
  deadlineMs: number,
): Promise<SeenCertificate[]> {
  const clusters = new Map(
    namespacesOf(system).map((each) => [JSON.stringify([each.kubeconfig, each.context]), each] as const),
  );
  return (await inTurns([...clusters.values()], mostAtOnce, (each) => ofCluster(accesses, each, deadlineMs))).flat();
}

async function ofCluster(
  accesses: ClusterAccesses,
  connection: KubernetesConnection,
  deadlineMs: number,
): Promise<SeenCertificate[]> {
  try {
    const { server, tls, whose } = await accesses.of(connection);
    return [...(await ofServer(server, tls, deadlineMs)), ...ofClient(tls.cert, whose)];
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const name = connection.context ?? connection.kubeconfig ?? "the cluster of its kubeconfig";
    return [{ of: name, unread: error.message }];
  }
}

async function ofServer(
  server: string,
  { servername, proxy }: ClusterAccess["tls"],
  deadlineMs: number,
): Promise<SeenCertificate[]> {
  const { protocol, hostname, port } = new URL(server);
  if (protocol !== "https:") return [];
  const service = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 443 : Number(port),
    isBehindProxy: proxy !== undefined,
    ...(servername !== undefined && { servername }),
  };
  return [await ofService(service, deadlineMs)];
}

function ofClient(cert: ClusterAccess["tls"]["cert"], whose: string): SeenCertificate[] {
  if (cert === undefined) return [];
  const until = certificateEnd(Buffer.from(cert));
  return [{ of: whose, ...(until ? { endsAt: until.getTime() } : { unread: "it is no certificate in PEM" }) }];
}
