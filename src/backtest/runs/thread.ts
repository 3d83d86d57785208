/** A thread that plays backtests: tasks arrive one at a time, and each is answered. */
import { getPriority, setPriority } from 'node:os'
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Said } from '../../strategies/engine/threads/scorers.ts'
import { type Played, type PlayTask, play } from './play.ts'

// Only Linux knows priorities of threads; elsewhere the whole process would be put back, and its closes with it.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))

const port: MessagePort = parentPort!
const say = (said: Said<Played>) => port.postMessage(said)
port.on('message', (task: PlayTask) => say(play(task)))
say('ready')
