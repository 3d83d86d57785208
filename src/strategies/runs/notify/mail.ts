import type { Mail } from '../../../infra/mail/mailer.ts'

/** A message of the desk as mail: its first line is the subject, without the signs with which chat begins. */
export function mailOf(text: string, to: string, id: string): Mail {
  const [first = ''] = text.split('\n')
  return { to, id, subject: `Deskhand: ${first.replace(/^[^\p{L}\p{N}]+/u, '')}`, text: `${text}\n` }
}
