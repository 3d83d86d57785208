import { createServer, type Socket } from 'node:net'

/** A message as a mail server took it. */
export interface TakenMail {
  from: string
  to: string[]
  /** Header and text as they came. */
  raw: string
}

/** A mail server on this machine. */
export interface SmtpServer {
  url: string
  mails: TakenMail[]
  /** Attempts to hand over a message, taken or not. */
  readonly tries: number
  /** The answer to each recipient until further notice: `250`, or a refusal such as `451` and `550`. */
  answer: number
  close(): Promise<void>
}

/** Starts a mail server that speaks as much of SMTP (RFC 5321) as a client needs, with a name and a password or without. */
export async function startSmtpServer({ password }: { password?: string } = {}): Promise<SmtpServer> {
  const sockets = new Set<Socket>()
  const state = { answer: 250, tries: 0 }
  const mails: TakenMail[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket)
  })

  function converse(socket: Socket): void {
    const say = (line: string) => socket.write(`${line}\r\n`)
    let mail: TakenMail = { from: '', to: [], raw: '' }
    let isData = false
    let isKnown = password === undefined
    let buffered = ''
    say('220 mail.test ready')
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => {
      buffered += part
      for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end)
        buffered = buffered.slice(end + 2)
        if (isData) take(line)
        else hear(line)
      }
    })

    function take(line: string): void {
      if (line !== '.') {
        mail.raw += `${line.replace(/^\.\./, '.')}\n`
        return
      }
      isData = false
      mails.push(mail)
      mail = { from: '', to: [], raw: '' }
      say('250 taken')
    }

    function hear(line: string): void {
      const [verb = ''] = line.toUpperCase().split(/[ :]/)
      switch (verb) {
        case 'EHLO':
          socket.write(`250-mail.test\r\n${password === undefined ? '' : '250-AUTH PLAIN\r\n'}250 8BITMIME\r\n`)
          return
        case 'AUTH': {
          const [, , given = ''] = line.split(' ')
          isKnown = Buffer.from(given, 'base64').toString() === `\0desk\0${password}`
          return void say(isKnown ? '235 welcome' : '535 unknown name or password')
        }
        case 'MAIL':
          if (!isKnown) return void say('530 a password first')
          mail.from = /<(.*)>/.exec(line)?.[1] ?? ''
          return void say('250 fine')
        case 'RCPT':
          state.tries++
          if (state.answer !== 250) return void say(`${state.answer} not now, or never`)
          mail.to.push(/<(.*)>/.exec(line)?.[1] ?? '')
          return void say('250 fine')
        case 'DATA':
          isData = true
          return void say('354 go on')
        case 'QUIT':
          say('221 bye')
          socket.end()
          return
        default:
          say('250 fine')
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const who = password === undefined ? '' : `desk:${encodeURIComponent(password)}@`
  return {
    url: `smtp://${who}127.0.0.1:${port}`,
    mails,
    get tries() {
      return state.tries
    },
    get answer() {
      return state.answer
    },
    set answer(code: number) {
      state.answer = code
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
