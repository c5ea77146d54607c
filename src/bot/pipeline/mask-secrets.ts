import { secretGivenCard } from "../../cards/refusal.ts";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import type { Scalar } from "../../domain/systems/values.ts";
import { isSecretName, mask, redact } from "../../domain/text/redact.ts";
import { fieldsFor } from "../language/fields.ts";
import type { Routed } from "./route.ts";

/**
 * What was typed, sent or picked, with whatever looks like a secret masked. The one place: what comes after it, what is kept and
 * what is shown, never sees the rest. Masking what is masked changes nothing, so an asking that is read again is the same.
 */
export function maskSecrets(content: DeliveryContent): DeliveryContent {
  switch (content.kind) {
    case "text":
    case "message":
      return { ...content, text: redact(content.text) };
    case "form":
      return {
        ...content,
        values: Object.fromEntries(Object.entries(content.values).map(([name, value]) => [name, masked(name, value)])),
      };
    case "press":
      return content;
  }
}

function masked(name: string, value: Scalar): Scalar {
  if (isSecretName(name) && value !== "") return mask;
  return typeof value === "string" ? redact(value) : value;
}

/**
 * Prose is read by people, who lose nothing by a mask. Anything else that held a secret would be carried out otherwise than it
 * was asked for, so it is refused.
 */
export function refuseMasked(routed: Routed): Routed {
  if (routed.kind === "unreadable") return routed;
  const field = fieldsFor(routed.command, routed.values).find(
    ({ name, prose }) => !prose && String(routed.values[name]).includes(mask),
  );
  return field ? { kind: "unreadable", card: secretGivenCard(field.label, routed.command.name) } : routed;
}
