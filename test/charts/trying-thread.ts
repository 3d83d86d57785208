/** A thread that draws nothing, and acts on itself as the title of a chart says. */
import { parentPort } from 'node:worker_threads'

parentPort!.on('message', ({ title }: { title: string }) => {
  if (title === 'hang') for (;;);
  if (title === 'end') process.exit(3)
  if (title === 'throw') throw new Error('a fault of ours')
  if (title === 'eat') {
    const eaten: number[][] = []
    for (;;) eaten.push(Array.from({ length: 100_000 }, Math.random))
  }
  parentPort!.postMessage({ png: new TextEncoder().encode(`${title} in ${process.env.SECRET ?? 'no environment'}`) })
})
