/**
 * Node's HTTP, taken without an import: that one reads every export at once, among them `WebSocket`, for which Node loads the
 * whole of `fetch` (0.1 s of processor and some MiB), which nothing here uses.
 */
import type http from "node:http";

export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule("node:http");
export type Agent = http.Agent;
