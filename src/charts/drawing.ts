import { Worker } from 'node:worker_threads'
import { NoCanvas } from './canvas.ts'
import type { Chart } from './chart.ts'

/** The answer of the drawing thread. */
export type Drawn = { png: Uint8Array } | { cause: unknown; cannotDraw: boolean }

/**
 * There is no picture this time: too many are waiting (`busy`), it took too long (`late`), or the drawing thread died
 * (`died`).
 */
export class NoPicture extends Error {
  override name = 'NoPicture'
  readonly because: 'busy' | 'late' | 'died'

  constructor(because: NoPicture['because'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.because = because
  }
}

/** Settings that tests change: the file of the thread, and its limits. */
export interface DrawingOptions {
  thread?: URL
  /** The most pictures that may wait. */
  mostWaiting?: number
  /** Milliseconds from the request for a picture until it is given up. */
  longestMs?: number
  /** The thread ends after this many milliseconds without a picture. */
  idleMs?: number
  /** The limit of the thread's heap in megabytes. */
  heapMb?: number
}

/** A drawing thread with a queue. */
export interface Drawing {
  /** Draws the chart as PNG. Throws `NoCanvas` when the machine cannot draw, and `NoPicture`. */
  draw(chart: Chart): Promise<Uint8Array>
  /** Does the thread run now? */
  readonly isAwake: boolean
  /** Ends the thread when every requested picture is drawn or given up; another request starts a new one. */
  rest(): Promise<void>
}

interface Wanted {
  chart: Chart
  timer: NodeJS.Timeout
  settle: { resolve: (png: Uint8Array) => void; reject: (cause: Error) => void }
}

/**
 * Draws in a thread of its own, one picture after the other, so that messages and closes never wait for a picture. The thread
 * starts with the first picture and ends after a while without one. When the thread dies, or is ended because a picture took
 * too long, only that picture is lost; the next one gets a new thread.
 */
export function createDrawing({
  thread = new URL('./drawing-thread.ts', import.meta.url),
  mostWaiting = 30,
  longestMs = 10_000,
  idleMs = 30_000,
  heapMb = 96,
}: DrawingOptions = {}): Drawing {
  const waiting: Wanted[] = []
  let drawing: Wanted | undefined
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let resting: (() => void)[] = []

  function awake(): Worker {
    if (worker) return worker
    const fresh = new Worker(thread, {
      execArgv: [],
      // The thread needs no environment variables, and some are secret.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
    })
    // Messages from a thread that was ended on purpose are ignored.
    const own = (listen: (said: never) => void) => (said: unknown) => {
      if (worker === fresh) listen(said as never)
    }
    fresh.on('message', own(finish))
    fresh.on('error', own(lose))
    fresh.on(
      'exit',
      own((code) => lose(new Error(`the thread that draws ended with ${code}`))),
    )
    worker = fresh
    return fresh
  }

  function next(): void {
    if (drawing) return
    drawing = waiting.shift()
    if (!drawing) {
      becomeIdle()
      return
    }
    clearTimeout(idle)
    const thread = awake()
    // The thread keeps the process from ending only while it draws.
    thread.ref()
    try {
      thread.postMessage(drawing.chart)
    } catch (cause) {
      // A chart that cannot be sent to a thread is the caller's mistake.
      take()?.settle.reject(cause as Error)
      next()
    }
  }

  function becomeIdle(): void {
    worker?.unref()
    clearTimeout(idle)
    idle = setTimeout(end, idleMs).unref()
    const told = resting
    resting = []
    for (const tell of told) tell()
  }

  /** Returns the picture that is being drawn, and forgets it. */
  function take(): Wanted | undefined {
    const taken = drawing
    drawing = undefined
    if (taken) clearTimeout(taken.timer)
    return taken
  }

  function finish(drawn: Drawn): void {
    const { settle } = take()!
    if ('png' in drawn) settle.resolve(drawn.png)
    else
      settle.reject(
        drawn.cannotDraw ? new NoCanvas(messageOf(drawn.cause), { cause: drawn.cause }) : errorOf(drawn.cause),
      )
    next()
  }

  function lose(cause: Error): void {
    worker = undefined
    take()?.settle.reject(new NoPicture('died', 'the thread that drew the picture died', { cause }))
    next()
  }

  function end(): Promise<unknown> {
    const ended = worker
    worker = undefined
    clearTimeout(idle)
    return ended?.terminate() ?? Promise.resolve()
  }

  function giveUp(wanted: Wanted): void {
    const late = new NoPicture('late', `a picture was not drawn within ${longestMs} ms`)
    if (wanted === drawing) {
      // A running drawing cannot be cancelled in any other way.
      void end()
      take()
    } else {
      waiting.splice(waiting.indexOf(wanted), 1)
    }
    wanted.settle.reject(late)
    next()
  }

  return {
    draw(chart) {
      if (waiting.length >= mostWaiting) {
        return Promise.reject(new NoPicture('busy', `${mostWaiting} pictures wait to be drawn already`))
      }
      const { promise, ...settle } = Promise.withResolvers<Uint8Array>()
      const wanted: Wanted = { chart, settle, timer: setTimeout(() => giveUp(wanted), longestMs) }
      waiting.push(wanted)
      next()
      return promise
    },
    get isAwake() {
      return worker !== undefined
    },
    async rest() {
      if (drawing) await new Promise<void>((tell) => resting.push(tell))
      if (!drawing) await end()
    },
  }
}

const errorOf = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))
const messageOf = (cause: unknown): string => errorOf(cause).message

/** This process has one thread for all its pictures. */
const desks = createDrawing()

/** Draws a chart in the thread of this process and returns it as PNG. Throws `NoCanvas` and `NoPicture`. */
export const drawChart = (chart: Chart): Promise<Uint8Array> => desks.draw(chart)

/** Ends the thread of this process when all requested pictures are drawn. */
export const restDrawing = (): Promise<void> => desks.rest()
