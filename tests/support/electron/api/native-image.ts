import { readFileSync } from 'node:fs';

interface Representation {
  scaleFactor?: number;
  buffer?: Buffer;
}

/** An image kept as the PNG it was given, for the viewer to show. */
export class NativeImage {
  private readonly representations: { scaleFactor: number; png: Buffer }[] = [];
  private template = false;

  constructor(png: Buffer | null) {
    if (png !== null) this.representations.push({ scaleFactor: 1, png });
  }
  addRepresentation({ scaleFactor = 1, buffer }: Representation): void {
    if (buffer !== undefined) this.representations.push({ scaleFactor, png: buffer });
  }
  isEmpty(): boolean {
    return this.representations.length === 0;
  }
  setTemplateImage(template: boolean): void {
    this.template = template;
  }
  isTemplateImage(): boolean {
    return this.template;
  }
  toPNG(options: { scaleFactor?: number } = {}): Buffer {
    const wanted = options.scaleFactor ?? 1;
    const nearest = this.representations.toSorted(
      (one, other) => Math.abs(one.scaleFactor - wanted) - Math.abs(other.scaleFactor - wanted),
    )[0];
    return nearest?.png ?? Buffer.alloc(0);
  }
  toDataURL(options: { scaleFactor?: number } = {}): string {
    return `data:image/png;base64,${this.toPNG(options).toString('base64')}`;
  }
  resize(): NativeImage {
    return this;
  }
}

export const nativeImage = {
  createEmpty: () => new NativeImage(null),
  createFromBuffer: (png: Buffer) => new NativeImage(png),
  createFromPath: (path: string) => new NativeImage(readFileSync(path)),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
};
