import { expand } from "./actions.js";
import { fileIcon, tones } from "./icons.js";
import { html, nothing } from "./lit.js";
import { state } from "./state.js";
import { count, exactTime, sizeOf } from "./words.js";

/**
 * @import { Block, Cell, Tone } from "../../../domain/messages/card.ts"
 * @import { FileView } from "../wire.ts"
 * @typedef {{ files: readonly FileView[], key: string }} Around
 */

const rowsShown = 12;
const linesShown = 18;
/** Characters of a value that a column of fields takes without breaking it often; a longer one has a line of its own. */
const fieldChars = 30;
/** Characters beside one another that a phone shows, where each column takes so many more for its edges. */
const phoneChars = 36;
const edgeChars = 3;

/** @param {Block} block @param {Around} around */
export function blockView(block, around) {
  switch (block.kind) {
    case "text":
      return html`<p class="text ${toneClass(block.tone)}">${block.text}</p>`;
    case "fields":
      return html`<dl class="fields">
        ${block.fields.map(
          (field) => html`<div class="field ${field.value.length > fieldChars ? "long" : ""}">
            <dt>${field.name}</dt>
            <dd class=${toneClass(field.tone)}>${toned(field.value, field.tone)}</dd>
          </div>`,
        )}
      </dl>`;
    case "table":
      return tableView(block, around.key);
    case "code":
      return codeView(block.text, around.key);
    case "list":
      return listView(block);
    case "image":
      return imageView(block, around.files);
    case "file":
      return fileView(block, around.files);
    case "moment":
      return html`<p class="moment">
        <span class="moment-label">${block.label}</span>
        <time datetime=${new Date(block.at).toISOString()} title=${exactTime(block.at)}>
          <span class="moment-distance" data-moment=${block.at}></span>
          <span class="moment-point" data-point=${block.at}></span>
        </time>
      </p>`;
  }
}

/** @param {Extract<Block, { kind: "table" }>} table @param {string} key */
function tableView(table, key) {
  const all = state.expanded.has(key) || table.rows.length <= rowsShown + 3;
  const rows = all ? table.rows : table.rows.slice(0, rowsShown);
  const align = (/** @type {number} */ index) => (table.columns[index]?.align === "right" ? "right" : "left");
  return html`<div class="table-box ${isWide(table) ? "wide" : ""}">
    <div class="table-scroll" tabindex="0" role="region" aria-label="Table, ${count(table.rows.length, "row")}">
      <table role="table">
        <thead>
          <tr>
            ${table.columns.map((column, index) => html`<th scope="col" class=${align(index)}>${column.title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr role="row">
                ${row.map((cell, index) => cellView(cell, align(index), table.columns[index]?.title ?? ""))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${all ? nothing : moreButton(`Show all ${table.rows.length} rows`, key)}
  </div>`;
}

/** Is it wider than a phone? There each row is told by its first cell, with the titles before the others. @param {Extract<Block, { kind: "table" }>} table */
function isWide({ columns, rows }) {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, cellText(row[index]).length), title.length),
  );
  return widths.reduce((sum, width) => sum + width + edgeChars, 0) > phoneChars;
}

/** @param {Cell | undefined} cell */
function cellText(cell = "") {
  return typeof cell === "string" ? cell : cell.text;
}

/** @param {Cell} cell @param {string} align @param {string} title */
function cellView(cell, align, title) {
  const text = cellText(cell);
  const tone = typeof cell === "string" ? undefined : cell.tone;
  const fits = tone !== undefined && text.length <= 20 ? "short" : "";
  const blank = text === "" ? "blank" : "";
  const breaks = /\S{31}/.test(text) ? "breaks" : "";
  return html`<td role="cell" class="${align} ${fits} ${blank} ${breaks} ${toneClass(tone)}" data-title=${title}>${toned(text, tone)}</td>`;
}

/** @param {string} text @param {string} key */
function codeView(text, key) {
  const lines = text.split("\n");
  const all = state.expanded.has(key) || lines.length <= linesShown + 4;
  return html`<div class="code-box">
    <pre class="code" tabindex="0" role="region" aria-label="Text, ${count(lines.length, "line")}"><code>${
      all ? text : lines.slice(0, linesShown).join("\n")
    }</code></pre>
    <button type="button" class="copy" @click=${(/** @type {Event} */ event) => copy(text, event)}>Copy</button>
    ${all ? nothing : moreButton(`Show all ${lines.length} lines`, key)}
  </div>`;
}

/** @param {string} words @param {string} key */
function moreButton(words, key) {
  return html`<button type="button" class="more" @click=${() => expand(key)}>${words}</button>`;
}

/** @param {string} text @param {Event} event */
async function copy(text, { currentTarget }) {
  if (!(currentTarget instanceof HTMLElement)) return;
  const done = await navigator.clipboard.writeText(text).then(
    () => "Copied",
    () => "Not copied",
  );
  currentTarget.setAttribute("data-done", done);
  window.setTimeout(() => currentTarget.removeAttribute("data-done"), 1_500);
}

/** @param {Extract<Block, { kind: "list" }>} list */
function listView(list) {
  const items = list.items.map((item) => html`<li class=${toneClass(item.tone)}>${toned(item.text, item.tone)}</li>`);
  return list.ordered ? html`<ol class="list">${items}</ol>` : html`<ul class="list">${items}</ul>`;
}

/** @param {Extract<Block, { kind: "image" }>} image @param {readonly FileView[]} files */
function imageView(image, files) {
  const file = files.find((each) => each.name === image.file);
  if (!file) return html`<p class="gone">${image.alt} (the picture is no longer kept)</p>`;
  return html`<figure class="picture">
    <a href=${file.url} download=${file.name} title="Download ${file.name}"><img src=${file.url} alt=${image.alt} /></a>
    <figcaption>${image.alt}</figcaption>
  </figure>`;
}

/** @param {Extract<Block, { kind: "file" }>} block @param {readonly FileView[]} files */
function fileView(block, files) {
  const file = files.find((each) => each.name === block.file);
  if (!file) return html`<p class="gone">${block.file} (no longer kept)</p>`;
  return html`<a class="file" href=${file.url} download=${file.name}>
    ${fileIcon}
    <span class="file-name">${file.name}</span>
    <span class="file-note">${sizeOf(file.bytes)}${block.note ? `, ${block.note}` : ""}</span>
  </a>`;
}

/** @param {Tone | undefined} tone */
function toneClass(tone) {
  return tone === undefined ? "" : `toned tone-${tone}`;
}

/** The tone's shape before the words, and its word for those who listen. @param {string} text @param {Tone | undefined} tone */
function toned(text, tone) {
  if (tone === undefined || tone === "neutral") return text;
  return html`<span class="tone-mark small">${tones[tone].icon}</span><span class="unseen">${tones[tone].word}</span
    >${text}`;
}
