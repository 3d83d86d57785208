import { blankPage, type Pen, widthOf, write } from './canvas.ts'
import type { Chart, Layer, Panel } from './chart.ts'
import { drawTags, type Tag, tagWidth } from './edge.ts'
import { drawLayer, type Frame } from './layers.ts'
import { type Colour, colours, page, type } from './palette.ts'
import { rangeOf } from './range.ts'
import { fixed, roundTicks, scaleOf, short } from './scale.ts'
import { pauses, type TimeTick, timeTicks } from './time-axis.ts'

const { margin } = page
const header = { plain: 40, withNote: 58 }
const timeAxis = 26
const legendRow = 20
const gap = 6
/** The least distance between two grid lines, in points. */
const tickRoom = 30

/** A panel with its place and the tags at its edge. */
interface Placed {
  panel: Panel
  /** The top of the panel, including its row of names. */
  top: number
  frame: Frame
  ticks: { value: number; text: string }[]
  tags: Tag[]
}

/**
 * Draws a chart and returns it as PNG. It takes about five milliseconds, and thirty more in another thread for the
 * compression. Throws `NoCanvas`.
 */
export async function draw(chart: Chart): Promise<Uint8Array> {
  const { canvas, pen } = await blankPage()
  const placed = place(pen, chart)
  const first = placed[0]?.frame
  if (first) drawTimeAxis(pen, chart, first, placed)
  for (const one of placed) drawPanel(pen, one)
  drawHeader(pen, chart)
  return canvas.encode('png')
}

/** Divides the page into header, stacked panels and time axis; the edge is as wide as its widest text. */
function place(pen: Pen, chart: Chart): Placed[] {
  const top = chart.note === undefined ? header.plain : header.withNote
  const bottom = page.height - (chart.times.length > 0 ? timeAxis : margin)
  const shares = chart.panels.reduce((sum, { share }) => sum + share, 0)
  const room = bottom - top - gap * (chart.panels.length - 1)
  const measured = chart.panels.map((panel) => {
    const height = (room * panel.share) / shares
    const inner = height - (hasNames(panel) ? legendRow : 0)
    return { panel, height, inner, range: rangeOf(panel), ...ticksOf(panel, inner) }
  })
  const edge = Math.max(
    ...measured.flatMap(({ ticks, tags }) => [
      ...ticks.map(({ text }) => widthOf(pen, text, { size: type.axis }) + 10),
      ...tags.map(({ text }) => tagWidth(pen, text) + 6),
    ]),
    30,
  )
  const right = page.width - edge - 4
  const columns = Math.max(1, chart.times.length) + (chart.ahead ?? 0)
  const column = (right - margin) / columns
  let y = top
  return measured.map(({ panel, height, inner, range, ticks, tags }) => {
    const frame: Frame = {
      left: margin,
      right,
      top: y + height - inner,
      bottom: y + height,
      column,
      x: (index) => margin + (index + 0.5) * column,
      scale: scaleOf(...range, y + height - inner, y + height),
      end: margin + chart.times.length * column,
    }
    const one = { panel, top: y, frame, ticks, tags }
    y += height + gap
    return one
  })
}

function ticksOf(panel: Panel, height: number): Pick<Placed, 'ticks' | 'tags'> {
  const [low, high] = rangeOf(panel)
  const most = Math.max(2, Math.floor(height / tickRoom))
  const round = roundTicks(low, high, most)
  const text = (value: number) => (panel.axis === 'short' ? short(value) : fixed(value, round.decimals))
  const values = panel.ticks ?? round.ticks
  const tags = panel.layers.flatMap(tagsOf)
  return { ticks: values.map((value) => ({ value, text: text(value) })), tags }
}

function tagsOf(layer: Layer): Tag[] {
  if (layer.kind === 'level') return [layer.level]
  if (layer.kind === 'ladder')
    return layer.rungs.map(({ side, price }, index) => ({
      ...{ value: layer.rungs.length - index, text: price, colour: side === 'buy' ? 'up' : 'down' },
    }))
  if (layer.kind !== 'line' || layer.text === undefined) return []
  const value = layer.values.findLast((one) => one !== undefined)
  return value === undefined ? [] : [{ value, text: layer.text, colour: layer.colour }]
}

const named = ({ layers }: Panel) =>
  layers.flatMap((layer) => (layer.kind === 'line' && layer.name !== undefined ? [{ ...layer, name: layer.name }] : []))
const hasNames = (panel: Panel) => panel.name !== undefined || named(panel).length > 0

function drawPanel(pen: Pen, { panel, top, frame, ticks, tags }: Placed): void {
  for (const { value } of ticks)
    line(pen, 'grid', [frame.left, frame.scale.y(value)], [frame.right, frame.scale.y(value)])
  pen.save()
  pen.beginPath()
  pen.rect(frame.left, frame.top - 6, frame.right - frame.left, frame.bottom - frame.top + 12)
  pen.clip()
  for (const layer of panel.layers) drawLayer(pen, frame, layer)
  pen.restore()
  const taken = drawTags(pen, frame, tags)
  for (const { value, text } of ticks) {
    const y = frame.scale.y(value)
    if (taken.some((other) => Math.abs(other - y) < 17)) continue
    write(pen, text, frame.right + 8, y, { size: type.axis, colour: colours.axis })
  }
  drawNames(pen, panel, frame, top)
}

/** Draws the name of the panel, then the name of each line beside a piece of it. */
function drawNames(pen: Pen, panel: Panel, { left, right }: Frame, top: number): void {
  let x = left
  const y = top + legendRow / 2 - 1
  const setting = { size: type.legend, colour: colours.axis }
  if (panel.name !== undefined) {
    write(pen, panel.name, x, y, { ...setting, weight: 'strong' })
    x += widthOf(pen, panel.name, { ...setting, weight: 'strong' }) + 14
  }
  for (const { name, colour, dash = [] } of named(panel)) {
    const width = widthOf(pen, name, setting)
    if (x + 24 + width > right) return
    pen.strokeStyle = colours[colour]
    pen.lineWidth = 2
    pen.setLineDash(dash)
    pen.beginPath()
    pen.moveTo(x, y)
    pen.lineTo(x + 18, y)
    pen.stroke()
    pen.setLineDash([])
    write(pen, name, x + 24, y, { ...setting, colour: colours.text })
    x += 24 + width + 16
  }
}

function drawTimeAxis(pen: Pen, { times, timeZone, labels }: Chart, frame: Frame, placed: Placed[]): void {
  const size = type.axis
  const ticks: TimeTick[] = labels
    ? labels.map((label) => ({ ...label, strong: false }))
    : timeTicks(times, timeZone, frame.column, (text) => widthOf(pen, text, { size }))
  const breaks = labels ? [] : pauses(times)
  const through = (x: number, colour: Colour, dash: number[]) => {
    for (const { frame: own } of placed) line(pen, colour, [x, own.top], [x, own.bottom], dash)
  }
  for (const index of breaks) through(frame.left + index * frame.column, 'session', [2, 3])
  const bottom = placed.at(-1)!.frame.bottom
  for (const { index, text, strong } of ticks) {
    const x = frame.x(index)
    if (!breaks.includes(index)) through(x, 'grid', [])
    // A label that would begin left of the page belongs to a column that is hardly visible.
    if (x - widthOf(pen, text, { size }) / 2 < 0) continue
    write(pen, text, x, bottom + 15, { size, colour: strong ? colours.text : colours.axis, align: 'center' })
  }
}

function line(pen: Pen, colour: Colour, from: [number, number], to: [number, number], dash: number[] = []): void {
  pen.strokeStyle = colours[colour]
  pen.lineWidth = 1
  pen.setLineDash(dash)
  pen.beginPath()
  pen.moveTo(...from)
  pen.lineTo(...to)
  pen.stroke()
  pen.setLineDash([])
}

function drawHeader(pen: Pen, { title, headline, note }: Chart): void {
  const y = 22
  const strong = { size: type.title, weight: 'strong', colour: colours.text } as const
  let right = page.width - margin
  if (headline?.move) {
    const { text, isUp } = headline.move
    const setting = { size: 15, weight: 'strong', colour: isUp ? colours.up : colours.down, align: 'right' } as const
    const shown = `${isUp ? '↑' : '↓'} ${text}`
    write(pen, shown, right, y + 1, setting)
    right -= widthOf(pen, shown, setting) + 10
  }
  if (headline) {
    write(pen, headline.text, right, y, { ...strong, align: 'right' })
    right -= widthOf(pen, headline.text, strong) + 14
  }
  write(pen, shortened(pen, title, right - margin, strong), margin, y, strong)
  if (note !== undefined) {
    const setting = { size: type.note, colour: colours.axis }
    write(pen, shortened(pen, note, page.width - 2 * margin, setting), margin, y + 22, setting)
  }
}

/** The text, cut with `…` when it is wider than the room. */
function shortened(
  pen: Pen,
  text: string,
  room: number,
  setting: { size: number; weight?: 'regular' | 'strong' },
): string {
  if (widthOf(pen, text, setting) <= room) return text
  const characters = [...text]
  while (characters.length > 1 && widthOf(pen, `${characters.join('')}…`, setting) > room) characters.pop()
  return `${characters.join('').trimEnd()}…`
}
