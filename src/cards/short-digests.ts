import type { Block } from "../domain/messages/card.ts";
import { shortDigests } from "../domain/text/digests.ts";

/** The same with its digests shortened where they are read, and not where they are typed or copied. */
export function withShortDigests(block: Block): Block {
  switch (block.kind) {
    case "text":
      return { ...block, text: shortDigests(block.text) };
    case "list":
      return { ...block, items: block.items.map((item) => ({ ...item, text: shortDigests(item.text) })) };
    case "fields":
      return { ...block, fields: block.fields.map((field) => ({ ...field, value: shortDigests(field.value) })) };
    case "table":
    case "code":
    case "image":
    case "file":
    case "moment":
      return block;
  }
}
