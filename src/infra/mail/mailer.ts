import { isLoopback } from './loopback.ts'

/** A message to one address. */
export interface Mail {
  to: string
  subject: string
  /** Plain text. */
  text: string
  /** The same in every attempt, so that a mailbox may know a message that comes twice. */
  id: string
}

/** Sends mail by the desk's server. */
export interface Mailer {
  /** Resolves when the server has taken the message. Throws `MailFault`. */
  send(mail: Mail): Promise<void>
}

/** A message was not sent. The message is a sentence for people, without a secret. */
export class MailFault extends Error {
  override name = 'MailFault'
  /** The server will not take it another time either. */
  readonly isFinal: boolean

  constructor(sentence: string, isFinal: boolean) {
    super(sentence)
    this.isFinal = isFinal
  }
}

/** The server has so long for each step, in milliseconds. */
const stepMs = 10_000

/**
 * A mailer over the SMTP server of a URL (`smtp://NAME:PASSWORD@HOST:587`, `smtps://…`). Its library is loaded for the first message. A
 * password goes over an encrypted connection only, except to this machine.
 */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const { password, hostname } = new URL(url)
  const domain = /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'deskhand.invalid'
  return {
    async send({ to, subject, text, id }) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        url,
        requireTLS: password !== '' && !isLoopback(hostname),
        ...{ connectionTimeout: stepMs, greetingTimeout: stepMs, socketTimeout: stepMs, dnsTimeout: stepMs },
        // A text from outside may name a file or an address to read; nothing of it is ever read.
        ...{ disableFileAccess: true, disableUrlAccess: true },
      })
      try {
        await transport.sendMail({
          ...{ from, subject, text, to: { name: '', address: to }, messageId: `<${id}@${domain}>` },
          headers: { 'auto-submitted': 'auto-generated' },
        })
      } catch (cause) {
        throw faultOf(cause)
      } finally {
        transport.close()
      }
    },
  }
}

/** The fault in words. What the server said stays out: it may repeat a name or an address. */
function faultOf(cause: unknown): MailFault {
  const { code, responseCode } = cause as { code?: string; responseCode?: number }
  const answer = responseCode === undefined ? '' : ` (${responseCode})`
  if (code === 'EAUTH') return new MailFault(`the mail server does not know the desk${answer}`, false)
  if (responseCode !== undefined) {
    const isFinal = responseCode >= 500
    return new MailFault(`the mail server ${isFinal ? 'refuses' : 'does not take'} the message${answer}`, isFinal)
  }
  if (code === 'ETLS') return new MailFault('the mail server has no encrypted connection', false)
  return new MailFault(`the mail server cannot be reached${code === undefined ? '' : ` (${code})`}`, false)
}
