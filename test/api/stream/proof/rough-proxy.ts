import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy in front of a server, which treats its connections as badly as the world does. */
export interface RoughProxy {
  port: number
  /** The port of the server from now on. */
  pointTo(port: number): void
  /** Answers new connections with 502, or passes them on again. */
  refuse(refuses: boolean): void
  /** Breaks a share of the connections: what was under way is lost. */
  cut(share: number): void
  /** Passes nothing on, until it goes on. */
  stall(): void
  goOn(): void
  close(): Promise<void>
}

const badGateway = 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

export async function roughProxy(random: () => number): Promise<RoughProxy> {
  const pairs = new Map<Socket, Socket>()
  let target = 0
  let refuses = false
  let isStalled = false

  const refuseOne = (client: Socket) => void client.once('data', () => client.end(badGateway))

  function pass(client: Socket): void {
    const server = connect(target, '127.0.0.1')
    pairs.set(client, server)
    if (isStalled) server.pause()
    client.pipe(server)
    server.pipe(client)
    if (isStalled) server.pause()
    server.on('error', () => {
      if (!client.destroyed) client.end(badGateway)
    })
    client.on('close', () => {
      server.destroy()
      pairs.delete(client)
    })
    server.on('close', () => client.destroySoon())
  }

  const proxy = createServer((client) => {
    client.on('error', () => {})
    if (refuses) refuseOne(client)
    else pass(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    port: (proxy.address() as AddressInfo).port,
    pointTo(port) {
      target = port
    },
    refuse(does) {
      refuses = does
    },
    cut(share) {
      for (const client of pairs.keys()) if (random() < share) client.destroy()
    },
    stall() {
      isStalled = true
      for (const server of pairs.values()) server.pause()
    },
    goOn() {
      isStalled = false
      for (const server of pairs.values()) server.resume()
    },
    async close() {
      for (const client of pairs.keys()) client.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
