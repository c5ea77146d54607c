import type { Answer } from "../service.ts";
import { Refusal } from "./status.ts";

const magic = Buffer.from("k8s\0", "latin1");
/** What is asked of a `SelfSubjectAccessReview`, in the order of its fields from 1 on. */
const asked = ["namespace", "verb", "group", "version", "resource", "subresource", "name"] as const;
const reviews = ["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SelfSubjectReview"];

/**
 * Reads a body in protobuf, which is what kubectl asks `auth can-i` and `auth whoami` in, whatever the server would rather
 * have; undefined for a body of any other type. Reviews only: anything else is refused with 415.
 */
export function readProtobuf(bytes: Buffer, type: string): { readonly body: unknown } | Answer | undefined {
  if (!type.startsWith("application/vnd.kubernetes.protobuf")) return undefined;
  try {
    const envelope = fieldsOf(magic.equals(bytes.subarray(0, 4)) ? bytes.subarray(4) : Buffer.alloc(0));
    const kind = textAt(fieldsOf(envelope.get(1)), 2);
    if (!reviews.includes(kind)) return unsupported();
    const attributes = fieldsOf(fieldsOf(fieldsOf(envelope.get(2)).get(2)).get(1));
    const resourceAttributes = Object.fromEntries(asked.map((name, index) => [name, textAt(attributes, index + 1)]));
    return { body: { kind, spec: kind === reviews[0] ? { resourceAttributes } : {} } };
  } catch {
    return unsupported();
  }
}

type Fields = ReadonlyMap<number, Buffer>;

/** The fields that have a length, by their numbers; numbers are passed over. */
function fieldsOf(bytes: Buffer = Buffer.alloc(0)): Fields {
  const found = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      found.set(Math.floor(key / 8), bytes.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}

function textAt(fields: Fields, number: number): string {
  return fields.get(number)?.toString("utf8") ?? "";
}

function unsupported(): Answer {
  const message =
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";
  const refusal = new Refusal(415, "UnsupportedMediaType", { message });
  return { status: refusal.code, body: refusal.body };
}
