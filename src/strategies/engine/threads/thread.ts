/** A scoring thread: tasks arrive one at a time, and each is answered. */
import { getPriority, setPriority } from 'node:os'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { strategyNamed } from '../../screeners/list.ts'
import { answerTo, type Task } from './answer.ts'
import type { Said } from './scorers.ts'

// Only Linux knows priorities of threads; elsewhere the whole process would be put back, and its closes with it.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))

const port: MessagePort = parentPort!
const say = (said: Said) => port.postMessage(said)
port.on('message', (task: Task) => say(answerTo(task, strategyNamed)))
say('ready')
