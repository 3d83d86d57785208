import { createServer } from 'node:http'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, afterEach, expect, onTestFinished } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createMailer, MailFault } from '../../../src/infra/mail/mailer.ts'
import { emailsOf } from '../../../src/trading/accounts/rows/emails.ts'
import { deskTest } from '../../support/desk-test.ts'
import { startSmtpServer } from '../../support/smtp-server.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { ask, known, soon, untilEnd } from './asking.ts'
import { madeBars } from './made-bars.ts'

const password = 'a word that no log has'
const smtp = await startSmtpServer({ password })
const logged: string[] = []
const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
const { test, desk } = deskTest({
  log,
  environment: { SMTP_URL: smtp.url, MAIL_FROM: 'Deskhand <desk@example.com>' },
  runs: {
    bars: madeBars(30),
    targets: { secret: 'a secret of sixteen letters', allowsPrivate: true, sendsMail: true },
  },
})
afterAll(() => smtp.close())
afterEach(() => {
  smtp.answer = 250
})

const parts = () => desk.desk.parts
const to = (address: string) => smtp.mails.filter((mail) => mail.to.includes(address))
const codeIn = (raw: string) => /Subject: Deskhand: (\d{6}) is your code/.exec(raw)?.[1]
const told = ({ thread }: Someone) => desk.posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)

/** The code that was sent to an address last. */
const codeOf = (address: string) =>
  soon(() => codeIn(to(address).at(-1)?.raw ?? '') ?? Promise.reject(new Error('no code')))

/** Makes what waits for another attempt due now. */
const hurry = () =>
  sql`update strategy_notifications set next_at = now() where next_at is not null and failed_because is not null`
    .execute(parts().db)
    .then(() => sql`update member_emails set code_due_at = now() where code_due_at is not null`.execute(parts().db))

async function confirmed(who: Someone, address: string): Promise<void> {
  await who.say(`email ${address}`)
  expect(await who.say(`email ${await codeOf(address)}`)).toMatch(/^✓ .…@/)
}

test('an address is a member’s own: only the code that was sent there confirms it, to its member, a few times', async ({
  alice,
  bob,
}) => {
  const { memberId } = await known(desk.desk, alice)
  await known(desk.desk, bob)
  expect(await alice.say('email')).toContain('You have no confirmed e-mail address.')
  expect(await alice.say('email 123456')).toContain('No address of yours waits for a code.')
  expect(await alice.say('email Alice@Example.com')).toMatch(/^✉️ A code is on its way to a…@example\.com\./)
  const code = await codeOf('alice@example.com')
  expect(await emailsOf(parts().db, memberId)).toEqual({ asked: 'alice@example.com' })
  const { rows } = await sql`select * from member_emails`.execute(parts().db)
  expect(JSON.stringify(rows)).not.toContain(code)
  expect(await bob.say(`email ${code}`)).toContain('No address of yours waits for a code.')
  const wrong = code === '000000' ? '000001' : '000000'
  expect(await alice.say(`email ${wrong}`)).toContain('That is not the code.')
  expect(await alice.say(`email ${code}`)).toContain('✓ a…@example.com is your e-mail address.')
  expect(await alice.say(`email ${code}`)).toContain('No address of yours waits for a code.')
  expect(await alice.say('email alice@example.com')).toContain('is your address already')
  expect(await alice.say('email off')).toContain('✓ Your e-mail address is forgotten.')
  expect(await alice.say('email')).toContain('You have no confirmed e-mail address.')
  await alice.say('email other@example.com')
  const other = await codeOf('other@example.com')
  for (let tries = 0; tries < 5; tries++) await alice.say(`email ${other === '111111' ? '222222' : '111111'}`)
  expect(await alice.say(`email ${other}`)).toContain('That code is no longer good')
})

test('a code that is old, or that was asked for too often, is none', async ({ alice }) => {
  await known(desk.desk, alice)
  await alice.say('email old@example.com')
  const code = await codeOf('old@example.com')
  await sql`update member_emails set code_sent_at = code_sent_at - interval '16 minutes'`.execute(parts().db)
  expect(await alice.say(`email ${code}`)).toContain('That code is no longer good')
  for (let asked = 1; asked < 5; asked++)
    expect(await alice.say(`email old${asked}@example.com`)).toContain('A code is on its way')
  expect(await alice.say('email more@example.com')).toContain('You have asked for 5 codes in a day.')
  for (const text of ['email me', 'email a@b', 'email a b@c.de', 'email a@b.c\nBcc: x@y.z'])
    expect(await alice.say(text), text).not.toContain('on its way')
})

test('the end of a run is mailed once, to the confirmed address; while the server is away it waits', async ({
  alice,
}) => {
  const who = await known(desk.desk, alice)
  const request = { ...who, notify: { email: true } }
  await expect(ask(parts(), who.memberId, request)).rejects.toThrow('You have no confirmed e-mail address.')
  expect(await alice.say('screen breakout email')).toContain('You have no confirmed e-mail address.')
  await confirmed(alice, 'runs@example.com')
  smtp.answer = 451
  const before = smtp.tries
  await alice.say('screen breakout notify by email')
  await soon(() => expect(smtp.tries).toBe(before + 1))
  smtp.answer = 250
  await soon(async () => {
    await hurry()
    expect(to('runs@example.com')).toHaveLength(2)
  })
  const [, { from, raw } = { from: '', raw: '' }] = to('runs@example.com')
  expect(from).toBe('desk@example.com')
  expect(raw).toMatch(/^Subject: Deskhand: RUN \d+ · Bullish|Subject: =\?UTF-8\?/m)
  expect(raw).toMatch(/^Auto-Submitted: auto-generated$/im)
  expect(raw).toMatch(/^Message-ID: <[0-9a-f-]{36}-\d+@example\.com>$/im)
})

test('a mail that is refused for good, and a webhook that never answers, are told in chat once', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  await confirmed(alice, 'gone@example.com')
  smtp.answer = 550
  const server = createServer((_, response) => response.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const { run } = await ask(parts(), who.memberId, {
    ...who,
    notify: { email: true, webhook: `http://127.0.0.1:${port}/hook` },
  })
  await untilEnd(parts(), run.id)
  const untold = () => told(alice).filter((text) => text.includes('could not be told'))
  await soon(async () => {
    await hurry()
    expect(untold()).toHaveLength(2)
  })
  expect(untold().find((text) => text.includes('by e-mail'))).toContain(
    'because the mail server refuses the message (550). It is not tried again.',
  )
  expect(untold().find((text) => text.includes('webhook'))).toContain(
    'because the webhook answered 503. It was tried 5 times. It is not tried again.',
  )
  const { rows } = await sql`select from strategy_notifications where run = ${run.id} and next_at is not null`.execute(
    parts().db,
  )
  expect(rows).toEqual([])
})

test('a code that the server refuses is told where it was asked for, and the address is forgotten', async ({
  alice,
}) => {
  const { memberId } = await known(desk.desk, alice)
  smtp.answer = 550
  await alice.say('email nobody@example.com')
  await soon(() => expect(told(alice).join('\n')).toContain('Your code was not sent, because the mail server refuses'))
  expect(await emailsOf(parts().db, memberId)).toEqual({})
})

test('no fault of a mail names the password, and none is sent over a plain connection to elsewhere', async () => {
  const mail = { to: 'a@example.com', subject: 's', text: 't', id: 'i' }
  const from = 'desk@example.com'
  const failed = async (url: string) => {
    const fault = await createMailer({ url, from })
      .send(mail)
      .then(
        () => undefined,
        (cause) => cause as unknown,
      )
    expect(fault).toBeInstanceOf(MailFault)
    expect(JSON.stringify(fault) + String((fault as Error).stack)).not.toContain('secret')
    return (fault as MailFault).message
  }
  expect(await failed(smtp.url.replace(/:[^:@]*@/, ':secret@'))).toBe('the mail server does not know the desk (535)')
  const closed = await startSmtpServer()
  await closed.close()
  expect(await failed(closed.url)).toMatch(/^the mail server cannot be reached \(E[A-Z]+\)$/)
  const environment = { DATABASE_URL: 'postgres://x', REDIS_URL: 'redis://x' }
  expect(() => readConfig({ ...environment, SMTP_URL: smtp.url })).toThrow('SMTP_URL and MAIL_FROM are set together')
  expect(() => readConfig({ ...environment, SMTP_URL: 'http://x', MAIL_FROM: 'x' })).toThrow(
    /SMTP_URL must be[\s\S]*MAIL_FROM must be an address/,
  )
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.join()).not.toContain(password)
})
