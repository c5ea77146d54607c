import { svg } from "./lit.js";

/**
 * @import { Tone } from "../../../domain/messages/card.ts"
 * @import { SVGTemplateResult } from "lit-html"
 */

/** @param {SVGTemplateResult} shape @param {string} [box] */
const icon = (shape, box = "0 0 20 20") =>
  svg`<svg class="icon" viewBox=${box} aria-hidden="true" focusable="false">${shape}</svg>`;

export const menuIcon = icon(svg`<path d="M3 5.5h14M3 10h14M3 14.5h14"/>`);
export const closeIcon = icon(svg`<path d="m5 5 10 10M15 5 5 15"/>`);
export const sendIcon = icon(svg`<path d="M4 10h11M10.5 5l5 5-5 5"/>`);
export const downIcon = icon(svg`<path d="M10 4v11M5.5 10.5 10 15l4.5-4.5"/>`);
export const chevronIcon = icon(svg`<path d="m6 8 4 4 4-4"/>`);
export const threadIcon = icon(svg`<path d="M4 5h12v8H9l-3.5 3v-3H4z"/>`);
export const fileIcon = icon(svg`<path d="M5 3h6.5L15 6.5V17H5zM11 3v4h4"/>`);
export const lockIcon = icon(svg`<rect x="5" y="9" width="10" height="7" rx="1.5"/><path d="M7 9V7a3 3 0 0 1 6 0v2"/>`);
export const sunIcon = icon(
  svg`<circle cx="10" cy="10" r="3.2"/><path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4"/>`,
);
export const moonIcon = icon(svg`<path d="M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8z"/>`);
export const wheelIcon = icon(
  svg`<circle cx="10" cy="10" r="4.4"/><circle cx="10" cy="10" r="1"/><path d="M10 2.5v15M2.5 10h15M4.7 4.7l10.6 10.6M15.3 4.7 4.7 15.3"/>`,
);

/** A tone is told by shape and word as well as by colour. @type {Readonly<Record<Tone, { word: string, icon: SVGTemplateResult }>>} */
export const tones = {
  neutral: { word: "", icon: icon(svg`<circle cx="10" cy="10" r="2.6" fill="currentColor" stroke="none"/>`) },
  good: { word: "Good: ", icon: icon(svg`<path d="m4.8 10.5 3.4 3.4 7-7.6"/>`) },
  warning: { word: "Warning: ", icon: icon(svg`<path d="M10 4.5v7M10 15.2v.3"/>`) },
  bad: { word: "Bad: ", icon: icon(svg`<path d="m5.8 5.8 8.4 8.4M14.2 5.8l-8.4 8.4"/>`) },
  unknown: {
    word: "Unknown: ",
    icon: icon(svg`<path d="M7.2 7.4a2.8 2.8 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.2M10 15.3v.2"/>`),
  },
};
