import type { FileContent } from "./message-rows.ts";

/** Types a browser may be told. Anything else, above all HTML and SVG, goes out as bytes without a meaning. */
const harmless = new Set([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "text/plain",
  "text/csv",
  "application/json",
  "application/x-ndjson",
]);

/** Headers that make a browser save a file under its name and never open it as a page of ours. */
export function fileHeaders(file: FileContent): Record<string, string> {
  const mediaType = file.media_type.split(";")[0]?.trim().toLowerCase() ?? "";
  const known = harmless.has(mediaType) ? mediaType : "application/octet-stream";
  return {
    "content-type": known.startsWith("text/") ? `${known}; charset=utf-8` : known,
    "content-disposition": disposition(file.name),
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=86400, immutable",
  };
}

/** RFC 6266: a plain name for the old, the exact one for the rest. */
function disposition(name: string): string {
  const leaf = (name.split(/[\\/]/).at(-1) ?? "").slice(-150).toWellFormed() || "file";
  const plain = leaf.replaceAll(/[^\w.\- ]/g, "_");
  const exact = encodeURIComponent(leaf).replaceAll(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
