import { Worker } from 'node:worker_threads'
import { NoCanvas } from './canvas.ts'
import type { Chart } from './chart.ts'

/** What the thread that draws answers with. */
export type Drawn = { png: Uint8Array } | { cause: unknown; cannotDraw: boolean }

/** There is no picture this time: too many are wanted (`busy`), it took too long (`late`), or the thread that drew it died (`died`). */
export class NoPicture extends Error {
  override name = 'NoPicture'
  readonly because: 'busy' | 'late' | 'died'

  constructor(because: NoPicture['because'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.because = because
  }
}

/** What may differ for a test: the file of the thread, and its limits. */
export interface DrawingOptions {
  thread?: URL
  /** Pictures that may wait for their turn. */
  mostWaiting?: number
  /** Milliseconds from when a picture is asked for until it is given up. */
  longestMs?: number
  /** Milliseconds without a picture after which the thread ends. */
  idleMs?: number
  /** Megabytes of the thread's heap. */
  heapMb?: number
}

/** A thread that draws, with a queue before it. */
export interface Drawing {
  /** The chart as PNG. Throws `NoCanvas` where the machine cannot draw, and `NoPicture`. */
  draw(chart: Chart): Promise<Uint8Array>
  /** Is there a thread now? */
  readonly isAwake: boolean
  /** Ends the thread when everything that was asked for is drawn or given up; another picture makes a new one. */
  rest(): Promise<void>
}

interface Wanted {
  chart: Chart
  timer: NodeJS.Timeout
  settle: { resolve: (png: Uint8Array) => void; reject: (cause: Error) => void }
}

/**
 * Draws in a thread of its own, one picture after the other, so that whoever is heard, and whatever has to be closed,
 * waits for none. The thread is made for the first picture and ends when none was wanted for a while. One that dies, or
 * has to be ended because a picture took too long, costs that picture; the next one has a new thread.
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
      // Of this process's environment the thread needs nothing, and what is secret in it least of all.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
    })
    // A thread that was ended on purpose is nobody's any more: what it still says is not heard.
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
    // Only while it draws does it keep a process from ending.
    thread.ref()
    try {
      thread.postMessage(drawing.chart)
    } catch (cause) {
      // What cannot be sent to a thread is a fault of who asked.
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

  /** The picture that is being drawn, which is nobody's any more. */
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
      // There is no other way to take back what a thread is at.
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

/** Whoever draws in this process has one thread for all pictures. */
const desks = createDrawing()

/** Draws a chart in the thread of this process, and answers with it as PNG. Throws `NoCanvas` and `NoPicture`. */
export const drawChart = (chart: Chart): Promise<Uint8Array> => desks.draw(chart)

/** Ends the thread of this process, when what was asked for is drawn. */
export const restDrawing = (): Promise<void> => desks.rest()
