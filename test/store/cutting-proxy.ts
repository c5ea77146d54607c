import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can lose the answer to a command after the server has carried it out. */
export interface CuttingProxy {
  readonly url: string;
  /** Cuts the connection instead of passing on the next answer to a command that holds this text. */
  cutAnswerTo(text: string): void;
  /** How many answers have been lost so. */
  readonly cuts: () => number;
  stop(): Promise<void>;
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let text: string | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    let cutting = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (data) => {
      if (text !== undefined && data.includes(text)) {
        cutting = true;
        text = undefined;
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (!cutting) {
        client.write(data);
        return;
      }
      cuts += 1;
      client.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `redis://127.0.0.1:${address.port}`,
    cutAnswerTo: (part) => {
      text = part;
    },
    cuts: () => cuts,
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
