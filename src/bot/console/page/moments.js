import { distanceInTime, pointInTime } from "./words.js";

/**
 * Counts every shown moment down. The elements are empty in their template, so writing their text here each second
 * costs no rendering.
 */
export function refreshMoments() {
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-moment]")) {
    if (!(element instanceof HTMLElement)) continue;
    const at = Number(element.dataset["moment"]);
    const words = distanceInTime(at, now);
    if (element.textContent !== words) element.textContent = words;
    element.classList.toggle("near", at > now && at - now < 60_000);
    element.classList.toggle("past", at <= now);
  }
  for (const element of document.querySelectorAll("[data-point]")) {
    if (element instanceof HTMLElement) element.textContent = pointInTime(Number(element.dataset["point"]), now);
  }
}
