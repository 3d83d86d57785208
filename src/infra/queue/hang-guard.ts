import type { Cluster, Redis } from 'ioredis'
import type { Logger } from 'pino'

/** Milliseconds between two checks of a connection, and the time that it has to answer. */
const askEveryMs = 250
const answersWithinMs = 500
/** A process that was busy for this much longer could not read the answer; that tells nothing about Redis. */
const busyMs = 150

type Sent = Parameters<Redis['sendCommand']>[0]

/**
 * Makes the calls of a connection fail at once while Redis accepts them and does not answer, such as a stopped process.
 * Without it each call, and its caller, would wait for the time-out.
 */
export function failAtOnceWhileHung(redis: Redis | Cluster, log: Logger): void {
  let isHung = false
  const send = redis.sendCommand.bind(redis)
  /** Commands that have been sent and not answered yet. */
  const underway = new Set<Sent>()
  redis.sendCommand = (...[command, stream]: Parameters<typeof send>) => {
    if (command.name === 'ping') return send(command, stream)
    if (isHung) {
      command.reject(new Error('Redis does not answer'))
      return command.promise
    }
    underway.add(command)
    const over = () => void underway.delete(command)
    command.promise.then(over, over)
    return send(command, stream)
  }
  const become = (hung: boolean) => {
    if (hung !== isHung) log.warn(hung ? 'Redis does not answer: nothing waits for it' : 'Redis answers again')
    isHung = hung
    if (!hung) return
    // Their time-out is too long for the callers; the outcome of the commands is unknown either way.
    for (const command of underway) command.reject(new Error('Redis does not answer'))
    underway.clear()
  }
  let isAsking = false
  const ask = () => {
    if (isAsking || redis.status !== 'ready') return
    isAsking = true
    const asked = performance.now()
    const late = setTimeout(() => {
      if (performance.now() - asked < answersWithinMs + busyMs) become(true)
    }, answersWithinMs)
    const over = () => {
      clearTimeout(late)
      isAsking = false
    }
    redis.ping().then(() => {
      over()
      become(false)
    }, over)
  }
  const timer = setInterval(ask, askEveryMs)
  timer.unref()
  // A new connection is not the one that hung.
  redis.on('ready', () => become(false))
  redis.on('end', () => clearInterval(timer))
}
