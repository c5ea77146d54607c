import type { Attachment } from "../../domain/messages/card.ts";
import type { Charts } from "../../domain/messages/chart.ts";
import type { DigestPicture } from "../../domain/messages/digest-picture.ts";

/** The picture of a digest; none where it has nothing to show, or cannot be drawn: it says the same in words. */
export async function pictureFiles(
  charts: Pick<Charts, "drawDigest">,
  picture: DigestPicture | undefined,
  failed: (error: unknown) => void = () => {},
): Promise<readonly Attachment[]> {
  if (!picture) return [];
  try {
    return [{ name: "digest.png", mediaType: "image/png", bytes: await charts.drawDigest(picture) }];
  } catch (error) {
    failed(error);
    return [];
  }
}
