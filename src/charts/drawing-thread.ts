/** The thread that draws: charts come in as messages, one at a time, and go out as PNG or as the reason why not. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { NoCanvas } from './canvas.ts'
import type { Chart } from './chart.ts'
import { draw } from './draw.ts'
import type { Drawn } from './drawing.ts'

const port: MessagePort = parentPort!

port.on('message', async (chart: Chart) => {
  port.postMessage(await answerTo(chart))
})

async function answerTo(chart: Chart): Promise<Drawn> {
  try {
    return { png: await draw(chart) }
  } catch (cause) {
    // A class does not survive the way between threads.
    return { cause, cannotDraw: cause instanceof NoCanvas }
  }
}
