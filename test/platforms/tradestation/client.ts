type Json = Record<string, unknown>

/** Something that can be asked, with the status and the JSON of its answers. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: Json; headers: Headers }>

/** Asks a host with an access token; paths begin after `/v3`. */
export function asking(url: string, token: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${url}/v3${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: /^[{[]/.test(text) ? JSON.parse(text) : { text },
    }
  }
}

/** A reader of a stream that keeps what it hears. */
export interface Reader {
  heard: Json[]
  status: number
  isClosed(): boolean
  close(): void
}

/** Reads a stream: one JSON a line. */
export async function readStream(url: string, path: string, token: string): Promise<Reader> {
  const stop = new AbortController()
  const response = await fetch(`${url}/v3${path}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  const heard: Json[] = []
  let isClosed = false
  const reading = async () => {
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) if (line.trim()) heard.push(JSON.parse(line))
    }
  }
  reading()
    .catch(() => undefined)
    .finally(() => {
      isClosed = true
    })
  return { heard, status: response.status, isClosed: () => isClosed, close: () => stop.abort() }
}
