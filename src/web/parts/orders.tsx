import { useComputed } from '@preact/signals'
import { dialog } from '../state/asking.ts'
import { second } from '../state/clock.ts'
import { book, priceOf } from '../state/desk.ts'
import { mayTrade } from '../state/session.ts'
import { percent, price, units } from '../words/money.ts'
import { away } from '../words/time.ts'
import { Failed } from './failed.tsx'

/** Working orders, with their distance from the price. */
export function Orders() {
  const orders = book.value?.orders.value?.filter(({ isLive }) => isLive)
  return (
    <section class="panel" id="orders" aria-labelledby="orders-title">
      <h2 id="orders-title">Orders {orders && orders.length > 0 && <span class="count">{orders.length}</span>}</h2>
      <Failed of="orders" />
      {orders?.length === 0 && <p class="quiet">No order works at the venue.</p>}
      {orders && orders.length > 0 && (
        <div class="scrolls" tabIndex={0} role="region" aria-label="Table of orders">
          <table class="folds">
            <thead>
              <tr>
                <th scope="col">No.</th>
                <th scope="col">Order</th>
                <th scope="col" class="number">
                  At
                </th>
                <th scope="col" class="number">
                  Away
                </th>
                <th scope="col">Filled</th>
                <th scope="col">Age</th>
                <th scope="col">
                  <span class="hidden">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {orders.map((order) => {
                const { id, number, side, symbol, left, filled, quantity, purpose, limit, stop, createdAt } = order
                const at = stop ?? limit
                const what = `${side.toUpperCase()} ${units(left)} ${symbol}`
                return (
                  <tr key={id}>
                    <td>{number ?? ''}</td>
                    <td>
                      <span class={`tag ${side}`}>{side.toUpperCase()}</span> {units(quantity)} {symbol}{' '}
                      <span class="quiet">{purpose === 'open' ? '' : purpose}</span>
                    </td>
                    <td class="number">
                      {at ? price(at) : 'market'} <span class="quiet">{stop ? 'stop' : limit ? 'limit' : ''}</span>
                    </td>
                    <td class="number">
                      <Distance symbol={symbol} at={at} />
                    </td>
                    <td>
                      {units(filled)} of {units(quantity)}
                    </td>
                    <td>
                      <Age at={createdAt} />
                    </td>
                    <td class="acts">
                      {mayTrade.value && number !== null && (
                        <>
                          {at && (
                            <button
                              type="button"
                              onClick={() => dialog({ kind: 'move order', number, what, symbol, price: at })}
                            >
                              Move<span class="hidden"> order {number}</span>
                            </button>
                          )}
                          <button type="button" onClick={() => dialog({ kind: 'cancel order', number, what })}>
                            Cancel<span class="hidden"> order {number}</span>
                          </button>
                        </>
                      )}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** The distance of a level from the price, which alone is drawn anew when the price moves. */
function Distance({ symbol, at }: { symbol: string; at: string | null }) {
  const last = useComputed(() => priceOf(symbol)?.last)
  return <>{at && last.value ? percent(String((Number(at) - Number(last.value)) / Number(last.value))) : '—'}</>
}

function Age({ at }: { at: string }) {
  return <>{away(at, second.value).replace(' ago', '')}</>
}
