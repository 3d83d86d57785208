import { effect, signal } from '@preact/signals'
import type { Event } from '../../api/contract/events.ts'
import type { ProgressEvent } from '../../api/contract/strategies.ts'
import { lookOf } from '../words/events.ts'
import { accountId, me } from './session.ts'

/** A notice at the edge of the page, and in the history of notices. */
export interface Notice {
  id: number
  tone: 'good' | 'bad' | 'plain' | 'critical'
  title: string
  text: string
  at: number
  /** How many events it gathers. */
  count: number
}

/** Notices of one kind that come within this time are one, in milliseconds. */
const gatherMs = 2000
const mostShown = 4
const mostKept = 200
const goneMs = 6000

/** The notices at the edge of the page. Critical ones stay until they are put away. */
export const shown = signal<Notice[]>([])
/** All notices since the page was opened, the newest first. */
export const history = signal<Notice[]>([])
/** Notices that nobody has looked at in the history. */
export const unseen = signal(0)

/** Accounts of which a notice was told while another one was shown. */
export const marked = signal<ReadonlySet<number>>(new Set())

const nameOf = (id: number) => me.value?.accounts.find((one) => one.id === id)?.name ?? `account ${id}`

/** The member's wishes, kept in this browser. */
export const wishes = signal(read())

interface Wishes {
  sound: boolean
  desktop: boolean
}

let ids = 0
const gathered = new Map<string, Notice>()

/** Tells a notice; those with the same `like` within two seconds become one. */
export function tell(notice: Omit<Notice, 'id' | 'at' | 'count'>, like = `${notice.title} ${notice.text}`): void {
  const before = gathered.get(like)
  if (before && notice.tone !== 'critical') {
    const more = { ...before, ...notice, count: before.count + 1 }
    gathered.set(like, more)
    const change = (all: Notice[]) => all.map((one) => (one.id === more.id ? more : one))
    shown.value = change(shown.value)
    history.value = change(history.value)
    return
  }
  const one: Notice = { ...notice, id: ++ids, at: Date.now(), count: 1 }
  gathered.set(like, one)
  setTimeout(() => gathered.delete(like), gatherMs)
  history.value = [one, ...history.value].slice(0, mostKept)
  unseen.value += 1
  const critical = shown.value.filter(({ tone }) => tone === 'critical')
  const rest = shown.value.filter(({ tone }) => tone !== 'critical')
  shown.value = [...critical, ...rest, one].filter(
    (each) => each.tone === 'critical' || each === one || rest.indexOf(each) >= rest.length - (mostShown - 1),
  )
  if (one.tone !== 'critical') setTimeout(() => putAway(one.id), goneMs)
  if (wishes.value.sound) beep(one.tone === 'critical')
  if (wishes.value.desktop && (document.hidden || one.tone === 'critical')) void showOnDesktop(one)
}

/** Takes a notice from the edge; it stays in the history. */
export function putAway(id: number): void {
  shown.value = shown.value.filter((one) => one.id !== id)
}

/** Events of which a notice tells: the others are in the feed alone. */
const loud =
  /^(order_filled|order_error|scaleout_(complete|error|cancelled)|scheduled_(ended|weak_touch)|corporate_action|(trading|position|watching|risk)\.)/

/** Tells a notice of an event, when it is one of which people want to hear. */
export function tellEvent(event: Event): void {
  if (event.urgency !== 'CRITICAL' && !loud.test(event.type)) return
  const { name, kind } = lookOf(event)
  const elsewhere = event.account !== null && event.account !== accountId.value ? nameOf(event.account) : undefined
  if (elsewhere !== undefined) marked.value = new Set([...marked.value, event.account!])
  const gain = 'realizedPnl' in event.data ? Number(event.data.realizedPnl) : 0
  const tone =
    event.urgency === 'CRITICAL' ? 'critical' : kind === 'trouble' || gain < 0 ? 'bad' : gain > 0 ? 'good' : 'plain'
  const title = [elsewhere, event.symbol, name].filter(Boolean).join(' · ')
  tell({ tone, title, text: event.text }, `${event.type} ${event.symbol} ${event.account}`)
}

/** Tells a notice of the end of a run. */
export function tellRunEnd({ event_type: type, kind, message, metrics, run_id: id }: ProgressEvent): void {
  const ends = { completed: 'done', error: 'failed', cancelled: 'cancelled' }
  if (!(type in ends)) return
  const title = `${kind === 'backtest' ? 'Backtest' : 'Screener'} ${ends[type as keyof typeof ends]}`
  const { passed_count: passed, processed_tickers: done } = metrics
  const text = type === 'completed' && kind !== 'backtest' ? `${passed} of ${done} symbols passed` : message
  tell({ tone: type === 'error' ? 'bad' : 'plain', title, text }, `run ${id}`)
}

/** Turns sound on or off. */
export function wishSound(sound: boolean): void {
  keep({ ...wishes.value, sound })
  if (sound) beep(false)
}

/** Turns desktop notices on, if the browser lets the member, or off. Must be called from a press. */
export async function wishDesktop(desktop: boolean): Promise<boolean> {
  const may = desktop && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  keep({ ...wishes.value, desktop: may })
  return may || !desktop
}

function keep(now: Wishes): void {
  wishes.value = now
  localStorage.setItem('deskhand.notices', JSON.stringify(now))
}

function read(): Wishes {
  try {
    return { sound: false, desktop: false, ...JSON.parse(localStorage.getItem('deskhand.notices') ?? '{}') }
  } catch {
    return { sound: false, desktop: false }
  }
}

/** A phone's browser shows notices only through a worker. */
async function showOnDesktop({ title, text }: Notice): Promise<void> {
  try {
    const worker = await navigator.serviceWorker?.getRegistration()
    if (worker) await worker.showNotification(title, { body: text, tag: title, icon: '/icon.svg' })
    else new Notification(title, { body: text, tag: title })
  } catch {
    // The notice is on the page.
  }
}

let sounds: AudioContext | undefined

function beep(isCritical: boolean): void {
  sounds ??= new AudioContext()
  for (const [start, pitch] of isCritical
    ? [
        [0, 880],
        [0.18, 660],
        [0.36, 880],
      ]
    : [[0, 660]]) {
    const tone = sounds.createOscillator()
    const loudness = sounds.createGain()
    tone.frequency.value = pitch!
    loudness.gain.setValueAtTime(0.08, sounds.currentTime + start!)
    loudness.gain.exponentialRampToValueAtTime(0.0001, sounds.currentTime + start! + 0.16)
    tone.connect(loudness).connect(sounds.destination)
    tone.start(sounds.currentTime + start!)
    tone.stop(sounds.currentTime + start! + 0.17)
  }
}

// An account that is shown needs no mark.
effect(() => {
  const shown = accountId.value
  if (shown === null || !marked.value.has(shown)) return
  marked.value = new Set([...marked.value].filter((id) => id !== shown))
})
