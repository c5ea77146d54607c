import { createCanvas, loadImage } from "@napi-rs/canvas";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** How many pixels of a colour (`#rrggbb`) each column holds, from left to right, give or take a shade. */
  columns(colour: string): number[];
  /** The same for rows, from the top. */
  rows(colour: string): number[];
}

export async function decode(png: Uint8Array): Promise<Picture> {
  const image = await loadImage(Buffer.from(png));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const count = (colour: string, along: "x" | "y"): number[] => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const counts: number[] = Array.from({ length: along === "x" ? width : height }, () => 0);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const off =
        Math.abs((data[pixel * 4] ?? 0) - red) +
        Math.abs((data[pixel * 4 + 1] ?? 0) - green) +
        Math.abs((data[pixel * 4 + 2] ?? 0) - blue);
      const at = along === "x" ? pixel % width : Math.floor(pixel / width);
      if (off < 24) counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts;
  };
  return { width, height, columns: (colour) => count(colour, "x"), rows: (colour) => count(colour, "y") };
}
