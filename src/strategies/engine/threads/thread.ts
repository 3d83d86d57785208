/** A scoring thread: tasks arrive one at a time, and each is answered. */

import { type MessagePort, parentPort } from 'node:worker_threads'
import { strategyNamed } from '../../screeners/list.ts'
import { answerTo, type Task } from './answer.ts'
import { giveWay } from './give-way.ts'
import type { Said } from './scorers.ts'

giveWay()

const port: MessagePort = parentPort!
const say = (said: Said) => port.postMessage(said)
port.on('message', (task: Task) => say(answerTo(task, strategyNamed)))
say('ready')
