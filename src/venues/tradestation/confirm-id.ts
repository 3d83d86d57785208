import { createHash } from 'node:crypto'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** TradeStation takes ids of up to so many characters; of 62 digits they hold 131 bits. */
const length = 22

/**
 * The `OrderConfirmID` of an order: TradeStation takes no second order with it. `refusals`: so often was the order refused for certain
 * before; an id that was refused is not used again, since nobody says whether it is free.
 */
export function confirmIdOf(clientOrderId: string, refusals = 0): string {
  const text = refusals === 0 ? clientOrderId : `${clientOrderId}#${refusals}`
  let number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
  let id = ''
  while (id.length < length) {
    id = digits[Number(number % 62n)] + id
    number /= 62n
  }
  return id
}
