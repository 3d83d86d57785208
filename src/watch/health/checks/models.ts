import { type Check, down, ok, warn } from '../check.ts'

/** The models open with their hashes, and are on. One that was switched off was told then. */
export const models: Check = {
  name: 'models',
  of: 'machine',
  stops: 'Nothing is forecast or decided by the model; orders, stops and the guardian go on without it.',
  async look(parts) {
    const all = await parts.models()
    const refused = all.filter(({ fault }) => fault !== undefined)
    if (refused.length > 0) return down(refused.map(({ name, fault }) => `the ${name} is refused: ${fault}`).join('; '))
    const off = all.filter((one) => one.off !== undefined)
    if (off.length > 0) return warn(off.map((one) => `the ${one.name} is off: ${one.off}`).join('; '))
    return ok(`${all.map(({ name }) => name).join(', ')}: on`)
  },
}
