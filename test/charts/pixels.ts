import { Buffer } from 'node:buffer'

/** A picture as pixels: red, green, blue and alpha of each, row by row. */
export interface Pixels {
  width: number
  height: number
  data: Uint8ClampedArray
}

/** The pixels of a PNG. */
export async function decoded(png: Uint8Array): Promise<Pixels> {
  // As in the drawing thread, before the library is loaded into this one.
  process.env.DISABLE_SYSTEM_FONTS_LOAD = '1'
  const { createCanvas, loadImage } = await import('@napi-rs/canvas')
  const image = await loadImage(Buffer.from(png))
  const { width, height } = image
  const pen = createCanvas(width, height).getContext('2d')
  pen.drawImage(image, 0, 0)
  return { width, height, data: pen.getImageData(0, 0, width, height).data }
}

/** The number of pixels that differ by more than `most` (of 255) in any colour; all of them when the sizes differ. */
export function differences(one: Pixels, other: Pixels, most = 24): number {
  if (one.width !== other.width || one.height !== other.height) return Math.max(one.data.length, other.data.length) / 4
  let count = 0
  for (let at = 0; at < one.data.length; at += 4) {
    const isFar = [0, 1, 2].some((part) => Math.abs(one.data[at + part]! - other.data[at + part]!) > most)
    if (isFar) count += 1
  }
  return count
}

/** The number of pixels in a part of the page (in points) that differ from the ground's colour. */
export function ink({ data, width }: Pixels, part: { x: number; y: number; width: number; height: number }): number {
  let count = 0
  for (let y = part.y * 2; y < (part.y + part.height) * 2; y += 1) {
    for (let x = part.x * 2; x < (part.x + part.width) * 2; x += 1) {
      const at = (y * width + x) * 4
      if (Math.abs(data[at]! - 0x11) + Math.abs(data[at + 1]! - 0x15) + Math.abs(data[at + 2]! - 0x1b) > 90) count += 1
    }
  }
  return count
}
