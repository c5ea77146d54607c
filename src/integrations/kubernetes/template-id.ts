import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import type { KubeTemplate } from "./objects.ts";

/** Hexadecimal digits, 64 bits: told apart at a glance and typed in full, and nobody makes another template that has the same. */
const digits = 16;

/** What tells one pod template from every other, whichever revision has it: all of it but the label that its ReplicaSet adds. */
export function templateId(template: KubeTemplate): string {
  return hash("sha256", canonicalize(withoutHash(template)) ?? "", "hex").slice(0, digits);
}

/** A template as its deployment has it. */
export function withoutHash(template: KubeTemplate): KubeTemplate {
  const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
