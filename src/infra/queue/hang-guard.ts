import type { Cluster, Redis } from 'ioredis'
import type { Logger } from 'pino'

/** So often a connection is asked whether it lives, and so soon it has to answer, in milliseconds. */
const askEveryMs = 250
const answersWithinMs = 500
/** A process that was busy for this much longer has not listened: that says nothing of Redis. */
const busyMs = 150

type Sent = Parameters<Redis['sendCommand']>[0]

/**
 * Lets the calls of a connection fail at once while Redis takes them and does not answer, as one does whose process is
 * stopped: without it each call would wait for its own time-out, and so would whoever made it.
 */
export function failAtOnceWhileHung(redis: Redis | Cluster, log: Logger): void {
  let isHung = false
  const send = redis.sendCommand.bind(redis)
  /** What was sent and is not answered yet. */
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
    // Its time-out is longer than whoever waits for it should be kept; what comes of it is not known either way.
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
  // A connection that is made anew is not the one that hung.
  redis.on('ready', () => become(false))
  redis.on('end', () => clearInterval(timer))
}
