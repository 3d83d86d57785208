import type { Button, Row } from './discord-state.ts'

/** A refusal in the words of Discord's API. */
export class Refused extends Error {
  readonly status: number
  readonly code: number
  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The codes are Discord's. */
export const refusals = {
  unauthorized: () => new Refused(401, 0, '401: Unauthorized'),
  unknownChannel: () => new Refused(404, 10003, 'Unknown Channel'),
  unknownMessage: () => new Refused(404, 10008, 'Unknown Message'),
  unknownWebhook: () => new Refused(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refused(404, 10062, 'Unknown interaction'),
  alreadyAcknowledged: () => new Refused(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refused(403, 50001, 'Missing Access'),
  missingPermissions: () => new Refused(403, 50013, 'Missing Permissions'),
  archivedThread: () => new Refused(400, 50083, 'Thread is archived'),
  noDirectMessages: () => new Refused(403, 50007, 'Cannot send messages to this user'),
  threadExists: () => new Refused(400, 160004, 'A thread has already been created for this message'),
  emptyMessage: () => new Refused(400, 50006, 'Cannot send an empty message'),
  form: (why: string) => new Refused(400, 50035, `Invalid Form Body: ${why}`),
}

// biome-ignore lint/suspicious/noExplicitAny: the client's data, before a check
type Sent = any

const suppressEmbeds = 4
const ephemeral = 64

/** Throws when Discord would refuse this body of a message. */
export function checkMessage(body: Sent, where: 'channel' | 'webhook' | 'edit'): void {
  const { content, components, nonce, flags, allowed_mentions } = body
  if (content !== undefined && typeof content !== 'string') throw refusals.form('content: string')
  if (content !== undefined && [...content].length > 2000) throw refusals.form('content: at most 2000 in length')
  if (content !== undefined && !content.isWellFormed()) throw refusals.form('content: not Unicode')
  if (where !== 'edit' && !content?.trim()) throw refusals.emptyMessage()
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce.length > 25)) throw refusals.form('nonce: at most 25')
  const allowedFlags = where === 'webhook' ? suppressEmbeds | ephemeral : suppressEmbeds
  if (flags !== undefined && (flags & ~allowedFlags) !== 0) throw refusals.form(`flags: ${flags} here`)
  if (allowed_mentions !== undefined && !Array.isArray(allowed_mentions.parse)) throw refusals.form('allowed_mentions')
  if (components !== undefined) checkComponents(components)
  if (body.embeds !== undefined) checkEmbeds(body.embeds)
}

function checkEmbeds(embeds: Sent): void {
  if (!Array.isArray(embeds) || embeds.length > 10) throw refusals.form('embeds: at most 10')
  for (const { color, description } of embeds) {
    checkLength('description', description, 1, 4096)
    if (!Number.isInteger(color) || color < 0 || color > 0xffffff) throw refusals.form('embeds: color')
  }
}

function checkComponents(rows: Sent): asserts rows is Row[] {
  if (!Array.isArray(rows) || rows.length > 5) throw refusals.form('components: at most 5 rows')
  const ids = new Set<string>()
  for (const row of rows) {
    if (row.type !== 1) throw refusals.form('components: only action rows here')
    if (row.components.length < 1 || row.components.length > 5) throw refusals.form('components: 1 to 5 in a row')
    for (const button of row.components as Button[]) {
      if (button.type === 3) {
        checkMenu(button, row.components.length)
        if (ids.has(button.custom_id)) throw refusals.form('components: custom_id twice')
        ids.add(button.custom_id)
        continue
      }
      if (button.type === 2 && button.style === 5) {
        if (!/^https?:\/\/.{1,500}$/.test(button.url ?? '') || button.custom_id) throw refusals.form('components: link')
        checkLength('label', button.label, 1, 80)
        continue
      }
      if (button.type !== 2 || ![1, 2, 3, 4].includes(button.style))
        throw refusals.form('components: only buttons here')
      checkLength('custom_id', button.custom_id, 1, 100)
      checkLength('label', button.label, 1, 80)
      if (ids.has(button.custom_id)) throw refusals.form('components: custom_id twice')
      ids.add(button.custom_id)
    }
  }
}

function checkMenu({ custom_id, placeholder, options }: Sent, inRow: number): void {
  if (inRow > 1) throw refusals.form('components: a menu takes a whole row')
  checkLength('custom_id', custom_id, 1, 100)
  if (placeholder !== undefined) checkLength('placeholder', placeholder, 1, 150)
  if (!Array.isArray(options) || options.length < 1 || options.length > 25) throw refusals.form('options: 1 to 25')
  for (const { label, value } of options) {
    checkLength('label', label, 1, 100)
    checkLength('value', value, 1, 100)
  }
  if (new Set(options.map(({ value }: Sent) => value)).size < options.length)
    throw refusals.form('options: value twice')
}

/** Throws when Discord would refuse this form. */
export function checkModal(modal: Sent): void {
  checkLength('title', modal.title, 1, 45)
  checkLength('custom_id', modal.custom_id, 1, 100)
  if (modal.components.length < 1 || modal.components.length > 5) throw refusals.form('modal: 1 to 5 components')
  for (const { type, label, component, content } of modal.components) {
    if (type === 10) {
      checkLength('content', content, 1, 4000)
      continue
    }
    if (type !== 18) throw refusals.form('modal: only labels and texts here')
    checkLength('label', label, 1, 45)
    if (component.type !== 4 || ![1, 2].includes(component.style)) throw refusals.form('modal: only text inputs here')
    checkLength('custom_id', component.custom_id, 1, 100)
    if (component.max_length !== undefined && component.max_length > 4000) throw refusals.form('modal: max_length')
  }
}

const commandName = /^[-_\p{L}\p{N}]{1,32}$/u

/** Throws when Discord would refuse this application command. */
export function checkCommand(command: Sent): void {
  // A command of a message's menu: any name, and nothing else.
  if (command.type === 3) {
    checkLength('name', command.name, 1, 32)
    if (command.description || command.options) throw refusals.form('a message command has a name only')
    return
  }
  checkNamed(command)
  checkOptions(command.options ?? [], 0)
  if (charactersOf(command) > 8000) throw refusals.form('command: more than 8000 characters in all')
}

function checkOptions(options: Sent[], depth: number): void {
  if (options.length > 25) throw refusals.form('options: at most 25')
  if (new Set(options.map(({ name }) => name)).size < options.length) throw refusals.form('options: name twice')
  const subs = options.filter(({ type }) => type <= 2)
  if (subs.length > 0 && subs.length < options.length) throw refusals.form('options: mixed with subcommands')
  const firstOptional = options.findIndex(({ required }) => !required)
  if (firstOptional >= 0 && options.slice(firstOptional).some(({ required }) => required)) {
    throw refusals.form('options: required ones first')
  }
  for (const option of options) {
    checkNamed(option)
    if (option.type === 2 && depth > 0) throw refusals.form('options: a group in a group')
    if (option.type === 1 && depth > 1) throw refusals.form('options: nested too deep')
    if (option.type <= 2) checkOptions(option.options ?? [], option.type === 2 ? 1 : 2)
    if (option.choices && option.autocomplete) throw refusals.form('options: choices and autocomplete')
    if (option.choices && (option.choices.length > 25 || option.type !== 3)) throw refusals.form('choices')
    for (const { name, value } of option.choices ?? []) {
      checkLength('choice', name, 1, 100)
      checkLength('choice', value, 1, 100)
    }
  }
}

function checkNamed({ name, description }: Sent): void {
  if (!commandName.test(name) || name !== name.toLowerCase()) throw refusals.form(`name: ${name}`)
  checkLength('description', description, 1, 100)
}

function checkLength(what: string, text: Sent, least: number, most: number): void {
  const length = typeof text === 'string' ? [...text].length : -1
  if (length < least || length > most) throw refusals.form(`${what}: ${least} to ${most} in length`)
}

function charactersOf(part: Sent): number {
  if (Array.isArray(part)) return part.reduce((sum, each) => sum + charactersOf(each), 0)
  const own = ['name', 'description', 'value'].reduce((sum, key) => sum + String(part[key] ?? '').length, 0)
  return own + charactersOf(part.options ?? []) + (part.choices ? charactersOf(part.choices) : 0)
}

/** The people whom a message notifies, given its allowed mentions. */
export function pingsOf(content: string, allowed: Sent): string[] {
  const may = (kind: string, id?: string) =>
    allowed === undefined || allowed.parse.includes(kind) || (id !== undefined && allowed[kind]?.includes(id))
  const named = (pattern: RegExp) => Array.from(content.matchAll(pattern), ([, id]) => id!)
  return [
    ...named(/@(everyone|here)/g).filter(() => may('everyone')),
    ...named(/<@!?(\d+)>/g).filter((id) => may('users', id)),
    ...named(/<@&(\d+)>/g).filter((id) => may('roles', id)),
  ]
}
