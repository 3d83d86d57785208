import { networkInterfaces } from 'node:os'

/** An address of this machine beside 127.0.0.1: of a network, or another of the loopback interface where there is none. */
export function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2'
}
