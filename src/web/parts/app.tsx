import { useEffect } from 'preact/hooks'
import { hear, keepBook, listeners, runListeners } from '../state/desk.ts'
import { keepLine, line } from '../state/line.ts'
import { tell, tellEvent, tellRunEnd } from '../state/notices.ts'
import { keepQuestion } from '../state/saying.ts'
import { findMe, isOver, me, nameTab, replacedBy } from '../state/session.ts'
import { view } from '../state/view.ts'
import { keepWatched } from '../state/watched.ts'
import { Asking } from './asking.tsx'
import { Board } from './board.tsx'
import { Keys } from './keys.tsx'
import { Login } from './login.tsx'
import { Notices } from './notices.tsx'
import { ScreenersFace } from './screeners-face.tsx'
import { Sidebar } from './sidebar.tsx'
import { Replaced, SignedOut } from './signed-out.tsx'

/** The page: the desk for a member who is signed in, else the way in. */
export function App() {
  if (location.pathname === '/login' && !me.value) return <Login />
  if (me.value === undefined) return <Opening />
  if (me.value === null) return <SignedOut />
  if (replacedBy.value !== undefined) return <Replaced name={replacedBy.value} />
  return <Desk />
}

/** Until the desk has answered: it may be away. */
function Opening() {
  useEffect(() => {
    const again = setInterval(() => void findMe().catch(() => {}), 3000)
    return () => clearInterval(again)
  }, [])
  return (
    <p class="first" role="status">
      Opening the desk …
    </p>
  )
}

function Desk() {
  useEffect(() => {
    const ends = [keepBook(), keepLine(hear, me.value!.member.id), nameTab(), keepQuestion(), keepWatched()]
    listeners.add(tellEvent)
    runListeners.add(tellRunEnd)
    navigator.serviceWorker?.register('/notices.js').catch(() => {})
    return () => {
      listeners.delete(tellEvent)
      runListeners.delete(tellRunEnd)
      for (const end of ends) end()
    }
  }, [])
  useEffect(() => {
    if (line.value.state !== 'signed out') return
    tell({ tone: 'plain', title: 'Signed out', text: 'This session was ended.' })
    isOver()
  }, [line.value.state])
  return (
    <>
      {view.value === 'screeners' ? (
        <a class="skip" href="#screener-form">
          Skip to the screeners
        </a>
      ) : (
        <a class="skip" href="#positions">
          Skip to positions
        </a>
      )}
      <div class="desk">
        <Sidebar />
        {view.value === 'screeners' ? <ScreenersFace /> : <Board />}
      </div>
      <Notices />
      <Asking />
      <Keys />
    </>
  )
}
