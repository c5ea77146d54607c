import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";

/** What the real kubectl prints, or what it complains of behind `error:`. */
export type Kubectl = (...args: readonly string[]) => Promise<string>;

/** The real kubectl with this kubeconfig; what it keeps for itself it keeps beside that. */
export function kubectlWith(kubeconfig: string): Kubectl {
  return async (...args) => {
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: dirname(kubeconfig), KUBECONFIG: kubeconfig };
    const ran = await promisify(execFile)("kubectl", args, { env, timeout: 60_000 }).catch((error: unknown) => ({
      stdout: `error: ${error instanceof Error && "stderr" in error ? String(error.stderr) : String(error)}`,
    }));
    return ran.stdout;
  };
}
