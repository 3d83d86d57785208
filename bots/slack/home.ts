import type { types } from '@slack/bolt'
import { limits } from './limits.ts'
import { renderText } from './render.ts'

/** A person's home page from the desk's plain text. */
export function homeView(text: string): types.HomeView {
  return {
    type: 'home',
    blocks: renderText(text)
      .flatMap((part) => part.blocks)
      .slice(0, limits.homeBlocks),
  }
}
