import { second } from '../state/clock.ts'
import { ageSeconds, isLive, line } from '../state/line.ts'
import { span } from '../words/time.ts'

/** The state of the connection: a dot that pulses while it is live, and words. */
export function LineBadge() {
  const now = line.value
  const kind = isLive.value ? 'live' : now.state === 'connecting' ? 'waits' : 'broken'
  return (
    <p class={`line ${kind}`} role="status">
      <Dot />
      <span>
        {now.state === 'live' && (isLive.value ? 'Live' : 'The desk is silent')}
        {now.state === 'connecting' && 'Connecting …'}
        {now.state === 'broken' && 'Not connected'}
        {now.state === 'refused' && `Not connected: ${now.because}`}
        {now.state === 'signed out' && 'Signed out'}
      </span>
    </p>
  )
}

/** It pulses by the page's clock: an animation would draw sixty frames a second all day. */
function Dot() {
  return <span class={`dot ${second.value % 2000 < 1000 ? 'pale' : ''}`} aria-hidden="true" />
}

/** Over everything that is older than it looks: its age, and when the page tries again. */
export function OldNotice() {
  const now = line.value
  if (isLive.value || ageSeconds.value < 5) return null
  return (
    <p class="old-notice">
      Everything here is {span(ageSeconds.value)} old.
      {'retryAt' in now && now.retryAt > second.value
        ? ` The page tries again in ${span((now.retryAt - second.value) / 1000)}.`
        : ' The page is trying to reach the desk.'}
    </p>
  )
}
