import { networkInterfaces } from 'node:os'

/** An address of this machine other than 127.0.0.1: of a network, or another loopback address when there is none. */
export function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2'
}
