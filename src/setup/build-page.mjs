import { buildPage } from './page.mjs'

// Builds the page where no `npm start` does: in a container's image.
console.log(`The page is in ${await buildPage()}`)
