/**
 * The size of every picture in points; a point is `scale` pixels. Phones show a picture about 400 points wide, so that text
 * of 14 points appears there as 11.
 */
export const page = { width: 520, height: 390, scale: 2, margin: 12 } as const

/**
 * Colours on a dark ground of their own, the same in dark and light chats. The hues are those of Okabe and Ito
 * (jfly.uni-koeln.de/color), which people with any kind of colour vision can tell apart. The shape shows up and down too:
 * hollow is up, filled is down.
 */
export const colours = {
  ground: '#11151b',
  plate: '#1d242e',
  grid: '#232b36',
  session: '#3d4857',
  axis: '#9aa5b4',
  text: '#eef1f5',
  up: '#56b4e9',
  down: '#e69f00',
  average: '#f0e442',
  entry: '#eef1f5',
  stop: '#ff7a59',
  target: '#2fc8a0',
  level: '#cc79a7',
  second: '#cc79a7',
  quiet: '#5b6777',
} as const

/** The name of a colour in the palette. */
export type Colour = keyof typeof colours

/** The colour with an opacity from 0 to 1. */
export function faint(colour: Colour, alpha: number): string {
  const byte = Math.round(alpha * 255)
  return `${colours[colour]}${byte.toString(16).padStart(2, '0')}`
}

/** Font sizes in points. */
export const type = { title: 19, headline: 19, note: 13, axis: 14, tag: 14, legend: 13 } as const
