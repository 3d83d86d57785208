/** The drawing thread: charts arrive as messages, one at a time; the answer is a PNG or the reason for its failure. */
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
    // The class of an error is lost between threads.
    return { cause, cannotDraw: cause instanceof NoCanvas }
  }
}
