import { type Pen, write } from './canvas.ts'
import type { Candle, Layer, Level, Mark, Rung, Values } from './chart.ts'
import { colours, faint, type } from './palette.ts'
import type { Scale } from './scale.ts'

/** The place of a panel and its coordinates, in points. */
export interface Frame {
  left: number
  right: number
  top: number
  bottom: number
  /** The width of a column. */
  column: number
  /** The middle of a column. */
  x(column: number): number
  scale: Scale
  /** The right end of the columns, where free room begins. */
  end: number
}

/** Draws a layer into its panel. */
export function drawLayer(pen: Pen, frame: Frame, layer: Layer): void {
  switch (layer.kind) {
    case 'candles':
      drawCandles(pen, frame, layer.candles)
      break
    case 'bars':
      drawBars(pen, frame, layer)
      break
    case 'line':
      drawLine(pen, frame, layer)
      break
    case 'zone':
      drawZone(pen, frame, layer)
      break
    case 'level':
      drawLevel(pen, frame, layer.level)
      break
    case 'marks':
      if (layer.isSmall) drawDots(pen, frame, layer.marks)
      else drawMarks(pen, frame, layer.marks)
      break
    case 'profile':
      drawProfile(pen, frame, layer)
      break
    case 'ladder':
      drawLadder(pen, frame, layer.rungs)
  }
}

/** The outline of a bar that is not over. */
const unfinishedDash = [2, 2]

/** Hollow when it closed above its open, filled when below, so that it is readable without colour; dashed while it is not over. */
function drawCandles(pen: Pen, { x, column, scale }: Frame, candles: Candle[]): void {
  const body = Math.max(1.2, Math.min(13, column * 0.68))
  for (const [index, { open, high, low, close, isUnfinished }] of candles.entries()) {
    const isUp = close >= open
    const middle = x(index)
    const [top, bottom] = [scale.y(Math.max(open, close)), scale.y(Math.min(open, close))]
    pen.strokeStyle = isUp ? colours.up : colours.down
    pen.fillStyle = pen.strokeStyle
    pen.lineWidth = 1.3
    pen.setLineDash(isUnfinished ? unfinishedDash : [])
    pen.beginPath()
    pen.moveTo(middle, scale.y(high))
    pen.lineTo(middle, top)
    pen.moveTo(middle, bottom)
    pen.lineTo(middle, scale.y(low))
    pen.stroke()
    const height = Math.max(1, bottom - top)
    // A body too small to be hollow is filled; only its colour shows the direction.
    const isHollow = body >= 3 && height >= 2.4
    const outline = () => pen.strokeRect(middle - body / 2 + 0.65, top + 0.65, body - 1.3, Math.max(0.4, height - 1.3))
    if (isUp && isHollow) outline()
    else if (isUnfinished && isHollow) {
      pen.fillStyle = faint('down', 0.35)
      pen.fillRect(middle - body / 2, top, body, height)
      outline()
    } else pen.fillRect(middle - body / 2, top, body, height)
  }
  pen.setLineDash([])
}

function drawBars(pen: Pen, { x, column, scale }: Frame, layer: Layer & { kind: 'bars' }): void {
  const { values, isUp, colour = 'quiet', unfinished } = layer
  const width = Math.max(1.2, Math.min(13, column * 0.68))
  const base = scale.y(0)
  for (const [index, value] of values.entries()) {
    if (!value) continue
    const y = scale.y(value)
    const [top, height] = [Math.min(y, base), Math.max(0.8, Math.abs(base - y))]
    const left = x(index) - width / 2
    const own = isUp ? (isUp[index] ? 'up' : 'down') : colour
    const isOpen = index === unfinished
    const isHollow = (isUp?.[index] === true || isOpen) && width >= 3 && height >= 2
    pen.fillStyle = faint(own, isHollow ? 0.25 : isUp ? 0.8 : 1)
    pen.fillRect(left, top, width, height)
    if (isHollow) {
      pen.strokeStyle = colours[own]
      pen.lineWidth = 1
      pen.setLineDash(isOpen ? unfinishedDash : [])
      pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
      pen.setLineDash([])
    }
  }
}

function drawLine(pen: Pen, { x, scale }: Frame, layer: Layer & { kind: 'line' }): void {
  const { values, colour, dash = [], fill, step, breaks } = layer
  for (const run of runs(values, breaks)) {
    const trace = () => {
      pen.beginPath()
      for (const [at, { index, value }] of run.entries()) {
        if (at === 0) pen.moveTo(x(index), scale.y(value))
        else {
          if (step) pen.lineTo(x(index), scale.y(run[at - 1]!.value))
          pen.lineTo(x(index), scale.y(value))
        }
      }
    }
    const [first, last] = [run[0]!, run.at(-1)!]
    if (fill !== undefined) {
      trace()
      pen.lineTo(x(last.index), scale.y(fill))
      pen.lineTo(x(first.index), scale.y(fill))
      pen.closePath()
      pen.fillStyle = faint(colour, 0.16)
      pen.fill()
    }
    pen.strokeStyle = colours[colour]
    pen.lineWidth = 1.8
    pen.setLineDash(dash)
    trace()
    pen.stroke()
    pen.setLineDash([])
    if (run.length === 1) {
      pen.fillStyle = colours[colour]
      pen.beginPath()
      pen.arc(x(first.index), scale.y(first.value), 2.2, 0, 2 * Math.PI)
      pen.fill()
    }
  }
}

/** The values without gaps, as one list for each unbroken stretch; a stretch also begins in each column of `breaks`. */
export function runs(values: Values, breaks: number[] = []): { index: number; value: number }[][] {
  const found: { index: number; value: number }[][] = []
  let run: { index: number; value: number }[] | undefined
  for (const [index, value] of values.entries()) {
    if (value === undefined || !Number.isFinite(value)) {
      run = undefined
      continue
    }
    if (!run || breaks.includes(index)) {
      run = []
      found.push(run)
    }
    run.push({ index, value })
  }
  return found
}

function drawZone(pen: Pen, { left, right, top, bottom, scale }: Frame, zone: Layer & { kind: 'zone' }): void {
  const clamp = (y: number) => Math.min(bottom, Math.max(top, y))
  const [from, to] = [clamp(scale.y(zone.to)), clamp(scale.y(zone.from))]
  pen.fillStyle = faint(zone.colour, 0.13)
  pen.fillRect(left, from, right - left, to - from)
}

function drawLevel(pen: Pen, { left, right, scale }: Frame, level: Level) {
  if (level.value < scale.low || level.value > scale.high) return
  pen.strokeStyle = faint(level.colour, 0.9)
  pen.lineWidth = 1.3
  pen.setLineDash(level.dash ?? [6, 4])
  pen.beginPath()
  pen.moveTo(left, scale.y(level.value))
  pen.lineTo(right, scale.y(level.value))
  pen.stroke()
  pen.setLineDash([])
}

/**
 * Draws the marks of fills: a buy points up from below its price, a sell down from above, with the tip at the price. Marks
 * outside the scale are left out.
 */
function drawMarks(pen: Pen, { x, scale, right }: Frame, marks: Mark[]): void {
  for (const { column, value, side } of marks) {
    if (value < scale.low || value > scale.high) continue
    const [px, py] = [Math.min(x(column), right - 6), scale.y(value)]
    const away = side === 'buy' ? 1 : -1
    pen.beginPath()
    pen.moveTo(px, py)
    pen.lineTo(px - 6, py + away * 11)
    pen.lineTo(px + 6, py + away * 11)
    pen.closePath()
    pen.fillStyle = side === 'buy' ? colours.up : colours.down
    pen.fill()
    pen.strokeStyle = colours.text
    pen.lineWidth = 1.4
    pen.stroke()
  }
}

/** Draws marks as dots: hollow for a buy, filled for a sell. */
function drawDots(pen: Pen, { x, scale }: Frame, marks: Mark[]): void {
  for (const { column, value, side } of marks) {
    if (value < scale.low || value > scale.high) continue
    pen.beginPath()
    pen.arc(x(column), scale.y(value), 2.4, 0, 2 * Math.PI)
    pen.fillStyle = side === 'buy' ? colours.ground : colours.down
    pen.fill()
    pen.strokeStyle = side === 'buy' ? colours.text : colours.down
    pen.lineWidth = 1.1
    pen.stroke()
  }
}

function drawProfile(pen: Pen, frame: Frame, layer: Layer & { kind: 'profile' }): void {
  const { buckets, pointOfControl, valueArea } = layer
  const { scale, end, right } = frame
  const most = Math.max(...buckets.map(({ volume }) => volume), 1e-12)
  const room = right - end - 8
  for (const { low, high, volume } of buckets) {
    const [top, bottom] = [scale.y(high), scale.y(low)]
    const isControl = pointOfControl >= low && (pointOfControl < high || low === high)
    const middle = (low + high) / 2
    const isInside = middle >= valueArea[0] && middle <= valueArea[1]
    const length = Math.max(1, (volume / most) * room)
    const height = Math.max(1, bottom - top - 1)
    pen.fillStyle = isControl ? colours.average : isInside ? faint('up', 0.75) : colours.quiet
    pen.fillRect(end + 4, top + 0.5, length, height)
  }
}

/** Bars from the right edge, where the prices stand: hollow is wanted, filled is offered, as candles are up and down. */
function drawLadder(pen: Pen, { left, right, scale }: Frame, rungs: Rung[]): void {
  const most = Math.max(...rungs.map(({ size }) => size), 1e-12)
  const height = Math.abs(scale.y(1) - scale.y(2)) * 0.7
  const room = right - left - 90
  for (const [index, { side, size, text }] of rungs.entries()) {
    const y = scale.y(rungs.length - index)
    const length = Math.max(2, (size / most) * room)
    const colour = side === 'buy' ? 'up' : 'down'
    pen.fillStyle = faint(colour, side === 'buy' ? 0.25 : 0.8)
    pen.fillRect(right - length, y - height / 2, length, height)
    if (side === 'buy') {
      pen.strokeStyle = colours[colour]
      pen.lineWidth = 1
      pen.strokeRect(right - length + 0.5, y - height / 2 + 0.5, length - 1, height - 1)
    }
    write(pen, text, right - length - 8, y, { size: type.tag, colour: colours.text, align: 'right' })
  }
}
