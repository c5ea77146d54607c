/** The one place that names the template library. Its server rewrites the two specifiers below to addresses. */
export { html, nothing, render, svg } from "lit-html";
export { live } from "lit-html/directives/live.js";
export { repeat } from "lit-html/directives/repeat.js";
