/** The backend of `fleet.ts`, in a process of its own so that its work is not in the figures: `/50` answers after 50 ms. */
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const delayMs = Number(request.url?.slice(1) ?? 0);
  setTimeout(() => response.setHeader("content-type", "application/json").end('{"mode":"live"}'), delayMs);
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 8_192 }, () => {
  const address = server.address();
  console.log(typeof address === "object" && address ? address.port : 0);
});
process.stdin.once("end", () => process.exit()).resume();
