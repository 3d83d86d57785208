import { dialog } from '../state/asking.ts'
import { book } from '../state/desk.ts'
import { history, marked, unseen } from '../state/notices.ts'
import { accountId, choose, logOut, me } from '../state/session.ts'
import { show, view } from '../state/view.ts'
import { moneyWords } from '../words/account-money.ts'
import { LineBadge } from './line-badge.tsx'

/** The member's accounts, the state of the connection, and what belongs to no account. */
export function Sidebar() {
  const { member, accounts } = me.value!
  return (
    <header class="side">
      <div class="side-head">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <h1>Deskhand</h1>
        <LineBadge />
      </div>
      <nav aria-label="Accounts">
        <h2 class="quiet">Accounts</h2>
        {accounts.length === 0 && <p class="quiet">None yet: record a position in chat, and one is made.</p>}
        <ul class="accounts">
          {accounts.map(({ id, name, money, number, role }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={id === accountId.value ? 'true' : undefined}
                onClick={() => choose(id)}
              >
                <span class="account-name">{name}</span>
                <span class={`tag ${money.replace(' ', '-')}`} title={number ?? undefined}>
                  {moneyWords[money]}
                </span>
                {role === 'viewer' && <span class="tag">view only</span>}
                {id === accountId.value && <Running />}
                {marked.value.has(id) && <span class="tag live">news</span>}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <nav class="side-foot" aria-label="Page">
        <button
          type="button"
          aria-current={view.value === 'screeners' ? 'page' : undefined}
          onClick={() => show(view.value === 'screeners' ? 'desk' : 'screeners')}
        >
          {view.value === 'screeners' ? 'Back to the desk' : 'Screeners'}
        </button>
        <button type="button" onClick={() => dialog({ kind: 'notices' })}>
          Notices
          {unseen.value > 0 && <span class="count">{unseen.value}</span>}
          <span class="hidden">, {history.value.length} in all</span>
        </button>
        <button type="button" onClick={() => dialog({ kind: 'sessions' })}>
          Sessions
        </button>
        <button type="button" onClick={() => dialog({ kind: 'health' })}>
          Health
        </button>
        <button type="button" onClick={() => dialog({ kind: 'keys' })}>
          Keys <kbd>?</kbd>
        </button>
        <button type="button" onClick={logOut}>
          Sign out <span class="quiet">{member.name}</span>
        </button>
      </nav>
    </header>
  )
}

function Running() {
  const running = book.value?.figures.value?.running
  const count = running ? running.scaleouts + running.orders + running.scheduled : 0
  return count > 0 ? <span class="tag running">{count} running</span> : null
}
