import { fieldsOf, listOf, textOf } from "./world.ts";

/**
 * What Discord's client sends for a modal that was filled in. Values are by label, by custom id, or by what follows the
 * colon of one. Throws what the person would be shown, and for a value that no field takes.
 */
export function modalData(
  modal: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): { readonly custom_id: unknown; readonly components: readonly unknown[] } {
  const used = new Set<string>();
  const components = listOf(modal["components"])
    .map(fieldsOf)
    .map((row) => rowGiven(row, values, used));
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the modal has no field ${unused.join(", ")}`);
  return { custom_id: modal["custom_id"], components };
}

/** A label with its input, or a row with one, as modals had before. */
function rowGiven(
  row: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
  used: Set<string>,
): Record<string, unknown> {
  const old = row["type"] === 1;
  const input = fieldsOf(old ? listOf(row["components"])[0] : row["component"]);
  const customId = textOf(input["custom_id"]);
  const names = [textOf(old ? input["label"] : row["label"]), customId, customId.replace(/^[^:]*:/, "")];
  const name = names.find((each) => values[each] !== undefined);
  if (name !== undefined) used.add(name);
  const shown = { type: input["type"], id: 2, custom_id: customId, ...given(input, name && values[name], names[0]) };
  return old ? { type: 1, id: 1, components: [shown] } : { type: 18, id: 1, component: shown };
}

function given(
  input: Readonly<Record<string, unknown>>,
  value: string | undefined,
  label: string | undefined,
): Record<string, unknown> {
  const options = listOf(input["options"]).map(fieldsOf);
  const chosen = options.find((option) => option["default"] === true)?.["value"];
  const said = value ?? textOf(input["value"] ?? chosen);
  if (said === "" && input["required"] !== false) throw new Error(`${label ?? "a field"} has to be filled in`);
  // A text's length is held by Discord's clients alone, so a bot may be given any.
  if (input["type"] !== 3) return { value: said };
  if (said !== "" && !options.some((option) => option["value"] === said))
    throw new Error(`${label ?? "a field"} has no choice ${said}`);
  return { values: said === "" ? [] : [said] };
}
