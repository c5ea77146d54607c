import type { AlertLabels } from "./matcher.ts";

/** What a label's name and value end with, as Prometheus hashes them. */
const separator = 255;
const encoder = new TextEncoder();

/**
 * What Prometheus and Alertmanager call the alert with these labels: FNV-1a of 64 bits over the labels sorted by name, in 16 hex
 * digits. The halves are kept apart, because a double holds 53 bits.
 */
export function fingerprintOf(labels: AlertLabels): string {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  const add = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  const named = Object.entries(labels).map(([name, value]) => [encoder.encode(name), encoder.encode(value)] as const);
  for (const parts of named.toSorted(([a], [b]) => Buffer.compare(a, b)))
    for (const part of parts) {
      for (const byte of part) add(byte);
      add(separator);
    }
  return `${high.toString(16).padStart(8, "0")}${low.toString(16).padStart(8, "0")}`;
}
