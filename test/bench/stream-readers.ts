import { request } from 'node:http'

// A process with many readers. It is told where to read (`{ port, path, tokens }`), and says when all of them have begun, and
// for every event the moment at which the last of them had it.
interface Order {
  port: number
  path: string
  /** The API token of each reader. */
  tokens: string[]
}

let had = 0
let begun = 0

process.on('message', ({ port, path, tokens }: Order) => {
  for (const token of tokens) {
    const headers = { authorization: `Bearer ${token}` }
    request({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      let rest = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n')
        rest = blocks.pop()!
        for (const block of blocks) heard(block, tokens.length)
      })
    }).end()
  }
})

function heard(block: string, readers: number): void {
  if (block.includes('event: connected')) {
    begun += 1
    if (begun % readers === 0) process.send!({ begun })
  } else if (block.includes('event: undone')) {
    had += 1
    if (had % readers === 0) process.send!({ at: performance.timeOrigin + performance.now() })
  }
}
