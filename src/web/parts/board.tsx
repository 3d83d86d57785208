import { ageSeconds, isLive } from '../state/line.ts'
import { account } from '../state/session.ts'
import { ChartPanel } from './chart-panel.tsx'
import { Feed } from './feed.tsx'
import { FigureRow } from './figure-row.tsx'
import { Jumps } from './jumps.tsx'
import { OldNotice } from './line-badge.tsx'
import { Orders } from './orders.tsx'
import { Positions } from './positions.tsx'
import { Questions } from './questions.tsx'
import { Say } from './say.tsx'
import { Timeline } from './timeline.tsx'

/** All that belongs to the shown account. */
export function Board() {
  if (!account.value) {
    return (
      <main class="board">
        <section class="panel">
          <h2>No account yet</h2>
          <p>
            Record a position: type <code>long BYND 3750 @ .63</code> in chat or below.
          </p>
          <Say />
        </section>
      </main>
    )
  }
  return (
    <main class={`board ${!isLive.value && ageSeconds.value >= 5 ? 'is-old' : ''}`} key={account.value.id}>
      <Jumps />
      <OldNotice />
      <FigureRow />
      <div class="columns">
        <div class="column">
          <Questions />
          <Positions />
          <ChartPanel />
          <Timeline />
          <Orders />
        </div>
        <div class="column narrow">
          <Say />
          <Feed />
        </div>
      </div>
    </main>
  )
}
