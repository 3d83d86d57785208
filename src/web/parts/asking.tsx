import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Event } from '../../api/contract/events.ts'
import { type About, asking, endDialog } from '../state/asking.ts'
import { lookOf } from '../words/events.ts'
import { whole } from '../words/time.ts'
import { ActForm } from './act-form.tsx'
import { CancelForm } from './cancel-form.tsx'
import { Health } from './health.tsx'
import { KeyTable } from './key-table.tsx'
import { OldNotice } from './line-badge.tsx'
import { NoticeHistory } from './notice-history.tsx'
import { Plan } from './plan.tsx'
import { Sessions } from './sessions.tsx'

/** The one dialog of the page. */
export function Asking() {
  const about = asking.value
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (about && !element.current?.open) element.current?.showModal()
  }, [about])
  if (!about) return null
  const { title, content } = contentOf(about)
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={endDialog} key={JSON.stringify(about)}>
      <div class="panel-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" onClick={() => element.current?.close()}>
          <span aria-hidden="true">✕</span>
          <span class="hidden">Close this dialog</span>
        </button>
      </div>
      <OldNotice />
      {content}
    </dialog>
  )
}

function contentOf(about: About): { title: string; content: ComponentChildren } {
  switch (about.kind) {
    case 'notices':
      return { title: 'Notices', content: <NoticeHistory /> }
    case 'sessions':
      return { title: 'Sessions', content: <Sessions /> }
    case 'health':
      return { title: 'Health', content: <Health /> }
    case 'keys':
      return { title: 'Keys', content: <KeyTable /> }
    case 'event':
      return { title: nameOf(about.event), content: <EventText event={about.event} /> }
    case 'plan':
      return { title: 'The plan, and what was done', content: <Plan id={about.scaleout} /> }
    case 'cancel scaleout':
      return { title: `Cancel the scaleout of ${about.symbol}?`, content: <CancelForm about={about} /> }
    case 'cancel order':
      return { title: `Cancel order ${about.number}?`, content: <CancelForm about={about} /> }
    case 'move order':
      return { title: `Move order ${about.number}`, content: <CancelForm about={about} /> }
    default:
      return { title: `${titles[about.kind]} ${about.symbol}`, content: <ActForm about={about} /> }
  }
}

const titles = {
  close: 'Close',
  stop: 'Stop of',
  target: 'Target of',
  trail: 'Trail the stop of',
  breakeven: 'Breakeven for',
  scaleout: 'Scale out of',
} as const

const nameOf = (event: Event) => [event.symbol, lookOf(event).name].filter(Boolean).join(' · ')

/** An event with all its words; a row of the feed has room for some of them. */
function EventText({ event: { at, urgency, text } }: { event: Event }) {
  return (
    <>
      <p class="quiet small">
        {whole(at)}
        {urgency === 'CRITICAL' && <span class="tag critical">critical</span>}
      </p>
      <p class="said">{text}</p>
    </>
  )
}
