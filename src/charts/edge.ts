import { type Pen, type Setting, widthOf, write } from './canvas.ts'
import type { Frame } from './layers.ts'
import { type Colour, colours, type } from './palette.ts'

/** A label at the right edge beside a value. */
export interface Tag {
  value: number
  text: string
  name?: string
  colour: Colour
}

const height = 19
const setting = { size: type.tag, weight: 'strong' } as const

/** The width of a tag in points, including its padding. */
export function tagWidth(pen: Pen, text: string): number {
  return widthOf(pen, text, setting) + 10
}

/**
 * Draws tags beside their values, moved apart when they would overlap, each with its name inside the panel. A value outside
 * the scale has its tag at the nearest edge, with an arrow. Returns the y of their middles.
 */
export function drawTags(pen: Pen, frame: Frame, tags: Tag[]): number[] {
  const { scale, top, bottom, right } = frame
  const wanted = tags.map((tag) => Math.min(bottom, Math.max(top, scale.y(tag.value))))
  const heights = apart(wanted, height, top - 4, bottom + 4)
  for (const [index, tag] of tags.entries()) {
    const y = heights[index]!
    const from = wanted[index]!
    pen.strokeStyle = colours[tag.colour]
    pen.lineWidth = 1.3
    const isShown = tag.value >= scale.low && tag.value <= scale.high
    if (isShown && Math.abs(from - y) > 1.5) {
      pen.beginPath()
      pen.moveTo(right, from)
      pen.lineTo(right + 5, y)
      pen.stroke()
    }
    pen.fillStyle = colours[tag.colour]
    pen.beginPath()
    pen.roundRect(right + 4, y - height / 2 + 0.5, tagWidth(pen, tag.text), height - 1, 3)
    pen.fill()
    write(pen, tag.text, right + 9, y, { ...setting, colour: colours.ground })
    if (tag.name !== undefined) writeName(pen, frame, tag, y)
  }
  return heights
}

function writeName(pen: Pen, { scale, right }: Frame, { value, name = '', colour }: Tag, y: number): void {
  const arrow = value > scale.high ? '↑ ' : value < scale.low ? '↓ ' : ''
  const small: Setting = { size: 13, weight: 'strong', colour: colours[colour], align: 'right' }
  const width = widthOf(pen, arrow + name, small)
  pen.fillStyle = colours.ground
  pen.fillRect(right - width - 8, y - 8, width + 8, 16)
  write(pen, arrow + name, right - 4, y, small)
}

/**
 * Heights as near to the wanted ones as possible (least squares), at least `gap` apart, and between `top` and `bottom` when
 * there is room. In the order of `wanted`.
 */
export function apart(wanted: number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
  // Without the gaps this is isotonic regression: neighbours in the wrong order share their mean.
  const groups: { sum: number; count: number }[] = []
  for (const [rank, index] of order.entries()) {
    groups.push({ sum: wanted[index]! - rank * gap, count: 1 })
    for (;;) {
      const [before, last] = [groups.at(-2), groups.at(-1)!]
      if (!before || before.sum / before.count <= last.sum / last.count) break
      groups.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count })
    }
  }
  const highest = bottom - gap / 2 - (order.length - 1) * gap
  const free = groups.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
  const heights: number[] = []
  for (const [rank, index] of order.entries()) {
    heights[index] = Math.max(top + gap / 2, Math.min(highest, free[rank]!)) + rank * gap
  }
  return heights
}
