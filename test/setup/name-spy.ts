import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { isIP, Socket } from 'node:net'

// Loaded into a process before its program: notes every name that it looks up, and every host that it connects to by name.

type Call = (...given: unknown[]) => unknown

function note(name: unknown): void {
  if (typeof name !== 'string' || isIP(name) || name === 'localhost') return
  appendFileSync(process.env.NAME_SPY!, `${name}\n`)
}

for (const kind of [dns, dns.promises]) {
  const calls = kind as unknown as Record<string, Call>
  for (const call of Object.keys(calls).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    const real = calls[call]!
    calls[call] = (name, ...rest) => {
      note(name)
      return real.call(kind, name, ...rest)
    }
  }
}

const socket = Socket.prototype as unknown as Record<'connect', Call>
const { connect } = socket
socket.connect = function (this: Socket, ...given) {
  const [first] = Array.isArray(given[0]) ? given[0] : given
  note((first as { host?: string } | undefined)?.host)
  return connect.apply(this, given)
}
