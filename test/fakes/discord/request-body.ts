import type { FastifyRequest } from "fastify";
import type { Call, SentFile } from "./call.ts";
import { fieldsOf } from "./world.ts";

/** What a request carries: JSON, or a form of `payload_json` and files. A list stands under `list`. */
export async function bodyOf(request: FastifyRequest): Promise<Pick<Call, "body" | "files">> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/"))
    return { body: fieldsOfJson(raw.length > 0 ? JSON.parse(raw.toString("utf8")) : {}), files: [] };
  const form = await new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData();
  const files: SentFile[] = [];
  for (const [name, value] of form) {
    const key = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (key !== undefined && typeof value !== "string")
      files.push({ key, name: value.name, bytes: await value.bytes() });
  }
  const payload = form.get("payload_json");
  return { body: fieldsOfJson(typeof payload === "string" ? JSON.parse(payload) : {}), files };
}

function fieldsOfJson(value: unknown): Record<string, unknown> {
  return Array.isArray(value) ? { list: value } : fieldsOf(value);
}
