import type { DoorName } from '../../talk/chat/place.ts'
import type { LinkRequest } from '../../trading/access/rows/link-requests.ts'
import { modeText } from '../../trading/accounts/rules/account-mode.ts'
import type { Linkable } from '../../venues/links/linkable.ts'

/** The words of a page without a form. */
export interface PlainPage {
  title: string
  lines: string[]
}

/** A page that says one thing. */
export function plainPage({ title, lines }: PlainPage): string {
  return page(title, `<h1>${escaped(title)}</h1>${paragraphs(lines)}`)
}

/** The first sight of a link: it says whose it is and what it does, and changes nothing until its button is pressed. */
export function openingPage(request: LinkRequest, venue: Linkable, path: string): string {
  return page(
    `Link ${venue.title}`,
    `${headOf(request, venue)}
    <p>This page takes ${venue.keysPage ? 'the keys of' : 'the sign-in to'} one account, in the browser that goes on here first. Then <strong>${escaped(request.memberName)}</strong> is asked ${askedAt[request.place.door]} whether the account is linked.</p>
    <form method="post" action="${escaped(path)}/open"><button type="submit">Go on in this browser</button></form>
    <p class="quiet">You did not ask for this link? Close the page: nothing happens.</p>`,
  )
}

/** The form for keys, or the way to the venue. `fault`: the reason why what was given does not do. */
export function formPage(request: LinkRequest, venue: Linkable, path: string, fault?: string): string {
  const said = fault === undefined ? '' : `<p class="fault" role="alert">${escaped(fault)}</p>`
  const signIn = venue.signIn
    ? `<form method="post" action="${escaped(path)}/sign-in"><button type="submit">Sign in at ${escaped(venue.title)}</button></form>
       ${venue.keysPage ? '<p class="or">or with keys</p>' : `<p class="quiet">${escaped(venue.title)} asks you there whether the desk may look and trade. It gives out no keys.</p>`}`
    : ''
  const keys = venue.keysPage
    ? `
    <form method="post" action="${escaped(path)}/keys" autocomplete="off">
      <label>Key ID<input name="key_id" required maxlength="200" autocapitalize="none" spellcheck="false" autocomplete="off"></label>
      <label>Secret key<input name="secret" type="password" required maxlength="2000" autocomplete="off"></label>
      <button type="submit">Try these keys</button>
    </form>
    <p class="quiet">You find them at ${escaped(venue.keysPage[request.mode])}. They are tried at ${escaped(venue.title)} and kept encrypted; this page never shows them again.</p>`
    : ''
  const noWay = signIn || keys ? '' : `<p>${escaped(noApp(venue))}</p>`
  return page(`Link ${venue.title}`, `${headOf(request, venue)}${said}${signIn}${keys}${noWay}`)
}

const noApp = ({ title }: Linkable) =>
  `Members sign in at ${title}, and this desk has no app there, so none of its accounts can be linked. Who runs the desk finds the way in docs/linking.md.`

/** The way on to the venue's own page. A form that is led there by the answer would need leave for each address on the way. */
export function awayPage(venue: Linkable, url: string): string {
  const to = escaped(url)
  return page(
    `Sign in at ${venue.title}`,
    `<h1>On to ${escaped(venue.title)} …</h1><p><a href="${to}" rel="noreferrer">Go on to ${escaped(venue.title)}</a></p>`,
    `<meta http-equiv="refresh" content="0; url=${to}">`,
  )
}

/** Where the question to the member stands, for each door. */
const askedAt: Record<DoorName, string> = {
  terminal: 'in the terminal, where `link` was typed,',
  discord: 'in a direct message on Discord',
  slack: 'in a direct message on Slack',
  web: 'in the conversation where `link` was said',
}

/** The end: the member is asked in chat. */
export function givenPage({ memberName, given, place }: LinkRequest, venue: Linkable): string {
  const number = given ? ` ${given.found.maskedNumber}` : ''
  return plainPage({
    title: place.door === 'terminal' ? '✓ Now answer in the terminal' : '✓ Now answer in chat',
    lines: [
      `${venue.title} takes them: account${number}.`,
      `The desk asks ${memberName} ${askedAt[place.door]} whether it is linked. Nothing is linked before the yes. You can close this page.`,
    ],
  })
}

/** A page of a link that is over, or never was. */
export const overPage = (): string =>
  plainPage({
    title: 'This link is over',
    lines: [
      'It was used, its ten minutes are over, or a newer one took its place.',
      'Say `link` with the name of the broker in chat for a new one.',
    ],
  })

function headOf({ mode, venue: name, memberName }: LinkRequest, venue: Linkable): string {
  const money =
    mode === 'live'
      ? 'An account with real money. Orders that open or add wait for the leave of an owner of the desk.'
      : 'The broker’s own paper money. Nothing real is traded.'
  return `<p class="desk">Deskhand</p>
    <h1>Link ${escaped(venue.title)} <span class="mode ${mode}">${escaped(modeText({ mode, venue: name }))}</span></h1>
    <p>For <strong>${escaped(memberName)}</strong>. ${money}</p>`
}

const paragraphs = (lines: string[]) => lines.map((line) => `<p>${marked(line)}</p>`).join('')

/** Backticks mark words to type. */
const marked = (line: string) => escaped(line).replace(/`([^`]*)`/g, '<code>$1</code>')

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">${head}
<link rel="stylesheet" href="/link/style.css"><link rel="icon" href="/icon.svg"></head>
<body><main>${body}</main></body></html>
`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text within HTML, also within an attribute. */
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign]!)
