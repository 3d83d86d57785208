import { durationText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { linkForMs, makeLoginLink } from '../../../trading/access/rows/login-links.ts'
import type { Command } from '../command.ts'
import { onlyHere, onlyInChat, servedPage } from './page-link.ts'

export const openDashboard: Command = {
  name: 'dashboard',
  aliases: ['open dashboard', 'web dashboard'],
  phrases: [{ full: 'show dashboard, my dashboard, give me dashboard, show me my dashboard, open my dashboard' }],
  description: 'Your desk on a page, live',
  category: 'Desk',
  position: 143,
  effect: 'reads',
  usage: 'dashboard',
  example: 'dashboard',
  detail: `Answers you alone with a link. It opens your desk on a page once, within ${durationText(linkForMs)}; the page then stays open for you in that browser. \`sessions\` lists and ends what is open.`,
  needs: 'viewer',
  account: 'none',
  options: [],
  async run(hearing) {
    const { parts, speaker, place } = hearing
    const elsewhere = onlyInChat(hearing, 'dashboard')
    if (elsewhere) return elsewhere
    const address = await servedPage(parts)
    if (address instanceof Refusal) return address
    const token = await makeLoginLink(parts.db, speaker.memberId, parts.clock.now())
    const text = [
      // The part behind # reaches no server's log; the page sends it when it is pressed.
      `🖥️ Your desk: ${address}/login#t=${token}`,
      `It works once, within ${durationText(linkForMs)}, and signs in whoever opens it: keep it to yourself.`,
      ...onlyHere(address, place),
      '💡 `sessions` lists and ends what is signed in',
    ].join('\n')
    return { replies: [{ text, private: true }] }
  },
}
