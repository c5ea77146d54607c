import { BackendError } from "../../domain/failure.ts";
import type { FileFault } from "../../domain/systems/backend.ts";
import { KubernetesConnection } from "./connection.ts";
import { examineKubeconfig } from "./kubeconfig.ts";

/** Beside it may stand what is asked there. */
const Connection = KubernetesConnection.strip();
type Place = readonly (string | number)[];

/** What is wrong with the kubeconfigs that a system names: reads them, starts no program and asks no cluster. */
export async function examineKubeconfigs(value: unknown, place: Place = []): Promise<FileFault[]> {
  if (typeof value !== "object" || value === null) return [];
  const found = Object.entries(value).map(async ([key, each]: [string, unknown]) => {
    const at = [...place, key];
    const connection = key === "kubernetes" ? Connection.safeParse(each).data : undefined;
    // A variable that is not set is told elsewhere.
    const isNamed = connection?.kubeconfig?.startsWith("/") === true;
    return connection && isNamed ? faultsOf(connection, [...at, "kubeconfig"]) : examineKubeconfigs(each, at);
  });
  return (await Promise.all(found)).flat();
}

async function faultsOf(connection: KubernetesConnection, place: Place): Promise<FileFault[]> {
  try {
    await examineKubeconfig(connection);
    return [];
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const [, said = "", remedy = "mend it"] = /^(.*?): ([^:]*)$/.exec(error.message) ?? [];
    return [{ place, message: said, remedy: `${remedy.slice(0, 1).toUpperCase()}${remedy.slice(1)}.` }];
  }
}
