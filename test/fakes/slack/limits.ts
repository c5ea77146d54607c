/** What Slack refuses in blocks, views and texts, said in its manner. Numbers are those of its reference for Block Kit. */

const mostBlocks = { message: 50, view: 100 } as const;
/** Characters of text in all blocks of a message, as measured. */
const mostCharacters = 13_200;

type Fields = Readonly<Record<string, unknown>>;

/** Everything Slack would refuse about a message's blocks, as `path: what`. */
export function blockProblems(blocks: unknown): string[] {
  const problems = new Problems();
  problems.blocks(blocks, "/blocks", mostBlocks.message);
  if (problems.characters > mostCharacters) problems.add("/blocks", `msg_blocks_too_long (${problems.characters})`);
  return problems.found;
}

/** Everything Slack would refuse about a modal or a home tab. */
export function viewProblems(view: unknown): string[] {
  const problems = new Problems();
  const fields = asFields(view);
  const type = fields["type"];
  if (type !== "modal" && type !== "home") problems.add("/type", "must be modal or home");
  if (type === "modal") problems.plainText(fields["title"], "/title", 24);
  for (const name of ["submit", "close"])
    if (fields[name] !== undefined) problems.plainText(fields[name], `/${name}`, 24);
  problems.atMost(fields["private_metadata"], "/private_metadata", 3_000);
  problems.atMost(fields["callback_id"], "/callback_id", 255);
  problems.blocks(fields["blocks"], "/blocks", mostBlocks.view);
  const inputs = asList(fields["blocks"]).some((block) => asFields(block)["type"] === "input");
  if (type === "modal" && inputs && fields["submit"] === undefined) problems.add("/submit", "is required with inputs");
  return problems.found;
}

/** Everything Slack would refuse about the text of a message. */
export function textProblems(text: string): string[] {
  return text.length > 40_000 ? ["msg_too_long"] : [];
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

class Problems {
  readonly found: string[] = [];
  readonly #ids = new Set<string>();
  characters = 0;

  add(path: string, what: string): void {
    this.found.push(`${path}: ${what}`);
  }

  blocks(blocks: unknown, path: string, most: number): void {
    if (blocks === undefined) return;
    if (!Array.isArray(blocks)) return this.add(path, "must be an array");
    if (blocks.length > most) this.add(path, `no more than ${most} items allowed [${blocks.length}]`);
    blocks.forEach((block, index) => this.#block(asFields(block), `${path}/${index}`));
  }

  plainText(value: unknown, path: string, most: number): void {
    const fields = asFields(value);
    if (fields["type"] !== "plain_text") this.add(path, "must be plain_text");
    this.#text(fields["text"], `${path}/text`, most);
  }

  atMost(value: unknown, path: string, most: number): void {
    if (value === undefined) return;
    if (typeof value !== "string") return this.add(path, "must be a string");
    if (value.length > most) this.add(path, `must be less than ${most + 1} characters [${value.length}]`);
  }

  #text(value: unknown, path: string, most: number): void {
    if (typeof value !== "string") return this.add(path, "must be a string");
    this.characters += value.length;
    if (value.length === 0) this.add(path, "must be more than 0 characters");
    if (!value.isWellFormed()) this.add(path, "is not valid UTF-8");
    this.atMost(value, path, most);
  }

  #once(id: unknown, path: string): void {
    if (id === undefined) return;
    this.atMost(id, path, 255);
    if (typeof id !== "string") return;
    const key = `${path.endsWith("block_id") ? "block" : "action"} ${id}`;
    if (this.#ids.has(key)) this.add(path, `${id} is used twice`);
    this.#ids.add(key);
  }

  #block(block: Fields, path: string): void {
    this.#once(block["block_id"], `${path}/block_id`);
    switch (block["type"]) {
      case "divider":
        return;
      case "header":
        return this.plainText(block["text"], `${path}/text`, 150);
      case "section":
        return this.#section(block, path);
      case "context":
        return this.#elements(block, path, { most: 10, kinds: ["plain_text", "mrkdwn", "image"] });
      case "actions":
        return this.#elements(block, path, { most: 25, kinds: ["button", "static_select", "overflow"] });
      case "image":
        return this.#image(block, path);
      case "rich_text":
        return this.#richText(block, path);
      case "input":
        return this.#input(block, path);
      default:
        this.add(`${path}/type`, `unsupported type: ${String(block["type"])}`);
    }
  }

  #section(block: Fields, path: string): void {
    const fields = asList(block["fields"]);
    if (block["text"] === undefined && fields.length === 0) this.add(path, "must have text or fields");
    if (block["text"] !== undefined) this.#textObject(block["text"], `${path}/text`, 3_000);
    if (fields.length > 10) this.add(`${path}/fields`, `no more than 10 items allowed [${fields.length}]`);
    fields.forEach((field, index) => this.#textObject(field, `${path}/fields/${index}`, 2_000));
  }

  #textObject(value: unknown, path: string, most: number): void {
    const { type, text } = asFields(value);
    if (type !== "plain_text" && type !== "mrkdwn") this.add(`${path}/type`, "must be plain_text or mrkdwn");
    this.#text(text, `${path}/text`, most);
  }

  #elements(block: Fields, path: string, allowed: { most: number; kinds: readonly string[] }): void {
    const elements = asList(block["elements"]);
    if (elements.length === 0) this.add(`${path}/elements`, "must have at least 1 item");
    if (elements.length > allowed.most)
      this.add(`${path}/elements`, `no more than ${allowed.most} items allowed [${elements.length}]`);
    elements.forEach((element, index) => {
      const fields = asFields(element);
      const at = `${path}/elements/${index}`;
      if (!allowed.kinds.includes(String(fields["type"])))
        this.add(`${at}/type`, `unsupported: ${String(fields["type"])}`);
      else if (fields["type"] === "button") this.#button(fields, at);
      else if (fields["type"] === "static_select") this.#select(fields, at);
      else if (fields["type"] !== "image") this.#textObject(fields, at, 3_000);
    });
  }

  #button(button: Fields, path: string): void {
    this.plainText(button["text"], `${path}/text`, 75);
    this.#once(button["action_id"], `${path}/action_id`);
    this.atMost(button["value"], `${path}/value`, 2_000);
    const style = button["style"];
    if (style !== undefined && style !== "primary" && style !== "danger")
      this.add(`${path}/style`, "must be primary or danger");
  }

  #image(block: Fields, path: string): void {
    this.#text(block["alt_text"], `${path}/alt_text`, 2_000);
    if (block["title"] !== undefined) this.plainText(block["title"], `${path}/title`, 2_000);
    const sources = ["image_url", "slack_file"].filter((name) => block[name] !== undefined);
    if (sources.length !== 1) this.add(path, "must have image_url or slack_file");
  }

  #richText(block: Fields, path: string): void {
    const elements = asList(block["elements"]);
    if (elements.length === 0) this.add(`${path}/elements`, "must have at least 1 item");
    elements.forEach((element, index) => this.#richElement(asFields(element), `${path}/elements/${index}`));
  }

  #richElement(element: Fields, path: string): void {
    const inner = asList(element["elements"]);
    switch (element["type"]) {
      case "rich_text_section":
      case "rich_text_preformatted":
      case "rich_text_quote":
        if (inner.length === 0) this.add(`${path}/elements`, "must have at least 1 item");
        return inner.forEach((each, index) => this.#inline(asFields(each), `${path}/elements/${index}`));
      case "rich_text_list":
        if (element["style"] !== "bullet" && element["style"] !== "ordered")
          this.add(`${path}/style`, "must be bullet or ordered");
        if (inner.length === 0) this.add(`${path}/elements`, "must have at least 1 item");
        return inner.forEach((each, index) => {
          if (asFields(each)["type"] !== "rich_text_section")
            this.add(`${path}/elements/${index}`, "must be rich_text_section");
          this.#richElement(asFields(each), `${path}/elements/${index}`);
        });
      default:
        this.add(`${path}/type`, `unsupported: ${String(element["type"])}`);
    }
  }

  #inline(element: Fields, path: string): void {
    switch (element["type"]) {
      case "text":
        return this.#text(element["text"], `${path}/text`, 13_200);
      case "date":
        if (!Number.isSafeInteger(element["timestamp"])) this.add(`${path}/timestamp`, "must be an integer");
        return this.#text(element["format"], `${path}/format`, 200);
      case "link":
      case "user":
      case "usergroup":
      case "channel":
      case "broadcast":
      case "emoji":
        return;
      default:
        this.add(`${path}/type`, `unsupported: ${String(element["type"])}`);
    }
  }

  #input(block: Fields, path: string): void {
    this.plainText(block["label"], `${path}/label`, 2_000);
    if (block["hint"] !== undefined) this.plainText(block["hint"], `${path}/hint`, 2_000);
    const element = asFields(block["element"]);
    const at = `${path}/element`;
    if (element["placeholder"] !== undefined) this.plainText(element["placeholder"], `${at}/placeholder`, 150);
    switch (element["type"]) {
      case "plain_text_input":
        this.atMost(element["initial_value"], `${at}/initial_value`, 3_000);
        return this.#lengths(element, at);
      case "number_input":
        if (typeof element["is_decimal_allowed"] !== "boolean") this.add(`${at}/is_decimal_allowed`, "is required");
        return;
      case "static_select":
      case "radio_buttons":
      case "checkboxes":
        return this.#select(element, at);
      default:
        this.add(`${at}/type`, `unsupported: ${String(element["type"])}`);
    }
  }

  #lengths(element: Fields, path: string): void {
    const { min_length: least, max_length: most } = element;
    if (least !== undefined && !(Number(least) >= 0 && Number(least) <= 3_000))
      this.add(`${path}/min_length`, "0 to 3000");
    if (most !== undefined && !(Number(most) >= 1 && Number(most) <= 3_000))
      this.add(`${path}/max_length`, "1 to 3000");
  }

  #select(element: Fields, path: string): void {
    const options = asList(element["options"]).map(asFields);
    const most = element["type"] === "static_select" ? 100 : 10;
    if (options.length === 0 || options.length > most) this.add(`${path}/options`, `1 to ${most} items allowed`);
    options.forEach((option, index) => {
      this.plainText(option["text"], `${path}/options/${index}/text`, 75);
      this.#text(option["value"], `${path}/options/${index}/value`, 150);
    });
    const initial = element["initial_option"];
    if (initial !== undefined && !options.some((option) => option["value"] === asFields(initial)["value"]))
      this.add(`${path}/initial_option`, "must be one of the options");
  }
}
