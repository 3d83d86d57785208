import { useSignal } from '@preact/signals'
import { Refused } from '../state/call.ts'
import { findMe, logIn, me } from '../state/session.ts'
import { Spoken } from './spoken.tsx'

/** The page behind a link of `dashboard`. Only a press uses the link: previews in chat open it, too. */
export function Login() {
  const state = useSignal<'ready' | 'sent' | 'refused' | 'away'>('ready')
  const because = useSignal({ message: '', hint: '' })
  const token = new URLSearchParams(location.hash.slice(1)).get('t')

  async function enter() {
    state.value = 'sent'
    try {
      await logIn(token ?? '')
      // The token leaves the address and the history.
      if (location.hash) history.replaceState(null, '', '/')
    } catch (cause) {
      if (cause instanceof Refused && (await isSignedIn())) return history.replaceState(null, '', '/')
      if (cause instanceof Refused) because.value = { message: cause.message, hint: cause.hint ?? '' }
      state.value = cause instanceof Refused ? 'refused' : 'away'
    }
  }

  return (
    <main class="door">
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Deskhand</h1>
      {token === null ? (
        <>
          <p>
            This address has no link in it. Type <code>dashboard</code> in a thread with the desk to get one.
          </p>
          <ToDesk />
        </>
      ) : state.value === 'refused' ? (
        <>
          <p role="alert">
            <Spoken text={`${because.value.message} ${because.value.hint}`} />
          </p>
          <ToDesk />
        </>
      ) : (
        <>
          <p>You opened your own link from chat. It works once, for a few minutes.</p>
          <button type="button" class="primary" disabled={state.value === 'sent'} onClick={enter}>
            {state.value === 'sent' ? 'Opening …' : 'Open my desk'}
          </button>
          {state.value === 'away' && <p role="alert">The desk did not answer. The link still works: press again.</p>}
        </>
      )}
    </main>
  )
}

/** Is this browser signed in already? Its desk is shown then, whatever became of the link. */
async function isSignedIn(): Promise<boolean> {
  await findMe().catch(() => {})
  return me.value != null
}

/** The way to the desk for those who are signed in already. */
function ToDesk() {
  return (
    <p>
      <a href="/">To my desk</a>, if this browser is signed in.
    </p>
  )
}
