import type { Attachment } from "../../domain/card.ts";
import type { SlackWeb } from "./web.ts";

interface Uploading {
  readonly web: SlackWeb;
  readonly lane: "reply" | "notice";
}

/** Puts a file into Slack without showing it anywhere. Answers its id. */
export async function uploadFile(file: Attachment, { web, lane }: Uploading): Promise<string> {
  const { upload_url: address, file_id: id } = await web.call({
    method: "files.getUploadURLExternal",
    lane,
    send: (client) => client.files.getUploadURLExternal({ filename: file.name, length: file.bytes.length }),
  });
  if (address === undefined || id === undefined) throw new Error("Slack gave no address to upload to");
  const sent = await fetch(address, {
    method: "POST",
    body: new Blob([new Uint8Array(file.bytes)], { type: "application/octet-stream" }),
    signal: AbortSignal.timeout(15_000),
  });
  if (!sent.ok) throw new Error(`Slack did not take the file: ${sent.status}`);
  return id;
}

/** Makes uploaded files usable; with a channel, shows them there. */
export async function completeFiles(
  files: readonly { readonly id: string; readonly title: string }[],
  to: Uploading & { readonly channel?: string; readonly thread?: string },
): Promise<void> {
  const [first, ...rest] = files;
  if (!first) return;
  const { web, lane, channel, thread } = to;
  await web.call({
    method: "files.completeUploadExternal",
    lane,
    send: (client) => {
      if (channel === undefined) return client.files.completeUploadExternal({ files: [first, ...rest] });
      const shown = { files: [first, ...rest] as [typeof first, ...typeof rest], channel_id: channel };
      return thread === undefined
        ? client.files.completeUploadExternal(shown)
        : client.files.completeUploadExternal({ ...shown, thread_ts: thread });
    },
  });
}
