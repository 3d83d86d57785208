/** A thread that plays backtests: tasks arrive one at a time, and each is answered. */

import { type MessagePort, parentPort } from 'node:worker_threads'
import { giveWay } from '../../strategies/engine/threads/give-way.ts'
import type { Said } from '../../strategies/engine/threads/scorers.ts'
import { type Played, type PlayTask, play } from './play.ts'

giveWay()

const port: MessagePort = parentPort!
const say = (said: Said<Played>) => port.postMessage(said)
port.on('message', (task: PlayTask) => say(play(task)))
say('ready')
