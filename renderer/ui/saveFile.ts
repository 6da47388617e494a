/** Gives a text or bytes to the browser as a file to keep. */
export function saveFile(
  name: string,
  content: string | Blob,
  type: 'application/json' | 'application/jsonl' | 'text/csv' | 'text/html' | 'image/svg+xml' | 'image/png',
): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** An SVG as a PNG of twice its size, for screens and papers; null where the browser cannot draw it. */
export async function svgToPng(
  svg: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
