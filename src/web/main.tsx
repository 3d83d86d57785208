import { render } from 'preact'
import { App } from './parts/app.tsx'
import { keepWayBack } from './state/asking.ts'
import { startClock } from './state/clock.ts'
import { findMe } from './state/session.ts'

startClock()
keepWayBack()
const desk = document.getElementById('desk')!
desk.replaceChildren() // the words that stand there until the script has come
render(<App />, desk)
// A link from chat is turned into a session by a press: previews open links, too.
if (location.pathname !== '/login') void findMe().catch(() => {})
