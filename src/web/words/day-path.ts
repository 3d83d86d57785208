/** A price at a moment: milliseconds, and dollars a unit. */
export interface Point {
  at: number
  price: number
}

/**
 * The prices between two moments, in milliseconds: those inside, the last one before, put on the edge, so that a short part of the
 * day has a line, too, and the present one. `closes` rise by time and stand at the ends of their bars.
 */
export function pointsWithin(closes: readonly Point[], from: number, end: number, now?: Point): Point[] {
  const all = now && now.at > (closes.at(-1)?.at ?? 0) ? [...closes, now] : closes
  const inside = all.filter(({ at }) => at >= from && at <= end)
  const before = all.findLast(({ at }) => at < from)
  return before ? [{ at: from, price: before.price }, ...inside] : inside
}
