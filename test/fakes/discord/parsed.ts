/**
 * What Discord would turn into a mention, a link or a format in a message's texts, after its escapes. What the bot itself
 * means is left out: bold words, fixed-width blocks and times.
 */
export function parsedIn(message: unknown): string[] {
  const { content, embeds } = asFields(message);
  const texts = [content, ...asList(embeds).flatMap((embed) => textsOfEmbed(asFields(embed)))];
  return texts.flatMap((text) => (typeof text === "string" ? parsedInText(text) : []));
}

function textsOfEmbed(embed: Readonly<Record<string, unknown>>): unknown[] {
  const fields = asList(embed["fields"]).map(asFields);
  return [embed["title"], embed["description"], ...fields.flatMap((field) => [field["name"], field["value"]])];
}

function parsedInText(text: string): string[] {
  const outside = text
    .replaceAll(/```[^`]*```/g, "\n")
    // An escaped sign is a letter like any other.
    .replaceAll(/\\[^A-Za-z0-9\s]/g, "x")
    .replaceAll(/<t:\d+:[TR]>/g, "")
    // A mark with a space inside it marks nothing, and stands there as it is.
    .replaceAll(/\*\*(?!\s)([^*\n]+)(?<!\s)\*\*/g, "$1");
  const patterns = [
    /@(?:everyone|here)/g,
    /<(?:@[!&]?|#|a?:\w+:|\/[\w -]+:|t:|id:)[^>]*>/g,
    /https?:\/\/\S/g,
    /\[[^\]]*\]\([^)]*\)/g,
    /[*_~`|]/g,
    /^\s*(?:[-+*#>]|\d+[.)])\s/gm,
    /^(?:#{1,3}|-#|>>>?)\s/gm,
  ];
  return patterns.flatMap((pattern) => outside.match(pattern) ?? []);
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
