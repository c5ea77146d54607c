import { createServer, type Socket } from "node:net";
import { listen } from "../service.ts";
import { type Database, serveSession } from "./session.ts";

export interface PostgresDemo {
  readonly port: number;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly database: Database;
  /** False: what it stands for is stopped, and whoever connects is put off. */
  readonly isUp: () => boolean;
}

/** Opens a door on loopback that speaks PostgreSQL's own protocol, version 3. Rejects when the port is taken. */
export async function startPostgres({ port, database, isUp }: PostgresOptions): Promise<PostgresDemo> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (isUp()) serveSession(socket, database);
    else socket.destroy();
  });
  const taken = await listen(server, port);
  return {
    port: taken,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
