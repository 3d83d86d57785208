import { runTyped } from './typed-program.mjs'

// npm run train:policy -- --bars FOLDER: trains, tests and builds the policy from recorded bars.
await runTyped('models/policy/train.ts', 1_000)
