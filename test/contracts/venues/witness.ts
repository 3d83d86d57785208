import type { OrderReference, OrderReport, Venue, VenueFill, VenueOrder } from '../../../src/venues/venue.ts'

/** Stands between a venue and its customers and compares all its reports with the orders that were sent. */
export interface Witness {
  venue: Venue
  /** Reports on another order than the one in the question, or on an order that was never sent. */
  contradictions: string[]
}

type Told = Pick<VenueFill, 'account' | 'clientOrderId' | 'symbol' | 'side'> & Partial<Pick<OrderReport, 'quantity'>>

const textOf = ({ account, clientOrderId, side, quantity, symbol }: Told) =>
  [account, clientOrderId, side, quantity?.toFixed(), symbol].join(' ')

/** Wraps a venue with a witness. Events of other accounts and orders are ignored. */
export function witnessed(venue: Venue, accounts: readonly string[]): Witness {
  const contradictions: string[] = []
  const ids = new Set<string>()
  /** Orders as their reports and fills describe them. */
  const sent = new Set<string>()

  function hold(told: Told, asked: Partial<OrderReference>, where: string): void {
    const isAnother =
      (asked.account ?? told.account) !== told.account ||
      (asked.clientOrderId ?? told.clientOrderId) !== told.clientOrderId
    if (isAnother || !sent.has(textOf(told))) contradictions.push(`${where}: ${textOf(told)}`)
  }

  function holdReport(report: OrderReport, asked: Partial<OrderReference>, where: string): void {
    hold(report, asked, where)
    for (const { quantity: _, ...fill } of report.fills) hold(fill, report, `a fill in ${where}`)
  }

  async function answered<Answer extends object>(call: Promise<Answer>, asked: OrderReference, where: string) {
    const answer = await call
    if ('report' in answer) holdReport(answer.report as OrderReport, asked, where)
    return answer
  }

  const isOurs = ({ account, clientOrderId }: Told) => accounts.includes(account) || ids.has(clientOrderId)

  function note({ quantity, ...order }: VenueOrder): void {
    ids.add(order.clientOrderId)
    sent.add(textOf(order))
    sent.add(textOf({ ...order, quantity }))
  }

  return {
    contradictions,
    venue: {
      ...venue,
      submit(order) {
        note(order)
        return answered(venue.submit(order), order, 'submit')
      },
      cancel: (reference) => answered(venue.cancel(reference), reference, 'cancel'),
      replace: (reference, limitPrice) => answered(venue.replace(reference, limitPrice), reference, 'replace'),
      async find(reference) {
        const report = await venue.find(reference)
        if (report) holdReport(report, reference, 'find')
        return report
      },
      async openOrders(account) {
        const reports = await venue.openOrders(account)
        for (const report of reports) holdReport(report, { account }, 'openOrders')
        return reports
      },
      async fills(account, cursor) {
        const page = await venue.fills(account, cursor)
        for (const { quantity: _, ...fill } of page.fills) hold(fill, { account }, 'fills')
        return page
      },
      subscribe: (listener) =>
        venue.subscribe({
          ...listener,
          heard(event) {
            const told = event.kind === 'order' ? event.report : { ...event.fill, quantity: undefined }
            if (!isOurs(told)) return
            if (event.kind === 'order') holdReport(event.report, {}, 'an event')
            else hold(told, {}, 'an event')
            listener.heard(event)
          },
        }),
    },
  }
}
