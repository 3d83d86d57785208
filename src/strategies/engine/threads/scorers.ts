import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Answer, Task } from './answer.ts'

/** A thread died over a task, or took too long and was ended. */
export class ThreadLost extends Error {
  override name = 'ThreadLost'
}

/** Settings that tests change. */
export interface ScorersOptions {
  /** The file of a thread. */
  thread?: URL
  /** The most threads at once, of all runs together. */
  most?: number
  /** A thread ends after this many milliseconds without a task. */
  idleMs?: number
  /** Milliseconds after which a task is given up, and its thread ended. */
  longestMs?: number
  /** The limit of a thread's heap in megabytes. */
  heapMb?: number
}

/** Threads that carry out tasks, the oldest task first. */
export interface Scorers<T = Task, A = Answer> {
  /** Throws `ThreadLost`, and the reason of the signal when that is aborted: then the thread is ended in the middle. */
  ask(task: T, signal?: AbortSignal): Promise<A>
  /** The number of threads that run now. */
  readonly awake: number
  /** Ends all threads; a task under way is lost. */
  rest(): Promise<void>
}

/** A message of a thread: once that it is ready, and then an answer to each task. */
export type Said<A = Answer> = 'ready' | A

interface Asked<T, A> {
  task: T
  resolve: (answer: A) => void
  reject: (cause: unknown) => void
}

interface Thread<T, A> {
  worker: Worker
  /** It has loaded its program. Until then its task is not reckoned to take long. */
  isReady: boolean
  /** Its task now. */
  asked?: Asked<T, A>
  /** Ends it when it idles or takes too long. */
  timer?: NodeJS.Timeout
}

/**
 * Threads start on demand and end after a while without a task; they keep the process from ending only while they work. A
 * thread that dies loses only its task.
 */
export function createScorers<T = Task, A = Answer>({
  thread: file = new URL('./thread.ts', import.meta.url),
  most = availableParallelism(),
  idleMs = 20_000,
  longestMs = 60_000,
  heapMb = 128,
}: ScorersOptions = {}): Scorers<T, A> {
  const threads = new Set<Thread<T, A>>()
  const waiting: Asked<T, A>[] = []

  function start(): Thread<T, A> {
    // A thread needs no environment variables, and some are secret.
    const limits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 }
    const worker = new Worker(file, { execArgv: [], env: {}, resourceLimits: limits })
    const thread: Thread<T, A> = { worker, isReady: false }
    worker.on('message', (said: Said<A>) => {
      if (said !== 'ready') return finish(thread, (asked) => asked.resolve(said))
      thread.isReady = true
      limit(thread)
    })
    worker.on('error', (cause) => lose(thread, cause))
    worker.on('exit', (code) => lose(thread, new Error(`it ended with ${code}`)))
    threads.add(thread)
    return thread
  }

  function next(): void {
    while (waiting.length > 0) {
      const thread = [...threads].find(({ asked }) => !asked) ?? (threads.size < most ? start() : undefined)
      if (!thread) return
      give(thread, waiting.shift()!)
    }
  }

  function give(thread: Thread<T, A>, asked: Asked<T, A>): void {
    clearTimeout(thread.timer)
    thread.asked = asked
    if (thread.isReady) limit(thread)
    thread.worker.ref()
    try {
      thread.worker.postMessage(asked.task)
    } catch (cause) {
      // A task that cannot be sent is the caller's mistake.
      finish(thread, ({ reject }) => reject(cause))
    }
  }

  function limit(thread: Thread<T, A>): void {
    if (!thread.asked) return
    thread.timer = setTimeout(() => lose(thread, new Error(`it took longer than ${longestMs} ms`)), longestMs)
  }

  function finish(thread: Thread<T, A>, settle: (asked: Asked<T, A>) => void): void {
    const { asked } = thread
    if (!asked) return
    thread.asked = undefined
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => end(thread), idleMs).unref()
    thread.worker.unref()
    settle(asked)
    next()
  }

  function lose(thread: Thread<T, A>, cause: Error): void {
    if (!threads.has(thread)) return
    const { asked } = thread
    void end(thread)
    asked?.reject(new ThreadLost(`a thread was lost: ${cause.message}`, { cause }))
    next()
  }

  function end(thread: Thread<T, A>): Promise<unknown> {
    threads.delete(thread)
    thread.asked = undefined
    clearTimeout(thread.timer)
    return thread.worker.terminate()
  }

  function giveUp(asked: Asked<T, A>): void {
    const at = waiting.indexOf(asked)
    if (at >= 0) waiting.splice(at, 1)
    for (const thread of threads) if (thread.asked === asked) void end(thread)
    next()
  }

  return {
    ask(task, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<A>()
      if (signal?.aborted) {
        reject(signal.reason)
        return promise
      }
      const asked: Asked<T, A> = { task, resolve, reject }
      const abort = () => {
        giveUp(asked)
        reject(signal!.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      waiting.push(asked)
      next()
      return promise.finally(() => signal?.removeEventListener('abort', abort))
    },
    get awake() {
      return threads.size
    },
    async rest() {
      await Promise.all(
        [...threads].map((thread) => {
          const { asked } = thread
          const ended = end(thread)
          asked?.reject(new ThreadLost('the threads were ended'))
          return ended
        }),
      )
    },
  }
}
