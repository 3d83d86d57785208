import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Looks a name up, and finds only its addresses on the Internet. A connection then goes to the address that was looked at. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (cause, addresses) => {
    if (cause) return done(cause, [])
    const reachable = addresses.filter(({ address }) => isPublic(address))
    const [first] = reachable
    if (!first) return done(new Error(`${hostname} has no public address`), [])
    if (options.all) done(null, reachable)
    else done(null, first.address, first.family)
  })
}

/** Networks that are nobody's on the Internet, by the registries of special-purpose addresses of IANA. */
const special4 = networks('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])
/** Of IPv6 only 2000::/3 is given out; the others within it are special, or carry an IPv4 address that would have to be looked at. */
const special6 = networks('ipv6', [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
])

/** Is it an address of the Internet, and not of a network of one's own? */
export function isPublic(address: string): boolean {
  // Two lists: one list would compare an address of either kind with the networks of both.
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4')
    case 6:
      return !special6.check(address, 'ipv6')
    default:
      return false
  }
}

function networks(family: 'ipv4' | 'ipv6', all: [network: string, bits: number][]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of all) list.addSubnet(network, bits, family)
  return list
}
