import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Finds the address of a client behind proxies. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string

/**
 * Makes a reader of client addresses. `X-Forwarded-For` counts only as far as proxies of ours wrote it: it is read from its end,
 * and the first address that is none of them is the client's. Each of `trusted` is an address or a network.
 */
export function clientAddresses(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList()
  for (const one of trusted) {
    const [address = '', bits] = one.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(bits), family)
  }
  const isOurs = (address: string) => {
    const kind = isIP(address)
    return kind !== 0 && proxies.check(address, kind === 6 ? 'ipv6' : 'ipv4')
  }
  return ({ headers, socket }) => {
    let address = plain(socket.remoteAddress ?? '')
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
    for (const next of forwarded.reverse().map((one) => plain(one.trim()))) {
      if (!isOurs(address) || isIP(next) === 0) break
      address = next
    }
    return address
  }
}

/** An IPv4 address that came in as IPv6, as IPv4. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
