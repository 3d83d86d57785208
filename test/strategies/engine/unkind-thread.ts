/** A scoring thread whose screener does not survive some symbols: it dies of them, hangs, or throws. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { answerTo, type Task } from '../../../src/strategies/engine/threads/answer.ts'
import { strategyNamed } from '../../../src/strategies/screeners/list.ts'

const port: MessagePort = parentPort!
port.on('message', (task: Task) => {
  if (task.symbols.includes('DIES')) process.exit(7)
  if (task.symbols.includes('HANGS')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  const strategy = strategyNamed(task.strategy)!
  const unkind = {
    ...strategy,
    score: (...[bars, ...rest]: Parameters<typeof strategy.score>) => {
      if (bars.volume[0] === 666) throw new Error('the screener has a bug')
      return strategy.score(bars, ...rest)
    },
  }
  port.postMessage(answerTo(task, () => unkind))
})
port.postMessage('ready')
