import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas'
import { colours, page } from './palette.ts'

export type Pen = SKRSContext2D

type Library = typeof import('@napi-rs/canvas')

/** The drawing library does not work on this machine: it has no binary for it, or the font is missing. */
export class NoCanvas extends Error {
  override name = 'NoCanvas'
}

/** The names under which the two weights of the font are registered; nothing else is used. */
const weights = { regular: 'Desk Plain', strong: 'Desk Strong' } as const
const files = {
  regular: 'ibm-plex-sans-latin-400-normal.woff2',
  strong: 'ibm-plex-sans-latin-600-normal.woff2',
} as const

export type Weight = keyof typeof weights

let loading: Promise<Library> | undefined

/**
 * Loads the library and registers the font, once. Both wait for the first picture, so that a process without pictures saves
 * the memory. Throws `NoCanvas`.
 */
function load(): Promise<Library> {
  // The library would load all fonts of the machine. They are not wanted: pictures look the same everywhere.
  process.env.DISABLE_SYSTEM_FONTS_LOAD = '1'
  loading ??= import('@napi-rs/canvas').then(withFont).catch((cause) => {
    loading = undefined
    throw cause instanceof NoCanvas ? cause : new NoCanvas('pictures cannot be drawn on this machine', { cause })
  })
  return loading
}

/** A missing font would make text vanish silently, so it is an error here. */
function withFont(library: Library): Library {
  const { resolve } = createRequire(import.meta.url)
  for (const weight of ['regular', 'strong'] as const) {
    const file = readFileSync(resolve(`@fontsource/ibm-plex-sans/files/${files[weight]}`))
    const known = library.GlobalFonts.register(file, weights[weight])
    if (!known || !library.GlobalFonts.has(weights[weight]))
      throw new NoCanvas(`the font ${files[weight]} is not usable`)
  }
  return library
}

/** A blank page and its pen; units are points. Throws `NoCanvas`. */
export async function blankPage(): Promise<{ canvas: Canvas; pen: Pen }> {
  const { createCanvas } = await load()
  const canvas = createCanvas(page.width * page.scale, page.height * page.scale)
  const pen = canvas.getContext('2d')
  // Otherwise shaping follows the machine's language.
  pen.lang = 'en'
  pen.scale(page.scale, page.scale)
  pen.fillStyle = colours.ground
  pen.fillRect(0, 0, page.width, page.height)
  pen.lineJoin = 'round'
  return { canvas, pen }
}

/** The style of a text. */
export interface Setting {
  size: number
  colour: string
  weight?: Weight
  align?: 'left' | 'right' | 'center'
}

/** The height of capitals and digits in this font, as a ratio of its size. */
const capHeight = 0.698

/** Draws text with the middle of its digits at `y`. */
export function write(pen: Pen, text: string, x: number, y: number, setting: Setting): void {
  set(pen, setting)
  pen.fillStyle = setting.colour
  pen.textAlign = setting.align ?? 'left'
  pen.fillText(drawable(text), x, y + (setting.size * capHeight) / 2)
}

/** The width of a text, in points. */
export function widthOf(pen: Pen, text: string, setting: Pick<Setting, 'size' | 'weight'>): number {
  set(pen, setting)
  return pen.measureText(drawable(text)).width
}

function set(pen: Pen, { size, weight = 'regular' }: Pick<Setting, 'size' | 'weight'>): void {
  pen.font = `${size}px "${weights[weight]}"`
}

/**
 * The part of a text that the font can draw. Other characters would come from some font of the machine, or appear as boxes.
 * Emoji and other scripts are left out.
 */
export function drawable(text: string): string {
  return text
    .replace(/[\u00a0\u2000-\u200a\u202f]/g, ' ')
    .replace(
      /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff\u0152\u0153\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac\u2122\u2191\u2193\u2212]/g,
      '',
    )
    .replace(/ {2,}/g, ' ')
    .trim()
}
