import { readFileSync } from "node:fs";
import { request } from "node:https";
import { z } from "zod";
import { refusedCode, ScriptEnd } from "../programs/script.ts";

const Config = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

const Deployment = z.object({
  metadata: z.object({ generation: z.number().default(0) }),
  spec: z.object({
    replicas: z.number(),
    template: z.object({ spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }) }),
  }),
  status: z.object({
    observedGeneration: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    unavailableReplicas: z.number().default(0),
  }),
});
export type Deployment = z.output<typeof Deployment>;

const apps = "/apis/apps/v1/namespaces/prsm-production/deployments";

/** Reads a deployment of production, as kubectl would with the same KUBECONFIG. */
export async function readDeployment(name: string): Promise<Deployment> {
  return Deployment.parse(await call("GET", `${apps}/${name}`));
}

/** Gives its one container this image. */
export async function setImage(name: string, image: string, cause: string): Promise<void> {
  await call("PATCH", `${apps}/${name}`, {
    metadata: { annotations: { "kubernetes.io/change-cause": cause } },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
}

async function call(method: "GET" | "PATCH", path: string, body?: object): Promise<unknown> {
  const file = process.env["KUBECONFIG"];
  if (file === undefined) throw new ScriptEnd("KUBECONFIG is not set", refusedCode);
  const { clusters, users } = Config.parse(JSON.parse(readFileSync(file, "utf8")));
  const [{ cluster }] = clusters;
  const options = {
    method,
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    headers: {
      authorization: `Bearer ${users[0].user.token}`,
      "content-type": "application/strategic-merge-patch+json",
    },
  };
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(`${cluster.server}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.once("error", reject);
    sent.end(body && JSON.stringify(body));
  });
  if (status >= 300) throw new ScriptEnd(`${method} ${path}: ${status} ${text.slice(0, 300)}`, 1);
  return JSON.parse(text);
}
