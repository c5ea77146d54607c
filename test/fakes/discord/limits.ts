/** What Discord refuses in messages, commands and modals, as `path: CODE`. Numbers are those of its developer documentation. */
type Fields = Readonly<Record<string, unknown>>;

/** Everything Discord would refuse about a message. `attachments` are the names of the files that come with it. */
export function messageProblems(body: unknown, attachments: readonly string[] = []): string[] {
  const problems = new Problems();
  const message = asFields(body);
  problems.text(message["content"], "content", { most: 2_000, least: 0 });
  const embeds = asList(message["embeds"]).map(asFields);
  if (embeds.length > 10) problems.add("embeds", "BASE_TYPE_MAX_LENGTH");
  let characters = 0;
  embeds.forEach((embed, index) => (characters += problems.embed(embed, `embeds[${index}]`, attachments)));
  if (characters > 6_000) problems.add("embeds", "MAX_EMBED_SIZE_EXCEEDED");
  problems.rows(message["components"], "components");
  const empty =
    !message["content"] &&
    embeds.length === 0 &&
    attachments.length === 0 &&
    asList(message["components"]).length === 0;
  if (empty) problems.add("", "Cannot send an empty message");
  if (attachments.length > 10) problems.add("attachments", "BASE_TYPE_MAX_LENGTH");
  if (typeof message["nonce"] === "string" && message["nonce"].length > 25)
    problems.add("nonce", "BASE_TYPE_MAX_LENGTH");
  return problems.found;
}

/** Everything Discord would refuse about commands that are registered together. */
export function commandProblems(commands: unknown): string[] {
  const problems = new Problems();
  const list = asList(commands).map(asFields);
  const kinds = Map.groupBy(list, (command) => command["type"] ?? 1);
  for (const [kind, of] of kinds) if (of.length > (kind === 1 ? 100 : 5)) problems.add("", "MAX_COMMANDS");
  const names = list.map((command) => `${Number(command["type"] ?? 1)} ${textOf(command["name"])}`);
  if (new Set(names).size < names.length) problems.add("", "APPLICATION_COMMANDS_DUPLICATE_NAME");
  list.forEach((command, index) => problems.command(command, `[${index}]`));
  return problems.found;
}

/** Everything Discord would refuse about a modal. */
export function modalProblems(modal: unknown): string[] {
  const problems = new Problems();
  const fields = asFields(modal);
  problems.text(fields["title"], "title", { most: 45, least: 1 });
  problems.text(fields["custom_id"], "custom_id", { most: 100, least: 1 });
  const components = asList(fields["components"]).map(asFields);
  if (components.length === 0 || components.length > 5) problems.add("components", "BASE_TYPE_BAD_LENGTH");
  components.forEach((component, index) => problems.label(component, `components[${index}]`));
  return problems.found;
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

class Problems {
  readonly found: string[] = [];
  readonly #ids = new Set<string>();

  add(path: string, code: string): void {
    this.found.push(`${path}: ${code}`);
  }

  text(value: unknown, path: string, length: { readonly most: number; readonly least: number }): number {
    if (value === undefined || value === null) {
      if (length.least > 0) this.add(path, "BASE_TYPE_REQUIRED");
      return 0;
    }
    if (typeof value !== "string") {
      this.add(path, "STRING_TYPE_CONVERT");
      return 0;
    }
    // Discord counts code points, and takes away the space around.
    const characters = Array.from(value.trim()).length;
    if (characters > length.most) this.add(path, "BASE_TYPE_MAX_LENGTH");
    if (characters < length.least) this.add(path, "BASE_TYPE_REQUIRED");
    if (!value.isWellFormed()) this.add(path, "INVALID_UNICODE");
    return characters;
  }

  embed(embed: Fields, path: string, attachments: readonly string[]): number {
    const title = this.text(embed["title"], `${path}.title`, { most: 256, least: 0 });
    const description = this.text(embed["description"], `${path}.description`, { most: 4_096, least: 0 });
    const footer =
      embed["footer"] === undefined
        ? 0
        : this.text(asFields(embed["footer"])["text"], `${path}.footer.text`, { most: 2_048, least: 1 });
    const fields = asList(embed["fields"]).map(asFields);
    if (fields.length > 25) this.add(`${path}.fields`, "BASE_TYPE_MAX_LENGTH");
    let characters = title + description + footer;
    fields.forEach((field, index) => {
      characters += this.text(field["name"], `${path}.fields[${index}].name`, { most: 256, least: 1 });
      characters += this.text(field["value"], `${path}.fields[${index}].value`, { most: 1_024, least: 1 });
    });
    const url = asFields(embed["image"])["url"];
    if (typeof url === "string" && url.startsWith("attachment://") && !attachments.includes(url.slice(13)))
      this.add(`${path}.image.url`, "ATTACHMENT_NOT_FOUND");
    return characters;
  }

  rows(value: unknown, path: string): void {
    const rows = asList(value).map(asFields);
    if (rows.length > 5) this.add(path, "BASE_TYPE_BAD_LENGTH");
    rows.forEach((row, index) => {
      if (row["type"] !== 1) this.add(`${path}[${index}].type`, "BASE_TYPE_CHOICES");
      const buttons = asList(row["components"]).map(asFields);
      if (buttons.length === 0 || buttons.length > 5) this.add(`${path}[${index}].components`, "BASE_TYPE_BAD_LENGTH");
      buttons.forEach((button, at) => this.#button(button, `${path}[${index}].components[${at}]`));
    });
  }

  #button(button: Fields, path: string): void {
    if (button["type"] !== 2) this.add(`${path}.type`, "BASE_TYPE_CHOICES");
    if (![1, 2, 3, 4].includes(Number(button["style"]))) this.add(`${path}.style`, "BASE_TYPE_CHOICES");
    this.text(button["label"], `${path}.label`, { most: 80, least: 1 });
    this.#once(button["custom_id"], `${path}.custom_id`);
  }

  #once(id: unknown, path: string): void {
    this.text(id, path, { most: 100, least: 1 });
    if (typeof id !== "string") return;
    if (this.#ids.has(id)) this.add(path, "COMPONENT_CUSTOM_ID_DUPLICATED");
    this.#ids.add(id);
  }

  label(component: Fields, path: string): void {
    if (component["type"] !== 18) return this.add(`${path}.type`, "BASE_TYPE_CHOICES");
    this.text(component["label"], `${path}.label`, { most: 45, least: 1 });
    this.text(component["description"], `${path}.description`, { most: 100, least: 0 });
    const inner = asFields(component["component"]);
    const at = `${path}.component`;
    this.#once(inner["custom_id"], `${at}.custom_id`);
    switch (inner["type"]) {
      case 4: {
        const [least, most] = [Number(inner["min_length"] ?? 0), Number(inner["max_length"] ?? 4_000)];
        if (least < 0 || least > 4_000 || most < 1 || most > 4_000 || least > most) this.add(at, "NUMBER_TYPE_MAX");
        if (inner["value"] !== undefined) this.text(inner["value"], `${at}.value`, { most, least: Math.max(1, least) });
        if (inner["style"] === 1 && typeof inner["value"] === "string" && inner["value"].includes("\n"))
          this.add(`${at}.value`, "COMPONENT_VALIDATION_FAILED");
        return void this.text(inner["placeholder"], `${at}.placeholder`, { most: 100, least: 0 });
      }
      case 3:
        return this.#select(inner, at);
      default:
        this.add(`${at}.type`, "BASE_TYPE_CHOICES");
    }
  }

  #select(select: Fields, path: string): void {
    const options = asList(select["options"]).map(asFields);
    if (options.length === 0 || options.length > 25) this.add(`${path}.options`, "BASE_TYPE_BAD_LENGTH");
    options.forEach((option, index) => {
      this.text(option["label"], `${path}.options[${index}].label`, { most: 100, least: 1 });
      this.text(option["value"], `${path}.options[${index}].value`, { most: 100, least: 1 });
    });
    const values = options.map((option) => option["value"]);
    if (new Set(values).size < values.length) this.add(`${path}.options`, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED");
  }

  command(command: Fields, path: string): void {
    if (command["type"] !== undefined && command["type"] !== 1) {
      this.text(command["name"], `${path}.name`, { most: 32, least: 1 });
      return;
    }
    this.#named(command, path);
    const size = sizeOf(command);
    if (size > 8_000) this.add(path, `APPLICATION_COMMAND_TOO_LARGE ${size}`);
    this.#options(command["options"], path);
  }

  #named(fields: Fields, path: string): void {
    if (!/^[-_\p{Ll}\p{Lo}\p{N}]{1,32}$/u.test(String(fields["name"]))) this.add(`${path}.name`, "STRING_TYPE_REGEX");
    this.text(fields["description"], `${path}.description`, { most: 100, least: 1 });
  }

  #options(value: unknown, path: string): void {
    const options = asList(value).map(asFields);
    if (options.length > 25) this.add(`${path}.options`, "BASE_TYPE_MAX_LENGTH");
    let optional = false;
    options.forEach((option, index) => {
      const at = `${path}.options[${index}]`;
      this.#named(option, at);
      if (option["required"] === true && optional) this.add(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
      optional ||= option["required"] !== true;
      const choices = asList(option["choices"]).map(asFields);
      if (choices.length > 25) this.add(`${at}.choices`, "BASE_TYPE_MAX_LENGTH");
      if (choices.length > 0 && option["autocomplete"] === true) this.add(at, "AUTOCOMPLETE_AND_CHOICES");
      choices.forEach((choice, place) =>
        this.text(choice["name"], `${at}.choices[${place}].name`, { most: 100, least: 1 }),
      );
      this.#options(option["options"], at);
    });
  }
}

/** Discord adds up the names, descriptions and choices of a command and everything below it. */
function sizeOf(fields: Fields): number {
  const own = ["name", "description"].map((key) => textOf(fields[key]).length);
  const choices = asList(fields["choices"]).map((choice) => Object.values(asFields(choice)).join("").length);
  const below = asList(fields["options"]).map((option) => sizeOf(asFields(option)));
  return [...own, ...choices, ...below].reduce((sum, size) => sum + size, 0);
}
