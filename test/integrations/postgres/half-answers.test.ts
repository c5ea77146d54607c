import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { openBackends } from "../backend.ts";
import { systemWith } from "../systems.ts";

/** Something in the server's place. What it said, without its port. */
async function told(answer: (socket: Socket, asked: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let asked = 0;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      asked += 1;
      answer(socket, asked);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const postgres = { url: `postgres://reader@127.0.0.1:${port}/prsm`, expect: { database: "prsm" } };
  const health = [{ id: "db", timeout: "300ms", postgres }];
  const { components } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ health }));
  const [first] = components;
  return first?.reading.ok === false ? first.reading.detail.replaceAll(String(port), "port") : "it was well";
}

/** A message of the protocol: its type, its length, its body. */
function message(type: string, body: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

const letIn = Buffer.concat([message("R", Buffer.alloc(4)), message("Z", "I")]);

it.each<[string, (socket: Socket, asked: number) => void, RegExp]>([
  ["never answers", () => undefined, /gave no answer within 300 ms/],
  ["lets in and never answers", (socket, asked) => void (asked === 1 && socket.write(letIn)), /gave no answer within/],
  ["hangs up", (socket) => socket.destroy(), /closed the connection|ECONNRESET|read/],
  [
    "hangs up in the middle of an answer",
    (socket, asked) => (asked === 1 ? void socket.write(letIn) : socket.end(message("D", "half").subarray(0, 7))),
    /closed the connection in the middle of an answer/,
  ],
  [
    "speaks HTTP",
    (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
    /does not speak as PostgreSQL does|gave no answer/,
  ],
  [
    "asks for a password in a way that nobody knows",
    (socket) => void socket.write(message("R", "\0\0\0\x63")),
    /does not speak/,
  ],
  [
    "answers with a length that cannot be",
    (socket) => void socket.write(Buffer.from("R\0\0\0\0\0\0\0\0")),
    /does not speak as PostgreSQL does|gave no answer/,
  ],
  [
    "answers a question that was not asked",
    (socket, asked) =>
      void socket.write(asked === 1 ? letIn : Buffer.concat([message("D", "\0\x02"), message("Z", "I")])),
    /does not speak as PostgreSQL does/,
  ],
])("what %s in the place of PostgreSQL is an error in words", async (_what, answer, said) => {
  expect(await told(answer)).toMatch(said);
});
